/*
 * The limit on things that exist at the same time.
 */
#include "http/allowance.h"

#include "base/log.h"
#include "base/worker.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/cmocka_all.h"

enum { MAX = 4, WORKERS = 4, TIMES = 20000, LINE_MAX_BYTES = 512 };

static void no_more_can_be_taken_than_the_limit(void **state)
{
    struct allowance *allowance = allowance_new(MAX, "things");

    (void)state;
    for (int i = 0; i < MAX; i++)
        assert_true(allowance_take(allowance));
    assert_false(allowance_take(allowance));
    assert_false(allowance_take(allowance));
    allowance_give_back(allowance);
    assert_true(allowance_take(allowance));
    assert_false(allowance_take(allowance));

    for (int i = 0; i < MAX; i++)
        allowance_give_back(allowance);
    allowance_free(allowance);
}

static void what_was_taken_may_be_given_back_after_the_end(void **state)
{
    struct allowance *allowance = allowance_new(MAX, "things");

    (void)state;
    assert_true(allowance_take(allowance));
    assert_true(allowance_take(allowance));
    allowance_free(allowance);
    allowance_give_back(allowance);
    allowance_give_back(allowance);
}

static void many_are_taken_at_once_or_not_at_all(void **state)
{
    struct allowance *allowance = allowance_new(MAX, "things");

    (void)state;
    assert_false(allowance_take_many(allowance, MAX + 1));
    assert_false(allowance_take_many(allowance, SIZE_MAX));
    assert_true(allowance_take_many(allowance, MAX - 1));
    assert_false(allowance_take_many(allowance, 2));
    assert_false(allowance_take_many(allowance, SIZE_MAX));
    assert_true(allowance_take_many(allowance, 1));
    assert_true(allowance_take_many(allowance, 0));
    assert_false(allowance_take(allowance));
    allowance_give_back_many(allowance, 2);
    assert_true(allowance_take_many(allowance, 2));

    allowance_give_back_many(allowance, MAX);
    allowance_free(allowance);
}

static void null_is_accepted(void **state)
{
    (void)state;
    allowance_give_back(NULL);
    allowance_give_back_many(NULL, 1);
    allowance_free(NULL);
}

static void take_and_give_back(struct worker *worker, void *context)
{
    (void)worker;
    for (int i = 0; i < TIMES; i++)
        if (allowance_take(context))
            allowance_give_back(context);
}

static void threads_may_share_it(void **state)
{
    struct allowance *allowance = allowance_new(WORKERS - 1, "things");
    struct worker *workers[WORKERS];

    (void)state;
    for (int i = 0; i < WORKERS; i++)
        workers[i] = worker_start(take_and_give_back, allowance);
    for (int i = 0; i < WORKERS; i++)
        worker_stop(workers[i]);
    for (int i = 0; i < WORKERS - 1; i++)
        assert_true(allowance_take(allowance));
    assert_false(allowance_take(allowance));

    allowance_free(allowance);
    for (int i = 0; i < WORKERS - 1; i++)
        allowance_give_back(allowance);
}

/* Refuses two, gives half of all back, and refuses two again. */
static void refuse_twice_at_two_times(struct allowance *allowance)
{
    for (int i = 0; i < MAX; i++)
        assert_true(allowance_take(allowance));
    for (int time = 0; time < 2; time++) {
        assert_false(allowance_take(allowance));
        allowance_give_back(allowance);
        assert_true(allowance_take(allowance));
        assert_false(allowance_take(allowance));
        for (int i = 0; i < MAX / 2; i++)
            allowance_give_back(allowance);
        for (int i = 0; i < MAX / 2; i++)
            assert_true(allowance_take(allowance));
        log_finish(); /* the log itself would write the same line once */
    }
}

static void the_log_reports_the_limit_once(void **state)
{
    struct allowance *allowance = allowance_new(MAX, "things");
    FILE *log = tmpfile();
    int standard_error = dup(STDERR_FILENO), lines = 0;
    char line[LINE_MAX_BYTES];

    (void)state;
    assert_non_null(log);
    log_set_level(LOG_WARN);
    assert_true(dup2(fileno(log), STDERR_FILENO) >= 0);
    refuse_twice_at_two_times(allowance);
    assert_true(dup2(standard_error, STDERR_FILENO) >= 0);
    close(standard_error);
    log_set_level(LOG_ERROR);

    rewind(log);
    for (; fgets(line, sizeof(line), log) != NULL; lines++)
        assert_non_null(strstr(line, "what=\"things\" max=4"));
    assert_int_equal(lines, 2);
    for (int i = 0; i < MAX; i++)
        allowance_give_back(allowance);
    allowance_free(allowance);
    (void)fclose(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_can_be_taken_than_the_limit),
        cmocka_unit_test(what_was_taken_may_be_given_back_after_the_end),
        cmocka_unit_test(many_are_taken_at_once_or_not_at_all),
        cmocka_unit_test(null_is_accepted),
        cmocka_unit_test(threads_may_share_it),
        cmocka_unit_test(the_log_reports_the_limit_once),
    };

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
