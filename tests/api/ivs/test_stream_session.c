/*
 * GetStreamSession and ListStreamSessions: a channel's streams of the last 60 days, and
 * the settings that a session keeps from the start of the stream.
 */
#include "store/txn.h"
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define UNKNOWN "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"
#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* The default of what an encoder sends. Fidelity: ivs-ingest-1 */
#define PROFILES "\"avcProfile\":\"Main\",\"avcLevel\":\"4.0\","
#define VIDEO                                                                            \
    "\"codec\":\"avc1.4D4028\",\"encoder\":\"IVS Local\",\"targetBitrate\":3500000,"     \
    "\"targetFramerate\":30,\"videoHeight\":1080,\"videoWidth\":1920,"                   \
    "\"level\":\"4.0\",\"track\":\"Track0\",\"profile\":\"Main\""
#define AUDIO                                                                            \
    "{\"codec\":\"mp4a.40.2\",\"targetBitrate\":160000,\"sampleRate\":48000,"            \
    "\"channels\":2,\"track\":\"Track0\"}"

static struct reply list(struct emulator *emu, const char *arn, const char *members)
{
    return emulator_call(emu, REGION, "ListStreamSessions", "{\"channelArn\":\"%s\"%s}",
                         arn, members);
}

static struct reply get(struct emulator *emu, const char *arn)
{
    return emulator_call(emu, REGION, "GetStreamSession", "{\"channelArn\":\"%s\"}", arn);
}

static struct reply get_by_id(struct emulator *emu, const char *arn, const char *id)
{
    return emulator_call(emu, REGION, "GetStreamSession",
                         "{\"channelArn\":\"%s\",\"streamId\":\"%s\"}", arn, id);
}

/* Runs streams of a minute, a minute apart. Returns their ids in order. */
static void stream_times(struct emulator *emu, const char *arn, const char **ids,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ids[i] = go_live(emu, arn);
        clock_advance(emu->clock, 60000);
        go_offline(emu, arn);
        clock_advance(emu->clock, 60000);
    }
}

static void assert_lists(struct reply page, const char *const *ids, size_t count)
{
    const cJSON *session;
    size_t i = 0;

    assert_success(page, 200);
    assert_int_equal(reply_count(page, "streamSessions"), count);
    cJSON_ArrayForEach(session, reply_item(page, "streamSessions")) {
        assert_string_equal(
            cJSON_GetObjectItemCaseSensitive(session, "streamId")->valuestring, ids[i++]);
    }
}

static void a_channel_without_streams_has_no_session(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    struct reply all = list(emu, arn, "");
    struct reply newest = get(emu, arn);

    assert_success(all, 200);
    assert_json(all, "", "{\"streamSessions\":[]}");
    assert_error_says(newest, 404, "ResourceNotFoundException",
                      emulator_printf(emu, "Resource: %s not found", arn));
}

static void an_unknown_channel_is_not_found(void **state)
{
    struct emulator *emu = *state;

    assert_error_says(list(emu, UNKNOWN, ""), 404, "ResourceNotFoundException",
                      "Resource: " UNKNOWN " not found");
    assert_error_says(get(emu, UNKNOWN), 404, "ResourceNotFoundException",
                      "Resource: " UNKNOWN " not found");
}

static void sessions_are_listed_newest_first_in_pages(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *ids[4];
    stream_times(emu, arn, ids, 3);

    struct reply all = list(emu, arn, "");
    struct reply first = list(emu, arn, ",\"maxResults\":2");
    ids[3] = go_live(emu, arn);
    struct reply second =
        list(emu, arn,
             emulator_printf(emu, ",\"maxResults\":2,\"nextToken\":\"%s\"",
                             reply_string(first, "nextToken")));

    const char *const newest_first[] = {ids[2], ids[1], ids[0]};
    assert_lists(all, newest_first, 3);
    assert_false(reply_has(all, "nextToken"));
    assert_lists(first, newest_first, 2);
    assert_lists(second, newest_first + 2, 1);
    assert_false(reply_has(second, "nextToken"));
}

static void a_token_belongs_to_its_channel(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *other = create_channel(emu, REGION, "hall");
    const char *ids[2];
    stream_times(emu, arn, ids, COUNT_OF(ids));
    struct reply page = list(emu, arn, ",\"maxResults\":1");
    const char *members =
        emulator_printf(emu, ",\"nextToken\":\"%s\"", reply_string(page, "nextToken"));

    assert_success(list(emu, arn, members), 200);
    assert_error(list(emu, other, members), 400, "ValidationException");
    assert_error(list(emu, arn, ",\"nextToken\":\"odd\""), 400, "ValidationException");
}

