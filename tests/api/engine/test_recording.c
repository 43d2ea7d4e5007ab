/*
 * Recordings: their prefixes, durations and streams. test_recording_failure.c has their
 * failures.
 */
#include "support/emulator.h"

#include <string.h>

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

static int64_t duration_ms(struct emulator *emu)
{
    return reply_int(last_event(emu, RECORDINGS), "event.detail.recording_duration_ms");
}

/* Runs a stream of that duration. Returns its id. */
static const char *stream_for(struct emulator *emu, const char *arn, int64_t length_ms)
{
    const char *id = go_live(emu, arn);

    emulator_advance(emu, length_ms);
    go_offline(emu, arn);
    return id;
}

static void a_prefix_has_account_channel_and_date_without_zeros(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, 0);
    const char *start = emulator_printf(emu, "ivs/v1/000000000000/%s/2021/4/7/9/5/",
                                        strrchr(arn, '/') + 1);
    clock_advance(emu->clock, (9 * 60 + 5) * 60 * 1000);

    go_live(emu, arn);

    const char *prefix = detail(emu, "recording_s3_key_prefix");
    assert_memory_equal(prefix, start, strlen(start));
    assert_int_equal(strlen(prefix), strlen(start) + 12);
    assert_int_equal(strspn(prefix + strlen(start), "0123456789abcdefghijklmnopqrstuvwxyz"
                                                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                     12);
    assert_int_equal(strlen(detail(emu, "recording_session_id")), 12);
}

static void every_recording_has_a_prefix_and_a_session_of_its_own(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, 0);

    stream_for(emu, arn, 1000);
    const char *prefix = detail(emu, "recording_s3_key_prefix");
    const char *session = detail(emu, "recording_session_id");
    stream_for(emu, arn, 1000);

    assert_string_not_equal(detail(emu, "recording_s3_key_prefix"), prefix);
    assert_string_not_equal(detail(emu, "recording_session_id"), session);
}

static void a_duration_is_in_whole_seconds(void **state)
{
    static const struct {
        int length_ms;
        int told_ms;
    } lengths[] = {
        {70999, 70000},
        {70000, 70000},
        {999,   0    },
        {1,     0    },
    };
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, 0);

    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        stream_for(emu, arn, lengths[i].length_ms);
        assert_int_equal(duration_ms(emu), lengths[i].told_ms);
    }
}

static void a_channel_that_does_not_record_has_no_recording_events(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    stream_for(emu, arn, 1000);

    assert_string_equal(events_told(emu, RECORDINGS), "");
}

static void without_a_window_every_stream_is_a_recording(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, 0);

    stream_for(emu, arn, 1000);
    const char *at_once = events_told(emu, RECORDINGS);
    stream_for(emu, arn, 1000);

    assert_string_equal(at_once, "Recording Start, Recording End");
    assert_string_equal(events_told(emu, RECORDINGS),
                        "Recording Start, Recording End, Recording Start, Recording End");
}

static void a_recording_ends_when_its_window_is_over(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, WINDOW_SECONDS);
    stream_for(emu, arn, 10000);

    emulator_advance(emu, WINDOW_MS - 1);
    const char *before = events_told(emu, RECORDINGS);
    emulator_advance(emu, 1);

    assert_string_equal(before, "Recording Start");
    assert_string_equal(events_told(emu, RECORDINGS), "Recording Start, Recording End");
    assert_string_equal(reply_string(last_event(emu, RECORDINGS), "event.time"),
                        "2021-04-07T00:01:10Z");
    assert_int_equal(duration_ms(emu), 10000);
}

static void streams_within_the_window_are_one_recording(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, WINDOW_SECONDS);

    const char *first = stream_for(emu, arn, 10600);
    const char *session = detail(emu, "recording_session_id");
    const char *prefix = detail(emu, "recording_s3_key_prefix");
    emulator_advance(emu, WINDOW_MS - 1);
    const char *second = stream_for(emu, arn, 10600);
    emulator_advance(emu, WINDOW_MS);

    assert_string_equal(events_told(emu, RECORDINGS), "Recording Start, Recording End");
    assert_int_equal(duration_ms(emu), 21000);
    assert_string_equal(detail(emu, "recording_session_id"), session);
    assert_string_equal(detail(emu, "recording_s3_key_prefix"), prefix);
    assert_string_equal(detail(emu, "stream_id"), second);
    assert_json(last_event(emu, RECORDINGS), "event.detail.recording_session_stream_ids",
                "[\"%s\",\"%s\"]", first, second);
}

static void streams_beyond_the_window_are_two_recordings(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, WINDOW_SECONDS);

    stream_for(emu, arn, 10000);
    emulator_advance(emu, WINDOW_MS);
    const char *second = stream_for(emu, arn, 20000);
    emulator_advance(emu, WINDOW_MS);

    assert_string_equal(events_told(emu, RECORDINGS),
                        "Recording Start, Recording End, Recording Start, Recording End");
    assert_int_equal(duration_ms(emu), 20000);
    assert_json(last_event(emu, RECORDINGS), "event.detail.recording_session_stream_ids",
                "[\"%s\"]", second);
}

