/*
 * Faults of deliveries: events that are dropped, duplicated, delayed and reordered, at
 * webhooks and EventBridge emulators, and what a restart does to them.
 */
#include "support/bench.h"

#include "data/event.h"
#include "data/event_delivery.h"
#include "store/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

static const struct scope scope = {.account = "123456789012", .region = "us-west-2"};
static const struct scope elsewhere = {.account = "123456789012", .region = "us-east-1"};

enum { LONG_MS = 300000 };

static void put_in(struct bench *bench, struct scope where, struct fault fault)
{
    fault.id = "f";
    fault.probability = fault.probability > 0 ? fault.probability : 1;
    assert_int_equal(faults_put(bench->faults, where, &fault), 0);
}

/* A fault that applies to the next delivery of the bench's events. */
static void put_once(struct bench *bench, enum fault_delivery delivery,
                     int64_t latency_ms)
{
    put_in(bench, scope,
           (struct fault){.delivery = delivery, .latency_ms = latency_ms, .times = 1});
}

/* Exactly these events arrived. */
static void assert_got(struct bench *bench, struct sink *sink, const int *events,
                       size_t count)
{
    sink_expect(sink, count);
    for (size_t i = 0; i < count; i++)
        assert_delivered(bench, sink, i, events[i]);
    assert_int_equal(sink_count(sink), count);
}

/* The state of the first delivery, once all that came before a request is noted. */
static struct event_delivery first_delivery(struct bench *bench)
{
    const struct delivery_filter filter = {.url = "", .event_id = "", .state = ""};
    struct event_delivery row;
    struct txn *txn = txn_begin(bench->store, bench->arena, TXN_READ);
    size_t count;

    assert_int_equal(event_delivery_list(txn, &filter, 0, "", 1, &row, &count), DB_DONE);
    assert_int_equal(count, 1);
    txn_abandon(&txn);
    return row;
}

static void a_dropped_event_never_arrives(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    put_once(bench, FAULT_DROP, 0);

    bench_start(bench, bench_url(bench, sink, "/"));
    bench_write(bench, 1, 3);

    assert_got(bench, sink, (const int[]){2, 3}, 2);
    struct event_delivery row = first_delivery(bench);
    assert_int_equal(row.last.state, DELIVERY_DROPPED);
    assert_int_equal(row.last.attempts, 0);
    assert_string_equal(row.last.reason, "fault f");
}

static void a_duplicated_event_arrives_twice(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    put_once(bench, FAULT_DUPLICATE, 0);

    bench_start(bench, bench_url(bench, sink, "/"));
    bench_write(bench, 1, 2);

    assert_got(bench, sink, (const int[]){1, 1, 2}, 3);
    assert_int_equal(first_delivery(bench).last.attempts, 2);
    assert_int_equal(first_delivery(bench).last.state, DELIVERY_DELIVERED);
}

/* Starts to deliver, with event number 1 at the sink, which gives no response until
 * sink_release(). So all events that are written until then come at the same time. */
static void start_held(struct bench *bench, struct sink *sink)
{
    sink_plan(sink, SINK_HOLD, "");
    bench_start(bench, bench_url(bench, sink, "/"));
    bench_write(bench, 1, 1);
    sink_expect(sink, 1);
}

static void a_delayed_event_arrives_after_later_ones(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    start_held(bench, sink);
    put_once(bench, FAULT_DELAY, 500);

    bench_write(bench, 2, 4);
    sink_release(sink);

    assert_got(bench, sink, (const int[]){1, 3, 4, 2}, 4);
}

static void a_delayed_event_does_not_wait_for_another(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    put_once(bench, FAULT_DELAY, 100);

    bench_start(bench, bench_url(bench, sink, "/"));
    bench_write(bench, 1, 1);

    assert_got(bench, sink, (const int[]){1}, 1);
}

static void a_reordered_event_arrives_after_the_next_one(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    start_held(bench, sink);
    put_once(bench, FAULT_REORDER, 0);

    bench_write(bench, 2, 5);
    sink_release(sink);

    assert_got(bench, sink, (const int[]){1, 3, 2, 4, 5}, 5);
}

static void reordering_all_events_swaps_them_in_pairs(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    start_held(bench, sink);
    put_in(bench, scope, (struct fault){.delivery = FAULT_REORDER, .times = -1});

    bench_write(bench, 2, 7);
    sink_release(sink);

    assert_got(bench, sink, (const int[]){1, 3, 2, 5, 4, 7, 6}, 7);
}

static void a_reordered_event_without_a_next_one_arrives(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    put_once(bench, FAULT_REORDER, 0);

    bench_start(bench, bench_url(bench, sink, "/"));
    bench_write(bench, 1, 1);

    assert_got(bench, sink, (const int[]){1}, 1);
}

