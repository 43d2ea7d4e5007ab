/*
 * StartStream, UpdateStream, EndStream: the role of an encoder. The limits on streams are
 * tested in test_stream_limits.c.
 */
#include "store/txn.h"
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define UNKNOWN "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"

static const struct scope other_account = {.account = "123456789012", .region = REGION};
static const struct scope other_region = {.account = "000000000000",
                                          .region = "eu-west-1"};

static struct reply get(struct emulator *emu, const char *arn)
{
    return emulator_call(emu, REGION, "GetStream", "{\"channelArn\":\"%s\"}", arn);
}

static struct reply update(struct emulator *emu, const char *arn, const char *members)
{
    return emulator_call(emu, REGION, "UpdateStream", "{\"channelArn\":\"%s\"%s}", arn,
                         members);
}

static struct reply end(struct emulator *emu, const char *arn, const char *members)
{
    return emulator_call(emu, REGION, "EndStream", "{\"channelArn\":\"%s\"%s}", arn,
                         members);
}

/* Both responses have the same member `stream`. */
static void assert_same_stream(struct reply one, struct reply other)
{
    assert_true(cJSON_Compare(cJSON_GetObjectItemCaseSensitive(one.body, "stream"),
                              cJSON_GetObjectItemCaseSensitive(other.body, "stream"),
                              true));
}

static void start_stream_returns_the_stream_as_get_stream_does(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    struct reply started = start_stream(emu, arn, "");

    assert_success(started, 200);
    assert_same_stream(get(emu, arn), started);
    assert_string_equal(reply_string(started, "stream.health"), "HEALTHY");
    assert_int_equal(reply_int(started, "stream.viewerCount"), 0);
}

static void a_stream_starts_with_the_given_members(void **state)
{
    static const char *const healths[] = {"HEALTHY", "STARVING", "UNKNOWN"};
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(healths); i++) {
        const char *arn = create_channel(emu, REGION, "lobby");
        struct reply started = start_stream(
            emu, arn,
            emulator_printf(emu, "\"viewerCount\":%zu,\"health\":\"%s\"", i, healths[i]));
        assert_success(started, 200);
        assert_string_equal(reply_string(started, "stream.health"), healths[i]);
        assert_int_equal(reply_int(started, "stream.viewerCount"), i);
    }
}

static void a_stream_can_be_started_by_its_stream_key(void **state)
{
    struct emulator *emu = *state;
    struct reply made = emulator_call(emu, REGION, "CreateChannel", "{}");
    create_channel(emu, REGION, "hall");

    struct reply started =
        emulator_call(emu, REGION, "StartStream", "{\"streamKey\":\"%s\"}",
                      reply_string(made, "streamKey.value"));

    assert_success(started, 200);
    assert_string_equal(reply_string(started, "stream.channelArn"),
                        reply_string(made, "channel.arn"));
}

static void a_stream_needs_either_a_channel_or_a_key(void **state)
{
    struct emulator *emu = *state;
    struct reply made = emulator_call(emu, REGION, "CreateChannel", "{}");
    const char *arn = reply_string(made, "channel.arn");

    struct reply both = emulator_call(emu, REGION, "StartStream",
                                      "{\"channelArn\":\"%s\",\"streamKey\":\"%s\"}", arn,
                                      reply_string(made, "streamKey.value"));
    struct reply neither = emulator_call(emu, REGION, "StartStream", "{}");

    assert_error_says(both, 400, "ValidationException",
                      "StartStream takes either channelArn or streamKey");
    assert_error_says(neither, 400, "ValidationException",
                      "StartStream takes either channelArn or streamKey");
    assert_error(get(emu, arn), 404, "ChannelNotBroadcasting");
}

static void an_arn_that_is_not_of_a_channel_is_refused(void **state)
{
    static const char *const operations[] = {"StartStream", "UpdateStream", "EndStream"};
    static const struct {
        const char *arn;
        int status;
        const char *error;
    } names[] = {
        {UNKNOWN,                                                      404, "ResourceNotFoundException"},
        {"arn:aws:ivs:us-east-1:000000000000:channel/",                400, "ValidationException"      },
        {"arn:aws:ivs:us-east-1:000000000000:stream-key/abcdABCDefgh", 400,
         "ValidationException"                                                                         },
        {"lobby",                                                      400, "ValidationException"      },
        {"arn:aws:ivs",                                                400, "ValidationException"      },
        {"arn:aws:ivs:us-east-1:1:channel/abcdABCDefgh",               400, "ValidationException"      },
    };
    struct emulator *emu = *state;

    for (size_t o = 0; o < COUNT_OF(operations); o++) {
        for (size_t i = 0; i < COUNT_OF(names); i++) {
            struct reply reply = emulator_call(emu, REGION, operations[o],
                                               "{\"channelArn\":\"%s\"}", names[i].arn);
            assert_error(reply, names[i].status, names[i].error);
        }
    }
}

