/*
 * The poller: sockets, timers and what is posted to it.
 */
#include "http/poller.h"

#include "base/memory.h"
#include "base/monotonic.h"
#include "support/gate.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/cmocka_all.h"

enum { AN_HOUR_MS = 60 * 60 * 1000, SHORT_MS = 30 };
enum { MAX_NOTES = 64, SOCKETS = 3, TIMERS = 300 };

struct bench;

/* A socket of the poller and its other end, which is the test's. */
struct pair {
    struct bench *bench;
    struct poller_socket socket;
    int other_end;
    unsigned interest; /* to add it with, or to change to */
};

struct alarm {
    struct poller_timer timer;
    struct bench *bench;
};

struct bench {
    struct poller *poller;
    struct gate gate;
    struct pair *pairs[SOCKETS];
    struct alarm alarms[TIMERS];
    struct poller_task task;
    int64_t began_ms, last_due_ms;
    uint64_t last_number; /* of the timer */
    int expired_count;
    char notes[MAX_NOTES + 1]; /* what happened, in order; the poller's until it stops */
    size_t note_count;
};

static void note(struct bench *bench, char what)
{
    if (bench->note_count < MAX_NOTES)
        bench->notes[bench->note_count++] = what;
}

static int setup(void **state)
{
    struct bench *bench = mem_zalloc(sizeof(*bench));

    gate_init(&bench->gate);
    bench->poller = poller_start();
    assert_non_null(bench->poller);
    *state = bench;
    return 0;
}

static void stop(struct bench *bench)
{
    poller_stop(bench->poller);
    bench->poller = NULL;
}

static void free_pair(struct pair *pair)
{
    if (pair == NULL)
        return;
    close(pair->socket.fd);
    close(pair->other_end);
    free(pair);
}

static int teardown(void **state)
{
    struct bench *bench = *state;

    stop(bench);
    for (size_t i = 0; i < SOCKETS; i++)
        free_pair(bench->pairs[i]);
    gate_done(&bench->gate);
    free(bench);
    return 0;
}

/* Runs the function in the poller's thread and waits until it has run. */
struct errand {
    poller_function *function;
    void *context;
    struct gate done;
};

static void run_errand(void *context)
{
    struct errand *errand = context;

    errand->function(errand->context);
    gate_pass(&errand->done);
}

static void run_there(struct bench *bench, poller_function *function, void *context)
{
    struct errand errand = {.function = function, .context = context};

    gate_init(&errand.done);
    assert_true(poller_post(bench->poller, run_errand, &errand));
    gate_expect(&errand.done, 1);
    gate_done(&errand.done);
}

static void on_readable(void *context)
{
    struct pair *pair = context;
    char bytes[16];

    ssize_t got = recv(pair->socket.fd, bytes, sizeof(bytes), 0);
    note(pair->bench, got > 0 ? 'r' : 'e');
    if (got <= 0)
        poller_change(&pair->socket, 0);
    gate_pass(&pair->bench->gate);
}

static void on_writable(void *context)
{
    struct pair *pair = context;

    note(pair->bench, 'w');
    poller_change(&pair->socket, 0);
    gate_pass(&pair->bench->gate);
}

static void on_failed(void *context)
{
    struct pair *pair = context;

    note(pair->bench, 'f');
    poller_remove(&pair->socket);
    gate_pass(&pair->bench->gate);
}

static void on_stopped(void *context)
{
    struct pair *pair = context;

    note(pair->bench, 's');
    poller_remove(&pair->socket);
}

static const struct poller_callbacks callbacks = {
    .readable = on_readable,
    .writable = on_writable,
    .failed = on_failed,
    .stopped = on_stopped,
};

static struct pair *make_pair(struct bench *bench, unsigned interest)
{
    struct pair *pair = mem_zalloc(sizeof(*pair));
    size_t i = 0;
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    *pair = (struct pair){
        .bench = bench,
        .socket = {.fd = ends[0], .callbacks = &callbacks, .context = pair},
        .other_end = ends[1],
        .interest = interest,
    };
    while (bench->pairs[i] != NULL)
        i++;
    return bench->pairs[i] = pair;
}

