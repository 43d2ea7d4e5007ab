/*
 * The emulator's clock.
 */
#include "base/clock.h"

#include <time.h>

#include "support/cmocka_all.h"

static int64_t machine_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void a_stopped_clock_moves_only_when_moved(void **state)
{
    struct clock *clock = clock_new_stopped(1000);

    (void)state;
    assert_int_equal(clock_now_ms(clock), 1000);
    clock_advance(clock, 250);
    assert_int_equal(clock_now_ms(clock), 1250);
    assert_int_equal(clock_now_ms(clock), 1250);
    clock_free(clock);
}

static void a_running_clock_follows_the_machine(void **state)
{
    struct clock *clock = clock_new();

    (void)state;
    int64_t before = machine_now_ms();
    int64_t shown = clock_now_ms(clock);
    int64_t after = machine_now_ms();

    assert_in_range(shown, before, after);
    clock_free(clock);
}

static void a_running_clock_can_be_moved_forward(void **state)
{
    const int64_t hour_ms = 3600000;
    struct clock *clock = clock_new();

    (void)state;
    int64_t before = machine_now_ms();
    clock_advance(clock, hour_ms);
    int64_t shown = clock_now_ms(clock);
    int64_t after = machine_now_ms();

    assert_in_range(shown, before + hour_ms, after + hour_ms);
    clock_free(clock);
}

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
        assert_string_equal(clock_text(arena, times[i].time_ms), times[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stopped_clock_moves_only_when_moved),
        cmocka_unit_test(a_running_clock_follows_the_machine),
        cmocka_unit_test(a_running_clock_can_be_moved_forward),
        cmocka_unit_test(a_time_is_written_in_whole_seconds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