static void a_fault_is_applied_once_however_often_the_event_is_retried(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    struct fault *left;
    sink_plan(sink, 503, "");
    sink_plan(sink, 503, "");
    put_in(bench, scope, (struct fault){.delivery = FAULT_DUPLICATE, .times = 2});

    bench_start(bench, bench_url(bench, sink, "/"));
    bench_write(bench, 1, 1);
    sink_expect(sink, 4);
    size_t count = faults_list(bench->faults, &scope, bench->arena, &left);
    bench_write(bench, 2, 3);

    assert_int_equal(count, 1);
    assert_int_equal(left[0].struck, 1);
    assert_got(bench, sink, (const int[]){1, 1, 1, 1, 2, 2, 3}, 7);
}

static void a_fault_selects_events(void **state)
{
    static const char channel[] =
        "arn:aws:ivs:us-west-2:123456789012:channel/abcdABCDefgh";
    const struct fault others[] = {
        {.detail_type = "IVS Stream Health Change"},
        {.event_name = "Stream End"},
        {.resource_arn = "arn:aws:ivs:us-west-2:123456789012:channel/other"},
        {.operation = "*"},
    };
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct fault fault = others[i];
        fault.delivery = FAULT_DROP;
        fault.times = 1;
        put_in(bench, scope, fault);
    }
    put_in(bench, elsewhere, (struct fault){.delivery = FAULT_DROP, .times = 1});
    put_in(bench, scope,
           (struct fault){.delivery = FAULT_DUPLICATE,
                          .detail_type = "IVS Stream State Change",
                          .event_name = "Stream Start",
                          .resource_arn = channel,
                          .times = 1});

    bench_start(bench, bench_url(bench, sink, "/"));
    bench_write(bench, 1, 2);

    assert_got(bench, sink, (const int[]){1, 1, 2}, 3);
}

static void each_target_is_a_delivery_of_its_own(void **state)
{
    struct bench *bench = *state;
    struct sink *a = bench_sink(bench), *b = bench_sink(bench);
    const char *const urls[] = {bench_url(bench, a, "/"), bench_url(bench, b, "/")};
    put_in(bench, scope, (struct fault){.delivery = FAULT_DUPLICATE, .times = -1});

    bench_start_all(bench, urls, 2);
    bench_write(bench, 1, 1);

    assert_got(bench, a, (const int[]){1, 1}, 2);
    assert_got(bench, b, (const int[]){1, 1}, 2);
    struct fault *left;
    assert_int_equal(faults_list(bench->faults, &scope, bench->arena, &left), 1);
    assert_int_equal(left[0].struck, 2);
}

/* Which events arrive at a new target of those from `first` on, after a fault of
 * probability 1/2 with a new generator; up to the one that certainly arrives. */
static const char *arrivals(struct bench *bench, int first)
{
    enum { EVENTS = 40 };
    struct sink *sink = bench_sink(bench);
    const char *all = "";
    struct ids *chance = ids_new_seeded(99);
    struct faults *own = bench->faults;
    const int last = first + EVENTS;

    bench->faults = faults_new(chance);
    put_in(
        bench, scope,
        (struct fault){.delivery = FAULT_DROP, .probability = 0.5, .times = EVENTS / 4});
    bench_start(bench, bench_url(bench, sink, "/"));
    bench_write(bench, first, last - 1);
    /* The fault applied as often as it may. */
    sink_expect(sink, EVENTS - EVENTS / 4);
    bench_stop(bench);
    for (size_t i = 0; i < EVENTS - EVENTS / 4; i++) {
        const char *stream = strstr(sink_request(sink, i).body, "\"st-");
        assert_non_null(stream);
        all = arena_printf(bench->arena, "%s %d", all,
                           (int)strtol(stream + 4, NULL, 10) - first);
    }
    faults_free(bench->faults);
    ids_free(chance);
    bench->faults = own;
    return all;
}

static void the_random_outcomes_of_a_seed_repeat(void **state)
{
    struct bench *bench = *state;

    const char *once = arrivals(bench, 1);
    const char *again = arrivals(bench, 101);

    assert_string_equal(once, again);
    assert_non_null(strstr(once, " 39"));
}