/* The clock has moved and a stream starts before the scheduler runs. */
static void a_window_that_ended_unnoticed_is_reported_at_its_time(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, WINDOW_SECONDS);
    stream_for(emu, arn, 10000);

    clock_advance(emu->clock, 3600 * 1000);
    go_live(emu, arn);

    assert_string_equal(events_told(emu, RECORDINGS),
                        "Recording Start, Recording End, Recording Start");
    struct reply told = emulator_call(emu, REGION, "ListEvents", "{" RECORDINGS "}");
    assert_string_equal(reply_string(told, "events.1.time"), "2021-04-07T00:01:10Z");
}

/* The same after such a long time that the stream's session is deleted. */
static void
a_recording_of_a_forgotten_session_does_not_keep_the_channel_offline(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, WINDOW_SECONDS);
    stream_for(emu, arn, 10000);

    clock_advance(emu->clock, INT64_C(61) * 24 * 3600 * 1000);
    struct reply started = start_stream(emu, arn, "");

    assert_success(started, 200);
    assert_string_equal(events_told(emu, RECORDINGS),
                        "Recording Start, Recording End, Recording Start");
}

static void a_session_notes_its_recording(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, WINDOW_SECONDS);
    stream_for(emu, arn, 10000);
    emulator_advance(emu, WINDOW_MS);

    struct reply reply =
        emulator_call(emu, REGION, "GetStreamSession", "{\"channelArn\":\"%s\"}", arn);

    assert_json(reply, "streamSession.truncatedEvents.0",
                "{\"name\":\"Recording End\",\"type\":\"IVS Recording State Change\","
                "\"eventTime\":\"2021-04-07T00:01:10Z\"}");
    assert_json(reply, "streamSession.truncatedEvents.3",
                "{\"name\":\"Recording Start\",\"type\":\"IVS Recording State Change\","
                "\"eventTime\":\"2021-04-07T00:00:00Z\"}");
}

static void another_encoder_does_not_continue_a_recording(void **state)
{
    static const struct {
        const char *video;
        bool joins;
    } seconds[] = {
        {"",                          true },
        {"\"videoWidth\":1280",       false},
        {"\"targetBitrate\":5250000", true },
        {"\"targetBitrate\":5250001", false},
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(seconds); i++) {
        const char *arn = create_recorded_channel(emu, BUCKET, WINDOW_SECONDS);
        const char *of_channel =
            emulator_printf(emu, RECORDINGS ",\"resourceArn\":\"%s\"", arn);
        stream_for(emu, arn, 1000);
        assert_success(start_stream(emu, arn,
                                    emulator_printf(emu,
                                                    "\"ingestConfiguration\":{\"video\":"
                                                    "{%s}}",
                                                    seconds[i].video)),
                       200);
        assert_string_equal(events_told(emu, of_channel),
                            seconds[i].joins
                                ? "Recording Start"
                                : "Recording Start, Recording End, Recording Start");
    }
}

/* The bitrate is compared with the previous stream, not with the first. */
static void an_encoder_is_compared_with_the_one_before(void **state)
{
    static const int bitrates[] = {3000000, 4500000, 6000000};
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, WINDOW_SECONDS);

    for (size_t i = 0; i < COUNT_OF(bitrates); i++) {
        assert_success(start_stream(emu, arn,
                                    emulator_printf(emu,
                                                    "\"ingestConfiguration\":{\"video\":"
                                                    "{\"targetBitrate\":%d}}",
                                                    bitrates[i])),
                       200);
        go_offline(emu, arn);
    }

    assert_string_equal(events_told(emu, RECORDINGS), "Recording Start");
}

static void update(struct emulator *emu, const char *arn, const char *members)
{
    assert_success(
        emulator_call(emu, REGION, "UpdateChannel", "{\"arn\":\"%s\",%s}", arn, members),
        200);
}

static void another_configuration_does_not_continue_a_recording(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, WINDOW_SECONDS);
    stream_for(emu, arn, 1000);

    update(emu, arn,
           emulator_printf(emu, "\"recordingConfigurationArn\":\"%s\"",
                           create_recording_configuration(emu, REGION, "other-bucket")));
    const char *before = events_told(emu, RECORDINGS);
    go_live(emu, arn);

    assert_string_equal(before, "Recording Start");
    assert_string_equal(events_told(emu, RECORDINGS),
                        "Recording Start, Recording End, Recording Start");
    assert_string_equal(detail(emu, "recording_s3_bucket_name"), "other-bucket");
}

static void the_recording_of_a_detached_configuration_still_ends(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, WINDOW_SECONDS);
    stream_for(emu, arn, 1000);

    update(emu, arn, "\"recordingConfigurationArn\":\"\",\"name\":\"hall\"");
    emulator_advance(emu, WINDOW_MS);
    go_live(emu, arn);

    assert_string_equal(events_told(emu, RECORDINGS), "Recording Start, Recording End");
    assert_string_equal(detail(emu, "channel_name"), "lobby");
    assert_string_equal(detail(emu, "recording_s3_bucket_name"), BUCKET);
}

