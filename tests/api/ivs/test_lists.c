/*
 * ListChannels and ListRecordingConfigurations: order, filters and pages.
 */
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define UNKNOWN_RECORDING                                                                \
    "arn:aws:ivs:us-east-1:000000000000:recording-configuration/abcdABCDefgh"
#define SOME_POLICY                                                                      \
    "arn:aws:ivs:us-east-1:000000000000:playback-restriction-policy/abcdABCDefgh"
#define REMOTE_RECORDING                                                                 \
    "arn:aws:ivs:eu-west-1:000000000000:recording-configuration/abcdABCDefgh"
#define SOME_SLATE                                                                       \
    "arn:aws:ivs:us-east-1:000000000000:failover-slate-configuration/abcdABCDefgh"
#define SOME_ADS "arn:aws:ivs:us-east-1:000000000000:ad-configuration/abcdABCDefgh"

/* ListChannels with these members. */
static struct reply list(struct emulator *emu, const char *members)
{
    return emulator_call(emu, REGION, "ListChannels", "{%s}", members);
}

/* The page after the one that `before` was, of a list of `limit`. */
static struct reply next(struct emulator *emu, struct reply before, int limit)
{
    return list(emu, emulator_printf(emu, "\"maxResults\":%d,\"nextToken\":\"%s\"", limit,
                                     reply_string(before, "nextToken")));
}

/* The names of the channels on a page, joined by spaces. */
static const char *names(struct emulator *emu, struct reply page)
{
    const cJSON *channel;
    const char *all = "";

    assert_success(page, 200);
    cJSON_ArrayForEach(channel, reply_item(page, "channels")) {
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(channel, "name");
        all = emulator_printf(emu, "%s%s%s", all, all[0] != '\0' ? " " : "",
                              name->valuestring);
    }
    return all;
}

static void create_channels(struct emulator *emu, const char *prefix, int count)
{
    for (int i = 1; i <= count; i++)
        create_channel(emu, REGION, emulator_printf(emu, "%s%d", prefix, i));
}

static void delete_channel(struct emulator *emu, const char *arn)
{
    assert_success(emulator_call(emu, REGION, "DeleteChannel", "{\"arn\":\"%s\"}", arn),
                   204);
}

static const char *create_recorded(struct emulator *emu, const char *name,
                                   const char *recording)
{
    struct reply reply = emulator_call(
        emu, REGION, "CreateChannel",
        "{\"name\":\"%s\",\"recordingConfigurationArn\":\"%s\"}", name, recording);

    assert_success(reply, 200);
    return reply_string(reply, "channel.arn");
}

static void nothing_gives_an_empty_list(void **state)
{
    struct emulator *emu = *state;

    struct reply channels = list(emu, "");
    struct reply recordings =
        emulator_call(emu, REGION, "ListRecordingConfigurations", "{}");

    assert_success(channels, 200);
    assert_int_equal(reply_count(channels, "channels"), 0);
    assert_false(reply_has(channels, "nextToken"));
    assert_success(recordings, 200);
    assert_int_equal(reply_count(recordings, "recordingConfigurations"), 0);
    assert_false(reply_has(recordings, "nextToken"));
}

static void a_summary_lacks_what_only_the_whole_has(void **state)
{
    static const char *const kept[] = {"arn",
                                       "name",
                                       "latencyMode",
                                       "type",
                                       "preset",
                                       "authorized",
                                       "insecureIngest",
                                       "recordingConfigurationArn",
                                       "playbackRestrictionPolicyArn",
                                       "adConfigurationArn",
                                       "failoverSlateConfigurationArn",
                                       "tags"};
    struct emulator *emu = *state;
    struct reply made = emulator_call(emu, REGION, "CreateChannel",
                                      "{\"name\":\"lobby\",\"type\":\"ADVANCED_HD\","
                                      "\"authorized\":true,\"tags\":{\"a\":\"b\"}}");

    struct reply reply = list(emu, "");

    const cJSON *whole = reply_item(made, "channel");
    const cJSON *summary = reply_item(reply, "channels.0");
    assert_int_equal(cJSON_GetArraySize(summary), COUNT_OF(kept));
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        assert_true(cJSON_Compare(cJSON_GetObjectItemCaseSensitive(whole, kept[i]),
                                  cJSON_GetObjectItemCaseSensitive(summary, kept[i]),
                                  true));
}

