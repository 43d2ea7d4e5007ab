/*
 * What belongs to one account and region is invisible from every other, by every
 * operation.
 */
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define ACCOUNT "000000000000"
#define REGION "us-east-1"

static const struct scope home = {.account = ACCOUNT, .region = REGION};
static const struct scope strangers[] = {
    {.account = ACCOUNT,        .region = "eu-west-1"},
    {.account = "123456789012", .region = REGION     },
    {.account = "123456789012", .region = "eu-west-1"},
};

/* One resource of each kind, the channel live and recording with the configuration. */
struct resources {
    const char *channel;
    const char *stream_key;
    const char *recording_configuration;
    const char *failover_slate_configuration;
};

static struct resources create(struct emulator *emu)
{
    const char *recording = create_recording_configuration(emu, REGION, "demo-bucket");
    struct reply reply = emulator_call(
        emu, REGION, "CreateChannel",
        "{\"name\":\"lobby\",\"recordingConfigurationArn\":\"%s\"}", recording);
    struct reply slate =
        emulator_call(emu, REGION, "CreateFailoverSlateConfiguration", "{}");

    assert_success(reply, 200);
    assert_success(slate, 200);
    go_live(emu, reply_string(reply, "channel.arn"));
    return (struct resources){
        .channel = reply_string(reply, "channel.arn"),
        .stream_key = reply_string(reply, "streamKey.arn"),
        .recording_configuration = recording,
        .failover_slate_configuration =
            reply_string(slate, "failoverSlateConfiguration.arn"),
    };
}

/* Everything as its owner sees it, as text. */
static const char *picture(struct emulator *emu, struct resources resources)
{
    struct reply replies[] = {
        emulator_call_as(emu, home, "GetChannel", "{\"arn\":\"%s\"}", resources.channel),
        emulator_call_as(emu, home, "GetStreamKey", "{\"arn\":\"%s\"}",
                         resources.stream_key),
        emulator_call_as(emu, home, "GetRecordingConfiguration", "{\"arn\":\"%s\"}",
                         resources.recording_configuration),
        emulator_call_as(emu, home, "GetFailoverSlateConfiguration", "{\"arn\":\"%s\"}",
                         resources.failover_slate_configuration),
        emulator_call_as(emu, home, "GetStream", "{\"channelArn\":\"%s\"}",
                         resources.channel),
        emulator_call_as(emu, home, "GetStreamSession", "{\"channelArn\":\"%s\"}",
                         resources.channel),
        emulator_call_as(emu, home, "ListChannels", "{}"),
        emulator_call_as(emu, home, "ListRecordingConfigurations", "{}"),
        emulator_call_as(emu, home, "ListFailoverSlateConfigurations", "{}"),
        emulator_call_as(emu, home, "ListStreams", "{}"),
        emulator_call_as(emu, home, "ListEvents", "{}"),
    };
    const char *all = "";

    for (size_t i = 0; i < COUNT_OF(replies); i++) {
        assert_success(replies[i], 200);
        char *text = cJSON_PrintUnformatted(replies[i].body);
        all = emulator_printf(emu, "%s%s\n", all, text);
        cJSON_free(text);
    }
    return all;
}

static void operations_on_one_resource_do_not_find_that_of_another(void **state)
{
    struct emulator *emu = *state;
    struct resources resources = create(emu);
    const struct {
        const char *operation;
        const char *member;
        const char *arn;
    } calls[] = {
        {"GetChannel",                       "arn",        resources.channel                     },
        {"UpdateChannel",                    "arn",        resources.channel                     },
        {"DeleteChannel",                    "arn",        resources.channel                     },
        {"GetStreamKey",                     "arn",        resources.stream_key                  },
        {"DeleteStreamKey",                  "arn",        resources.stream_key                  },
        {"CreateStreamKey",                  "channelArn", resources.channel                     },
        {"ListStreamKeys",                   "channelArn", resources.channel                     },
        {"GetRecordingConfiguration",        "arn",        resources.recording_configuration     },
        {"DeleteRecordingConfiguration",     "arn",        resources.recording_configuration     },
        {"GetFailoverSlateConfiguration",    "arn",        resources.failover_slate_configuration},
        {"UpdateFailoverSlateConfiguration", "arn",
         resources.failover_slate_configuration                                                  },
        {"DeleteFailoverSlateConfiguration", "arn",
         resources.failover_slate_configuration                                                  },
        {"GetStream",                        "channelArn", resources.channel                     },
        {"StopStream",                       "channelArn", resources.channel                     },
        {"GetStreamSession",                 "channelArn", resources.channel                     },
        {"ListStreamSessions",               "channelArn", resources.channel                     },
    };
    const char *before = picture(emu, resources);

    for (size_t s = 0; s < COUNT_OF(strangers); s++) {
        for (size_t i = 0; i < COUNT_OF(calls); i++) {
            struct reply reply =
                emulator_call_as(emu, strangers[s], calls[i].operation, "{\"%s\":\"%s\"}",
                                 calls[i].member, calls[i].arn);
            assert_error_says(
                reply, 404, "ResourceNotFoundException",
                emulator_printf(emu, "Resource: %s not found", calls[i].arn));
        }
    }
    assert_string_equal(picture(emu, resources), before);
}

