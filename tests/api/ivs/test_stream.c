/*
 * GetStream, ListStreams, StopStream, and the effect of being live on the channel itself.
 */
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define UNKNOWN "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"

static const struct scope strangers[] = {
    {.account = "000000000000", .region = "eu-west-1"},
    {.account = "123456789012", .region = REGION     },
};

/* Calls an operation whose only member is a channel. */
static struct reply call(struct emulator *emu, const char *operation, const char *arn)
{
    return emulator_call(emu, REGION, operation, "{\"channelArn\":\"%s\"}", arn);
}

/* ListStreams with these members. */
static struct reply list(struct emulator *emu, const char *members)
{
    return emulator_call(emu, REGION, "ListStreams", "{%s}", members);
}

/* The streams on a page, each as the index of its channel in `arns`, separated by
 * spaces. */
static const char *listed(struct emulator *emu, struct reply page,
                          const char *const *arns, size_t count)
{
    const cJSON *stream;
    const char *all = "";

    assert_success(page, 200);
    cJSON_ArrayForEach(stream, reply_item(page, "streams")) {
        const char *arn =
            cJSON_GetObjectItemCaseSensitive(stream, "channelArn")->valuestring;
        size_t i = 0;
        while (i < count && strcmp(arns[i], arn) != 0)
            i++;
        all = emulator_printf(emu, "%s%s%zu", all, all[0] != '\0' ? " " : "", i);
    }
    return all;
}

/* Channels that are live, each started a second after the previous one. */
static void create_live(struct emulator *emu, const char **arns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        arns[i] = create_channel(emu, REGION, "lobby");
        go_live(emu, arns[i]);
        clock_advance(emu->clock, 1000);
    }
}

static void a_live_stream_is_returned_with_all_members(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    struct reply started =
        start_stream(emu, arn, "\"viewerCount\":3,\"health\":\"UNKNOWN\"");
    clock_advance(emu->clock, 5000);

    struct reply reply = call(emu, "GetStream", arn);

    assert_success(reply, 200);
    assert_json(reply, "",
                "{\"stream\":{\"channelArn\":\"%s\",\"streamId\":\"%s\","
                "\"playbackUrl\":\"http://localhost:4580/api/video/v1/"
                "us-east-1.000000000000.channel.%s.m3u8\",\"state\":\"LIVE\","
                "\"startTime\":\"2021-04-07T00:00:00Z\",\"health\":\"UNKNOWN\","
                "\"viewerCount\":3}}",
                arn, reply_string(started, "stream.streamId"), strrchr(arn, '/') + 1);
}

static void a_stream_id_has_26_characters(void **state)
{
    struct emulator *emu = *state;

    const char *id = go_live(emu, create_channel(emu, REGION, "lobby"));

    assert_int_equal(strlen(id), 26);
    assert_memory_equal(id, "st-1", 4);
    assert_int_equal(strspn(id + 3, "0123456789abcdefghijklmnopqrstuvwxyz"
                                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                     23);
}

/* The operations that need a live stream, and their other members. */
static const struct {
    const char *operation;
    const char *members;
} needs_live[] = {
    {"GetStream",     ""                       },
    {"StopStream",    ""                       },
    {"PutMetadata",   ",\"metadata\":\"x\""    },
    {"InsertAdBreak", ",\"durationSeconds\":30"},
};

static void an_offline_channel_is_not_broadcasting(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    for (int streams = 0; streams < 2; streams++) {
        for (size_t i = 0; i < COUNT_OF(needs_live); i++) {
            struct reply reply =
                emulator_call(emu, REGION, needs_live[i].operation,
                              "{\"channelArn\":\"%s\"%s}", arn, needs_live[i].members);
            assert_error_says(reply, 404, "ChannelNotBroadcasting",
                              emulator_printf(emu,
                                              "ChannelNotBroadcasting: Channel: %s is "
                                              "not currently online",
                                              arn));
        }
        /* After a stream it is the same. */
        go_live(emu, arn);
        go_offline(emu, arn);
    }
}

static void an_unknown_channel_is_not_found(void **state)
{
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(needs_live); i++) {
        struct reply reply =
            emulator_call(emu, REGION, needs_live[i].operation,
                          "{\"channelArn\":\"" UNKNOWN "\"%s}", needs_live[i].members);
        assert_error_says(reply, 404, "ResourceNotFoundException",
                          "Resource: " UNKNOWN " not found");
    }
}

