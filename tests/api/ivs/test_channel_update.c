/*
 * UpdateChannel, and the rules about which settings of a channel go together.
 */
#include "support/emulator.h"

#include "support/cmocka_all.h"

#define REGION "us-east-1"

/* UpdateChannel with these members, which are JSON without the braces. */
static struct reply update(struct emulator *emu, const char *arn, const char *members)
{
    return emulator_call(emu, REGION, "UpdateChannel", "{\"arn\":\"%s\",%s}", arn,
                         members);
}

/* The ARN of a channel created with these members. */
static const char *create(struct emulator *emu, const char *members)
{
    struct reply reply = emulator_call(emu, REGION, "CreateChannel", "{%s}", members);

    assert_success(reply, 200);
    return reply_string(reply, "channel.arn");
}

static struct reply get(struct emulator *emu, const char *arn)
{
    return emulator_call(emu, REGION, "GetChannel", "{\"arn\":\"%s\"}", arn);
}

static void an_update_changes_only_the_given_members(void **state)
{
    static const struct {
        const char *member;
        const char *update;
    } changes[] = {
        {"name",                         "\"name\":\"other\""                    },
        {"latencyMode",                  "\"latencyMode\":\"NORMAL\""            },
        {"type",                         "\"type\":\"BASIC\""                    },
        {"authorized",                   "\"authorized\":true"                   },
        {"insecureIngest",               "\"insecureIngest\":true"               },
        {"containerFormat",              "\"containerFormat\":\"FRAGMENTED_MP4\""},
        {"multitrackInputConfiguration",
         "\"multitrackInputConfiguration\":{\"policy\":\"REQUIRE\"}"             },
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        const char *arn = create(emu, "\"name\":\"lobby\",\"tags\":{\"a\":\"b\"}");
        struct reply before = get(emu, arn);

        struct reply reply = update(emu, arn, changes[i].update);

        assert_success(reply, 200);
        assert_int_equal(cJSON_GetArraySize(reply.body), 1);
        cJSON *was = cJSON_GetObjectItemCaseSensitive(before.body, "channel");
        cJSON *is = cJSON_GetObjectItemCaseSensitive(reply.body, "channel");
        assert_true(cJSON_Compare(is, reply_item(get(emu, arn), "channel"), true));
        assert_false(cJSON_Compare(was, is, true));
        cJSON_DeleteItemFromObjectCaseSensitive(was, changes[i].member);
        cJSON_DeleteItemFromObjectCaseSensitive(is, changes[i].member);
        assert_true(cJSON_Compare(was, is, true));
    }
}

static void an_update_of_nothing_changes_nothing(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create(emu, "\"type\":\"ADVANCED_HD\",\"authorized\":true");
    struct reply before = get(emu, arn);

    struct reply reply =
        emulator_call(emu, REGION, "UpdateChannel", "{\"arn\":\"%s\"}", arn);

    assert_success(reply, 200);
    assert_true(cJSON_Compare(before.body, reply.body, true));
}

static void a_true_member_can_be_set_to_false(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create(emu, "\"authorized\":true,\"insecureIngest\":true");

    struct reply reply =
        update(emu, arn, "\"authorized\":false,\"insecureIngest\":false");

    assert_false(reply_bool(reply, "channel.authorized"));
    assert_false(reply_bool(reply, "channel.insecureIngest"));
}

static void a_name_can_be_emptied(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create(emu, "\"name\":\"lobby\"");

    struct reply reply = update(emu, arn, "\"name\":\"\"");

    assert_string_equal(reply_string(reply, "channel.name"), "");
}

static void null_members_change_nothing(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create(emu, "\"name\":\"lobby\",\"authorized\":true");

    struct reply reply = update(emu, arn, "\"name\":null,\"authorized\":null");

    assert_string_equal(reply_string(reply, "channel.name"), "lobby");
    assert_true(reply_bool(reply, "channel.authorized"));
}

static void an_update_ignores_tags(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create(emu, "\"tags\":{\"a\":\"b\"}");

    struct reply reply = update(emu, arn, "\"tags\":{\"c\":\"d\"}");

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "channel.tags"), 1);
    assert_string_equal(reply_string(reply, "channel.tags.a"), "b");
}

