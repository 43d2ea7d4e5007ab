/*
 * The scheduler as a thread. The tests wait for the events that it makes at a sink, so
 * they also show that it tells the delivery.
 */
#include "engine/scheduler.h"

#include "support/emulator.h"
#include "support/sink.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

#define BUCKET "demo-recordings"

/* Up to the end of a recorded stream: Session Created, Stream Start, Recording Start,
 * Session Ended, Stream End. */
enum { EVENTS_BEFORE = 5 };

/* The emulator's events go to a sink, and a scheduler runs. */
struct stage {
    struct emulator *emu;
    struct sink *sink;
    struct delivery *delivery;
    struct scheduler *scheduler;
};

static void open_stage(struct stage *stage, struct emulator *emu)
{
    const char *why = NULL;

    stage->emu = emu;
    stage->sink = sink_new();
    const char *url =
        emulator_printf(emu, "http://127.0.0.1:%d/", sink_port(stage->sink));
    stage->delivery = delivery_start(emu->store, &url, 1, &why);
    assert_non_null(stage->delivery);
    stage->scheduler = scheduler_start(emu->store, emu->clock, emu->ids, stage->delivery);
}

static void close_stage(struct stage *stage)
{
    scheduler_stop(stage->scheduler);
    delivery_stop(stage->delivery);
    sink_free(stage->sink);
}

/* A stream that is over, with a recording that waits. */
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
    scheduler_wake(stage.scheduler);

    expect_recording_end(&stage, EVENTS_BEFORE + 1);
    close_stage(&stage);
}

static void a_clock_that_is_moved_makes_it_happen_at_once(void **state)
{
    struct emulator *emu = *state;
    struct stage stage;
    open_stage(&stage, emu);
    stream_once(emu, 300);
    scheduler_wake(stage.scheduler);

    clock_advance(emu->clock, 300 * 1000);
    scheduler_wake(stage.scheduler);

    expect_recording_end(&stage, EVENTS_BEFORE + 1);
    close_stage(&stage);
}

static void what_was_due_before_the_start_happens_at_the_start(void **state)
{
    struct emulator *emu = *state;
    struct stage stage;
    stream_once(emu, 60);
    clock_advance(emu->clock, 3600 * 1000);

    /* The target is new: it gets what happens from now on. */
    open_stage(&stage, emu);

    expect_recording_end(&stage, 1);
    assert_non_null(
        strstr(sink_request(stage.sink, 0).body, "\"time\":\"2021-04-07T00:01:00Z\""));
    close_stage(&stage);
}

static void it_goes_on_after_the_first_thing(void **state)
{
    struct emulator *emu = *state;
    struct stage stage;
    open_stage(&stage, emu);

    for (size_t i = 1; i <= 3; i++) {
        stream_once(emu, 60);
        clock_advance(emu->clock, 60 * 1000);
        scheduler_wake(stage.scheduler);
        expect_recording_end(&stage, i * (EVENTS_BEFORE + 1));
    }
    close_stage(&stage);
}

static void it_stops_while_it_rests_and_without_a_delivery(void **state)
{
    struct emulator *emu = *state;
    stream_once(emu, 300);

    struct scheduler *scheduler = scheduler_start(emu->store, emu->clock, emu->ids, NULL);
    scheduler_wake(scheduler);
    scheduler_stop(scheduler);
    scheduler_stop(NULL);

    assert_string_equal(events_told(emu, "\"detailType\":\"IVS Recording State Change\""),
                        "Recording Start");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_window_ends_by_itself_on_a_clock_that_goes),
        EMULATOR_TEST(a_clock_that_is_moved_makes_it_happen_at_once),
        EMULATOR_TEST(what_was_due_before_the_start_happens_at_the_start),
        EMULATOR_TEST(it_goes_on_after_the_first_thing),
        EMULATOR_TEST(it_stops_while_it_rests_and_without_a_delivery),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
