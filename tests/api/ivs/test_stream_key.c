/*
 * Stream keys: their operations, and that a channel has one at most.
 */
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-west-2"
#define UNKNOWN_KEY "arn:aws:ivs:us-west-2:000000000000:stream-key/abcdABCDefgh"
#define UNKNOWN_CHANNEL "arn:aws:ivs:us-west-2:000000000000:channel/abcdABCDefgh"

static struct reply by_arn(struct emulator *emu, const char *operation, const char *arn)
{
    return emulator_call(emu, REGION, operation, "{\"arn\":\"%s\"}", arn);
}

static struct reply by_channel(struct emulator *emu, const char *operation,
                               const char *arn)
{
    return emulator_call(emu, REGION, operation, "{\"channelArn\":\"%s\"}", arn);
}

/* A channel whose key was deleted. */
static const char *create_keyless_channel(struct emulator *emu)
{
    struct reply reply = emulator_call(emu, REGION, "CreateChannel", "{}");

    assert_success(by_arn(emu, "DeleteStreamKey", reply_string(reply, "streamKey.arn")),
                   204);
    return reply_string(reply, "channel.arn");
}

static void a_key_is_made_with_tags_and_answered_whole(void **state)
{
    struct emulator *emu = *state;
    const char *channel = create_keyless_channel(emu);

    struct reply made =
        emulator_call(emu, REGION, "CreateStreamKey",
                      "{\"channelArn\":\"%s\",\"tags\":{\"team\":\"video\"}}", channel);
    struct reply got = by_arn(emu, "GetStreamKey", reply_string(made, "streamKey.arn"));

    assert_success(made, 200);
    assert_int_equal(reply_count(made, "streamKey"), 4);
    assert_string_equal(reply_string(made, "streamKey.channelArn"), channel);
    assert_string_equal(reply_string(made, "streamKey.tags.team"), "video");
    assert_success(got, 200);
    assert_true(cJSON_Compare(made.body, got.body, true));
}

static void the_value_holds_region_and_id_and_a_secret(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = by_channel(emu, "CreateStreamKey", create_keyless_channel(emu));

    const char *arn = reply_string(reply, "streamKey.arn");
    const char *value = reply_string(reply, "streamKey.value");
    const char *arn_prefix = "arn:aws:ivs:us-west-2:000000000000:stream-key/";
    assert_int_equal(strncmp(arn, arn_prefix, strlen(arn_prefix)), 0);
    const char *value_prefix =
        emulator_printf(emu, "sk_us-west-2_%s_", arn + strlen(arn_prefix));
    assert_int_equal(strncmp(value, value_prefix, strlen(value_prefix)), 0);
    assert_int_equal(strlen(value), 56);
    assert_int_equal(strcspn(value + strlen(value_prefix), "_-+/="), 30);
}

static void a_channel_that_has_a_key_gets_no_second_one(void **state)
{
    struct emulator *emu = *state;
    const char *channel = create_channel(emu, REGION, "lobby");

    struct reply reply = by_channel(emu, "CreateStreamKey", channel);

    assert_error_says(reply, 402, "ServiceQuotaExceededException",
                      "Service quota exceeded: 1 stream key per channel");
}

static void quotas_off_does_not_allow_a_second_key(void **state)
{
    struct emulator *emu = *state;
    const char *channel = create_channel(emu, REGION, "lobby");
    emu->settings.quotas = false;

    struct reply reply = by_channel(emu, "CreateStreamKey", channel);

    assert_error(reply, 402, "ServiceQuotaExceededException");
}

static void a_rotated_key_has_another_arn_and_value(void **state)
{
    struct emulator *emu = *state;
    struct reply first = emulator_call(emu, REGION, "CreateChannel", "{}");
    const char *old_arn = reply_string(first, "streamKey.arn");

    struct reply deleted = by_arn(emu, "DeleteStreamKey", old_arn);
    struct reply second =
        by_channel(emu, "CreateStreamKey", reply_string(first, "channel.arn"));

    assert_success(deleted, 204);
    assert_null(deleted.body);
    assert_success(second, 200);
    assert_string_not_equal(reply_string(second, "streamKey.arn"), old_arn);
    assert_string_not_equal(reply_string(second, "streamKey.value"),
                            reply_string(first, "streamKey.value"));
    assert_error(by_arn(emu, "GetStreamKey", old_arn), 404, "ResourceNotFoundException");
}