static void an_unknown_stream_key_is_not_found(void **state)
{
    struct emulator *emu = *state;
    create_channel(emu, REGION, "lobby");

    struct reply reply = emulator_call(emu, REGION, "StartStream",
                                       "{\"streamKey\":\"sk_us-east-1_nothing\"}");

    assert_error_says(reply, 404, "ResourceNotFoundException",
                      "No channel has this stream key");
}

static void a_live_channel_does_not_start_again(void **state)
{
    struct emulator *emu = *state;
    struct reply made = emulator_call(emu, REGION, "CreateChannel", "{}");
    const char *arn = reply_string(made, "channel.arn");
    const char *message = emulator_printf(emu, "Channel: %s is already live", arn);
    go_live(emu, arn);
    struct reply before = get(emu, arn);

    struct reply by_arn = start_stream(emu, arn, "\"viewerCount\":5");
    struct reply by_key =
        emulator_call(emu, REGION, "StartStream", "{\"streamKey\":\"%s\"}",
                      reply_string(made, "streamKey.value"));

    assert_error_says(by_arn, 409, "ConflictException", message);
    assert_error_says(by_key, 409, "ConflictException", message);
    assert_true(cJSON_Compare(get(emu, arn).body, before.body, true));
}

static void an_offline_channel_cannot_be_updated_or_ended(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *message = emulator_printf(
        emu, "ChannelNotBroadcasting: Channel: %s is not currently online", arn);

    for (int streams = 0; streams < 2; streams++) {
        assert_error_says(update(emu, arn, ",\"viewerCount\":1"), 404,
                          "ChannelNotBroadcasting", message);
        assert_error_says(end(emu, arn, ""), 404, "ChannelNotBroadcasting", message);
        assert_error_says(end(emu, arn, ",\"failure\":\"lost\""), 404,
                          "ChannelNotBroadcasting", message);
        go_live(emu, arn);
        go_offline(emu, arn);
    }
}

static void a_stream_belongs_to_the_account_and_region_of_its_arn(void **state)
{
    static const struct scope callers[] = {
        {.account = "123456789012", .region = "ap-south-1"},
        {.account = "000000000000", .region = REGION      },
    };
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, "eu-west-1", "lobby");

    for (size_t i = 0; i < COUNT_OF(callers); i++) {
        struct reply started = emulator_call_as(emu, callers[i], "StartStream",
                                                "{\"channelArn\":\"%s\"}", arn);
        struct reply seen = emulator_call_as(emu, other_region, "GetStream",
                                             "{\"channelArn\":\"%s\"}", arn);
        struct reply updated =
            emulator_call_as(emu, callers[i], "UpdateStream",
                             "{\"channelArn\":\"%s\",\"viewerCount\":2}", arn);
        struct reply ended = emulator_call_as(emu, callers[i], "EndStream",
                                              "{\"channelArn\":\"%s\"}", arn);

        assert_success(started, 200);
        assert_same_stream(seen, started);
        assert_non_null(strstr(reply_string(started, "stream.playbackUrl"),
                               "/eu-west-1.000000000000.channel."));
        assert_int_equal(reply_int(updated, "stream.viewerCount"), 2);
        assert_success(ended, 204);
        struct reply own = emulator_call_as(emu, callers[i], "ListEvents", "{}");
        assert_int_equal(reply_count(own, "events"), 0);
    }
    struct reply told = emulator_call_as(emu, other_region, "ListEvents", "{}");
    assert_int_equal(reply_count(told, "events"), 4 * COUNT_OF(callers));
}

