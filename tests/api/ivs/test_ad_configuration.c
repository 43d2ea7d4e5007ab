/*
 * Ad configurations: MediaTailor entries, post-rolls, partial updates. What a channel has
 * to do with them is in test_channel_references.c.
 */
#include "support/playback.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define ARN_START "arn:aws:ivs:us-east-1:000000000000:ad-configuration/"
#define TAILORS "mediaTailorPlaybackConfigurations"
#define CONFIGURATION "adConfiguration"

static struct reply create_with(struct emulator *emu, const char *tailors)
{
    return emulator_call(emu, REGION, "CreateAdConfiguration", "{\"" TAILORS "\":%s}",
                         tailors);
}

static void a_configuration_has_defaults_for_all_but_its_entries(void **state)
{
    struct reply reply = create_with(*state, ONE_MEDIA_TAILOR("ads"));

    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, CONFIGURATION ".name"), "");
    assert_int_equal(reply_count(reply, CONFIGURATION "." TAILORS), 1);
    assert_string_equal(
        reply_string(reply, CONFIGURATION "." TAILORS ".0.playbackConfigurationArn"),
        "arn:aws:mediatailor:us-east-1:000000000000:playbackConfiguration/ads");
    assert_false(reply_bool(reply, CONFIGURATION ".postRollConfiguration.enabled"));
    assert_int_equal(
        reply_int(reply, CONFIGURATION ".postRollConfiguration.durationSeconds"), 15);
    assert_int_equal(reply_count(reply, CONFIGURATION ".tags"), 0);
    const char *arn = reply_string(reply, CONFIGURATION ".arn");
    assert_memory_equal(arn, ARN_START, strlen(ARN_START));
    assert_int_equal(strlen(arn), strlen(ARN_START) + 12);
}

/* A configuration with every member given. */
static struct reply create_full(struct emulator *emu)
{
    struct reply reply = emulator_call(
        emu, REGION, "CreateAdConfiguration",
        "{\"name\":\"ads-1\",\"" TAILORS "\":[{\"playbackConfigurationArn\":%s},"
        "{\"playbackConfigurationArn\":%s,\"unknown\":1},{\"playbackConfigurationArn\":%"
        "s}],"
        "\"postRollConfiguration\":{\"enabled\":true,\"durationSeconds\":300,\"more\":1},"
        "\"tags\":{\"a\":\"b\"}}",
        MEDIA_TAILOR("one"), MEDIA_TAILOR("two"), MEDIA_TAILOR("three"));

    assert_success(reply, 200);
    return reply;
}

static void create_answers_what_it_was_given(void **state)
{
    struct reply reply = create_full(*state);

    assert_string_equal(reply_string(reply, CONFIGURATION ".name"), "ads-1");
    assert_int_equal(reply_count(reply, CONFIGURATION "." TAILORS), 3);
    assert_string_equal(
        reply_string(reply, CONFIGURATION "." TAILORS ".1.playbackConfigurationArn"),
        "arn:aws:mediatailor:us-east-1:000000000000:playbackConfiguration/two");
    assert_true(reply_bool(reply, CONFIGURATION ".postRollConfiguration.enabled"));
    assert_int_equal(
        reply_int(reply, CONFIGURATION ".postRollConfiguration.durationSeconds"), 300);
    assert_string_equal(reply_string(reply, CONFIGURATION ".tags.a"), "b");
}

static void members_that_no_shape_knows_are_not_kept(void **state)
{
    struct reply reply = create_full(*state);

    assert_int_equal(reply_count(reply, CONFIGURATION "." TAILORS ".1"), 1);
    assert_int_equal(reply_count(reply, CONFIGURATION ".postRollConfiguration"), 2);
}

static void get_answers_what_create_answered(void **state)
{
    struct emulator *emu = *state;
    struct reply created = create_full(emu);

    struct reply reply = call_arn(emu, REGION, "GetAdConfiguration",
                                  reply_string(created, CONFIGURATION ".arn"));

    assert_success(reply, 200);
    assert_true(cJSON_Compare(reply.body, created.body, true));
}

static void an_entry_without_an_arn_is_refused(void **state)
{
    struct emulator *emu = *state;
    struct reply created = create_full(emu);

    struct reply first = create_with(emu, "[{}]");
    struct reply second =
        create_with(emu, emulator_printf(emu,
                                         "[{\"playbackConfigurationArn\":%s},"
                                         "{\"playbackConfigurationArn\":null}]",
                                         MEDIA_TAILOR("ads")));
    struct reply updated = emulator_call(emu, REGION, "UpdateAdConfiguration",
                                         "{\"arn\":\"%s\",\"" TAILORS "\":[{}]}",
                                         reply_string(created, CONFIGURATION ".arn"));

    assert_error_says(first, 400, "ValidationException",
                      "CreateAdConfiguration." TAILORS
                      "[0].playbackConfigurationArn is a required attribute");
    assert_error_says(second, 400, "ValidationException",
                      "CreateAdConfiguration." TAILORS
                      "[1].playbackConfigurationArn is a required attribute");
    assert_error_says(updated, 400, "ValidationException",
                      "UpdateAdConfiguration." TAILORS
                      "[0].playbackConfigurationArn is a required attribute");
}