static void recording_is_attached_kept_and_detached(void **state)
{
    struct emulator *emu = *state;
    const char *recording = create_recording_configuration(emu, REGION, "demo-bucket");
    const char *arn = create(emu, "\"name\":\"lobby\"");

    struct reply attached =
        update(emu, arn,
               emulator_printf(emu, "\"recordingConfigurationArn\":\"%s\"", recording));
    struct reply kept = update(emu, arn, "\"name\":\"other\"");
    struct reply detached = update(emu, arn, "\"recordingConfigurationArn\":\"\"");

    assert_string_equal(reply_string(attached, "channel.recordingConfigurationArn"),
                        recording);
    assert_string_equal(reply_string(kept, "channel.recordingConfigurationArn"),
                        recording);
    assert_string_equal(reply_string(detached, "channel.recordingConfigurationArn"), "");
    assert_string_equal(reply_string(get(emu, arn), "channel.recordingConfigurationArn"),
                        "");
}

static void an_update_that_refers_to_a_missing_resource_changes_nothing(void **state)
{
    static const char *const members[] = {
        "\"name\":\"x\",\"recordingConfigurationArn\":"
        "\"arn:aws:ivs:us-east-1:000000000000:recording-configuration/abcdABCDefgh\"",
        "\"name\":\"x\",\"playbackRestrictionPolicyArn\":"
        "\"arn:aws:ivs:us-east-1:000000000000:playback-restriction-policy/abcdABCDefgh\"",
        "\"name\":\"x\",\"adConfigurationArn\":"
        "\"arn:aws:ivs:us-east-1:000000000000:ad-configuration/abcdABCDefgh\"",
        "\"name\":\"x\",\"failoverSlateConfigurationArn\":"
        "\"arn:aws:ivs:us-east-1:000000000000:failover-slate-configuration/"
        "abcdABCDefgh\"",
    };
    struct emulator *emu = *state;
    const char *arn = create(emu, "\"name\":\"lobby\"");

    for (size_t i = 0; i < COUNT_OF(members); i++) {
        struct reply reply = update(emu, arn, members[i]);
        assert_error(reply, 404, "ResourceNotFoundException");
        assert_string_equal(reply_string(get(emu, arn), "channel.name"), "lobby");
    }
}

static void an_unknown_channel_cannot_be_updated(void **state)
{
    struct emulator *emu = *state;
    const char *arn = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh";

    struct reply reply = update(emu, arn, "\"name\":\"lobby\"");

    assert_error_says(reply, 404, "ResourceNotFoundException",
                      emulator_printf(emu, "Resource: %s not found", arn));
}

static void existence_is_checked_before_rules_between_members(void **state)
{
    const char *arn = "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh";

    struct reply reply = update(
        *state, arn, "\"type\":\"BASIC\",\"preset\":\"HIGHER_BANDWIDTH_DELIVERY\"");

    assert_error(reply, 404, "ResourceNotFoundException");
}

static void endpoints_and_arn_never_change(void **state)
{
    static const char *const fixed[] = {"channel.arn", "channel.ingestEndpoint",
                                        "channel.playbackUrl", "channel.srt.endpoint",
                                        "channel.srt.passphrase"};
    struct emulator *emu = *state;
    const char *arn = create(emu, "\"name\":\"lobby\"");
    struct reply before = get(emu, arn);

    struct reply after = update(emu, arn, "\"name\":\"other\",\"type\":\"BASIC\"");

    for (size_t i = 0; i < COUNT_OF(fixed); i++)
        assert_string_equal(reply_string(before, fixed[i]),
                            reply_string(after, fixed[i]));
}

static void an_advanced_channel_has_a_preset_by_default(void **state)
{
    struct emulator *emu = *state;

    struct reply sd =
        emulator_call(emu, REGION, "CreateChannel", "{\"type\":\"ADVANCED_SD\"}");
    struct reply hd = emulator_call(emu, REGION, "CreateChannel",
                                    "{\"type\":\"ADVANCED_HD\",\"preset\":\"\"}");

    assert_string_equal(reply_string(sd, "channel.preset"), "HIGHER_BANDWIDTH_DELIVERY");
    assert_string_equal(reply_string(hd, "channel.preset"), "HIGHER_BANDWIDTH_DELIVERY");
}

static void a_preset_is_refused_for_basic_and_standard(void **state)
{
    static const char *const presets[] = {"HIGHER_BANDWIDTH_DELIVERY",
                                          "CONSTRAINED_BANDWIDTH_DELIVERY"};
    struct emulator *emu = *state;
    const char *arn = create(emu, "\"name\":\"lobby\"");

    for (size_t i = 0; i < COUNT_OF(presets); i++) {
        struct reply basic =
            emulator_call(emu, REGION, "CreateChannel",
                          "{\"type\":\"BASIC\",\"preset\":\"%s\"}", presets[i]);
        struct reply standard = emulator_call(emu, REGION, "CreateChannel",
                                              "{\"preset\":\"%s\"}", presets[i]);
        struct reply updated =
            update(emu, arn, emulator_printf(emu, "\"preset\":\"%s\"", presets[i]));
        assert_error(basic, 400, "ValidationException");
        assert_error(standard, 400, "ValidationException");
        assert_error(updated, 400, "ValidationException");
    }
}

