/*
 * ListChannels: summaries, the size of a page, filters.
 */
#include "support/emulator.h"

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

static const char *create_recorded(struct emulator *emu, const char *name,
                                   const char *recording)
{
    struct reply reply = emulator_call(
        emu, REGION, "CreateChannel",
        "{\"name\":\"%s\",\"recordingConfigurationArn\":\"%s\"}", name, recording);

    assert_success(reply, 200);
    return reply_string(reply, "channel.arn");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_summary_lacks_what_only_the_whole_has),
        EMULATOR_TEST(a_page_has_a_hundred_channels_by_default),
        EMULATOR_TEST(a_filter_by_name_matches_the_whole_name),
        EMULATOR_TEST(a_filter_by_name_pages_through_its_matches),
        EMULATOR_TEST(a_filter_by_recording_configuration_finds_its_channels),
        EMULATOR_TEST(a_filter_by_what_no_channel_has_gives_an_empty_list),
        EMULATOR_TEST(an_empty_filter_counts_as_absent),
        EMULATOR_TEST(two_filters_at_once_are_a_conflict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