static void a_list_is_in_the_order_of_creation(void **state)
{
    struct emulator *emu = *state;
    create_channel(emu, REGION, "c");
    create_channel(emu, REGION, "a");
    create_channel(emu, REGION, "b");

    struct reply reply = list(emu, "");

    assert_string_equal(names(emu, reply), "c a b");
    assert_false(reply_has(reply, "nextToken"));
}

static void an_update_does_not_move_a_channel(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "a");
    create_channel(emu, REGION, "b");

    assert_success(emulator_call(emu, REGION, "UpdateChannel",
                                 "{\"arn\":\"%s\",\"name\":\"z\"}", arn),
                   200);

    assert_string_equal(names(emu, list(emu, "")), "z b");
}

static void pages_follow_each_other_to_the_end(void **state)
{
    struct emulator *emu = *state;
    create_channels(emu, "c", 5);

    struct reply first = list(emu, "\"maxResults\":2");
    struct reply second = next(emu, first, 2);
    struct reply third = next(emu, second, 2);

    assert_string_equal(names(emu, first), "c1 c2");
    assert_string_equal(names(emu, second), "c3 c4");
    assert_string_equal(names(emu, third), "c5");
    assert_false(reply_has(third, "nextToken"));
}

static void a_page_that_holds_the_rest_exactly_is_the_last(void **state)
{
    struct emulator *emu = *state;
    create_channels(emu, "c", 4);

    struct reply first = list(emu, "\"maxResults\":2");
    struct reply second = next(emu, first, 2);
    struct reply whole = list(emu, "\"maxResults\":4");

    assert_string_equal(names(emu, second), "c3 c4");
    assert_false(reply_has(second, "nextToken"));
    assert_false(reply_has(whole, "nextToken"));
}

static void the_page_size_may_change_between_pages(void **state)
{
    struct emulator *emu = *state;
    create_channels(emu, "c", 6);

    struct reply first = list(emu, "\"maxResults\":1");
    struct reply second = next(emu, first, 3);
    struct reply third = next(emu, second, 100);

    assert_string_equal(names(emu, second), "c2 c3 c4");
    assert_string_equal(names(emu, third), "c5 c6");
}

static void an_empty_token_is_the_first_page(void **state)
{
    struct emulator *emu = *state;
    create_channels(emu, "c", 2);

    struct reply reply = list(emu, "\"nextToken\":\"\",\"maxResults\":1");

    assert_string_equal(names(emu, reply), "c1");
}

static void a_page_has_a_hundred_channels_by_default(void **state)
{
    struct emulator *emu = *state;
    create_channels(emu, "c", 101);

    struct reply first = list(emu, "");
    struct reply second = list(emu, emulator_printf(emu, "\"nextToken\":\"%s\"",
                                                    reply_string(first, "nextToken")));

    assert_int_equal(reply_count(first, "channels"), 100);
    assert_string_equal(names(emu, second), "c101");
}

static void a_token_survives_inserts_and_deletes_between_pages(void **state)
{
    struct emulator *emu = *state;
    const char *first_arn = create_channel(emu, REGION, "c1");
    const char *last_seen = create_channel(emu, REGION, "c2");
    const char *to_come = create_channel(emu, REGION, "c3");
    create_channel(emu, REGION, "c4");
    struct reply first = list(emu, "\"maxResults\":2");

    delete_channel(emu, first_arn);
    delete_channel(emu, last_seen);
    delete_channel(emu, to_come);
    create_channel(emu, REGION, "c5");

    assert_string_equal(names(emu, next(emu, first, 10)), "c4 c5");
}