static void a_recording_takes_20_streams(void **state)
{
    enum { MOST = 20 };
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, WINDOW_SECONDS);
    for (int i = 0; i < MOST; i++)
        stream_for(emu, arn, 1000);

    const char *of_twenty = events_told(emu, RECORDINGS);
    go_live(emu, arn);

    struct reply told = emulator_call(emu, REGION, "ListEvents", "{" RECORDINGS "}");
    assert_string_equal(of_twenty, "Recording Start");
    assert_string_equal(events_told(emu, RECORDINGS),
                        "Recording Start, Recording End, Recording Start");
    assert_int_equal(reply_count(told, "events.1.detail.recording_session_stream_ids"),
                     MOST);
    assert_int_equal(reply_int(told, "events.1.detail.recording_duration_ms"),
                     MOST * 1000);
}

static void a_recording_of_48_hours_accepts_no_further_stream(void **state)
{
    const int64_t hours_48_ms = INT64_C(48) * 3600 * 1000;
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, WINDOW_SECONDS);

    stream_for(emu, arn, hours_48_ms - 2000);
    emulator_advance(emu, 1999);
    stream_for(emu, arn, 1);
    const char *of_both = events_told(emu, RECORDINGS);
    go_live(emu, arn);

    assert_string_equal(of_both, "Recording Start");
    assert_string_equal(events_told(emu, RECORDINGS),
                        "Recording Start, Recording End, Recording Start");
}

static void a_deleted_channel_ends_the_recording_that_waits(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, WINDOW_SECONDS);
    stream_for(emu, arn, 10000);

    assert_success(emulator_call(emu, REGION, "DeleteChannel", "{\"arn\":\"%s\"}", arn),
                   204);

    const char *told = events_told(emu, RECORDINGS);
    int64_t next = emulator_advance(emu, WINDOW_MS);
    assert_string_equal(told, "Recording Start, Recording End");
    assert_string_equal(events_told(emu, RECORDINGS), told);
    assert_int_equal(duration_ms(emu), 10000);
    assert_true(next > EMULATOR_START_MS + WINDOW_MS); /* only its session is left */
}

static void a_channel_deleted_after_the_window_reports_the_true_end(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, WINDOW_SECONDS);
    stream_for(emu, arn, 10000);

    clock_advance(emu->clock, 3600 * 1000);
    assert_success(emulator_call(emu, REGION, "DeleteChannel", "{\"arn\":\"%s\"}", arn),
                   204);

    assert_string_equal(events_told(emu, RECORDINGS), "Recording Start, Recording End");
    assert_string_equal(reply_string(last_event(emu, RECORDINGS), "event.time"),
                        "2021-04-07T00:01:10Z");
}

static void a_waiting_recording_outlives_its_configuration(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, BUCKET, WINDOW_SECONDS);
    struct reply channel =
        emulator_call(emu, REGION, "GetChannel", "{\"arn\":\"%s\"}", arn);
    stream_for(emu, arn, 10000);

    update(emu, arn, "\"recordingConfigurationArn\":\"\"");
    assert_success(
        emulator_call(emu, REGION, "DeleteRecordingConfiguration", "{\"arn\":\"%s\"}",
                      reply_string(channel, "channel.recordingConfigurationArn")),
        204);
    emulator_advance(emu, WINDOW_MS);

    assert_string_equal(events_told(emu, RECORDINGS), "Recording Start, Recording End");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_prefix_has_account_channel_and_date_without_zeros),
        EMULATOR_TEST(every_recording_has_a_prefix_and_a_session_of_its_own),
        EMULATOR_TEST(a_duration_is_in_whole_seconds),
        EMULATOR_TEST(a_channel_that_does_not_record_has_no_recording_events),
        EMULATOR_TEST(without_a_window_every_stream_is_a_recording),
        EMULATOR_TEST(a_recording_ends_when_its_window_is_over),
        EMULATOR_TEST(streams_within_the_window_are_one_recording),
        EMULATOR_TEST(streams_beyond_the_window_are_two_recordings),
        EMULATOR_TEST(a_window_that_ended_unnoticed_is_reported_at_its_time),
        EMULATOR_TEST(
            a_recording_of_a_forgotten_session_does_not_keep_the_channel_offline),
        EMULATOR_TEST(a_session_notes_its_recording),
        EMULATOR_TEST(another_encoder_does_not_continue_a_recording),
        EMULATOR_TEST(an_encoder_is_compared_with_the_one_before),
        EMULATOR_TEST(another_configuration_does_not_continue_a_recording),
        EMULATOR_TEST(the_recording_of_a_detached_configuration_still_ends),
        EMULATOR_TEST(a_recording_takes_20_streams),
        EMULATOR_TEST(a_recording_of_48_hours_accepts_no_further_stream),
        EMULATOR_TEST(a_deleted_channel_ends_the_recording_that_waits),
        EMULATOR_TEST(a_channel_deleted_after_the_window_reports_the_true_end),
        EMULATOR_TEST(a_waiting_recording_outlives_its_configuration),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