static void an_ended_session_has_an_end_time(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *id = go_live(emu, arn);
    clock_advance(emu->clock, 61000);

    struct reply live = list(emu, arn, "");
    struct reply live_whole = get(emu, arn);
    go_offline(emu, arn);
    struct reply over = list(emu, arn, "");
    struct reply over_whole = get(emu, arn);

    assert_json(live, "streamSessions.0",
                "{\"streamId\":\"%s\",\"startTime\":\"2021-04-07T00:00:00Z\","
                "\"hasErrorEvent\":false}",
                id);
    assert_json(over, "streamSessions.0",
                "{\"streamId\":\"%s\",\"startTime\":\"2021-04-07T00:00:00Z\","
                "\"endTime\":\"2021-04-07T00:01:01Z\",\"hasErrorEvent\":false}",
                id);
    assert_false(reply_has(live_whole, "streamSession.endTime"));
    assert_string_equal(reply_string(over_whole, "streamSession.endTime"),
                        "2021-04-07T00:01:01Z");
}

static void a_failure_is_an_error_event(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);

    assert_success(emulator_call(emu, REGION, "EndStream",
                                 "{\"channelArn\":\"%s\",\"failure\":\"lost\"}", arn),
                   204);
    go_live(emu, arn);

    struct reply sessions = list(emu, arn, "");
    assert_false(reply_bool(sessions, "streamSessions.0.hasErrorEvent"));
    assert_true(reply_bool(sessions, "streamSessions.1.hasErrorEvent"));
}

static void a_session_is_found_by_stream_id_or_is_the_newest(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *other = create_channel(emu, REGION, "hall");
    const char *ids[3], *other_id = go_live(emu, other);
    stream_times(emu, arn, ids, COUNT_OF(ids));

    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        struct reply reply = get_by_id(emu, arn, ids[i]);
        assert_success(reply, 200);
        assert_string_equal(reply_string(reply, "streamSession.streamId"), ids[i]);
    }
    assert_string_equal(reply_string(get(emu, arn), "streamSession.streamId"), ids[2]);
    assert_error_says(get_by_id(emu, arn, other_id), 404, "ResourceNotFoundException",
                      emulator_printf(emu, "Resource: %s not found", other_id));
    assert_error(get_by_id(emu, arn, "st-1"), 400, "ValidationException");
}

static void a_session_is_returned_with_all_members(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *id = go_live(emu, arn);
    clock_advance(emu->clock, 1000);
    go_offline(emu, arn);

    struct reply reply = get(emu, arn);

    assert_success(reply, 200);
    assert_json(
        reply, "",
        "{\"streamSession\":{\"streamId\":\"%s\",\"startTime\":\"2021-04-07T00:00:00Z\","
        "\"endTime\":\"2021-04-07T00:00:01Z\",\"channel\":{\"arn\":\"%s\","
        "\"name\":\"lobby\",\"latencyMode\":\"LOW\",\"type\":\"STANDARD\","
        "\"recordingConfigurationArn\":\"\",\"ingestEndpoint\":\"localhost\","
        "\"playbackUrl\":\"http://localhost:4580/api/video/v1/us-east-1.000000000000."
        "channel.%s.m3u8\",\"authorized\":false,\"insecureIngest\":false,"
        "\"preset\":\"\"},"
        "\"ingestConfiguration\":{\"video\":{" PROFILES VIDEO "},\"audio\":" AUDIO "},"
        "\"ingestConfigurations\":{\"videoConfigurations\":[{" VIDEO "}],"
        "\"audioConfigurations\":[" AUDIO "]},"
        "\"truncatedEvents\":["
        "{\"name\":\"Stream End\",\"type\":\"IVS Stream State Change\","
        "\"eventTime\":\"2021-04-07T00:00:01Z\"},"
        "{\"name\":\"Session Ended\",\"type\":\"IVS Stream State Change\","
        "\"eventTime\":\"2021-04-07T00:00:01Z\"},"
        "{\"name\":\"Stream Start\",\"type\":\"IVS Stream State Change\","
        "\"eventTime\":\"2021-04-07T00:00:00Z\"},"
        "{\"name\":\"Session Created\",\"type\":\"IVS Stream State Change\","
        "\"eventTime\":\"2021-04-07T00:00:00Z\"}]}}",
        id, arn, strrchr(arn, '/') + 1);
}