static void a_post_roll_needs_both_its_members(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        emulator_call(emu, REGION, "CreateAdConfiguration",
                      "{\"" TAILORS "\":%s,\"postRollConfiguration\":{\"enabled\":true}}",
                      ONE_MEDIA_TAILOR("ads"));

    assert_error_says(reply, 400, "ValidationException",
                      "CreateAdConfiguration.postRollConfiguration.durationSeconds is a "
                      "required attribute");
}

#define OTHER_ACCOUNTS                                                                   \
    "arn:aws:mediatailor:us-east-1:111111111111:playbackConfiguration/ads"
#define OTHER_REGIONS                                                                    \
    "arn:aws:mediatailor:eu-west-1:000000000000:playbackConfiguration/ads"

static void entries_of_another_account_are_not_found(void **state)
{
    static const char list[] = "[{\"playbackConfigurationArn\":\"" OTHER_ACCOUNTS "\"}]";
    struct emulator *emu = *state;
    const char *arn = create_ad_configuration(emu, REGION, "ads-1");

    struct reply created = create_with(emu, list);
    struct reply updated = emulator_call(
        emu, REGION, "UpdateAdConfiguration",
        "{\"arn\":\"%s\",\"name\":\"ads-2\",\"" TAILORS "\":%s}", arn, list);
    struct reply got = call_arn(emu, REGION, "GetAdConfiguration", arn);

    assert_error_says(created, 404, "ResourceNotFoundException",
                      "Resource: " OTHER_ACCOUNTS " not found");
    assert_error(updated, 404, "ResourceNotFoundException");
    assert_string_equal(reply_string(got, CONFIGURATION ".name"), "ads-1");
}

static void entries_of_another_region_are_taken(void **state)
{
    struct reply reply =
        create_with(*state, "[{\"playbackConfigurationArn\":\"" OTHER_REGIONS "\"}]");

    assert_success(reply, 200);
    assert_string_equal(
        reply_string(reply, CONFIGURATION "." TAILORS ".0.playbackConfigurationArn"),
        OTHER_REGIONS);
}

static void an_update_of_nothing_changes_nothing(void **state)
{
    struct emulator *emu = *state;
    struct reply created = create_full(emu);

    struct reply reply = call_arn(emu, REGION, "UpdateAdConfiguration",
                                  reply_string(created, CONFIGURATION ".arn"));

    assert_success(reply, 200);
    assert_true(cJSON_Compare(reply.body, created.body, true));
}

static void an_update_changes_what_it_names_and_nothing_else(void **state)
{
    static const struct {
        const char *member;
        const char *value;
    } changes[] = {
        {"name",                  "\"ads-2\""                                },
        {TAILORS,                 ONE_MEDIA_TAILOR("four")                   },
        {"postRollConfiguration", "{\"enabled\":false,\"durationSeconds\":1}"},
        {"name",                  "\"\""                                     },
    };
    struct emulator *emu = *state;
    struct reply before = create_full(emu);
    const char *arn = reply_string(before, CONFIGURATION ".arn");

    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct reply after = emulator_call(emu, REGION, "UpdateAdConfiguration",
                                           "{\"arn\":\"%s\",\"%s\":%s}", arn,
                                           changes[i].member, changes[i].value);
        assert_success(after, 200);
        cJSON *expected = cJSON_Duplicate(reply_item(before, CONFIGURATION), true);
        cJSON_ReplaceItemInObjectCaseSensitive(expected, changes[i].member,
                                               cJSON_Parse(changes[i].value));
        assert_true(cJSON_Compare(reply_item(after, CONFIGURATION), expected, true));
        struct reply got = call_arn(emu, REGION, "GetAdConfiguration", arn);
        assert_true(cJSON_Compare(reply_item(got, CONFIGURATION), expected, true));
        cJSON_Delete(expected);
        before = after;
    }
}

static void a_list_shows_whole_configurations(void **state)
{
    struct emulator *emu = *state;
    struct reply first = create_full(emu);

    struct reply whole = emulator_call(emu, REGION, "ListAdConfigurations", "{}");

    assert_success(whole, 200);
    assert_int_equal(reply_count(whole, "adConfigurations"), 1);
    assert_true(cJSON_Compare(reply_item(whole, "adConfigurations.0"),
                              reply_item(first, CONFIGURATION), true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_configuration_has_defaults_for_all_but_its_entries),
        EMULATOR_TEST(create_answers_what_it_was_given),
        EMULATOR_TEST(members_that_no_shape_knows_are_not_kept),
        EMULATOR_TEST(get_answers_what_create_answered),
        EMULATOR_TEST(an_entry_without_an_arn_is_refused),
        EMULATOR_TEST(a_post_roll_needs_both_its_members),
        EMULATOR_TEST(entries_of_another_account_are_not_found),
        EMULATOR_TEST(entries_of_another_region_are_taken),
        EMULATOR_TEST(an_update_of_nothing_changes_nothing),
        EMULATOR_TEST(an_update_changes_what_it_names_and_nothing_else),
        EMULATOR_TEST(a_list_shows_whole_configurations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