static void a_key_needs_a_channel_that_exists(void **state)
{
    struct emulator *emu = *state;

    struct reply made = by_channel(emu, "CreateStreamKey", UNKNOWN_CHANNEL);
    struct reply listed = by_channel(emu, "ListStreamKeys", UNKNOWN_CHANNEL);

    const char *says = "Resource: " UNKNOWN_CHANNEL " not found";
    assert_error_says(made, 404, "ResourceNotFoundException", says);
    assert_error_says(listed, 404, "ResourceNotFoundException", says);
}

static void the_channel_is_a_required_attribute(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = emulator_call(emu, REGION, "CreateStreamKey", "{}");

    assert_error_says(reply, 400, "ValidationException",
                      "CreateStreamKey.channelArn is a required attribute");
}

static void deleting_a_key_leaves_its_channel(void **state)
{
    struct emulator *emu = *state;

    const char *channel = create_keyless_channel(emu);

    assert_success(by_arn(emu, "GetChannel", channel), 200);
}

static void a_list_holds_the_channels_key_without_its_value(void **state)
{
    struct emulator *emu = *state;
    struct reply made = emulator_call(emu, REGION, "CreateChannel", "{}");
    create_channel(emu, REGION, "other");

    struct reply reply =
        by_channel(emu, "ListStreamKeys", reply_string(made, "channel.arn"));

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "streamKeys"), 1);
    assert_int_equal(reply_count(reply, "streamKeys.0"), 3);
    assert_string_equal(reply_string(reply, "streamKeys.0.arn"),
                        reply_string(made, "streamKey.arn"));
    assert_string_equal(reply_string(reply, "streamKeys.0.channelArn"),
                        reply_string(made, "channel.arn"));
    assert_int_equal(reply_count(reply, "streamKeys.0.tags"), 0);
    assert_false(reply_has(reply, "nextToken"));
}

static void a_batch_answers_whole_keys_in_the_order_asked(void **state)
{
    struct emulator *emu = *state;
    struct reply first = emulator_call(emu, REGION, "CreateChannel", "{}");
    struct reply second = emulator_call(emu, REGION, "CreateChannel", "{}");

    struct reply reply = emulator_call(
        emu, REGION, "BatchGetStreamKey", "{\"arns\":[\"%s\",\"%s\"]}",
        reply_string(second, "streamKey.arn"), reply_string(first, "streamKey.arn"));

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "streamKeys"), 2);
    assert_true(cJSON_Compare(reply_item(reply, "streamKeys.0"),
                              reply_item(second, "streamKey"), true));
    assert_true(cJSON_Compare(reply_item(reply, "streamKeys.1"),
                              reply_item(first, "streamKey"), true));
    assert_false(reply_has(reply, "errors"));
}

static void a_batch_names_the_keys_it_does_not_know(void **state)
{
    struct emulator *emu = *state;
    struct reply made = emulator_call(emu, REGION, "CreateChannel", "{}");
    const char *arn = reply_string(made, "streamKey.arn");

    struct reply reply = emulator_call(
        emu, REGION, "BatchGetStreamKey",
        "{\"arns\":[\"%s\",\"" UNKNOWN_KEY "\",\"%s\",\"" UNKNOWN_KEY "\"]}", arn, arn);

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "streamKeys"), 2);
    assert_int_equal(reply_count(reply, "errors"), 2);
    assert_string_equal(reply_string(reply, "errors.0.arn"), UNKNOWN_KEY);
    assert_string_equal(reply_string(reply, "errors.0.code"), "404");
    assert_string_equal(reply_string(reply, "errors.0.message"),
                        "Resource: " UNKNOWN_KEY " not found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_key_is_made_with_tags_and_answered_whole),
        EMULATOR_TEST(the_value_holds_region_and_id_and_a_secret),
        EMULATOR_TEST(a_channel_that_has_a_key_gets_no_second_one),
        EMULATOR_TEST(quotas_off_does_not_allow_a_second_key),
        EMULATOR_TEST(a_rotated_key_has_another_arn_and_value),
        EMULATOR_TEST(a_key_needs_a_channel_that_exists),
        EMULATOR_TEST(the_channel_is_a_required_attribute),
        EMULATOR_TEST(deleting_a_key_leaves_its_channel),
        EMULATOR_TEST(a_list_holds_the_channels_key_without_its_value),
        EMULATOR_TEST(a_batch_answers_whole_keys_in_the_order_asked),
        EMULATOR_TEST(a_batch_names_the_keys_it_does_not_know),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