static void a_token_whose_rest_is_gone_gives_an_empty_page(void **state)
{
    struct emulator *emu = *state;
    create_channel(emu, REGION, "c1");
    const char *rest = create_channel(emu, REGION, "c2");
    struct reply first = list(emu, "\"maxResults\":1");

    delete_channel(emu, rest);

    struct reply second = next(emu, first, 1);
    assert_string_equal(names(emu, second), "");
    assert_false(reply_has(second, "nextToken"));
}

static void the_place_of_a_deleted_channel_is_not_given_again(void **state)
{
    struct emulator *emu = *state;
    create_channels(emu, "c", 2);
    struct reply all = list(emu, "");
    struct reply first = list(emu, "\"maxResults\":1");

    delete_channel(emu, reply_string(all, "channels.1.arn"));
    delete_channel(emu, reply_string(all, "channels.0.arn"));
    create_channel(emu, REGION, "new");

    assert_string_equal(names(emu, next(emu, first, 1)), "new");
}

static void a_filter_by_name_matches_the_whole_name(void **state)
{
    struct emulator *emu = *state;
    create_channel(emu, REGION, "lobby");
    create_channel(emu, REGION, "lobby2");
    create_channel(emu, REGION, "Lobby");
    create_channel(emu, REGION, "lobby");

    assert_string_equal(names(emu, list(emu, "\"filterByName\":\"lobby\"")),
                        "lobby lobby");
    assert_string_equal(names(emu, list(emu, "\"filterByName\":\"lob\"")), "");
}

static void a_filter_by_name_pages_through_its_matches(void **state)
{
    struct emulator *emu = *state;
    for (int i = 0; i < 3; i++) {
        create_channel(emu, REGION, "a");
        create_channel(emu, REGION, "b");
    }

    struct reply first = list(emu, "\"filterByName\":\"b\",\"maxResults\":2");
    struct reply second =
        list(emu, emulator_printf(
                      emu, "\"filterByName\":\"b\",\"maxResults\":2,\"nextToken\":\"%s\"",
                      reply_string(first, "nextToken")));

    assert_string_equal(names(emu, first), "b b");
    assert_string_equal(names(emu, second), "b");
    assert_false(reply_has(second, "nextToken"));
}

static void a_filter_by_recording_configuration_finds_its_channels(void **state)
{
    struct emulator *emu = *state;
    const char *one = create_recording_configuration(emu, REGION, "bucket-one");
    const char *two = create_recording_configuration(emu, REGION, "bucket-two");
    create_recorded(emu, "a", one);
    create_recorded(emu, "b", two);
    create_channel(emu, REGION, "c");
    create_recorded(emu, "d", one);

    struct reply reply = list(
        emu, emulator_printf(emu, "\"filterByRecordingConfigurationArn\":\"%s\"", one));

    assert_string_equal(names(emu, reply), "a d");
}

static void a_filter_by_what_no_channel_has_gives_an_empty_list(void **state)
{
    static const char *const filters[] = {
        "\"filterByName\":\"nobody\"",
        "\"filterByRecordingConfigurationArn\":\"" UNKNOWN_RECORDING "\"",
        "\"filterByPlaybackRestrictionPolicyArn\":\"" SOME_POLICY "\"",
        "\"filterByAdConfigurationArn\":\"" SOME_ADS "\"",
        "\"filterByFailoverSlateConfigurationArn\":\"" SOME_SLATE "\"",
        "\"filterByRecordingConfigurationArn\":\"" REMOTE_RECORDING "\"",
    };
    struct emulator *emu = *state;
    create_channels(emu, "c", 2);

    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        struct reply reply = list(emu, filters[i]);
        assert_string_equal(names(emu, reply), "");
        assert_false(reply_has(reply, "nextToken"));
    }
}

static void an_empty_filter_counts_as_absent(void **state)
{
    static const char *const members[] = {
        "filterByName", "filterByRecordingConfigurationArn",
        "filterByPlaybackRestrictionPolicyArn", "filterByAdConfigurationArn",
        "filterByFailoverSlateConfigurationArn"};
    struct emulator *emu = *state;
    create_channels(emu, "c", 2);

    for (size_t i = 0; i < COUNT_OF(members); i++) {
        struct reply reply = list(emu, emulator_printf(emu, "\"%s\":\"\"", members[i]));
        assert_string_equal(names(emu, reply), "c1 c2");
    }
    assert_string_equal(
        names(emu, list(emu, "\"filterByName\":\"c2\",\"filterByAdConfigurationArn\":"
                             "\"\"")),
        "c2");
}

