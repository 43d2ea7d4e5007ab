/*
 * The limits on streams: live streams, viewers, and what an encoder sends. Exceeding one
 * writes a Limit Breach event.
 */
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define BREACHES "\"detailType\":\"IVS Limit Breach\""

enum { MAX_LIVE = 100 };

/* Fills the region with live streams. Returns the ARN of the last channel. */
static const char *fill(struct emulator *emu)
{
    const char *arn = NULL;

    for (int i = 0; i < MAX_LIVE; i++) {
        arn = create_channel(emu, REGION, "lobby");
        go_live(emu, arn);
    }
    return arn;
}

static void the_101st_live_stream_is_refused_with_an_event(void **state)
{
    struct emulator *emu = *state;
    fill(emu);
    const char *arn = create_channel(emu, REGION, "lobby");

    struct reply over = start_stream(emu, arn, "");

    assert_error_says(over, 402, "ServiceQuotaExceededException",
                      "Service quota exceeded: Concurrent Broadcasts, at most 100 active "
                      "streams");
    struct reply told = last_event(emu, BREACHES);
    assert_json(told, "event.resources", "[]");
    assert_json(told, "event.detail",
                "{\"limit_name\":\"Concurrent Broadcasts\",\"limit\":\"Concurrent "
                "Broadcasts\",\"limit_value\":100,"
                "\"exceeded_by\":1,\"limit_unit\":\"active streams\"}");
    assert_string_equal(events_told(emu, BREACHES), "Concurrent Broadcasts");
    struct reply sessions =
        emulator_call(emu, REGION, "ListStreamSessions", "{\"channelArn\":\"%s\"}", arn);
    assert_int_equal(reply_count(sessions, "streamSessions"), 0);
}

static void a_stream_that_ends_makes_room_for_one(void **state)
{
    struct emulator *emu = *state;
    const char *last = fill(emu);
    const char *arn = create_channel(emu, REGION, "lobby");

    go_offline(emu, last);

    go_live(emu, arn);
    assert_error(start_stream(emu, last, ""), 402, "ServiceQuotaExceededException");
}

static void streams_are_counted_per_account_and_region(void **state)
{
    struct emulator *emu = *state;
    fill(emu);
    struct reply other =
        emulator_call_as(emu, (struct scope){.account = "123456789012", .region = REGION},
                         "CreateChannel", "{}");

    go_live(emu, create_channel(emu, "eu-west-1", "lobby"));
    go_live(emu, reply_string(other, "channel.arn"));

    assert_string_equal(events_told(emu, BREACHES), "");
}

static void quotas_off_lifts_the_number_of_streams(void **state)
{
    struct emulator *emu = *state;
    fill(emu);
    emu->settings.quotas = false;

    go_live(emu, create_channel(emu, REGION, "lobby"));

    assert_string_equal(events_told(emu, BREACHES), "");
}

static void reset_makes_room_for_all_streams(void **state)
{
    struct emulator *emu = *state;
    fill(emu);

    assert_success(emulator_call(emu, REGION, "Reset", "{}"), 204);

    fill(emu);
    assert_error(start_stream(emu, create_channel(emu, REGION, "lobby"), ""), 402,
                 "ServiceQuotaExceededException");
}

/* What an encoder sends to a channel, and the limit in the event if it is too much. */
static const struct {
    const char *type;
    const char *video;
    const char *limit; /* NULL: within the limits */
    const char *unit;
    int most;
    int over;
} ingests[] = {
    {"STANDARD",    "\"videoWidth\":1921,\"videoHeight\":1000",                         "Ingest Resolution",
     "pixels per edge",                                                                                                         1920,    1      },
    {"STANDARD",    "\"videoWidth\":1080,\"videoHeight\":2000",                         "Ingest Resolution",
     "pixels per edge",                                                                                                         1920,    80     },
    {"STANDARD",    "\"videoWidth\":1920,\"videoHeight\":1094",                         "Ingest Resolution",
     "total pixels",                                                                                                            2100000, 480    },
    {"STANDARD",    "\"targetBitrate\":8500001",                                        "Ingest Bitrate",    "bits per second",
     8500000,                                                                                                                            1      },
    {"ADVANCED_SD", "\"targetBitrate\":9500000",                                        "Ingest Bitrate",    "bits per second",
     8500000,                                                                                                                            1000000},
    {"BASIC",       "\"targetBitrate\":3500001",                                        "Ingest Bitrate",    "bits per second", 3500000,
     1                                                                                                                                          },
    {"BASIC",       "\"videoWidth\":852,\"videoHeight\":480,\"targetBitrate\":1500001",
     "Ingest Bitrate",                                                                                       "bits per second", 1500000, 1      },
    {"STANDARD",    "\"targetBitrate\":8500000",                                        NULL,                NULL,              0,       0      },
    {"STANDARD",    "\"videoWidth\":1080,\"videoHeight\":1920",                         NULL,                NULL,              0,       0      },
    {"ADVANCED_HD", "\"targetBitrate\":8500000",                                        NULL,                NULL,              0,       0      },
    {"BASIC",       "\"targetBitrate\":3500000",                                        NULL,                NULL,              0,       0      },
    {"BASIC",       "\"videoWidth\":852,\"videoHeight\":480,\"targetBitrate\":1500000", NULL,
     NULL,                                                                                                                      0,       0      },
};

