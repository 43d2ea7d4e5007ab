/*
 * How many events are kept, and for which targets.
 */
#include "data/event.h"

#include "data/event_delivery.h"

#include "support/cmocka_all.h"

enum { MORE = 500 };

static const struct scope home = {.account = "000000000000", .region = "us-east-1"};
static const struct scope other = {.account = "111111111111", .region = "eu-west-1"};
static const char url[] = "http://127.0.0.1:9/";

/* A store in memory and one long transaction. */
struct bench {
    struct arena *arena;
    struct store *store;
    struct txn *txn;
};

static struct bench bench;

static int setup(void **state)
{
    const char *why = NULL;

    (void)state;
    bench.arena = arena_new();
    bench.store = store_open(":memory:", bench.arena, &why);
    if (bench.store == NULL)
        return -1;
    bench.txn = txn_begin(bench.store, bench.arena, TXN_WRITE);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    txn_abandon(&bench.txn);
    store_close(bench.store);
    arena_free(bench.arena);
    return 0;
}

static void write_events(int count)
{
    const struct event event = {
        .detail_type = "type", .resource_arn = "", .envelope = "{}"};

    for (int i = 0; i < count; i++)
        assert_int_equal(event_insert(bench.txn, i % 2 == 0 ? home : other, &event),
                         DB_DONE);
}

/* The seq of the oldest and of the newest event. */
static int64_t edge(const char *sql)
{
    struct stmt *q AUTO(stmt_done) = txn_query(bench.txn, sql);

    assert_int_equal(stmt_step(q), DB_ROW);
    return stmt_column_int(q, 0);
}

static int64_t oldest(void)
{
    return edge("SELECT min(seq) FROM event");
}

static int64_t newest(void)
{
    return edge("SELECT max(seq) FROM event");
}

/* The target has received all events up to 100, and the server has been restarted. */
static void open_target_at_100(void)
{
    static const char sql[] = "UPDATE event_target SET delivered_seq = 100";
    struct event_progress progress;

    assert_int_equal(event_targets_close(bench.txn), DB_DONE);
    assert_int_equal(event_target_open(bench.txn, url, &progress), DB_DONE);
    struct stmt *q AUTO(stmt_done) = txn_query(bench.txn, sql);
    assert_int_equal(stmt_step(q), DB_DONE);
}

/* A target receives all its events. */
static void deliver_all(const char *target)
{
    static const char sql[] = "INSERT INTO delivery SELECT account, region, seq, :url, "
                              "'DELIVERED', 1, 200, '', 1"
                              " FROM event";
    struct stmt *q AUTO(stmt_done) = txn_query(bench.txn, sql);

    stmt_text(q, ":url", target);
    assert_int_equal(stmt_step(q), DB_DONE);
    assert_int_equal(event_target_advance(bench.txn, target, 0), DB_DONE);
}

/* The test fails unless the open targets wait for and have lost that many events. */
static void assert_backlog(int64_t pending, int64_t dropped)
{
    struct event_backlog backlog;

    assert_int_equal(event_backlog_read(bench.txn, &backlog), DB_DONE);
    assert_int_equal(backlog.pending, pending);
    assert_int_equal(backlog.dropped, dropped);
}

static void the_last_events_of_all_scopes_are_kept(void **state)
{
    (void)state;

    write_events(EVENTS_KEPT);
    assert_int_equal(oldest(), 1);
    write_events(MORE);

    assert_int_equal(newest(), EVENTS_KEPT + MORE);
    assert_int_equal(oldest(), MORE + 1);
}

static void all_events_of_an_open_target_are_kept(void **state)
{
    (void)state;
    open_target_at_100();

    write_events(EVENTS_KEPT + MORE);
    assert_int_equal(oldest(), 101);
    assert_backlog(EVENTS_KEPT + MORE - 100, 0);

    /* Once it has received them, the excess is deleted in a few steps. */
    deliver_all(url);
    write_events(MORE / 100);
    assert_int_equal(oldest(), newest() - EVENTS_KEPT + 1);
    assert_backlog(MORE / 100, 0);
}

static void a_target_that_is_down_loses_the_oldest_events(void **state)
{
    struct event_progress progress;
    (void)state;
    open_target_at_100();

    write_events(100 + EVENTS_PENDING_MAX);
    assert_int_equal(oldest(), 101);
    assert_backlog(EVENTS_PENDING_MAX, 0);
    write_events(MORE);

    assert_int_equal(oldest(), 101 + MORE);
    assert_backlog(EVENTS_PENDING_MAX, MORE);
    assert_int_equal(event_target_read(bench.txn, url, &progress), DB_DONE);
    assert_int_equal(progress.delivered_seq, 100);
    assert_int_equal(progress.dropped, MORE);
}

