/*
 * The scheduler as a thread. It has no interface to wait for its work, so the tests wait
 * for its events at a sink, where the delivery sends them after the commit.
 */
#include "engine/scheduler.h"

#include "data/clock.h"
#include "data/event.h"
#include "data/topics.h"
#include "events/delivery.h"
#include "store/snapshot.h"
#include "store/txn.h"
#include "support/emulator.h"
#include "support/sink.h"

#include <string.h>
#include <time.h>

#include "support/cmocka_all.h"

#define BUCKET "demo-recordings"

/* Up to the end of a recorded stream: Session Created, Stream Start, Recording Start,
 * Session Ended, Stream End. */
enum { EVENTS_BEFORE = 5 };

/* The scheduler checks by itself after a minute. Earlier events show that it was
 * woken. */
enum { WOKEN_WITHIN_SECONDS = 40 };

/* The emulator's events go to a sink, and a scheduler runs. */
struct stage {
    struct emulator *emu;
    struct sink *sink;
    struct delivery *delivery;
    struct scheduler *scheduler;
    time_t opened_at;
};

static time_t seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static void open_stage(struct stage *stage, struct emulator *emu)
{
    const char *why = NULL;

    stage->emu = emu;
    stage->opened_at = seconds_now();
    stage->sink = sink_new();
    const char *url =
        emulator_printf(emu, "http://127.0.0.1:%d/", sink_port(stage->sink));
    stage->delivery = delivery_start(emu->store, emu->faults, &url, 1, &why);
    assert_non_null(stage->delivery);
    stage->scheduler = scheduler_start(emu->store, emu->clock, emu->ids);
}

static void close_stage(struct stage *stage)
{
    scheduler_stop(stage->scheduler);
    delivery_stop(stage->delivery);
    sink_free(stage->sink);
}

/* A stream that has ended, with a waiting recording. */
static void stream_once(struct emulator *emu, int window)
{
    const char *arn = create_recorded_channel(emu, BUCKET, window);

    go_live(emu, arn);
    go_offline(emu, arn);
}

/* Waits for that many events; the last one must be a Recording End. */
static void expect_recording_end(struct stage *stage, size_t count)
{
    sink_expect(stage->sink, count);
    assert_in_range(seconds_now() - stage->opened_at, 0, WOKEN_WITHIN_SECONDS);
    assert_non_null(strstr(sink_request(stage->sink, count - 1).body,
                           "\"recording_status\":\"Recording End\""));
}

static void a_window_ends_by_itself_on_a_clock_that_goes(void **state)
{
    struct emulator *emu = *state;
    struct stage stage;
    clock_free(emu->clock);
    emu->clock = clock_new();
    open_stage(&stage, emu);

    stream_once(emu, 1);

    expect_recording_end(&stage, EVENTS_BEFORE + 1);
    close_stage(&stage);
}

/* Moves the clock of the default scope in the database, without running due work. */
static void move_clock(struct emulator *emu, int64_t by_ms)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn = txn_begin(emu->store, arena, TXN_WRITE);
    int64_t offset_ms;

    assert_int_equal(
        clock_offset_add(txn, emu->settings.default_scope, by_ms, &offset_ms), DB_DONE);
    assert_int_equal(txn_commit(&txn), DB_DONE);
}

static void moving_the_clock_runs_due_work_at_once(void **state)
{
    struct emulator *emu = *state;
    struct stage stage;
    open_stage(&stage, emu);
    stream_once(emu, 300);

    move_clock(emu, 300 * 1000);

    expect_recording_end(&stage, EVENTS_BEFORE + 1);
    close_stage(&stage);
}

static void restoring_a_snapshot_runs_the_work_due_in_it(void **state)
{
    struct emulator *emu = *state;
    struct stage stage;
    const char *why = NULL;
    struct arena *arena AUTO(arena_done) = arena_new();
    stream_once(emu, 60);
    clock_advance(emu->clock, 60 * 1000);
    assert_int_equal(snapshot_save(emu->store, "due", 0, arena, &why), SNAPSHOT_DONE);
    assert_success(emulator_call(emu, "us-east-1", "Reset", "{}"), 204);
    open_stage(&stage, emu);

    assert_int_equal(
        snapshot_restore(emu->store, "due", event_targets_carry_over, arena, &why),
        SNAPSHOT_DONE);

    /* The target has received none of the snapshot's events. */
    expect_recording_end(&stage, EVENTS_BEFORE + 1);
    close_stage(&stage);
}

static void work_due_before_the_start_runs_at_the_start(void **state)
{
    struct emulator *emu = *state;
    struct stage stage;
    stream_once(emu, 60);
    clock_advance(emu->clock, 3600 * 1000);

    /* The target is new: it receives events from now on. */
    open_stage(&stage, emu);

    expect_recording_end(&stage, 1);
    assert_non_null(
        strstr(sink_request(stage.sink, 0).body, "\"time\":\"2021-04-07T00:01:00Z\""));
    close_stage(&stage);
}

static void tell_scheduler(struct emulator *emu)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn = txn_begin(emu->store, arena, TXN_WRITE);

    txn_note(txn, TOPIC_DUE);
    assert_int_equal(txn_commit(&txn), DB_DONE);
}

static void the_scheduler_continues_after_the_first_work(void **state)
{
    struct emulator *emu = *state;
    struct stage stage;
    open_stage(&stage, emu);

    for (size_t i = 1; i <= 3; i++) {
        stream_once(emu, 60);
        clock_advance(emu->clock, 60 * 1000);
        tell_scheduler(emu);
        expect_recording_end(&stage, i * (EVENTS_BEFORE + 1));
    }
    close_stage(&stage);
}

static void the_scheduler_can_be_stopped_while_it_waits(void **state)
{
    struct emulator *emu = *state;
    stream_once(emu, 300);

    struct scheduler *scheduler = scheduler_start(emu->store, emu->clock, emu->ids);
    tell_scheduler(emu);
    scheduler_stop(scheduler);
    scheduler_stop(NULL);
    tell_scheduler(emu);

    assert_string_equal(events_told(emu, "\"detailType\":\"IVS Recording State Change\""),
                        "Recording Start");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_window_ends_by_itself_on_a_clock_that_goes),
        EMULATOR_TEST(moving_the_clock_runs_due_work_at_once),
        EMULATOR_TEST(restoring_a_snapshot_runs_the_work_due_in_it),
        EMULATOR_TEST(work_due_before_the_start_runs_at_the_start),
        EMULATOR_TEST(the_scheduler_continues_after_the_first_work),
        EMULATOR_TEST(the_scheduler_can_be_stopped_while_it_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