static const char *create_of_type(struct emulator *emu, const char *type)
{
    struct reply reply = emulator_call(emu, REGION, "CreateChannel",
                                       "{\"name\":\"lobby\",\"type\":\"%s\"}", type);

    assert_success(reply, 200);
    return reply_string(reply, "channel.arn");
}

static struct reply start_with_video(struct emulator *emu, const char *arn,
                                     const char *video)
{
    return start_stream(
        emu, arn,
        emulator_printf(emu, "\"ingestConfiguration\":{\"video\":{%s}}", video));
}

static void an_encoder_that_sends_too_much_is_disconnected(void **state)
{
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(ingests); i++) {
        const char *arn = create_of_type(emu, ingests[i].type);
        struct reply started = start_with_video(emu, arn, ingests[i].video);
        struct reply stream =
            emulator_call(emu, REGION, "GetStream", "{\"channelArn\":\"%s\"}", arn);
        if (ingests[i].limit == NULL) {
            assert_success(started, 200);
            assert_success(stream, 200);
            continue;
        }
        assert_error_says(
            started, 402, "ServiceQuotaExceededException",
            emulator_printf(emu, "Service quota exceeded: %s, at most %d %s",
                            ingests[i].limit, ingests[i].most, ingests[i].unit));
        assert_error(stream, 404, "ChannelNotBroadcasting");
        struct reply session = emulator_call(emu, REGION, "GetStreamSession",
                                             "{\"channelArn\":\"%s\"}", arn);
        struct reply told = last_event(emu, BREACHES);
        assert_json(told, "event.resources", "[\"%s\"]", arn);
        assert_json(told, "event.detail",
                    "{\"limit_name\":\"%s\",\"limit\":\"%s\",\"limit_value\":%d,"
                    "\"exceeded_by\":%d,"
                    "\"limit_unit\":\"%s\",\"channel_name\":\"lobby\","
                    "\"stream_id\":\"%s\"}",
                    ingests[i].limit, ingests[i].limit, ingests[i].most, ingests[i].over,
                    ingests[i].unit, reply_string(session, "streamSession.streamId"));
    }
}

static void a_disconnected_encoder_leaves_a_session_with_an_error(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_of_type(emu, "BASIC");

    start_with_video(emu, arn, "\"targetBitrate\":8000000");

    struct reply list =
        emulator_call(emu, REGION, "ListStreamSessions", "{\"channelArn\":\"%s\"}", arn);
    struct reply session =
        emulator_call(emu, REGION, "GetStreamSession", "{\"channelArn\":\"%s\"}", arn);
    assert_int_equal(reply_count(list, "streamSessions"), 1);
    assert_true(reply_bool(list, "streamSessions.0.hasErrorEvent"));
    assert_string_equal(reply_string(list, "streamSessions.0.endTime"),
                        reply_string(list, "streamSessions.0.startTime"));
    assert_int_equal(
        reply_int(session, "streamSession.ingestConfiguration.video.targetBitrate"),
        8000000);
    assert_json(session, "streamSession.truncatedEvents",
                "[{\"name\":\"Session Ended\",\"type\":\"IVS Stream State Change\","
                "\"eventTime\":\"2021-04-07T00:00:00Z\"},"
                "{\"name\":\"Ingest Bitrate\",\"type\":\"IVS Limit Breach\","
                "\"eventTime\":\"2021-04-07T00:00:00Z\"},"
                "{\"name\":\"Session Created\",\"type\":\"IVS Stream State Change\","
                "\"eventTime\":\"2021-04-07T00:00:00Z\"}]");
    assert_string_equal(events_told(emu, ""),
                        "Session Created, Ingest Bitrate, Session Ended");
}

static void a_disconnected_encoder_is_not_recorded(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, "demo-recordings", 0);

    start_with_video(emu, arn, "\"targetBitrate\":9000000");

    assert_string_equal(events_told(emu, ""),
                        "Session Created, Ingest Bitrate, Session Ended");
}

