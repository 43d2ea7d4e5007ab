/*
 * CreateChannel, GetChannel, BatchGetChannel, DeleteChannel.
 */
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define UNKNOWN_ARN "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"

static struct reply get(struct emulator *emu, const char *arn)
{
    return emulator_call(emu, REGION, "GetChannel", "{\"arn\":\"%s\"}", arn);
}

/* `text` has so many characters and all of them are letters or digits. */
static void assert_alnum(const char *text, size_t length)
{
    assert_int_equal(strlen(text), length);
    assert_int_equal(strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz"),
                     length);
}

static void an_empty_input_makes_a_channel_of_defaults(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = emulator_call(emu, REGION, "CreateChannel", "{}");

    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, "channel.name"), "");
    assert_string_equal(reply_string(reply, "channel.latencyMode"), "LOW");
    assert_string_equal(reply_string(reply, "channel.type"), "STANDARD");
    assert_string_equal(reply_string(reply, "channel.preset"), "");
    assert_string_equal(reply_string(reply, "channel.containerFormat"), "TS");
    assert_false(reply_bool(reply, "channel.authorized"));
    assert_false(reply_bool(reply, "channel.insecureIngest"));
    assert_string_equal(reply_string(reply, "channel.recordingConfigurationArn"), "");
    assert_string_equal(reply_string(reply, "channel.playbackRestrictionPolicyArn"), "");
    assert_string_equal(reply_string(reply, "channel.adConfigurationArn"), "");
    assert_int_equal(reply_count(reply, "channel.tags"), 0);
    assert_string_equal(reply_string(reply, "channel.failoverSlateConfigurationArn"), "");
    assert_int_equal(reply_count(reply, "channel"), 17);
    assert_int_equal(cJSON_GetArraySize(reply.body), 2);
}

static void a_new_channel_shows_multitrack_input_that_is_off(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = emulator_call(emu, REGION, "CreateChannel", "{}");

    assert_int_equal(reply_count(reply, "channel.multitrackInputConfiguration"), 3);
    assert_false(reply_bool(reply, "channel.multitrackInputConfiguration.enabled"));
    assert_string_equal(
        reply_string(reply, "channel.multitrackInputConfiguration.policy"), "ALLOW");
    assert_string_equal(
        reply_string(reply, "channel.multitrackInputConfiguration.maximumResolution"),
        "FULL_HD");
}

static void every_member_given_is_answered_and_kept(void **state)
{
    struct emulator *emu = *state;
    const char *recording = create_recording_configuration(emu, REGION, "demo-bucket");

    struct reply made = emulator_call(
        emu, REGION, "CreateChannel",
        "{\"name\":\"Lobby_1-a\",\"latencyMode\":\"NORMAL\",\"type\":\"ADVANCED_SD\","
        "\"authorized\":true,\"recordingConfigurationArn\":\"%s\","
        "\"tags\":{\"team\":\"video\",\"stage\":\"\"},\"insecureIngest\":true,"
        "\"preset\":\"CONSTRAINED_BANDWIDTH_DELIVERY\","
        "\"playbackRestrictionPolicyArn\":\"\",\"adConfigurationArn\":\"\","
        "\"multitrackInputConfiguration\":{\"enabled\":false,\"policy\":\"REQUIRE\","
        "\"maximumResolution\":\"SD\"},\"containerFormat\":\"FRAGMENTED_MP4\"}",
        recording);
    struct reply got = get(emu, reply_string(made, "channel.arn"));

    assert_success(made, 200);
    assert_string_equal(reply_string(made, "channel.name"), "Lobby_1-a");
    assert_string_equal(reply_string(made, "channel.latencyMode"), "NORMAL");
    assert_string_equal(reply_string(made, "channel.type"), "ADVANCED_SD");
    assert_true(reply_bool(made, "channel.authorized"));
    assert_string_equal(reply_string(made, "channel.recordingConfigurationArn"),
                        recording);
    assert_string_equal(reply_string(made, "channel.tags.team"), "video");
    assert_string_equal(reply_string(made, "channel.tags.stage"), "");
    assert_true(reply_bool(made, "channel.insecureIngest"));
    assert_string_equal(reply_string(made, "channel.preset"),
                        "CONSTRAINED_BANDWIDTH_DELIVERY");
    assert_string_equal(reply_string(made, "channel.multitrackInputConfiguration.policy"),
                        "REQUIRE");
    assert_string_equal(
        reply_string(made, "channel.multitrackInputConfiguration.maximumResolution"),
        "SD");
    assert_string_equal(reply_string(made, "channel.containerFormat"), "FRAGMENTED_MP4");
    assert_success(got, 200);
    assert_true(
        cJSON_Compare(reply_item(made, "channel"), reply_item(got, "channel"), true));
}

