/*
 * Workers: how they rest, are woken and end.
 */
#include "base/worker.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "support/cmocka_all.h"

enum { AN_HOUR_MS = 60 * 60 * 1000, SHORT_MS = 30 };

/* Shared by the body of a worker and its test: the number of steps that the body has
 * made. */
struct steps {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int count;
    int64_t took_ms; /* used by the body only */
};

static int setup(void **state)
{
    struct steps *steps = mem_zalloc(sizeof(*steps));

    pthread_mutex_init(&steps->lock, NULL);
    pthread_cond_init(&steps->changed, NULL);
    *state = steps;
    return 0;
}

static int teardown(void **state)
{
    struct steps *steps = *state;

    pthread_cond_destroy(&steps->changed);
    pthread_mutex_destroy(&steps->lock);
    free(steps);
    return 0;
}

static void make_step(struct steps *steps)
{
    pthread_mutex_lock(&steps->lock);
    steps->count++;
    pthread_cond_signal(&steps->changed);
    pthread_mutex_unlock(&steps->lock);
}

static void wait_for_step(struct steps *steps, int count)
{
    pthread_mutex_lock(&steps->lock);
    while (steps->count < count)
        pthread_cond_wait(&steps->changed, &steps->lock);
    pthread_mutex_unlock(&steps->lock);
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void rest_often(struct worker *worker, void *context)
{
    do
        make_step(context);
    while (worker_rest(worker));
}

static void a_rest_lasts_until_the_worker_is_woken(void **state)
{
    struct steps *steps = *state;
    struct worker *worker = worker_start(rest_often, steps);

    wait_for_step(steps, 1);
    worker_wake(worker);
    wait_for_step(steps, 2);
    worker_stop(worker);

    assert_int_equal(steps->count, 2);
}

static void rest_for_an_hour(struct worker *worker, void *context)
{
    do
        make_step(context);
    while (worker_rest_for(worker, AN_HOUR_MS));
}

static void a_rest_with_a_limit_ends_when_the_worker_is_woken(void **state)
{
    struct steps *steps = *state;
    struct worker *worker = worker_start(rest_for_an_hour, steps);

    wait_for_step(steps, 1);
    worker_wake(worker);
    wait_for_step(steps, 2);
    worker_stop(worker);

    assert_int_equal(steps->count, 2);
}

static void rest_shortly(struct worker *worker, void *context)
{
    struct steps *steps = context;
    int64_t before_ms = now_ms();
    bool goes_on = worker_rest_for(worker, SHORT_MS);

    steps->took_ms = now_ms() - before_ms;
    if (goes_on)
        make_step(steps);
}

static void a_rest_with_a_limit_ends_by_itself(void **state)
{
    struct steps *steps = *state;
    struct worker *worker = worker_start(rest_shortly, steps);

    wait_for_step(steps, 1);
    worker_stop(worker);

    assert_true(steps->took_ms >= SHORT_MS - 1);
}

/* Wakes itself first, as another thread could do while it works. */
static void rest_after_a_wake(struct worker *worker, void *context)
{
    worker_wake(worker);
    if (worker_rest(worker))
        make_step(context);
}

static void a_wake_while_the_worker_works_is_not_lost(void **state)
{
    struct steps *steps = *state;
    struct worker *worker = worker_start(rest_after_a_wake, steps);

    wait_for_step(steps, 1);
    worker_stop(worker);
}

static void pause_after_a_wake(struct worker *worker, void *context)
{
    struct steps *steps = context;
    int64_t before_ms = now_ms();

    worker_wake(worker);
    bool goes_on = worker_pause(worker, SHORT_MS);
    steps->took_ms = now_ms() - before_ms;
    if (goes_on && worker_rest(worker))
        make_step(steps);
}

static void a_wake_ends_the_next_rest_but_not_a_pause(void **state)
{
    struct steps *steps = *state;
    struct worker *worker = worker_start(pause_after_a_wake, steps);

    wait_for_step(steps, 1);
    worker_stop(worker);

    assert_true(steps->took_ms >= SHORT_MS - 1);
}

static void pause_for_an_hour(struct worker *worker, void *context)
{
    make_step(context);
    if (worker_pause(worker, AN_HOUR_MS))
        make_step(context);
}

static void stopping_a_worker_ends_every_rest_and_pause(void **state)
{
    static worker_body *const bodies[] = {rest_often, rest_for_an_hour,
                                          pause_for_an_hour};
    struct steps *steps = *state;

    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct worker *worker = worker_start(bodies[i], steps);

        wait_for_step(steps, (int)i + 1);
        worker_stop(worker);

        assert_int_equal(steps->count, (int)i + 1);
    }
}

static void wait_until_asked_to_stop(struct worker *worker, void *context)
{
    struct steps *steps = context;

    while (worker_should_continue(worker))
        continue;
    make_step(steps);
}

static void a_worker_can_see_that_it_was_asked_to_stop(void **state)
{
    struct steps *steps = *state;
    struct worker *worker = worker_start(wait_until_asked_to_stop, steps);

    worker_ask_to_stop(worker);
    wait_for_step(steps, 1);
    worker_stop(worker);
}

#define WORKER_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORKER_TEST(a_rest_lasts_until_the_worker_is_woken),
        WORKER_TEST(a_rest_with_a_limit_ends_when_the_worker_is_woken),
        WORKER_TEST(a_rest_with_a_limit_ends_by_itself),
        WORKER_TEST(a_wake_while_the_worker_works_is_not_lost),
        WORKER_TEST(a_wake_ends_the_next_rest_but_not_a_pause),
        WORKER_TEST(stopping_a_worker_ends_every_rest_and_pause),
        WORKER_TEST(a_worker_can_see_that_it_was_asked_to_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