#define GIVEN_VIDEO                                                                      \
    "\"codec\":\"avc1.42C02A\",\"encoder\":\"Lavf58.45.100\",\"targetBitrate\":6000000," \
    "\"targetFramerate\":60,\"videoHeight\":720,\"videoWidth\":1280,"                    \
    "\"level\":\"4.2\",\"track\":\"Track7\",\"profile\":\"Baseline\""
#define GIVEN_PROFILES "\"avcProfile\":\"Baseline\",\"avcLevel\":\"4.2\","
#define GIVEN_AUDIO                                                                      \
    "{\"codec\":\"mp4a.40.5\",\"targetBitrate\":96000,\"sampleRate\":44100,"             \
    "\"channels\":1,\"track\":\"Track8\"}"

static void what_the_encoder_sends_is_shown_in_both_views(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    assert_success(
        start_stream(emu, arn,
                     "\"ingestConfiguration\":{\"video\":{" GIVEN_PROFILES GIVEN_VIDEO
                     "},\"audio\":" GIVEN_AUDIO "}"),
        200);

    struct reply reply = get(emu, arn);

    assert_json(reply, "streamSession.ingestConfiguration",
                "{\"video\":{" GIVEN_PROFILES GIVEN_VIDEO "},\"audio\":" GIVEN_AUDIO "}");
    assert_json(reply, "streamSession.ingestConfigurations",
                "{\"videoConfigurations\":[{" GIVEN_VIDEO "}],"
                "\"audioConfigurations\":[" GIVEN_AUDIO "]}");
}

/* A live channel with everything that a session copies. */
static const char *create_full(struct emulator *emu)
{
    const char *arn = create_recorded_channel(emu, "demo-recordings", 0);
    struct reply slate = emulator_call(
        emu, REGION, "CreateFailoverSlateConfiguration",
        "{\"name\":\"slate\",\"activationThresholdSeconds\":5,\"tags\":{\"a\":\"b\"}}");
    struct reply updated =
        emulator_call(emu, REGION, "UpdateChannel",
                      "{\"arn\":\"%s\",\"failoverSlateConfigurationArn\":\"%s\"}", arn,
                      reply_string(slate, "failoverSlateConfiguration.arn"));

    assert_success(updated, 200);
    return arn;
}

static struct reply call_with(struct emulator *emu, const char *operation,
                              const char *arn)
{
    return emulator_call(emu, REGION, operation, "{\"arn\":\"%s\"}", arn);
}

static void a_session_contains_a_copy_of_the_channels_settings(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_full(emu);
    go_live(emu, arn);
    struct reply channel = call_with(emu, "GetChannel", arn);
    const char *recording = reply_string(channel, "channel.recordingConfigurationArn");
    const char *slate = reply_string(channel, "channel.failoverSlateConfigurationArn");

    struct reply reply = get(emu, arn);

    struct reply whole_recording = call_with(emu, "GetRecordingConfiguration", recording);
    struct reply whole_slate = call_with(emu, "GetFailoverSlateConfiguration", slate);
    assert_string_equal(reply_string(reply, "streamSession.channel"
                                            ".recordingConfigurationArn"),
                        recording);
    assert_true(cJSON_Compare(reply_item(reply, "streamSession.recordingConfiguration"),
                              reply_item(whole_recording, "recordingConfiguration"),
                              true));
    assert_true(
        cJSON_Compare(reply_item(reply, "streamSession.failoverSlateConfiguration"),
                      reply_item(whole_slate, "failoverSlateConfiguration"), true));
}