static void a_channel_comes_with_an_untagged_stream_key(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        emulator_call(emu, REGION, "CreateChannel", "{\"tags\":{\"team\":\"video\"}}");
    struct reply key = emulator_call(emu, REGION, "GetStreamKey", "{\"arn\":\"%s\"}",
                                     reply_string(reply, "streamKey.arn"));

    assert_string_equal(reply_string(reply, "streamKey.channelArn"),
                        reply_string(reply, "channel.arn"));
    assert_int_equal(reply_count(reply, "streamKey.tags"), 0);
    assert_int_equal(reply_count(reply, "streamKey"), 4);
    assert_true(cJSON_Compare(reply_item(reply, "streamKey"),
                              reply_item(key, "streamKey"), true));
}

static void the_srt_passphrase_is_69_letters_and_digits_that_stay(void **state)
{
    struct emulator *emu = *state;

    struct reply made = emulator_call(emu, REGION, "CreateChannel", "{}");
    struct reply got = get(emu, reply_string(made, "channel.arn"));

    assert_alnum(reply_string(made, "channel.srt.passphrase"), 69);
    assert_string_equal(reply_string(got, "channel.srt.passphrase"),
                        reply_string(made, "channel.srt.passphrase"));
}

static void a_name_may_be_used_twice(void **state)
{
    struct emulator *emu = *state;
    create_channel(emu, REGION, "lobby");

    struct reply reply =
        emulator_call(emu, REGION, "CreateChannel", "{\"name\":\"lobby\"}");

    assert_success(reply, 200);
}

static void an_unknown_recording_configuration_is_not_found(void **state)
{
    struct emulator *emu = *state;
    const char *arn =
        "arn:aws:ivs:us-east-1:000000000000:recording-configuration/abcdABCDefgh";

    struct reply reply = emulator_call(emu, REGION, "CreateChannel",
                                       "{\"recordingConfigurationArn\":\"%s\"}", arn);

    assert_error_says(reply, 404, "ResourceNotFoundException",
                      emulator_printf(emu, "Resource: %s not found", arn));
    assert_int_equal(
        reply_count(emulator_call(emu, REGION, "ListChannels", "{}"), "channels"), 0);
}

static void a_recording_configuration_of_another_region_is_not_found(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recording_configuration(emu, "eu-west-1", "demo-bucket");

    struct reply reply = emulator_call(emu, REGION, "CreateChannel",
                                       "{\"recordingConfigurationArn\":\"%s\"}", arn);

    assert_error(reply, 404, "ResourceNotFoundException");
}

static void what_nothing_makes_is_never_found(void **state)
{
    static const struct {
        const char *member;
        const char *type;
    } references[] = {
        {"playbackRestrictionPolicyArn",  "playback-restriction-policy" },
        {"adConfigurationArn",            "ad-configuration"            },
        {"failoverSlateConfigurationArn", "failover-slate-configuration"},
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(references); i++) {
        const char *arn =
            emulator_printf(emu, "arn:aws:ivs:us-east-1:000000000000:%s/abcdABCDefgh",
                            references[i].type);
        struct reply none = emulator_call(emu, REGION, "CreateChannel", "{\"%s\":\"\"}",
                                          references[i].member);
        struct reply reply = emulator_call(emu, REGION, "CreateChannel",
                                           "{\"%s\":\"%s\"}", references[i].member, arn);
        assert_success(none, 200);
        assert_error_says(reply, 404, "ResourceNotFoundException",
                          emulator_printf(emu, "Resource: %s not found", arn));
    }
}

static void an_arn_of_another_kind_is_refused_as_input(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        get(emu, "arn:aws:ivs:us-east-1:000000000000:stream-key/abcdABCDefgh");

    assert_error_says(reply, 400, "ValidationException",
                      "GetChannel.arn does not match pattern "
                      "arn:aws:ivs:[a-z0-9-]+:[0-9]+:channel/[a-zA-Z0-9-]+");
}

static void an_id_in_another_case_is_another_channel(void **state)
{
    struct emulator *emu = *state;
    char *arn = emulator_printf(emu, "%s", create_channel(emu, REGION, "lobby"));
    char *letter = arn + strlen(arn);

    do {
        letter--;
    } while (strchr("0123456789", *letter) != NULL);
    *letter ^= 0x20;

    assert_error(get(emu, arn), 404, "ResourceNotFoundException");
}