static void a_restart_does_not_lose_what_was_held_back(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    const char *url = bench_url(bench, sink, "/");
    put_once(bench, FAULT_DELAY, LONG_MS);
    sink_plan(sink, 200, "");
    sink_plan(sink, 200, "");
    sink_plan(sink, SINK_HOLD, "");

    bench_start(bench, url);
    bench_write(bench, 1, 4);
    sink_expect(sink, 3);
    bench_stop(bench);
    bench_close(bench);
    bench_open(bench);
    bench_start(bench, url);
    sink_expect(sink, 5);

    /* The events that overtook it and were accepted are not sent again. */
    assert_got(bench, sink, (const int[]){2, 3, 4, 1, 4}, 5);
}

static void a_restored_snapshot_forgets_what_was_held_back(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    const char *why = NULL;
    assert_int_equal(snapshot_save(bench->store, "clean", 0, bench->arena, &why),
                     SNAPSHOT_DONE);
    put_once(bench, FAULT_DELAY, LONG_MS);
    bench_start(bench, bench_url(bench, sink, "/"));
    bench_write(bench, 1, 2);
    sink_expect(sink, 1);

    assert_int_equal(snapshot_restore(bench->store, "clean", event_targets_carry_over,
                                      bench->arena, &why),
                     SNAPSHOT_DONE);
    bench_write(bench, 3, 4);

    assert_got(bench, sink, (const int[]){2, 3, 4}, 3);
}

/* Has event number 1 sent again. */
static void resend_first(struct bench *bench)
{
    struct txn *txn = txn_begin(bench->store, bench->arena, TXN_WRITE);
    struct event event;

    assert_int_equal(
        event_find(txn, &scope, "00000000-0000-4000-8000-000000000001", &event), DB_ROW);
    assert_int_equal(event_delivery_resend(txn, &event, ""), DB_DONE);
    assert_int_equal(txn_commit(&txn), DB_DONE);
}

static void a_fault_applies_to_an_event_that_is_sent_again(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    struct fault *left;
    bench_start(bench, bench_url(bench, sink, "/"));
    bench_write(bench, 1, 2);
    sink_expect(sink, 2);
    put_once(bench, FAULT_DELAY, 200);

    resend_first(bench);

    assert_got(bench, sink, (const int[]){1, 2, 1}, 3);
    assert_int_equal(faults_list(bench->faults, &scope, bench->arena, &left), 0);
}

/* More than can be held back at the same time, and one to be sent again. */
static void a_flood_of_delayed_events_arrives_in_full(void **state)
{
    enum { EVENTS = 150 };
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    bench_start(bench, bench_url(bench, sink, "/"));
    bench_write(bench, 1, 2);
    sink_expect(sink, 2);
    put_in(bench, scope,
           (struct fault){.delivery = FAULT_DELAY, .latency_ms = 500, .times = -1});

    bench_write(bench, 3, 2 + EVENTS);
    resend_first(bench);

    sink_expect(sink, 2 + EVENTS + 1);
}

static void events_for_an_eventbridge_are_duplicated_as_well(void **state)
{
    static const char success[] = "{\"FailedEntryCount\":0,\"Entries\":[{}]}";
    static const char *const streams[] = {"st-1", "st-1", "st-2"};
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    for (size_t i = 0; i < COUNT_OF(streams); i++)
        sink_plan(sink, 200, success);
    put_once(bench, FAULT_DUPLICATE, 0);

    bench_start(bench,
                arena_printf(bench->arena, "eventbridge+%s", bench_url(bench, sink, "")));
    bench_write(bench, 1, 2);
    sink_expect(sink, COUNT_OF(streams));

    for (size_t i = 0; i < COUNT_OF(streams); i++)
        assert_non_null(strstr(sink_request(sink, i).body, streams[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(a_dropped_event_never_arrives),
        BENCH_TEST(a_duplicated_event_arrives_twice),
        BENCH_TEST(a_delayed_event_arrives_after_later_ones),
        BENCH_TEST(a_delayed_event_does_not_wait_for_another),
        BENCH_TEST(a_reordered_event_arrives_after_the_next_one),
        BENCH_TEST(reordering_all_events_swaps_them_in_pairs),
        BENCH_TEST(a_reordered_event_without_a_next_one_arrives),
        BENCH_TEST(a_fault_is_applied_once_however_often_the_event_is_retried),
        BENCH_TEST(a_fault_selects_events),
        BENCH_TEST(each_target_is_a_delivery_of_its_own),
        BENCH_TEST(the_random_outcomes_of_a_seed_repeat),
        BENCH_TEST(a_restart_does_not_lose_what_was_held_back),
        BENCH_TEST(a_restored_snapshot_forgets_what_was_held_back),
        BENCH_TEST(a_fault_applies_to_an_event_that_is_sent_again),
        BENCH_TEST(a_flood_of_delayed_events_arrives_in_full),
        BENCH_TEST(events_for_an_eventbridge_are_duplicated_as_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