static void an_empty_preset_is_accepted_for_every_type(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = emulator_call(emu, REGION, "CreateChannel",
                                       "{\"type\":\"BASIC\",\"preset\":\"\"}");

    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, "channel.preset"), "");
}

static void a_preset_is_removed_when_the_new_type_has_none(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create(emu, "\"type\":\"ADVANCED_HD\","
                                  "\"preset\":\"CONSTRAINED_BANDWIDTH_DELIVERY\"");

    struct reply standard = update(emu, arn, "\"type\":\"STANDARD\"");
    struct reply advanced = update(emu, arn, "\"type\":\"ADVANCED_SD\"");

    assert_string_equal(reply_string(standard, "channel.preset"), "");
    assert_string_equal(reply_string(advanced, "channel.preset"),
                        "HIGHER_BANDWIDTH_DELIVERY");
}

static void a_preset_stays_between_advanced_types(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create(emu, "\"type\":\"ADVANCED_HD\","
                                  "\"preset\":\"CONSTRAINED_BANDWIDTH_DELIVERY\"");

    struct reply other_type = update(emu, arn, "\"type\":\"ADVANCED_SD\"");
    struct reply other_preset =
        update(emu, arn, "\"preset\":\"HIGHER_BANDWIDTH_DELIVERY\"");

    assert_string_equal(reply_string(other_type, "channel.preset"),
                        "CONSTRAINED_BANDWIDTH_DELIVERY");
    assert_string_equal(reply_string(other_preset, "channel.preset"),
                        "HIGHER_BANDWIDTH_DELIVERY");
}

static void type_and_preset_may_change_together(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create(emu, "\"name\":\"lobby\"");

    struct reply reply = update(emu, arn,
                                "\"type\":\"ADVANCED_SD\","
                                "\"preset\":\"CONSTRAINED_BANDWIDTH_DELIVERY\"");

    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, "channel.preset"),
                        "CONSTRAINED_BANDWIDTH_DELIVERY");
}

#define MULTITRACK(members) "\"multitrackInputConfiguration\":{" members "}"
#define MULTITRACK_ON                                                                    \
    MULTITRACK("\"enabled\":true,\"policy\":\"ALLOW\",\"maximumResolution\":\"HD\"")
#define FRAGMENTED "\"containerFormat\":\"FRAGMENTED_MP4\""

static void multitrack_input_can_be_enabled_with_all_its_requirements(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        emulator_call(emu, REGION, "CreateChannel", "{" MULTITRACK_ON "," FRAGMENTED "}");

    assert_success(reply, 200);
    assert_true(reply_bool(reply, "channel.multitrackInputConfiguration.enabled"));
    assert_string_equal(
        reply_string(reply, "channel.multitrackInputConfiguration.maximumResolution"),
        "HD");
}

static void multitrack_input_without_a_requirement_is_refused(void **state)
{
    static const struct {
        const char *members;
        const char *message;
    } cases[] = {
        {MULTITRACK_ON "," FRAGMENTED ",\"type\":\"BASIC\"",
         "CreateChannel.multitrackInputConfiguration.enabled is allowed only with type "
         "STANDARD"                   },
        {MULTITRACK_ON "," FRAGMENTED ",\"type\":\"ADVANCED_HD\"",
         "CreateChannel.multitrackInputConfiguration.enabled is allowed only with type "
         "STANDARD"                   },
        {MULTITRACK("\"enabled\":true,\"maximumResolution\":\"HD\"") "," FRAGMENTED,
         "CreateChannel.multitrackInputConfiguration.policy is required when multitrack "
         "input is enabled"           },
        {MULTITRACK("\"enabled\":true,\"policy\":\"ALLOW\"") "," FRAGMENTED,
         "CreateChannel.multitrackInputConfiguration.maximumResolution is required when "
         "multitrack input is enabled"},
        {MULTITRACK_ON,
         "CreateChannel.containerFormat must be FRAGMENTED_MP4 when multitrack input is "
         "enabled"                    },
        {MULTITRACK_ON ",\"containerFormat\":\"TS\"",
         "CreateChannel.containerFormat must be FRAGMENTED_MP4 when multitrack input is "
         "enabled"                    },
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply reply =
            emulator_call(emu, REGION, "CreateChannel", "{%s}", cases[i].members);
        assert_error_says(reply, 400, "ValidationException", cases[i].message);
    }
}