static void a_deleted_channel_is_gone_and_its_key_with_it(void **state)
{
    struct emulator *emu = *state;
    struct reply made = emulator_call(emu, REGION, "CreateChannel", "{}");
    const char *arn = reply_string(made, "channel.arn");

    struct reply deleted =
        emulator_call(emu, REGION, "DeleteChannel", "{\"arn\":\"%s\"}", arn);

    assert_success(deleted, 204);
    assert_null(deleted.body);
    assert_error(get(emu, arn), 404, "ResourceNotFoundException");
    assert_error(emulator_call(emu, REGION, "GetStreamKey", "{\"arn\":\"%s\"}",
                               reply_string(made, "streamKey.arn")),
                 404, "ResourceNotFoundException");
}

static void deleting_one_channel_leaves_the_others(void **state)
{
    struct emulator *emu = *state;
    const char *gone = create_channel(emu, REGION, "a");
    struct reply stays = emulator_call(emu, REGION, "CreateChannel", "{}");

    assert_success(emulator_call(emu, REGION, "DeleteChannel", "{\"arn\":\"%s\"}", gone),
                   204);

    assert_success(get(emu, reply_string(stays, "channel.arn")), 200);
    assert_success(emulator_call(emu, REGION, "GetStreamKey", "{\"arn\":\"%s\"}",
                                 reply_string(stays, "streamKey.arn")),
                   200);
}

static void a_batch_answers_whole_channels_in_the_order_asked(void **state)
{
    struct emulator *emu = *state;
    const char *first = create_channel(emu, REGION, "a");
    const char *second = create_channel(emu, REGION, "b");

    struct reply reply = emulator_call(emu, REGION, "BatchGetChannel",
                                       "{\"arns\":[\"%s\",\"%s\"]}", second, first);

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "channels"), 2);
    assert_string_equal(reply_string(reply, "channels.0.arn"), second);
    assert_string_equal(reply_string(reply, "channels.1.arn"), first);
    assert_true(cJSON_Compare(reply_item(reply, "channels.0"),
                              reply_item(get(emu, second), "channel"), true));
    assert_false(reply_has(reply, "errors"));
}

static void a_batch_names_the_arns_it_does_not_know(void **state)
{
    struct emulator *emu = *state;
    const char *known = create_channel(emu, REGION, "a");

    struct reply reply = emulator_call(emu, REGION, "BatchGetChannel",
                                       "{\"arns\":[\"" UNKNOWN_ARN "\",\"%s\"]}", known);

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "channels"), 1);
    assert_int_equal(reply_count(reply, "errors"), 1);
    assert_string_equal(reply_string(reply, "errors.0.arn"), UNKNOWN_ARN);
    assert_string_equal(reply_string(reply, "errors.0.code"), "404");
    assert_string_equal(reply_string(reply, "errors.0.message"),
                        "Resource: " UNKNOWN_ARN " not found");
}

static void a_batch_without_a_known_arn_has_an_empty_list(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        emulator_call(emu, REGION, "BatchGetChannel", "{\"arns\":[\"" UNKNOWN_ARN "\"]}");

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "channels"), 0);
    assert_int_equal(reply_count(reply, "errors"), 1);
}

static void a_batch_answers_each_time_an_arn_is_asked_for(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "a");

    struct reply reply = emulator_call(
        emu, REGION, "BatchGetChannel",
        "{\"arns\":[\"%s\",\"%s\",\"" UNKNOWN_ARN "\",\"" UNKNOWN_ARN "\"]}", arn, arn);

    assert_int_equal(reply_count(reply, "channels"), 2);
    assert_int_equal(reply_count(reply, "errors"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(an_empty_input_makes_a_channel_of_defaults),
        EMULATOR_TEST(a_new_channel_shows_multitrack_input_that_is_off),
        EMULATOR_TEST(every_member_given_is_answered_and_kept),
        EMULATOR_TEST(a_channel_comes_with_an_untagged_stream_key),
        EMULATOR_TEST(the_srt_passphrase_is_69_letters_and_digits_that_stay),
        EMULATOR_TEST(a_name_may_be_used_twice),
        EMULATOR_TEST(an_unknown_recording_configuration_is_not_found),
        EMULATOR_TEST(a_recording_configuration_of_another_region_is_not_found),
        EMULATOR_TEST(what_nothing_makes_is_never_found),
        EMULATOR_TEST(an_arn_of_another_kind_is_refused_as_input),
        EMULATOR_TEST(an_id_in_another_case_is_another_channel),
        EMULATOR_TEST(a_deleted_channel_is_gone_and_its_key_with_it),
        EMULATOR_TEST(deleting_one_channel_leaves_the_others),
        EMULATOR_TEST(a_batch_answers_whole_channels_in_the_order_asked),
        EMULATOR_TEST(a_batch_names_the_arns_it_does_not_know),
        EMULATOR_TEST(a_batch_without_a_known_arn_has_an_empty_list),
        EMULATOR_TEST(a_batch_answers_each_time_an_arn_is_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