static void a_stream_key_finds_its_channel_for_every_caller(void **state)
{
    struct emulator *emu = *state;
    struct reply made = emulator_call_as(emu, other_account, "CreateChannel", "{}");

    struct reply started =
        emulator_call(emu, "eu-west-1", "StartStream", "{\"streamKey\":\"%s\"}",
                      reply_string(made, "streamKey.value"));
    struct reply seen =
        emulator_call_as(emu, other_account, "GetStream", "{\"channelArn\":\"%s\"}",
                         reply_string(made, "channel.arn"));

    assert_success(started, 200);
    assert_same_stream(seen, started);
}

static void an_update_changes_only_the_given_members(void **state)
{
    static const struct {
        const char *members;
        int viewers;
        const char *health;
    } updates[] = {
        {"",                                           3, "UNKNOWN" },
        {",\"viewerCount\":7",                         7, "UNKNOWN" },
        {",\"health\":\"HEALTHY\"",                    7, "HEALTHY" },
        {",\"viewerCount\":0,\"health\":\"STARVING\"", 0, "STARVING"},
    };
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    struct reply started =
        start_stream(emu, arn, "\"viewerCount\":3,\"health\":\"UNKNOWN\"");
    clock_advance(emu->clock, 5000);

    for (size_t i = 0; i < COUNT_OF(updates); i++) {
        struct reply updated = update(emu, arn, updates[i].members);
        assert_success(updated, 200);
        assert_int_equal(reply_int(updated, "stream.viewerCount"), updates[i].viewers);
        assert_string_equal(reply_string(updated, "stream.health"), updates[i].health);
        assert_string_equal(reply_string(updated, "stream.streamId"),
                            reply_string(started, "stream.streamId"));
        assert_string_equal(reply_string(updated, "stream.startTime"),
                            reply_string(started, "stream.startTime"));
        assert_same_stream(get(emu, arn), updated);
    }
}

#define HEALTH "\"detailType\":\"IVS Stream Health Change\""

static void only_the_start_and_the_end_of_starvation_are_events(void **state)
{
    static const struct {
        const char *from;
        const char *to;
        const char *told;
    } changes[] = {
        {"HEALTHY",  "HEALTHY",  ""                                },
        {"HEALTHY",  "UNKNOWN",  ""                                },
        {"HEALTHY",  "STARVING", "Starvation Start"                },
        {"UNKNOWN",  "HEALTHY",  ""                                },
        {"UNKNOWN",  "STARVING", "Starvation Start"                },
        {"STARVING", "STARVING", "Starvation Start"                },
        {"STARVING", "HEALTHY",  "Starvation Start, Starvation End"},
        {"STARVING", "UNKNOWN",  "Starvation Start, Starvation End"},
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        const char *arn = create_channel(emu, REGION, "lobby");
        assert_success(
            start_stream(emu, arn,
                         emulator_printf(emu, "\"health\":\"%s\"", changes[i].from)),
            200);

        assert_success(
            update(emu, arn, emulator_printf(emu, ",\"health\":\"%s\"", changes[i].to)),
            200);

        assert_string_equal(
            events_told(emu, emulator_printf(emu, HEALTH ",\"resourceArn\":\"%s\"", arn)),
            changes[i].told);
    }
}

static void an_update_without_changes_writes_no_event(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);

    assert_success(update(emu, arn, ""), 200);
    assert_success(update(emu, arn, ",\"viewerCount\":5"), 200);

    assert_string_equal(events_told(emu, ""), "Session Created, Stream Start");
}

static void an_ended_stream_may_be_followed_by_another(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *first = go_live(emu, arn);

    struct reply ended = end(emu, arn, "");
    struct reply offline = get(emu, arn);
    const char *second = go_live(emu, arn);

    assert_success(ended, 204);
    assert_null(ended.body);
    assert_error(offline, 404, "ChannelNotBroadcasting");
    assert_string_not_equal(first, second);
    assert_string_equal(events_told(emu, ""),
                        "Session Created, Stream Start, Session Ended, Stream End, "
                        "Session Created, Stream Start");
}

static void the_event_of_a_failure_precedes_the_end_of_the_stream(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);

    struct reply ended = end(emu, arn, ",\"failure\":\"Transcode capacity exceeded.\"");

    assert_success(ended, 204);
    assert_string_equal(events_told(emu, ""),
                        "Session Created, Stream Start, Stream Failure, Session Ended, "
                        "Stream End");
    assert_error(get(emu, arn), 404, "ChannelNotBroadcasting");
}

/* SQL that makes the database refuse a change, and the operation whose last change it
 * is. */