static void quotas_off_does_not_lift_what_an_encoder_may_send(void **state)
{
    struct emulator *emu = *state;
    emu->settings.quotas = false;

    struct reply reply = start_with_video(emu, create_of_type(emu, "STANDARD"),
                                          "\"targetBitrate\":9000000");

    assert_error(reply, 402, "ServiceQuotaExceededException");
}

static void disconnected_encoders_do_not_count_as_live(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_of_type(emu, "STANDARD");
    for (int i = 0; i < MAX_LIVE; i++)
        start_with_video(emu, arn, "\"targetBitrate\":9000000");

    go_live(emu, arn);
}

static void watch(struct emulator *emu, const char *arn, int viewers)
{
    assert_success(emulator_call(emu, REGION, "UpdateStream",
                                 "{\"channelArn\":\"%s\",\"viewerCount\":%d}", arn,
                                 viewers),
                   200);
}

static void more_than_15000_viewers_in_all_give_one_event(void **state)
{
    struct emulator *emu = *state;
    const char *one = create_channel(emu, REGION, "lobby");
    const char *two = create_channel(emu, REGION, "hall");
    assert_success(start_stream(emu, one, "\"viewerCount\":10000"), 200);
    assert_success(start_stream(emu, two, "\"viewerCount\":5000"), 200);

    const char *at_most = events_told(emu, BREACHES);
    watch(emu, two, 5003);
    struct reply told = last_event(emu, BREACHES);
    watch(emu, one, 14000);
    watch(emu, one, 14000);
    const char *more = events_told(emu, BREACHES);
    watch(emu, one, 0);
    watch(emu, one, 14000);
    const char *again = events_told(emu, BREACHES);

    assert_string_equal(at_most, "");
    assert_json(told, "event.resources", "[]");
    assert_json(told, "event.detail",
                "{\"limit_name\":\"Concurrent Viewers\",\"limit\":\"Concurrent "
                "Viewers\",\"limit_value\":15000,"
                "\"exceeded_by\":3,\"limit_unit\":\"viewers\"}");
    assert_string_equal(more, "Concurrent Viewers");
    assert_string_equal(again, "Concurrent Viewers, Concurrent Viewers");
}

static void a_stream_may_begin_with_too_many_viewers(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    struct reply started = start_stream(emu, arn, "\"viewerCount\":15001");
    struct reply second =
        start_stream(emu, create_channel(emu, REGION, "hall"), "\"viewerCount\":1");

    assert_success(started, 200);
    assert_success(second, 200);
    assert_string_equal(events_told(emu, BREACHES), "Concurrent Viewers");
}

static void viewers_of_other_regions_and_ended_streams_do_not_count(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    assert_success(start_stream(emu, create_channel(emu, "eu-west-1", "lobby"),
                                "\"viewerCount\":15000"),
                   200);
    assert_success(start_stream(emu, arn, "\"viewerCount\":15000"), 200);
    go_offline(emu, arn);

    assert_success(start_stream(emu, arn, "\"viewerCount\":15000"), 200);

    assert_string_equal(events_told(emu, BREACHES), "");
}

static void quotas_off_lifts_the_number_of_viewers(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    emu->settings.quotas = false;

    assert_success(start_stream(emu, arn, "\"viewerCount\":15001"), 200);
    watch(emu, arn, 20000);

    assert_string_equal(events_told(emu, BREACHES), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(the_101st_live_stream_is_refused_with_an_event),
        EMULATOR_TEST(a_stream_that_ends_makes_room_for_one),
        EMULATOR_TEST(streams_are_counted_per_account_and_region),
        EMULATOR_TEST(quotas_off_lifts_the_number_of_streams),
        EMULATOR_TEST(reset_makes_room_for_all_streams),
        EMULATOR_TEST(an_encoder_that_sends_too_much_is_disconnected),
        EMULATOR_TEST(a_disconnected_encoder_leaves_a_session_with_an_error),
        EMULATOR_TEST(a_disconnected_encoder_is_not_recorded),
        EMULATOR_TEST(quotas_off_does_not_lift_what_an_encoder_may_send),
        EMULATOR_TEST(disconnected_encoders_do_not_count_as_live),
        EMULATOR_TEST(more_than_15000_viewers_in_all_give_one_event),
        EMULATOR_TEST(a_stream_may_begin_with_too_many_viewers),
        EMULATOR_TEST(viewers_of_other_regions_and_ended_streams_do_not_count),
        EMULATOR_TEST(quotas_off_lifts_the_number_of_viewers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