static void disabled_multitrack_input_has_no_requirements(void **state)
{
    struct emulator *emu = *state;

    struct reply empty =
        emulator_call(emu, REGION, "CreateChannel", "{" MULTITRACK("") "}");
    struct reply basic =
        emulator_call(emu, REGION, "CreateChannel",
                      "{" MULTITRACK("\"policy\":\"REQUIRE\"") ",\"type\":\"BASIC\"}");

    assert_success(empty, 200);
    assert_string_equal(
        reply_string(empty, "channel.multitrackInputConfiguration.policy"), "ALLOW");
    assert_success(basic, 200);
    assert_string_equal(
        reply_string(basic, "channel.multitrackInputConfiguration.policy"), "REQUIRE");
    assert_string_equal(
        reply_string(basic, "channel.multitrackInputConfiguration.maximumResolution"),
        "FULL_HD");
}

static void an_update_may_not_break_the_multitrack_rules(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create(emu, MULTITRACK_ON "," FRAGMENTED);

    struct reply type = update(emu, arn, "\"type\":\"BASIC\"");
    struct reply container = update(emu, arn, "\"containerFormat\":\"TS\"");
    struct reply both_off =
        update(emu, arn, MULTITRACK("\"enabled\":false") ",\"containerFormat\":\"TS\"");

    assert_error(type, 400, "ValidationException");
    assert_error(container, 400, "ValidationException");
    assert_success(both_off, 200);
    assert_string_equal(reply_string(get(emu, arn), "channel.containerFormat"), "TS");
}

static void multitrack_can_be_enabled_with_the_channels_present_settings(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create(emu, FRAGMENTED);
    const char *ts = create(emu, "\"name\":\"ts\"");

    assert_success(update(emu, arn, MULTITRACK_ON), 200);
    assert_error(update(emu, ts, MULTITRACK_ON), 400, "ValidationException");
}

#define ADS                                                                              \
    "\"adConfigurationArn\":\"arn:aws:ivs:us-east-1:000000000000:ad-configuration/"      \
    "abcdABCDefgh\""

static void ads_are_refused_on_fragmented_mp4(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create(emu, FRAGMENTED);

    struct reply created =
        emulator_call(emu, REGION, "CreateChannel", "{" ADS "," FRAGMENTED "}");
    struct reply updated = update(emu, arn, ADS);

    assert_error_says(
        created, 400, "ValidationException",
        "CreateChannel.adConfigurationArn is allowed only with containerFormat TS");
    assert_error_says(
        updated, 400, "ValidationException",
        "UpdateChannel.adConfigurationArn is allowed only with containerFormat TS");
}

static void
rules_between_members_are_checked_before_references_are_looked_up(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = emulator_call(
        emu, REGION, "CreateChannel",
        "{\"preset\":\"HIGHER_BANDWIDTH_DELIVERY\",\"recordingConfigurationArn\":"
        "\"arn:aws:ivs:us-east-1:000000000000:recording-configuration/abcdABCDefgh\"}");

    assert_error(reply, 400, "ValidationException");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(an_update_changes_only_the_given_members),
        EMULATOR_TEST(an_update_of_nothing_changes_nothing),
        EMULATOR_TEST(a_true_member_can_be_set_to_false),
        EMULATOR_TEST(a_name_can_be_emptied),
        EMULATOR_TEST(null_members_change_nothing),
        EMULATOR_TEST(an_update_ignores_tags),
        EMULATOR_TEST(recording_is_attached_kept_and_detached),
        EMULATOR_TEST(an_update_that_refers_to_a_missing_resource_changes_nothing),
        EMULATOR_TEST(an_unknown_channel_cannot_be_updated),
        EMULATOR_TEST(existence_is_checked_before_rules_between_members),
        EMULATOR_TEST(endpoints_and_arn_never_change),
        EMULATOR_TEST(an_advanced_channel_has_a_preset_by_default),
        EMULATOR_TEST(a_preset_is_refused_for_basic_and_standard),
        EMULATOR_TEST(an_empty_preset_is_accepted_for_every_type),
        EMULATOR_TEST(a_preset_is_removed_when_the_new_type_has_none),
        EMULATOR_TEST(a_preset_stays_between_advanced_types),
        EMULATOR_TEST(type_and_preset_may_change_together),
        EMULATOR_TEST(multitrack_input_can_be_enabled_with_all_its_requirements),
        EMULATOR_TEST(multitrack_input_without_a_requirement_is_refused),
        EMULATOR_TEST(disabled_multitrack_input_has_no_requirements),
        EMULATOR_TEST(an_update_may_not_break_the_multitrack_rules),
        EMULATOR_TEST(multitrack_can_be_enabled_with_the_channels_present_settings),
        EMULATOR_TEST(ads_are_refused_on_fragmented_mp4),
        EMULATOR_TEST(rules_between_members_are_checked_before_references_are_looked_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