static void the_copies_do_not_change_with_their_originals(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_full(emu);
    const char *id = go_live(emu, arn);
    go_offline(emu, arn);
    struct reply channel = call_with(emu, "GetChannel", arn);
    const char *recording = reply_string(channel, "channel.recordingConfigurationArn");
    const char *slate = reply_string(channel, "channel.failoverSlateConfigurationArn");
    struct reply before = get(emu, arn);

    assert_success(
        emulator_call(emu, REGION, "UpdateChannel",
                      "{\"arn\":\"%s\",\"name\":\"hall\",\"latencyMode\":\"NORMAL\","
                      "\"type\":\"ADVANCED_HD\",\"authorized\":true,"
                      "\"insecureIngest\":true,\"recordingConfigurationArn\":\"\","
                      "\"failoverSlateConfigurationArn\":\"\"}",
                      arn),
        200);
    assert_success(emulator_call(emu, REGION, "UpdateFailoverSlateConfiguration",
                                 "{\"arn\":\"%s\",\"name\":\"other\"}", slate),
                   200);
    struct reply updated = get(emu, arn);
    assert_success(call_with(emu, "DeleteRecordingConfiguration", recording), 204);
    assert_success(call_with(emu, "DeleteFailoverSlateConfiguration", slate), 204);
    struct reply deleted = get(emu, arn);
    go_live(emu, arn);
    struct reply old = get_by_id(emu, arn, id);
    struct reply newest = get(emu, arn);

    assert_true(cJSON_Compare(updated.body, before.body, true));
    assert_true(cJSON_Compare(deleted.body, before.body, true));
    assert_true(cJSON_Compare(old.body, before.body, true));
    assert_string_equal(reply_string(newest, "streamSession.channel.name"), "hall");
    assert_false(reply_has(newest, "streamSession.recordingConfiguration"));
    assert_false(reply_has(newest, "streamSession.failoverSlateConfiguration"));
}

static void a_session_shows_its_newest_500_events(void **state)
{
    enum { CHANGES = 510 };
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);
    for (int i = 1; i <= CHANGES; i++) {
        clock_advance(emu->clock, 1000);
        assert_success(emulator_call(emu, REGION, "UpdateStream",
                                     "{\"channelArn\":\"%s\",\"health\":\"%s\"}", arn,
                                     i % 2 == 1 ? "STARVING" : "HEALTHY"),
                       200);
    }

    struct reply reply = get(emu, arn);

    assert_int_equal(reply_count(reply, "streamSession.truncatedEvents"), 500);
    assert_json(reply, "streamSession.truncatedEvents.0",
                "{\"name\":\"Starvation End\",\"type\":\"IVS Stream Health Change\","
                "\"eventTime\":\"2021-04-07T00:08:30Z\"}");
    assert_json(reply, "streamSession.truncatedEvents.499",
                "{\"name\":\"Starvation Start\",\"type\":\"IVS Stream Health Change\","
                "\"eventTime\":\"2021-04-07T00:00:11Z\"}");
}

static void a_session_shows_no_event_of_another(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *ids[2];
    stream_times(emu, arn, ids, COUNT_OF(ids));
    go_live(emu, arn);

    struct reply old = get_by_id(emu, arn, ids[0]);
    struct reply live = get(emu, arn);

    assert_int_equal(reply_count(old, "streamSession.truncatedEvents"), 4);
    assert_int_equal(reply_count(live, "streamSession.truncatedEvents"), 2);
}

static void a_session_is_kept_for_60_days_from_its_end(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *id = go_live(emu, arn);
    emulator_advance(emu, DAY_MS);
    go_offline(emu, arn);

    emulator_advance(emu, 60 * DAY_MS - 1);
    struct reply kept = list(emu, arn, "");
    struct reply kept_whole = get_by_id(emu, arn, id);
    emulator_advance(emu, 1);
    struct reply gone = list(emu, arn, "");

    assert_lists(kept, &id, 1);
    assert_success(kept_whole, 200);
    assert_lists(gone, NULL, 0);
    assert_error(get(emu, arn), 404, "ResourceNotFoundException");
    assert_error(get_by_id(emu, arn, id), 404, "ResourceNotFoundException");
}

static void newer_sessions_are_kept_when_old_ones_are_deleted(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *old, *newer, *newest;

    stream_times(emu, arn, &old, 1);
    emulator_advance(emu, 30 * DAY_MS);
    stream_times(emu, arn, &newer, 1);
    emulator_advance(emu, 31 * DAY_MS);
    newest = go_live(emu, arn);

    const char *const expected[] = {newest, newer};
    assert_lists(list(emu, arn, ""), expected, 2);
}

static int64_t count_rows(struct emulator *emu, const char *sql)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin(emu->store, arena, TXN_READ);
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    assert_int_equal(stmt_step(q), DB_ROW);
    return stmt_column_int(q, 0);
}

