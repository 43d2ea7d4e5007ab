/*
 * A snapshot is restored while events are sent: no delivered event is sent again, and no
 * event that is written later is mistaken for a delivered one.
 */
#include "support/bench.h"

#include "data/event_delivery.h"
#include "data/resource.h"
#include "store/snapshot.h"

#include "support/cmocka_all.h"

static void save(struct bench *bench)
{
    const char *why = NULL;

    assert_int_equal(snapshot_save(bench->store, "clean", 0, bench->arena, &why),
                     SNAPSHOT_DONE);
}

/* In the same way as RestoreSnapshot. */
static void restore(struct bench *bench)
{
    const char *why = NULL;

    assert_int_equal(snapshot_restore(bench->store, "clean", event_targets_carry_over,
                                      bench->arena, &why),
                     SNAPSHOT_DONE);
}

/* The sink received exactly these events. A repeated event would arrive before the last
 * one, because each target receives events in their order. */
static void assert_got(struct bench *bench, struct sink *sink, const int *events,
                       size_t count)
{
    sink_expect(sink, count);
    for (size_t i = 0; i < count; i++)
        assert_delivered(bench, sink, i, events[i]);
    assert_int_equal(sink_count(sink), count);
}

static void delivered_events_are_not_sent_again(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    bench_start(bench, bench_url(bench, sink, "/hook"));
    bench_write(bench, 1, 3);
    save(bench);
    bench_write(bench, 4, 6);
    sink_expect(sink, 6);

    restore(bench);
    bench_write(bench, 7, 8);
    sink_expect(sink, 8);
    restore(bench);
    bench_write(bench, 9, 9);

    assert_got(bench, sink, (const int[]){1, 2, 3, 4, 5, 6, 7, 8, 9}, 9);
}

static void undelivered_events_of_the_snapshot_are_sent(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_closed_sink(bench);
    bench_start(bench, bench_url(bench, sink, "/hook"));
    bench_write(bench, 1, 2);
    save(bench);
    bench_write(bench, 3, 4);

    restore(bench);
    bench_write(bench, 5, 5);
    sink_open(sink);

    assert_got(bench, sink, (const int[]){1, 2, 5}, 3);
}

static void an_event_in_flight_during_the_restore_is_sent_once(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    save(bench);
    bench_start(bench, bench_url(bench, sink, "/hook"));
    sink_plan(sink, SINK_HOLD, "");
    bench_write(bench, 1, 2);
    sink_expect(sink, 1);

    restore(bench);
    bench_write(bench, 3, 3);
    sink_release(sink);

    assert_got(bench, sink, (const int[]){1, 3}, 2);
}

static void an_event_in_flight_that_is_in_the_snapshot_is_sent_once(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    bench_start(bench, bench_url(bench, sink, "/hook"));
    sink_plan(sink, SINK_HOLD, "");
    bench_write(bench, 1, 2);
    save(bench);
    sink_expect(sink, 1);

    restore(bench);
    bench_write(bench, 3, 3);
    sink_release(sink);

    assert_got(bench, sink, (const int[]){1, 2, 3}, 3);
}

/* Waits until an attempt at the first event is noted. */
static void expect_note(struct bench *bench)
{
    static const struct delivery_filter any = {.url = "", .event_id = "", .state = ""};
    struct event_delivery row = {.event_id = ""};
    size_t count;

    do {
        struct txn *txn = txn_begin(bench->store, bench->arena, TXN_READ);
        assert_int_equal(event_delivery_list(txn, &any, 0, "", 1, &row, &count), DB_DONE);
        txn_abandon(&txn);
    } while (count == 0 || row.last.attempts == 0);
}

static void delete_all(struct bench *bench)
{
    struct txn *txn = txn_begin(bench->store, bench->arena, TXN_WRITE);

    assert_int_equal(registry_reset(txn, &data_registry, NULL), DB_DONE);
    assert_int_equal(txn_commit(&txn), DB_DONE);
}

static void
an_event_that_was_pending_in_the_snapshot_and_came_since_is_not_sent_again(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    bench_start(bench, bench_url(bench, sink, "/hook"));
    sink_plan(sink, 503, "");
    bench_write(bench, 1, 1);
    expect_note(bench);
    save(bench);
    sink_expect(sink, 2);
    bench_write(bench, 2, 2);
    sink_expect(sink, 3);
    delete_all(bench);

    restore(bench);
    bench_write(bench, 3, 3);

    assert_got(bench, sink, (const int[]){1, 1, 2, 3}, 4);
}

static void an_event_in_flight_during_a_reset_is_not_sent_again(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    bench_start(bench, bench_url(bench, sink, "/hook"));
    sink_plan(sink, SINK_HOLD, "");
    bench_write(bench, 1, 1);
    save(bench);
    sink_expect(sink, 1);
    delete_all(bench);
    sink_release(sink);

    restore(bench);
    bench_write(bench, 3, 3);

    assert_got(bench, sink, (const int[]){1, 3}, 2);
}

static void a_restart_after_it_changes_nothing(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    bench_start(bench, bench_url(bench, sink, "/hook"));
    bench_write(bench, 1, 1);
    save(bench);
    bench_write(bench, 2, 4);
    sink_expect(sink, 4);
    bench_stop(bench);
    restore(bench);
    bench_close(bench);

    bench_open(bench);
    bench_write(bench, 5, 5);
    bench_start(bench, bench_url(bench, sink, "/hook"));
    bench_write(bench, 6, 6);

    assert_got(bench, sink, (const int[]){1, 2, 3, 4, 5, 6}, 6);
}

static void what_is_known_of_deliveries_is_kept(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_closed_sink(bench);
    const struct delivery_filter filter = {.url = "", .event_id = "", .state = ""};
    struct event_delivery rows[8];
    size_t count;
    bench_start(bench, bench_url(bench, sink, "/hook"));
    bench_write(bench, 1, 3);
    save(bench);
    sink_plan(sink, 200, "");
    sink_plan(sink, 410, "");
    sink_plan(sink, SINK_HOLD, "");
    sink_open(sink);
    sink_expect(sink, 3);

    restore(bench);

    struct txn *txn = txn_begin(bench->store, bench->arena, TXN_READ);
    assert_int_equal(
        event_delivery_list(txn, &filter, 0, "", COUNT_OF(rows), rows, &count), DB_DONE);
    assert_int_equal(count, 3);
    assert_int_equal(rows[0].last.state, DELIVERY_DELIVERED);
    assert_int_equal(rows[1].last.state, DELIVERY_REFUSED);
    assert_int_equal(rows[1].last.status, 410);
    assert_int_equal(rows[2].last.state, DELIVERY_PENDING);
    txn_abandon(&txn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(delivered_events_are_not_sent_again),
        BENCH_TEST(undelivered_events_of_the_snapshot_are_sent),
        BENCH_TEST(an_event_in_flight_during_the_restore_is_sent_once),
        BENCH_TEST(an_event_in_flight_that_is_in_the_snapshot_is_sent_once),
        BENCH_TEST(what_is_known_of_deliveries_is_kept),
        BENCH_TEST(
            an_event_that_was_pending_in_the_snapshot_and_came_since_is_not_sent_again),
        BENCH_TEST(an_event_in_flight_during_a_reset_is_not_sent_again),
        BENCH_TEST(a_restart_after_it_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