static void tags_of_another_are_not_found(void **state)
{
    struct emulator *emu = *state;
    struct resources resources = create(emu);
    const char *const arns[] = {resources.channel, resources.stream_key,
                                resources.recording_configuration,
                                resources.failover_slate_configuration};
    const char *body = "{\"tags\":{\"a\":\"1\"}}";
    const char *before = picture(emu, resources);

    for (size_t s = 0; s < COUNT_OF(strangers); s++) {
        for (size_t i = 0; i < COUNT_OF(arns); i++) {
            const char *target = emulator_printf(emu, "/tags/%s?tagKeys=a", arns[i]);
            assert_error(emulator_request(emu, strangers[s], "GET", target, "", 0), 404,
                         "ResourceNotFoundException");
            assert_error(
                emulator_request(emu, strangers[s], "POST", target, body, strlen(body)),
                404, "ResourceNotFoundException");
            assert_error(emulator_request(emu, strangers[s], "DELETE", target, "", 0),
                         404, "ResourceNotFoundException");
        }
    }
    assert_string_equal(picture(emu, resources), before);
}

static void lists_do_not_show_what_belongs_to_another(void **state)
{
    struct emulator *emu = *state;
    struct resources resources = create(emu);

    for (size_t s = 0; s < COUNT_OF(strangers); s++) {
        struct reply all = emulator_call_as(emu, strangers[s], "ListChannels", "{}");
        struct reply named = emulator_call_as(emu, strangers[s], "ListChannels",
                                              "{\"filterByName\":\"lobby\"}");
        struct reply recorded =
            emulator_call_as(emu, strangers[s], "ListChannels",
                             "{\"filterByRecordingConfigurationArn\":\"%s\"}",
                             resources.recording_configuration);
        struct reply recordings =
            emulator_call_as(emu, strangers[s], "ListRecordingConfigurations", "{}");
        struct reply slates =
            emulator_call_as(emu, strangers[s], "ListFailoverSlateConfigurations", "{}");
        struct reply streams = emulator_call_as(emu, strangers[s], "ListStreams", "{}");
        struct reply events = emulator_call_as(emu, strangers[s], "ListEvents", "{}");

        assert_int_equal(reply_count(all, "channels"), 0);
        assert_int_equal(reply_count(named, "channels"), 0);
        assert_int_equal(reply_count(recorded, "channels"), 0);
        assert_int_equal(reply_count(recordings, "recordingConfigurations"), 0);
        assert_int_equal(reply_count(slates, "failoverSlateConfigurations"), 0);
        assert_int_equal(reply_count(streams, "streams"), 0);
        assert_int_equal(reply_count(events, "events"), 0);
    }
}

static void batches_do_not_know_what_belongs_to_another(void **state)
{
    struct emulator *emu = *state;
    struct resources resources = create(emu);

    for (size_t s = 0; s < COUNT_OF(strangers); s++) {
        struct reply channels =
            emulator_call_as(emu, strangers[s], "BatchGetChannel", "{\"arns\":[\"%s\"]}",
                             resources.channel);
        struct reply keys = emulator_call_as(emu, strangers[s], "BatchGetStreamKey",
                                             "{\"arns\":[\"%s\"]}", resources.stream_key);

        assert_int_equal(reply_count(channels, "channels"), 0);
        assert_string_equal(reply_string(channels, "errors.0.arn"), resources.channel);
        assert_int_equal(reply_count(keys, "streamKeys"), 0);
        assert_string_equal(reply_string(keys, "errors.0.arn"), resources.stream_key);
    }
}

static void what_a_stranger_creates_is_the_strangers_own(void **state)
{
    struct emulator *emu = *state;
    struct resources resources = create(emu);
    const char *before = picture(emu, resources);

    for (size_t s = 0; s < COUNT_OF(strangers); s++) {
        struct reply made =
            emulator_call_as(emu, strangers[s], "CreateChannel", "{\"name\":\"lobby\"}");
        struct reply recording = emulator_call_as(
            emu, strangers[s], "CreateRecordingConfiguration",
            "{\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"demo-bucket\"}}}");
        struct reply borrowed = emulator_call_as(emu, strangers[s], "CreateChannel",
                                                 "{\"recordingConfigurationArn\":\"%s\"}",
                                                 resources.recording_configuration);
        struct reply borrowed_slate =
            emulator_call_as(emu, strangers[s], "CreateChannel",
                             "{\"failoverSlateConfigurationArn\":\"%s\"}",
                             resources.failover_slate_configuration);
        struct reply listed = emulator_call_as(emu, strangers[s], "ListChannels", "{}");

        const char *prefix = emulator_printf(emu, "arn:aws:ivs:%s:%s:channel/",
                                             strangers[s].region, strangers[s].account);
        assert_int_equal(
            strncmp(reply_string(made, "channel.arn"), prefix, strlen(prefix)), 0);
        assert_success(recording, 200);
        assert_error(borrowed, 404, "ResourceNotFoundException");
        assert_error(borrowed_slate, 404, "ResourceNotFoundException");
        assert_int_equal(reply_count(listed, "channels"), 1);
    }
    assert_string_equal(picture(emu, resources), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(operations_on_one_resource_do_not_find_that_of_another),
        EMULATOR_TEST(tags_of_another_are_not_found),
        EMULATOR_TEST(lists_do_not_show_what_belongs_to_another),
        EMULATOR_TEST(batches_do_not_know_what_belongs_to_another),
        EMULATOR_TEST(what_a_stranger_creates_is_the_strangers_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