static void add(void *context)
{
    struct pair *pair = context;

    if (poller_add(pair->bench->poller, &pair->socket, pair->interest) != 0)
        note(pair->bench, '!');
}

static void change(void *context)
{
    struct pair *pair = context;

    poller_change(&pair->socket, pair->interest);
}

static void a_socket_is_readable_when_bytes_came(void **state)
{
    struct bench *bench = *state;
    struct pair *pair = make_pair(bench, POLLER_READ);

    run_there(bench, add, pair);
    assert_int_equal(gate_count(&bench->gate), 0);
    assert_int_equal(write(pair->other_end, "a", 1), 1);
    gate_expect(&bench->gate, 1);
    assert_int_equal(write(pair->other_end, "b", 1), 1);
    gate_expect(&bench->gate, 2);
    stop(bench);

    assert_string_equal(bench->notes, "rrs");
}

static void a_socket_is_readable_when_the_other_end_is_closed(void **state)
{
    struct bench *bench = *state;
    struct pair *pair = make_pair(bench, POLLER_READ);

    run_there(bench, add, pair);
    assert_int_equal(shutdown(pair->other_end, SHUT_WR), 0);
    gate_expect(&bench->gate, 1);
    stop(bench);

    assert_string_equal(bench->notes, "es");
}

static void a_socket_is_writable_when_that_was_asked_for(void **state)
{
    struct bench *bench = *state;
    struct pair *pair = make_pair(bench, 0);

    run_there(bench, add, pair);
    assert_int_equal(gate_count(&bench->gate), 0);
    pair->interest = POLLER_WRITE;
    run_there(bench, change, pair);
    gate_expect(&bench->gate, 1);
    stop(bench);

    assert_string_equal(bench->notes, "ws");
}

static void a_socket_that_is_watched_for_nothing_can_still_fail(void **state)
{
    struct bench *bench = *state;
    struct pair *pair = make_pair(bench, 0);

    run_there(bench, add, pair);
    assert_int_equal(shutdown(pair->other_end, SHUT_RDWR), 0);
    gate_expect(&bench->gate, 1);
    stop(bench);

    assert_string_equal(bench->notes, "f");
}

static void both_callbacks_come_in_one_turn(void **state)
{
    struct bench *bench = *state;
    struct pair *pair = make_pair(bench, POLLER_READ | POLLER_WRITE);

    assert_int_equal(write(pair->other_end, "a", 1), 1);
    run_there(bench, add, pair);
    gate_expect(&bench->gate, 2);
    stop(bench);

    assert_string_equal(bench->notes, "rws");
}

/* Removes and frees all sockets, those too whose turn is still to come. */
static void remove_all(void *context)
{
    struct pair *pair = context;
    struct bench *bench = pair->bench;

    note(bench, 'x');
    for (size_t i = 0; i < SOCKETS; i++) {
        poller_remove(&bench->pairs[i]->socket);
        free_pair(bench->pairs[i]);
        bench->pairs[i] = NULL;
    }
    gate_pass(&bench->gate);
}

static const struct poller_callbacks removing = {
    .readable = remove_all,
    .writable = remove_all,
    .failed = remove_all,
    .stopped = remove_all,
};

static void add_all(void *context)
{
    struct bench *bench = context;

    for (size_t i = 0; i < SOCKETS; i++)
        add(bench->pairs[i]);
}

static void sockets_may_be_freed_while_their_events_wait(void **state)
{
    struct bench *bench = *state;

    /* All are ready when they are added, so they are ready in the same turn. */
    for (size_t i = 0; i < SOCKETS; i++) {
        struct pair *pair = make_pair(bench, POLLER_READ | POLLER_WRITE);
        pair->socket.callbacks = &removing;
        assert_int_equal(write(pair->other_end, "a", 1), 1);
    }
    run_there(bench, add_all, bench);
    gate_expect(&bench->gate, 1);
    stop(bench);

    assert_string_equal(bench->notes, "x");
}