static void a_stream_is_invisible_to_other_accounts_and_regions(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);
    struct reply before = call(emu, "GetStream", arn);

    for (size_t s = 0; s < COUNT_OF(strangers); s++) {
        for (size_t i = 0; i < COUNT_OF(needs_live); i++) {
            struct reply reply =
                emulator_call_as(emu, strangers[s], needs_live[i].operation,
                                 "{\"channelArn\":\"%s\"%s}", arn, needs_live[i].members);
            assert_error(reply, 404, "ResourceNotFoundException");
        }
        struct reply streams = emulator_call_as(emu, strangers[s], "ListStreams", "{}");
        assert_int_equal(reply_count(streams, "streams"), 0);
    }
    struct reply after = call(emu, "GetStream", arn);
    assert_true(cJSON_Compare(before.body, after.body, true));
}

static void a_stopped_stream_is_over_and_another_may_begin(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *first = go_live(emu, arn);

    struct reply stopped = call(emu, "StopStream", arn);
    struct reply again = call(emu, "StopStream", arn);
    const char *second = go_live(emu, arn);

    assert_success(stopped, 200);
    assert_json(stopped, "", "{}");
    assert_error(again, 404, "ChannelNotBroadcasting");
    assert_string_not_equal(first, second);
}

static void a_stopped_stream_has_the_same_events_as_one_that_ends(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);

    assert_success(call(emu, "StopStream", arn), 200);

    assert_string_equal(events_told(emu, ""),
                        "Session Created, Stream Start, Session Ended, Stream End");
}

static void without_live_streams_the_list_is_empty(void **state)
{
    struct emulator *emu = *state;
    create_channel(emu, REGION, "lobby");

    struct reply reply = list(emu, "");

    assert_success(reply, 200);
    assert_json(reply, "", "{\"streams\":[]}");
}

static void a_summary_lacks_the_playback_url(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *id = go_live(emu, arn);

    struct reply reply = list(emu, "");

    assert_json(reply, "",
                "{\"streams\":[{\"channelArn\":\"%s\",\"streamId\":\"%s\","
                "\"state\":\"LIVE\",\"health\":\"HEALTHY\",\"viewerCount\":0,"
                "\"startTime\":\"2021-04-07T00:00:00Z\"}]}",
                arn, id);
}

static void only_live_streams_are_listed_in_the_order_they_began(void **state)
{
    struct emulator *emu = *state;
    const char *arns[3];
    create_live(emu, arns, COUNT_OF(arns));

    go_offline(emu, arns[0]);
    struct reply without = list(emu, "");
    go_live(emu, arns[0]);
    struct reply with = list(emu, "");

    assert_string_equal(listed(emu, without, arns, COUNT_OF(arns)), "1 2");
    assert_string_equal(listed(emu, with, arns, COUNT_OF(arns)), "1 2 0");
}

static void a_list_is_filtered_by_health(void **state)
{
    static const struct {
        const char *filter;
        const char *streams;
    } filters[] = {
        {"\"filterBy\":{\"health\":\"HEALTHY\"}",  "0 3"    },
        {"\"filterBy\":{\"health\":\"STARVING\"}", "1"      },
        {"\"filterBy\":{\"health\":\"UNKNOWN\"}",  "2"      },
        {"\"filterBy\":{}",                        "0 1 2 3"},
    };
    static const char *const healths[] = {"HEALTHY", "STARVING", "UNKNOWN", "HEALTHY"};
    struct emulator *emu = *state;
    const char *arns[4];
    create_live(emu, arns, COUNT_OF(arns));
    for (size_t i = 0; i < COUNT_OF(arns); i++)
        assert_success(emulator_call(emu, REGION, "UpdateStream",
                                     "{\"channelArn\":\"%s\",\"health\":\"%s\"}", arns[i],
                                     healths[i]),
                       200);

    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        struct reply reply = list(emu, filters[i].filter);
        assert_string_equal(listed(emu, reply, arns, COUNT_OF(arns)), filters[i].streams);
    }
    struct reply bad = list(emu, "\"filterBy\":{\"health\":\"WELL\"}");
    assert_error(bad, 400, "ValidationException");
}

static void pages_follow_each_other_while_streams_end(void **state)
{
    struct emulator *emu = *state;
    const char *arns[5];
    create_live(emu, arns, COUNT_OF(arns));

    struct reply first = list(emu, "\"maxResults\":2");
    go_offline(emu, arns[1]);
    go_offline(emu, arns[2]);
    struct reply second =
        list(emu, emulator_printf(emu, "\"maxResults\":2,\"nextToken\":\"%s\"",
                                  reply_string(first, "nextToken")));

    assert_string_equal(listed(emu, first, arns, COUNT_OF(arns)), "0 1");
    assert_string_equal(listed(emu, second, arns, COUNT_OF(arns)), "3 4");
    assert_false(reply_has(second, "nextToken"));
}

