/*
 * engine_run_due(): which work is due, when, in what order, and what is due next.
 */
#include "engine/due.h"
#include "store/txn.h"
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define BUCKET "demo-recordings"
#define RECORDINGS "\"detailType\":\"IVS Recording State Change\""
#define HOUR_MS (INT64_C(3600) * 1000)
#define KEPT_MS (60 * 24 * HOUR_MS) /* how long a session is kept */

enum { MAX_STREAM_HOURS = 48 };

static int64_t run(struct emulator *emu, int64_t now_ms)
{
    return engine_run_due(emu->store, emu->ids, now_ms);
}

static void without_streams_nothing_is_due(void **state)
{
    struct emulator *emu = *state;

    assert_true(run(emu, EMULATOR_START_MS) == INT64_MAX);
    create_channel(emu, REGION, "lobby");
    assert_true(run(emu, INT64_MAX - 1) == INT64_MAX);
}

static void a_live_stream_is_due_after_48_hours(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);

    int64_t due = run(emu, EMULATOR_START_MS);
    go_offline(emu, arn);
    int64_t offline = run(emu, due);

    assert_true(due == EMULATOR_START_MS + MAX_STREAM_HOURS * HOUR_MS);
    assert_true(offline == EMULATOR_START_MS + KEPT_MS);
    assert_int_equal(
        reply_count(emulator_call(emu, REGION, "ListEvents", "{}"), "events"), 4);
}

static void an_old_session_is_due_for_deletion(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);
    go_offline(emu, arn);

    int64_t early = run(emu, EMULATOR_START_MS + KEPT_MS - 1);
    struct reply kept =
        emulator_call(emu, REGION, "GetStreamSession", "{\"channelArn\":\"%s\"}", arn);
    int64_t then = run(emu, EMULATOR_START_MS + KEPT_MS);

    assert_true(early == EMULATOR_START_MS + KEPT_MS);
    assert_success(kept, 200);
    assert_true(then == INT64_MAX);
    assert_error(
        emulator_call(emu, REGION, "GetStreamSession", "{\"channelArn\":\"%s\"}", arn),
        404, "ResourceNotFoundException");
}

static void a_waiting_recording_is_due_at_the_end_of_its_window(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, 300);
    go_live(emu, arn);
    emulator_advance(emu, 5000);
    go_offline(emu, arn);

    int64_t waiting = run(emu, EMULATOR_START_MS + 5000);
    go_live(emu, arn);
    int64_t live = run(emu, waiting);

    assert_true(waiting == EMULATOR_START_MS + 305000);
    assert_true(live == EMULATOR_START_MS + 5000 + MAX_STREAM_HOURS * HOUR_MS);
}

static void the_earliest_due_time_is_next(void **state)
{
    struct emulator *emu = *state;
    const char *recorded = create_recorded_channel(emu, BUCKET, 300);
    go_live(emu, create_channel(emu, "eu-west-1", "first"));
    clock_advance(emu->clock, 1000);
    go_live(emu, create_channel(emu, REGION, "second"));
    int64_t first_stream = run(emu, EMULATOR_START_MS + 1000);
    go_live(emu, recorded);
    go_offline(emu, recorded);

    int64_t recording = run(emu, EMULATOR_START_MS + 1000);

    assert_true(first_stream == EMULATOR_START_MS + MAX_STREAM_HOURS * HOUR_MS);
    assert_true(recording == EMULATOR_START_MS + 301000);
}

static void nothing_runs_before_it_is_due(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);
    const int64_t due = EMULATOR_START_MS + MAX_STREAM_HOURS * HOUR_MS;

    int64_t early = run(emu, due - 1);
    const char *before = events_told(emu, "");
    int64_t then = run(emu, due);

    assert_true(early == due);
    assert_string_equal(before, "Session Created, Stream Start");
    assert_true(then == due + KEPT_MS);
    assert_string_equal(events_told(emu, ""),
                        "Session Created, Stream Start, Session Ended, Stream End");
    assert_error(emulator_call(emu, REGION, "GetStream", "{\"channelArn\":\"%s\"}", arn),
                 404, "ChannelNotBroadcasting");
}

static void a_stream_ends_at_its_due_time_however_late_the_run(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, 60);
    go_live(emu, arn);

    int64_t next = emulator_advance(emu, 1000 * HOUR_MS);

    struct reply told = emulator_call(emu, REGION, "ListEvents", "{}");
    struct reply session =
        emulator_call(emu, REGION, "GetStreamSession", "{\"channelArn\":\"%s\"}", arn);
    assert_true(next == EMULATOR_START_MS + MAX_STREAM_HOURS * HOUR_MS + KEPT_MS);
    assert_string_equal(events_told(emu, ""),
                        "Session Created, Stream Start, Recording Start, Session Ended, "
                        "Stream End, Recording End");
    assert_string_equal(reply_string(told, "events.3.time"), "2021-04-09T00:00:00Z");
    assert_string_equal(reply_string(told, "events.4.time"), "2021-04-09T00:00:00Z");
    assert_string_equal(reply_string(told, "events.5.time"), "2021-04-09T00:01:00Z");
    assert_int_equal(reply_int(told, "events.5.detail.recording_duration_ms"),
                     MAX_STREAM_HOURS * HOUR_MS);
    assert_string_equal(reply_string(session, "streamSession.endTime"),
                        "2021-04-09T00:00:00Z");
}