/* Adds all sockets anew while the events of the others wait. */
static void replace_others(void *context)
{
    struct pair *pair = context;
    struct bench *bench = pair->bench;

    note(bench, 'x');
    for (size_t i = 0; i < SOCKETS; i++) {
        struct pair *other = bench->pairs[i];
        poller_remove(&other->socket);
        other->socket.callbacks = &callbacks;
        other->interest = other == pair ? 0 : POLLER_READ;
        add(other);
    }
    gate_pass(&bench->gate);
}

static const struct poller_callbacks replacing = {.readable = replace_others};

static void an_event_does_not_reach_what_took_the_place_of_its_socket(void **state)
{
    struct bench *bench = *state;

    for (size_t i = 0; i < SOCKETS; i++) {
        struct pair *pair = make_pair(bench, POLLER_READ);
        pair->socket.callbacks = &replacing;
        assert_int_equal(write(pair->other_end, "a", 1), 1);
    }
    run_there(bench, add_all, bench);
    gate_expect(&bench->gate, SOCKETS);
    stop(bench);

    /* The bytes are still there, so the others get to see them, once each. */
    assert_string_equal(bench->notes, "xrrsss");
}

static void add_and_report(void *context)
{
    struct pair *pair = context;

    /* A file is nothing that can be waited for. */
    note(pair->bench,
         poller_add(pair->bench->poller, &pair->socket, POLLER_READ) == 0 ? '+' : '-');
}

static void what_cannot_be_watched_is_refused(void **state)
{
    struct bench *bench = *state;
    struct pair *pair = make_pair(bench, POLLER_READ);
    FILE *file = tmpfile();

    assert_non_null(file);
    close(pair->socket.fd);
    pair->socket.fd = dup(fileno(file));
    fclose(file);
    run_there(bench, add_and_report, pair);
    stop(bench);

    assert_string_equal(bench->notes, "-");
}

/* Timers. */

static void on_expired(void *context)
{
    struct alarm *alarm = context;
    struct bench *bench = alarm->bench;

    if (alarm->timer.due_ms < bench->last_due_ms ||
        (alarm->timer.due_ms == bench->last_due_ms &&
         alarm->timer.number < bench->last_number))
        note(bench, '!');
    bench->last_due_ms = alarm->timer.due_ms;
    bench->last_number = alarm->timer.number;
    bench->expired_count++;
    gate_pass(&bench->gate);
}

static void start_timer(struct bench *bench, size_t i, int64_t delay_ms)
{
    struct alarm *alarm = &bench->alarms[i];

    if (alarm->bench == NULL)
        *alarm = (struct alarm){
            .timer = {.expired = on_expired, .context = alarm},
              .bench = bench
        };
    poller_timer_start(bench->poller, &alarm->timer, delay_ms);
}

static void start_one(void *context)
{
    struct bench *bench = context;

    bench->began_ms = monotonic_ms();
    start_timer(bench, 0, SHORT_MS);
}

static void a_timer_expires_once_and_not_too_early(void **state)
{
    struct bench *bench = *state;

    run_there(bench, start_one, bench);
    gate_expect(&bench->gate, 1);
    int64_t took_ms = monotonic_ms() - bench->began_ms;
    stop(bench);

    assert_true(took_ms >= SHORT_MS);
    assert_int_equal(bench->expired_count, 1);
}

static void start_three(void *context)
{
    struct bench *bench = context;

    for (size_t i = 0; i < 3; i++)
        start_timer(bench, i, 1);
    poller_timer_stop(&bench->alarms[0].timer);
    poller_timer_stop(&bench->alarms[0].timer); /* does nothing */
    start_timer(bench, 2, AN_HOUR_MS);
}

static void a_timer_can_be_stopped_and_started_anew(void **state)
{
    struct bench *bench = *state;

    run_there(bench, start_three, bench);
    gate_expect(&bench->gate, 1);
    run_there(bench, start_one, bench);
    gate_expect(&bench->gate, 2);
    stop(bench);

    assert_int_equal(bench->expired_count, 2);
}

