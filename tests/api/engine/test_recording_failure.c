/*
 * Recordings that fail: configurations that are not ACTIVE, and buckets with special
 * names.
 */
#include "support/emulator.h"

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define BUCKET "demo-recordings"
#define RECORDINGS "\"detailType\":\"IVS Recording State Change\""

enum { WINDOW_SECONDS = 60, WINDOW_MS = WINDOW_SECONDS * 1000 };

/* The detail of the newest recording event. */
static const char *detail(struct emulator *emu, const char *member)
{
    return reply_string(last_event(emu, RECORDINGS),
                        emulator_printf(emu, "event.detail.%s", member));
}

static void assert_start_failed(struct emulator *emu, const char *arn, const char *bucket)
{
    struct reply stream =
        emulator_call(emu, REGION, "GetStream", "{\"channelArn\":\"%s\"}", arn);
    struct reply sessions =
        emulator_call(emu, REGION, "ListStreamSessions", "{\"channelArn\":\"%s\"}", arn);
    const char *id = reply_string(stream, "stream.streamId");

    assert_true(reply_bool(sessions, "streamSessions.0.hasErrorEvent"));
    assert_json(last_event(emu, RECORDINGS), "event.detail",
                "{\"channel_name\":\"lobby\",\"stream_id\":\"%s\","
                "\"recording_status\":\"Recording Start Failure\","
                "\"recording_status_reason\":\"ValidationException\","
                "\"recording_s3_bucket_name\":\"%s\",\"recording_s3_key_prefix\":\"\","
                "\"recording_duration_ms\":0,\"recording_session_id\":\"%s\","
                "\"recording_session_stream_ids\":[\"%s\"]}",
                id, bucket, detail(emu, "recording_session_id"), id);
}

static void a_recording_that_fails_to_start_does_not_affect_the_stream(void **state)
{
    static const char *const buckets[] = {"demo-recording-start-failure",
                                          "demo-create-failed"};
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(buckets); i++) {
        const char *arn = create_recorded_channel(emu, buckets[i], WINDOW_SECONDS);
        go_live(emu, arn);

        assert_start_failed(emu, arn, buckets[i]);
        go_offline(emu, arn);
        emulator_advance(emu, WINDOW_MS);
        assert_string_equal(
            events_told(emu,
                        emulator_printf(emu, RECORDINGS ",\"resourceArn\":\"%s\"", arn)),
            "Recording Start Failure");
    }
}

static void a_configuration_that_is_being_created_does_not_record(void **state)
{
    struct emulator *emu = *state;
    const char *configuration = create_recording_configuration(emu, REGION, BUCKET);
    struct reply made = emulator_call(
        emu, REGION, "CreateChannel",
        "{\"name\":\"lobby\",\"recordingConfigurationArn\":\"%s\"}", configuration);
    const char *arn = reply_string(made, "channel.arn");

    clock_advance(emu->clock, emu->settings.transitions_ms - 1);
    go_live(emu, arn);
    assert_start_failed(emu, arn, BUCKET);
    go_offline(emu, arn);
    clock_advance(emu->clock, 1);
    go_live(emu, arn);

    assert_string_equal(events_told(emu, RECORDINGS),
                        "Recording Start Failure, Recording Start");
}

static void a_recording_that_fails_to_end_is_reported(void **state)
{
    static const int windows[] = {0, WINDOW_SECONDS};
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(windows); i++) {
        const char *arn =
            create_recorded_channel(emu, "demo-recording-end-failure", windows[i]);
        const char *id = go_live(emu, arn);
        emulator_advance(emu, 5000);
        go_offline(emu, arn);
        emulator_advance(emu, windows[i] * 1000);

        assert_string_equal(detail(emu, "recording_status"), "Recording End Failure");
        assert_string_equal(detail(emu, "recording_status_reason"),
                            "InternalServerException");
        assert_string_equal(detail(emu, "stream_id"), id);
        assert_int_equal(
            reply_int(last_event(emu, RECORDINGS), "event.detail.recording_duration_ms"),
            5000);
        struct reply sessions = emulator_call(emu, REGION, "ListStreamSessions",
                                              "{\"channelArn\":\"%s\"}", arn);
        assert_true(reply_bool(sessions, "streamSessions.0.hasErrorEvent"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_recording_that_fails_to_start_does_not_affect_the_stream),
        EMULATOR_TEST(a_configuration_that_is_being_created_does_not_record),
        EMULATOR_TEST(a_recording_that_fails_to_end_is_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