static void due_work_runs_in_the_order_of_its_times(void **state)
{
    static const int windows[] = {120, 30, 300, 60};
    static const char *const times[] = {"2021-04-07T00:00:30Z", "2021-04-07T00:01:00Z",
                                        "2021-04-07T00:02:00Z", "2021-04-07T00:05:00Z"};
    static const size_t order[] = {1, 3, 0, 2};
    struct emulator *emu = *state;
    const char *arns[COUNT_OF(windows)];
    for (size_t i = 0; i < COUNT_OF(windows); i++) {
        arns[i] = create_recorded_channel(emu, BUCKET, windows[i]);
        go_live(emu, arns[i]);
        go_offline(emu, arns[i]);
    }

    emulator_advance(emu, HOUR_MS);

    struct reply told = emulator_call(emu, REGION, "ListEvents", "{" RECORDINGS "}");
    assert_int_equal(reply_count(told, "events"), 2 * COUNT_OF(windows));
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        const char *at = emulator_printf(emu, "events.%zu", COUNT_OF(windows) + i);
        assert_string_equal(
            reply_string(told, emulator_printf(emu, "%s.resources.0", at)),
            arns[order[i]]);
        assert_string_equal(reply_string(told, emulator_printf(emu, "%s.time", at)),
                            times[i]);
    }
}

static void due_work_runs_in_every_account_and_region(void **state)
{
    static const struct scope scopes[] = {
        {.account = "000000000000", .region = REGION     },
        {.account = "000000000000", .region = "eu-west-1"},
        {.account = "123456789012", .region = REGION     },
    };
    struct emulator *emu = *state;
    for (size_t i = 0; i < COUNT_OF(scopes); i++) {
        struct reply made = emulator_call_as(emu, scopes[i], "CreateChannel", "{}");
        go_live(emu, reply_string(made, "channel.arn"));
    }

    emulator_advance(emu, MAX_STREAM_HOURS * HOUR_MS);

    for (size_t i = 0; i < COUNT_OF(scopes); i++) {
        struct reply streams = emulator_call_as(emu, scopes[i], "ListStreams", "{}");
        struct reply told = emulator_call_as(emu, scopes[i], "ListEvents", "{}");
        assert_int_equal(reply_count(streams, "streams"), 0);
        assert_int_equal(reply_count(told, "events"), 4);
        assert_string_equal(reply_string(told, "events.3.account"), scopes[i].account);
        assert_string_equal(reply_string(told, "events.3.region"), scopes[i].region);
    }
}

static void a_stream_that_ends_by_itself_makes_room(void **state)
{
    enum { MAX_LIVE = 100 };
    struct emulator *emu = *state;
    for (int i = 0; i < MAX_LIVE; i++)
        go_live(emu, create_channel(emu, REGION, "lobby"));

    emulator_advance(emu, MAX_STREAM_HOURS * HOUR_MS);

    for (int i = 0; i < MAX_LIVE; i++)
        go_live(emu, create_channel(emu, REGION, "lobby"));
}

static void run_sql(struct emulator *emu, const char *sql)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin(emu->store, arena, TXN_WRITE);
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    assert_int_equal(stmt_step(q), DB_DONE);
    stmt_done(&q);
    assert_int_equal(txn_commit(&txn), DB_DONE);
}

static void failed_work_is_rolled_back_and_retried(void **state)
{
    static const char break_it[] =
        "CREATE TRIGGER broken BEFORE DELETE ON recording"
        " BEGIN SELECT raise(ABORT, 'broken by the test'); END";
    static const char repair_it[] = "DROP TRIGGER broken";
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, 60);
    go_live(emu, arn);
    go_offline(emu, arn);
    const int64_t due = EMULATOR_START_MS + 60000;

    run_sql(emu, break_it);
    int64_t broken = run(emu, due);
    const char *told = events_told(emu, RECORDINGS);
    run_sql(emu, repair_it);
    int64_t repaired = run(emu, due);

    assert_true(broken == DUE_FAILED);
    assert_string_equal(told, "Recording Start");
    assert_true(repaired == EMULATOR_START_MS + KEPT_MS);
    assert_string_equal(events_told(emu, RECORDINGS), "Recording Start, Recording End");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(without_streams_nothing_is_due),
        EMULATOR_TEST(a_live_stream_is_due_after_48_hours),
        EMULATOR_TEST(an_old_session_is_due_for_deletion),
        EMULATOR_TEST(a_waiting_recording_is_due_at_the_end_of_its_window),
        EMULATOR_TEST(the_earliest_due_time_is_next),
        EMULATOR_TEST(nothing_runs_before_it_is_due),
        EMULATOR_TEST(a_stream_ends_at_its_due_time_however_late_the_run),
        EMULATOR_TEST(due_work_runs_in_the_order_of_its_times),
        EMULATOR_TEST(due_work_runs_in_every_account_and_region),
        EMULATOR_TEST(a_stream_that_ends_by_itself_makes_room),
        EMULATOR_TEST(failed_work_is_rolled_back_and_retried),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