/* Many, of which a third is stopped and a third gets other times. */
static void start_many(void *context)
{
    struct bench *bench = context;

    for (size_t i = 0; i < TIMERS; i++)
        start_timer(bench, i, (int64_t)(i * 7919 % 40));
    for (size_t i = 0; i < TIMERS; i += 3)
        poller_timer_stop(&bench->alarms[i].timer);
    for (size_t i = 1; i < TIMERS; i += 3)
        start_timer(bench, i, (int64_t)(i * 104729 % 40));
}

static void timers_expire_in_the_order_in_which_they_are_due(void **state)
{
    struct bench *bench = *state;

    run_there(bench, start_many, bench);
    gate_expect(&bench->gate, TIMERS - TIMERS / 3);
    stop(bench);

    assert_int_equal(bench->expired_count, TIMERS - TIMERS / 3);
    assert_string_equal(bench->notes, "");
}

/* What is posted, and tasks. */

enum { POSTERS = 4, POSTS = 500 };

struct poster {
    struct bench *bench;
    struct poller *poller; /* a reference, if it posts during the stop */
    pthread_t thread;
    int sent, came;
};

static void count_run(void *context)
{
    struct poster *poster = context;

    poster->came++;
}

struct numbered {
    struct poster *poster;
    int number;
};

static void take_number(void *context)
{
    struct numbered *numbered = context;

    if (numbered->number != numbered->poster->came++)
        note(numbered->poster->bench, '!');
    free(numbered);
}

static void *post_numbers(void *context)
{
    struct poster *poster = context;

    for (int i = 0; i < POSTS; i++) {
        struct numbered *numbered = mem_alloc(sizeof(*numbered));
        *numbered = (struct numbered){poster, i};
        if (poller_post(poster->bench->poller, take_number, numbered))
            poster->sent++;
        else
            free(numbered);
    }
    return NULL;
}

static void what_a_thread_posts_runs_in_its_order(void **state)
{
    struct bench *bench = *state;
    struct poster posters[POSTERS] = {0};

    for (size_t i = 0; i < POSTERS; i++) {
        posters[i].bench = bench;
        assert_int_equal(
            pthread_create(&posters[i].thread, NULL, post_numbers, &posters[i]), 0);
    }
    for (size_t i = 0; i < POSTERS; i++)
        pthread_join(posters[i].thread, NULL);
    stop(bench); /* runs what is left */

    assert_string_equal(bench->notes, "");
    for (size_t i = 0; i < POSTERS; i++) {
        assert_int_equal(posters[i].sent, POSTS);
        assert_int_equal(posters[i].came, POSTS);
    }
}

static void run_task(void *context)
{
    struct bench *bench = context;

    note(bench, 'd');
    gate_pass(&bench->gate);
}

static void defer_twice(void *context)
{
    struct bench *bench = context;

    bench->task = (struct poller_task){.function = run_task, .context = bench};
    poller_defer(bench->poller, &bench->task);
    poller_defer(bench->poller, &bench->task);
    note(bench, 'p');
}

static void a_task_runs_once_at_the_end_of_the_turn(void **state)
{
    struct bench *bench = *state;

    run_there(bench, defer_twice, bench);
    gate_expect(&bench->gate, 1);
    run_there(bench, defer_twice, bench);
    gate_expect(&bench->gate, 2);
    stop(bench);

    assert_string_equal(bench->notes, "pdpd");
}

static void check_thread(void *context)
{
    struct bench *bench = context;

    note(bench, poller_runs_here(bench->poller) ? 'y' : 'n');
    memset(poller_scratch(bench->poller), 'x', POLLER_SCRATCH_BYTES);
}

static void only_its_own_thread_is_the_pollers(void **state)
{
    struct bench *bench = *state;

    assert_false(poller_runs_here(bench->poller));
    run_there(bench, check_thread, bench);
    stop(bench);

    assert_string_equal(bench->notes, "y");
}