static void one_target_that_is_down_costs_another_nothing(void **state)
{
    static const char up[] = "http://127.0.0.1:10/";
    struct event_progress progress;
    (void)state;
    open_target_at_100();
    assert_int_equal(event_target_open(bench.txn, up, &progress), DB_DONE);
    write_events(EVENTS_PENDING_MAX);
    deliver_all(up);

    write_events(MORE);

    assert_int_equal(event_target_read(bench.txn, up, &progress), DB_DONE);
    assert_int_equal(progress.dropped, 0);
    assert_backlog(EVENTS_PENDING_MAX + MORE, MORE - 100);
}

/* Notes that the target has received an event. */
static void deliver(int64_t seq)
{
    const struct event event = {.seq = seq, .envelope = "{}"};
    const struct delivery_attempt attempt = {
        .state = DELIVERY_DELIVERED, .attempts = 1, .reason = "", .time_ms = 1};

    assert_int_equal(event_delivery_note(bench.txn, url, &event, &attempt), DB_DONE);
    assert_int_equal(event_target_advance(bench.txn, url, 0), DB_DONE);
}

/* The test fails unless this event is the next one, and `delivered_seq` the progress. */
static void assert_next(int64_t seq, int64_t delivered_seq)
{
    struct event_progress progress;
    struct event event;

    assert_int_equal(event_next(bench.txn, url, 0, &event), DB_ROW);
    assert_int_equal(event.seq, seq);
    assert_int_equal(event_target_read(bench.txn, url, &progress), DB_DONE);
    assert_int_equal(progress.delivered_seq, delivered_seq);
}

static void an_event_that_overtook_others_is_not_next_again(void **state)
{
    struct event event;
    (void)state;
    open_target_at_100();
    write_events(105);

    deliver(102);
    deliver(103);
    assert_next(101, 100);
    assert_int_equal(event_next(bench.txn, url, 101, &event), DB_ROW);
    assert_int_equal(event.seq, 104);

    deliver(101);
    assert_next(104, 103);
    assert_backlog(2, 0);
    deliver(105);
    deliver(104);
    assert_int_equal(event_next(bench.txn, url, 0, &event), DB_NONE);
    assert_backlog(0, 0);
}

static void an_event_that_overtook_lost_ones_is_not_lost(void **state)
{
    struct event_progress progress;
    (void)state;
    open_target_at_100();
    write_events(102);
    deliver(102);

    write_events(EVENTS_PENDING_MAX + MORE - 2);

    assert_int_equal(event_target_read(bench.txn, url, &progress), DB_DONE);
    assert_int_equal(progress.dropped, MORE - 1);
}

static void what_a_scope_deletes_is_no_longer_pending(void **state)
{
    static const char of_home[] = "DELETE FROM event WHERE account = '000000000000'";
    (void)state;
    open_target_at_100();
    write_events(100 + MORE);
    assert_backlog(MORE, 0);

    struct stmt *q AUTO(stmt_done) = txn_query(bench.txn, of_home);
    assert_int_equal(stmt_step(q), DB_DONE);

    assert_backlog(MORE / 2, 0);
    deliver_all(url);
    assert_backlog(0, 0);
}

static void a_target_counts_again_when_it_is_opened(void **state)
{
    struct event_progress progress;
    (void)state;
    open_target_at_100();
    write_events(100 + MORE);
    assert_int_equal(event_targets_close(bench.txn), DB_DONE);
    assert_backlog(0, 0);
    write_events(MORE);

    assert_int_equal(event_target_open(bench.txn, url, &progress), DB_DONE);

    assert_backlog(2 * MORE, 0);
}

static void no_events_are_kept_for_a_target_that_is_not_open(void **state)
{
    struct event_progress progress;
    (void)state;
    open_target_at_100();

    assert_int_equal(event_targets_close(bench.txn), DB_DONE);
    write_events(EVENTS_KEPT + MORE);
    assert_int_equal(oldest(), MORE + 1);

    /* The position of a target is kept while it is not open. */
    assert_int_equal(event_target_open(bench.txn, url, &progress), DB_DONE);
    assert_int_equal(progress.delivered_seq, 100);
}

#define STORE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(the_last_events_of_all_scopes_are_kept),
        STORE_TEST(all_events_of_an_open_target_are_kept),
        STORE_TEST(a_target_that_is_down_loses_the_oldest_events),
        STORE_TEST(one_target_that_is_down_costs_another_nothing),
        STORE_TEST(an_event_that_overtook_others_is_not_next_again),
        STORE_TEST(an_event_that_overtook_lost_ones_is_not_lost),
        STORE_TEST(what_a_scope_deletes_is_no_longer_pending),
        STORE_TEST(a_target_counts_again_when_it_is_opened),
        STORE_TEST(no_events_are_kept_for_a_target_that_is_not_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
