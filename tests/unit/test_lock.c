/*
 * The lock of a store: who waits comes before the next step of a long task.
 */
#include "../../src/store/lock_internal.h"

#include <sched.h>
#include <stdbool.h>

#include "support/cmocka_all.h"

enum { CALLERS = 4, STEPS = 200 };

struct contest {
    struct store_lock lock;
    int turns; /* of the callers; under the lock */
};

static void *take_once(void *context)
{
    struct contest *contest = context;

    lock_take(&contest->lock);
    contest->turns++;
    lock_release(&contest->lock);
    return NULL;
}

static void wait_for_callers(struct contest *contest, unsigned count)
{
    while (atomic_load(&contest->lock.waiting) < count)
        sched_yield();
}

static void a_step_follows_who_waits(void **state)
{
    struct contest contest = {.turns = 0};
    (void)state;

    lock_init(&contest.lock);
    for (int i = 0; i < STEPS; i++) {
        pthread_t caller;
        lock_take_for_step(&contest.lock);
        assert_int_equal(pthread_create(&caller, NULL, take_once, &contest), 0);
        wait_for_callers(&contest, 1);
        lock_release(&contest.lock);

        lock_take_for_step(&contest.lock);

        assert_int_equal(contest.turns, i + 1);
        lock_release(&contest.lock);
        pthread_join(caller, NULL);
    }
    lock_done(&contest.lock);
}

/* A task that waited for all of them would never go on under a steady load. */
static void a_step_waits_for_one_turn_only(void **state)
{
    struct contest contest = {.turns = 0};
    pthread_t callers[CALLERS];
    (void)state;

    lock_init(&contest.lock);
    lock_take_for_step(&contest.lock);
    for (int i = 0; i < CALLERS; i++)
        assert_int_equal(pthread_create(&callers[i], NULL, take_once, &contest), 0);
    wait_for_callers(&contest, CALLERS);
    lock_release(&contest.lock);

    lock_take_for_step(&contest.lock);

    assert_true(contest.turns >= 1);
    lock_release(&contest.lock);
    for (int i = 0; i < CALLERS; i++)
        pthread_join(callers[i], NULL);
    assert_int_equal(contest.turns, CALLERS);
    lock_done(&contest.lock);
}

static void a_step_does_not_wait_if_nobody_does(void **state)
{
    struct contest contest = {.turns = 0};
    (void)state;

    lock_init(&contest.lock);
    for (int i = 0; i < STEPS; i++) {
        lock_take_for_step(&contest.lock);
        lock_release(&contest.lock);
    }
    lock_take(&contest.lock);
    lock_release(&contest.lock);
    lock_done(&contest.lock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_follows_who_waits),
        cmocka_unit_test(a_step_waits_for_one_turn_only),
        cmocka_unit_test(a_step_does_not_wait_if_nobody_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
