/*
 * How often the log repeats itself.
 */
#include "../../src/base/log_limit_internal.h"

#include <stdio.h>

#include "support/cmocka_all.h"

enum { AGAIN = LOG_PERIOD_MS };

static void a_line_is_written_once_in_a_period(void **state)
{
    struct log_limit limit = {.count = 0};
    uint64_t count = 0;

    (void)state;
    assert_true(log_limit_take(&limit, "full", 1, 100));
    assert_false(log_limit_take(&limit, "full", 1, 100));
    assert_false(log_limit_take(&limit, "full", 1, 100 + AGAIN - 1));
    assert_null(log_limit_report(&limit, 100 + AGAIN - 1, &count));
    assert_string_equal(log_limit_report(&limit, 100 + AGAIN, &count), "full");
    assert_int_equal(count, 2);
    assert_null(log_limit_report(&limit, 100 + AGAIN, &count));
    assert_true(log_limit_take(&limit, "full", 1, 100 + AGAIN));
    assert_false(log_limit_take(&limit, "full", 1, 100 + AGAIN + 1));
}

static void different_lines_of_an_event_are_written_up_to_a_limit(void **state)
{
    struct log_limit limit = {.count = 0};
    uint64_t count = 0;

    (void)state;
    for (uint64_t hash = 0; hash < 1000; hash++)
        assert_int_equal(log_limit_take(&limit, "full", hash, 0),
                         hash < LOG_LINES_PER_PERIOD);
    assert_string_equal(log_limit_report(&limit, AGAIN, &count), "full");
    assert_int_equal(count, 1000 - LOG_LINES_PER_PERIOD);
}

static void events_do_not_affect_each_other(void **state)
{
    struct log_limit limit = {.count = 0};
    uint64_t count = 0;

    (void)state;
    for (uint64_t hash = 0; hash < 100; hash++)
        (void)!log_limit_take(&limit, "full", hash, 0);
    assert_true(log_limit_take(&limit, "lost", 1, AGAIN - 1));
    assert_false(log_limit_take(&limit, "lost", 1, AGAIN - 1));
    assert_string_equal(log_limit_report(&limit, AGAIN, &count), "full");
    assert_null(log_limit_report(&limit, AGAIN, &count));
    assert_string_equal(log_limit_report(&limit, INT64_MAX, &count), "lost");
    assert_int_equal(count, 1);
}

static void lines_that_are_rare_are_all_written(void **state)
{
    struct log_limit limit = {.count = 0};
    uint64_t count = 0;

    (void)state;
    for (int64_t i = 0; i < 100; i++)
        assert_true(log_limit_take(&limit, "full", 1, i * AGAIN));
    assert_null(log_limit_report(&limit, INT64_MAX, &count));
}

static void periods_can_be_ended(void **state)
{
    struct log_limit limit = {.count = 0};

    (void)state;
    assert_true(log_limit_take(&limit, "full", 1, 5));
    assert_true(log_limit_take(&limit, "lost", 1, 5));
    log_limit_start_again(&limit);
    assert_true(log_limit_take(&limit, "full", 1, 5));
    assert_true(log_limit_take(&limit, "lost", 1, 5));
    assert_false(log_limit_take(&limit, "lost", 1, 5));
}

static void more_events_than_there_are_limits_share_one(void **state)
{
    struct log_limit limit = {.count = 0};
    char names[LOG_LIMITED_EVENTS + 1000][8];
    size_t written = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        snprintf(names[i], sizeof(names[i]), "%zu", i);
        written += log_limit_take(&limit, names[i], i, 0);
    }

    assert_int_equal(written, LOG_LIMITED_EVENTS - 1 + LOG_LINES_PER_PERIOD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_written_once_in_a_period),
        cmocka_unit_test(different_lines_of_an_event_are_written_up_to_a_limit),
        cmocka_unit_test(events_do_not_affect_each_other),
        cmocka_unit_test(lines_that_are_rare_are_all_written),
        cmocka_unit_test(periods_can_be_ended),
        cmocka_unit_test(more_events_than_there_are_limits_share_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
