/*
 * Timestamps as text.
 */
#include "base/timestamp.h"

#include "support/cmocka_all.h"

static void a_time_is_written_in_whole_seconds(void **state)
{
    static const struct {
        int64_t time_ms;
        const char *text;
    } times[] = {
        {0,                        "1970-01-01T00:00:00Z"},
        {INT64_C(1588715738000),   "2020-05-05T21:55:38Z"},
        {INT64_C(1588715738999),   "2020-05-05T21:55:38Z"},
        {INT64_C(1582934400000),   "2020-02-29T00:00:00Z"},
        {INT64_C(4102444800000),   "2100-01-01T00:00:00Z"},
        {INT64_C(253402300799000), "9999-12-31T23:59:59Z"},
    };
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(times); i++)
        assert_string_equal(timestamp_text(arena, times[i].time_ms), times[i].text);
}

static void a_time_is_written_in_milliseconds(void **state)
{
    static const struct {
        int64_t time_ms;
        const char *text;
    } times[] = {
        {0,                        "1970-01-01T00:00:00.001Z"},
        {INT64_C(1588715738000),   "2020-05-05T21:55:38.000Z"},
        {INT64_C(1588715738045),   "2020-05-05T21:55:38.045Z"},
        {INT64_C(253402300799999), "9999-12-31T23:59:59.999Z"},
        {INT64_MAX,                "9999-12-31T23:59:59.999Z"},
    };
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(times); i++)
        assert_string_equal(timestamp_ms_text(arena, times[i].time_ms), times[i].text);
}

static void timestamps_are_read_to_the_millisecond(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        {"1970-01-01T00:00:00Z",          INT64_C(0)              },
        {"2021-04-07T00:00:00Z",          INT64_C(1617753600000)  },
        {"2020-02-29T23:59:59.9Z",        INT64_C(1583020799900)  },
        {"2000-03-01T00:00:00.0019Z",     INT64_C(951868800001)   },
        {"2026-11-22T02:30:00+02:30",     INT64_C(1795305600000)  },
        {"2026-11-21T23:00:00.500-01:00", INT64_C(1795305600500)  },
        {"9999-12-31T23:59:59Z",          INT64_C(253402300799000)},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t ms = -1;
        assert_int_equal(timestamp_parse(cases[i].text, &ms), 0);
        assert_int_equal(ms, cases[i].ms);
    }
}

static void a_timestamp_that_is_written_is_read_the_same(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    for (int64_t ms = 0; ms < INT64_C(253402300799000); ms += INT64_C(86400000) * 97) {
        int64_t again = -1;
        assert_int_equal(timestamp_parse(timestamp_text(arena, ms), &again), 0);
        assert_int_equal(again, ms);
    }
}

static void an_invalid_timestamp_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "now",
        "2021-04-07",
        "2021-04-07T00:00:00",
        "2021-4-7T00:00:00Z",
        "2021-04-07 00:00:00Z",
        "2021-02-29T00:00:00Z",
        "2021-13-01T00:00:00Z",
        "2021-00-01T00:00:00Z",
        "2021-04-31T00:00:00Z",
        "2021-04-07T24:00:00Z",
        "2021-04-07T00:60:00Z",
        "2021-04-07T00:00:60Z",
        "2021-04-07T00:00:00.Z",
        "2021-04-07T00:00:00+0200",
        "2021-04-07T00:00:00+24:00",
        "2021-04-07T00:00:00Zulu",
        "1969-12-31T23:59:59Z",
        "10000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "1970-01-01T00:00:00+00:01",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        int64_t ms = 7;
        assert_int_equal(timestamp_parse(bad[i], &ms), -1);
        assert_int_equal(ms, 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_written_in_whole_seconds),
        cmocka_unit_test(a_time_is_written_in_milliseconds),
        cmocka_unit_test(timestamps_are_read_to_the_millisecond),
        cmocka_unit_test(a_timestamp_that_is_written_is_read_the_same),
        cmocka_unit_test(an_invalid_timestamp_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