static void a_token_belongs_to_its_filter(void **state)
{
    struct emulator *emu = *state;
    const char *arns[2];
    create_live(emu, arns, COUNT_OF(arns));
    struct reply page = list(emu, "\"maxResults\":1");
    const char *token = reply_string(page, "nextToken");

    struct reply filtered = list(
        emu,
        emulator_printf(emu, "\"nextToken\":\"%s\",\"filterBy\":{\"health\":\"HEALTHY\"}",
                        token));
    struct reply elsewhere =
        emulator_call(emu, "eu-west-1", "ListStreams", "{\"nextToken\":\"%s\"}", token);
    struct reply odd = list(emu, "\"nextToken\":\"odd\"");

    assert_error(filtered, 400, "ValidationException");
    assert_error(elsewhere, 400, "ValidationException");
    assert_error(odd, 400, "ValidationException");
}

static void a_live_channel_is_neither_updated_nor_deleted(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *message =
        emulator_printf(emu, "Channel: %s is live; stop its stream first", arn);
    go_live(emu, arn);
    struct reply before =
        emulator_call(emu, REGION, "GetChannel", "{\"arn\":\"%s\"}", arn);

    struct reply updated = emulator_call(emu, REGION, "UpdateChannel",
                                         "{\"arn\":\"%s\",\"name\":\"hall\"}", arn);
    struct reply deleted =
        emulator_call(emu, REGION, "DeleteChannel", "{\"arn\":\"%s\"}", arn);
    struct reply after =
        emulator_call(emu, REGION, "GetChannel", "{\"arn\":\"%s\"}", arn);

    assert_error_says(updated, 409, "ConflictException", message);
    assert_error_says(deleted, 409, "ConflictException", message);
    assert_true(cJSON_Compare(before.body, after.body, true));
    assert_success(call(emu, "GetStream", arn), 200);
}

static void a_channel_is_updated_and_deleted_after_the_end(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    go_live(emu, arn);
    go_offline(emu, arn);

    struct reply updated = emulator_call(emu, REGION, "UpdateChannel",
                                         "{\"arn\":\"%s\",\"name\":\"hall\"}", arn);
    struct reply deleted =
        emulator_call(emu, REGION, "DeleteChannel", "{\"arn\":\"%s\"}", arn);

    assert_success(updated, 200);
    assert_string_equal(reply_string(updated, "channel.name"), "hall");
    assert_success(deleted, 204);
    assert_error(call(emu, "GetStream", arn), 404, "ResourceNotFoundException");
}

static void deleting_the_stream_key_does_not_end_the_stream(void **state)
{
    struct emulator *emu = *state;
    struct reply made = emulator_call(emu, REGION, "CreateChannel", "{}");
    const char *arn = reply_string(made, "channel.arn");
    const char *key = reply_string(made, "streamKey.value");
    assert_success(
        emulator_call(emu, REGION, "StartStream", "{\"streamKey\":\"%s\"}", key), 200);

    struct reply deleted =
        emulator_call(emu, REGION, "DeleteStreamKey", "{\"arn\":\"%s\"}",
                      reply_string(made, "streamKey.arn"));
    struct reply live = call(emu, "GetStream", arn);
    go_offline(emu, arn);
    struct reply back =
        emulator_call(emu, REGION, "StartStream", "{\"streamKey\":\"%s\"}", key);

    assert_success(deleted, 204);
    assert_success(live, 200);
    assert_error(back, 404, "ResourceNotFoundException");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_live_stream_is_returned_with_all_members),
        EMULATOR_TEST(a_stream_id_has_26_characters),
        EMULATOR_TEST(an_offline_channel_is_not_broadcasting),
        EMULATOR_TEST(an_unknown_channel_is_not_found),
        EMULATOR_TEST(a_stream_is_invisible_to_other_accounts_and_regions),
        EMULATOR_TEST(a_stopped_stream_is_over_and_another_may_begin),
        EMULATOR_TEST(a_stopped_stream_has_the_same_events_as_one_that_ends),
        EMULATOR_TEST(without_live_streams_the_list_is_empty),
        EMULATOR_TEST(a_summary_lacks_the_playback_url),
        EMULATOR_TEST(only_live_streams_are_listed_in_the_order_they_began),
        EMULATOR_TEST(a_list_is_filtered_by_health),
        EMULATOR_TEST(pages_follow_each_other_while_streams_end),
        EMULATOR_TEST(a_token_belongs_to_its_filter),
        EMULATOR_TEST(a_live_channel_is_neither_updated_nor_deleted),
        EMULATOR_TEST(a_channel_is_updated_and_deleted_after_the_end),
        EMULATOR_TEST(deleting_the_stream_key_does_not_end_the_stream),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