static void the_sessions_of_a_deleted_channel_are_kept_for_60_days(void **state)
{
    static const char sessions[] = "SELECT count(*) FROM stream_session";
    static const char events[] = "SELECT count(*) FROM stream_event";
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *ids[2];
    stream_times(emu, arn, ids, COUNT_OF(ids));
    struct reply before = get_by_id(emu, arn, ids[0]);
    assert_success(call_with(emu, "DeleteChannel", arn), 204);

    struct reply after = get_by_id(emu, arn, ids[0]);
    assert_success(after, 200);
    assert_true(cJSON_Compare(after.body, before.body, true));
    assert_string_equal(reply_string(get(emu, arn), "streamSession.streamId"), ids[1]);
    assert_int_equal(reply_count(list(emu, arn, ""), "streamSessions"), 2);
    assert_error(get_by_id(emu, arn, "st-1AAAAAAAAAAAAAAAAAAAAAA"), 404,
                 "ResourceNotFoundException");

    emulator_advance(emu, 60 * DAY_MS);
    assert_error(list(emu, arn, ""), 404, "ResourceNotFoundException");
    assert_error(get(emu, arn), 404, "ResourceNotFoundException");
    assert_error(get_by_id(emu, arn, ids[0]), 404, "ResourceNotFoundException");
    assert_int_equal(count_rows(emu, sessions), 0);
    assert_int_equal(count_rows(emu, events), 0);
}

static void a_session_stores_only_the_events_that_it_shows(void **state)
{
    enum { CHANGES = 600, SHOWN = 500 };
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);

    for (int i = 0; i < CHANGES; i++)
        emulator_call(emu, REGION, "UpdateStream",
                      "{\"channelArn\":\"%s\",\"health\":\"%s\"}", arn,
                      i % 2 == 0 ? "STARVING" : "HEALTHY");

    struct reply reply = get(emu, arn);
    assert_int_equal(reply_count(reply, "streamSession.truncatedEvents"), SHOWN);
    assert_string_equal(reply_string(reply, "streamSession.truncatedEvents.0.name"),
                        "Starvation End");
    assert_int_equal(count_rows(emu, "SELECT count(*) FROM stream_event"), SHOWN);
}

static void sessions_are_invisible_to_other_accounts_and_regions(void **state)
{
    static const struct scope strangers[] = {
        {.account = "000000000000", .region = "eu-west-1"},
        {.account = "123456789012", .region = REGION     },
    };
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *id = go_live(emu, arn);

    for (size_t i = 0; i < COUNT_OF(strangers); i++) {
        assert_error(emulator_call_as(emu, strangers[i], "ListStreamSessions",
                                      "{\"channelArn\":\"%s\"}", arn),
                     404, "ResourceNotFoundException");
        assert_error(emulator_call_as(emu, strangers[i], "GetStreamSession",
                                      "{\"channelArn\":\"%s\",\"streamId\":\"%s\"}", arn,
                                      id),
                     404, "ResourceNotFoundException");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_channel_without_streams_has_no_session),
        EMULATOR_TEST(an_unknown_channel_is_not_found),
        EMULATOR_TEST(sessions_are_listed_newest_first_in_pages),
        EMULATOR_TEST(a_token_belongs_to_its_channel),
        EMULATOR_TEST(an_ended_session_has_an_end_time),
        EMULATOR_TEST(a_failure_is_an_error_event),
        EMULATOR_TEST(a_session_is_found_by_stream_id_or_is_the_newest),
        EMULATOR_TEST(a_session_is_returned_with_all_members),
        EMULATOR_TEST(what_the_encoder_sends_is_shown_in_both_views),
        EMULATOR_TEST(a_session_contains_a_copy_of_the_channels_settings),
        EMULATOR_TEST(the_copies_do_not_change_with_their_originals),
        EMULATOR_TEST(a_session_shows_its_newest_500_events),
        EMULATOR_TEST(a_session_shows_no_event_of_another),
        EMULATOR_TEST(a_session_is_kept_for_60_days_from_its_end),
        EMULATOR_TEST(newer_sessions_are_kept_when_old_ones_are_deleted),
        EMULATOR_TEST(the_sessions_of_a_deleted_channel_are_kept_for_60_days),
        EMULATOR_TEST(a_session_stores_only_the_events_that_it_shows),
        EMULATOR_TEST(sessions_are_invisible_to_other_accounts_and_regions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