/* What a socket's owner defers when the poller stops still runs, what it posts does
 * not. */
static void post_when_stopped(void *context)
{
    struct pair *pair = context;
    struct bench *bench = pair->bench;

    on_stopped(pair);
    bench->task = (struct poller_task){.function = run_task, .context = bench};
    poller_defer(bench->poller, &bench->task);
    if (!poller_post(bench->poller, run_task, bench))
        note(bench, '!');
}

static const struct poller_callbacks posting = {.stopped = post_when_stopped};

static void a_poller_that_stops_finishes_what_was_begun(void **state)
{
    struct bench *bench = *state;
    struct pair *pair = make_pair(bench, 0);

    pair->socket.callbacks = &posting;
    run_there(bench, add, pair);
    stop(bench);

    assert_string_equal(bench->notes, "s!d");
}

/* Posts itself for as long as it can. */
static void post_again(void *context)
{
    struct bench *bench = context;

    if (!poller_post(bench->poller, post_again, bench))
        note(bench, '!');
}

static void a_poller_stops_even_if_functions_post_themselves_again(void **state)
{
    struct bench *bench = *state;

    run_there(bench, post_again, bench);
    stop(bench);

    assert_string_equal(bench->notes, "!");
}

static void note_that_it_runs(void *context)
{
    note(context, 'p');
}

static void nothing_can_be_posted_to_a_stopped_poller(void **state)
{
    struct bench *bench = *state;
    struct poller *poller = poller_ref(bench->poller);

    stop(bench);

    assert_false(poller_post(poller, note_that_it_runs, bench));
    assert_false(poller_runs_here(poller));
    poller_unref(poller);
    assert_string_equal(bench->notes, "");
}

/* Posts with a reference of its own until the poller refuses. */
static void *post_until_refused(void *context)
{
    struct poster *poster = context;
    struct poller *poller = poster->poller;

    while (poller_post(poller, count_run, poster))
        poster->sent++;
    poller_unref(poller);
    return NULL;
}

static void what_is_posted_during_a_stop_runs_or_is_refused(void **state)
{
    struct bench *bench = *state;
    struct poster posters[POSTERS] = {0};

    for (size_t i = 0; i < POSTERS; i++) {
        posters[i].poller = poller_ref(bench->poller);
        assert_int_equal(
            pthread_create(&posters[i].thread, NULL, post_until_refused, &posters[i]), 0);
    }
    stop(bench);
    for (size_t i = 0; i < POSTERS; i++) {
        pthread_join(posters[i].thread, NULL);
        assert_int_equal(posters[i].came, posters[i].sent);
    }
}

#define POLLER_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        POLLER_TEST(a_socket_is_readable_when_bytes_came),
        POLLER_TEST(a_socket_is_readable_when_the_other_end_is_closed),
        POLLER_TEST(a_socket_is_writable_when_that_was_asked_for),
        POLLER_TEST(a_socket_that_is_watched_for_nothing_can_still_fail),
        POLLER_TEST(both_callbacks_come_in_one_turn),
        POLLER_TEST(sockets_may_be_freed_while_their_events_wait),
        POLLER_TEST(an_event_does_not_reach_what_took_the_place_of_its_socket),
        POLLER_TEST(what_cannot_be_watched_is_refused),
        POLLER_TEST(a_timer_expires_once_and_not_too_early),
        POLLER_TEST(a_timer_can_be_stopped_and_started_anew),
        POLLER_TEST(timers_expire_in_the_order_in_which_they_are_due),
        POLLER_TEST(what_a_thread_posts_runs_in_its_order),
        POLLER_TEST(a_task_runs_once_at_the_end_of_the_turn),
        POLLER_TEST(only_its_own_thread_is_the_pollers),
        POLLER_TEST(a_poller_that_stops_finishes_what_was_begun),
        POLLER_TEST(a_poller_stops_even_if_functions_post_themselves_again),
        POLLER_TEST(nothing_can_be_posted_to_a_stopped_poller),
        POLLER_TEST(what_is_posted_during_a_stop_runs_or_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