static void two_filters_at_once_are_a_conflict(void **state)
{
    static const char *const filters[] = {
        "\"filterByName\":\"a\"",
        "\"filterByRecordingConfigurationArn\":\"" UNKNOWN_RECORDING "\"",
        "\"filterByPlaybackRestrictionPolicyArn\":\"" SOME_POLICY "\"",
        "\"filterByAdConfigurationArn\":\"" SOME_ADS "\"",
        "\"filterByFailoverSlateConfigurationArn\":\"" SOME_SLATE "\"",
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        for (size_t j = 0; j < i; j++) {
            struct reply reply =
                list(emu, emulator_printf(emu, "%s,%s", filters[i], filters[j]));
            assert_error_says(reply, 409, "ConflictException",
                              "ListChannels takes only one of its filters at a time");
        }
    }
}

static void configurations_page_in_the_order_of_creation(void **state)
{
    struct emulator *emu = *state;
    const char *first_arn = create_recording_configuration(emu, REGION, "bucket-c");
    const char *second_arn = create_recording_configuration(emu, REGION, "bucket-a");
    const char *third_arn = create_recording_configuration(emu, REGION, "bucket-b");

    struct reply first =
        emulator_call(emu, REGION, "ListRecordingConfigurations", "{\"maxResults\":2}");
    assert_success(emulator_call(emu, REGION, "DeleteRecordingConfiguration",
                                 "{\"arn\":\"%s\"}", second_arn),
                   204);
    struct reply second = emulator_call(emu, REGION, "ListRecordingConfigurations",
                                        "{\"maxResults\":2,\"nextToken\":\"%s\"}",
                                        reply_string(first, "nextToken"));

    assert_int_equal(reply_count(first, "recordingConfigurations"), 2);
    assert_string_equal(reply_string(first, "recordingConfigurations.0.arn"), first_arn);
    assert_string_equal(reply_string(first, "recordingConfigurations.1.arn"), second_arn);
    assert_int_equal(reply_count(second, "recordingConfigurations"), 1);
    assert_string_equal(reply_string(second, "recordingConfigurations.0.arn"), third_arn);
    assert_false(reply_has(second, "nextToken"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(nothing_gives_an_empty_list),
        EMULATOR_TEST(a_summary_lacks_what_only_the_whole_has),
        EMULATOR_TEST(a_list_is_in_the_order_of_creation),
        EMULATOR_TEST(an_update_does_not_move_a_channel),
        EMULATOR_TEST(pages_follow_each_other_to_the_end),
        EMULATOR_TEST(a_page_that_holds_the_rest_exactly_is_the_last),
        EMULATOR_TEST(the_page_size_may_change_between_pages),
        EMULATOR_TEST(an_empty_token_is_the_first_page),
        EMULATOR_TEST(a_page_has_a_hundred_channels_by_default),
        EMULATOR_TEST(a_token_survives_inserts_and_deletes_between_pages),
        EMULATOR_TEST(a_token_whose_rest_is_gone_gives_an_empty_page),
        EMULATOR_TEST(the_place_of_a_deleted_channel_is_not_given_again),
        EMULATOR_TEST(a_filter_by_name_matches_the_whole_name),
        EMULATOR_TEST(a_filter_by_name_pages_through_its_matches),
        EMULATOR_TEST(a_filter_by_recording_configuration_finds_its_channels),
        EMULATOR_TEST(a_filter_by_what_no_channel_has_gives_an_empty_list),
        EMULATOR_TEST(an_empty_filter_counts_as_absent),
        EMULATOR_TEST(two_filters_at_once_are_a_conflict),
        EMULATOR_TEST(configurations_page_in_the_order_of_creation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