static const struct {
    const char *trigger;
    const char *operation;
} breaks[] = {
    {"CREATE TRIGGER broken BEFORE INSERT ON recording"
     " BEGIN SELECT raise(ABORT, 'broken by the test'); END", "StartStream" },
    {"CREATE TRIGGER broken BEFORE UPDATE ON stream_session"
     " BEGIN SELECT raise(ABORT, 'broken by the test'); END", "UpdateStream"},
    {"CREATE TRIGGER broken BEFORE DELETE ON recording"
     " BEGIN SELECT raise(ABORT, 'broken by the test'); END", "EndStream"   },
};

static void run_sql(struct emulator *emu, const char *sql)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin(emu->store, arena, TXN_WRITE);
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    assert_int_equal(stmt_step(q), DB_DONE);
    stmt_done(&q);
    assert_int_equal(txn_commit(&txn), DB_DONE);
}

static void a_change_that_fails_leaves_no_event(void **state)
{
    static const char mend[] = "DROP TRIGGER IF EXISTS broken";
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, "demo-recordings", 0);

    for (size_t i = 0; i < COUNT_OF(breaks); i++) {
        const char *members = strcmp(breaks[i].operation, "UpdateStream") == 0
                                  ? ",\"health\":\"STARVING\""
                                  : "";
        const char *before = events_told(emu, "");
        struct reply stream = get(emu, arn);
        run_sql(emu, breaks[i].trigger);
        struct reply failed = emulator_call(emu, REGION, breaks[i].operation,
                                            "{\"channelArn\":\"%s\"%s}", arn, members);
        run_sql(emu, mend);

        assert_error(failed, 500, "InternalServerException");
        assert_string_equal(events_told(emu, ""), before);
        assert_true(cJSON_Compare(get(emu, arn).body, stream.body, true));
        if (strcmp(breaks[i].operation, "StartStream") == 0)
            go_live(emu, arn);
    }
}

static void reset_ends_streams_and_deletes_their_events(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recorded_channel(emu, "demo-recordings", 60);
    const char *waiting = create_recorded_channel(emu, "demo-recordings", 60);
    const char *elsewhere = create_channel(emu, "eu-west-1", "lobby");
    go_live(emu, arn);
    go_live(emu, waiting);
    go_offline(emu, waiting);
    go_live(emu, elsewhere);

    assert_success(emulator_call(emu, REGION, "Reset", "{}"), 204);

    struct reply streams = emulator_call(emu, REGION, "ListStreams", "{}");
    struct reply theirs = emulator_call(emu, "eu-west-1", "ListStreams", "{}");
    assert_int_equal(reply_count(streams, "streams"), 0);
    assert_int_equal(reply_count(theirs, "streams"), 1);
    emulator_advance(emu, 3600 * 1000);
    assert_string_equal(events_told(emu, ""), "");
    struct reply told = emulator_call(emu, "eu-west-1", "ListEvents", "{}");
    assert_int_equal(reply_count(told, "events"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(start_stream_returns_the_stream_as_get_stream_does),
        EMULATOR_TEST(a_stream_starts_with_the_given_members),
        EMULATOR_TEST(a_stream_can_be_started_by_its_stream_key),
        EMULATOR_TEST(a_stream_needs_either_a_channel_or_a_key),
        EMULATOR_TEST(an_arn_that_is_not_of_a_channel_is_refused),
        EMULATOR_TEST(an_unknown_stream_key_is_not_found),
        EMULATOR_TEST(a_live_channel_does_not_start_again),
        EMULATOR_TEST(an_offline_channel_cannot_be_updated_or_ended),
        EMULATOR_TEST(a_stream_belongs_to_the_account_and_region_of_its_arn),
        EMULATOR_TEST(a_stream_key_finds_its_channel_for_every_caller),
        EMULATOR_TEST(an_update_changes_only_the_given_members),
        EMULATOR_TEST(only_the_start_and_the_end_of_starvation_are_events),
        EMULATOR_TEST(an_update_without_changes_writes_no_event),
        EMULATOR_TEST(an_ended_stream_may_be_followed_by_another),
        EMULATOR_TEST(the_event_of_a_failure_precedes_the_end_of_the_stream),
        EMULATOR_TEST(a_change_that_fails_leaves_no_event),
        EMULATOR_TEST(reset_ends_streams_and_deletes_their_events),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
