/*
 * Recording configurations: defaults, rules, states and summaries.
 */
#include "support/emulator.h"

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define TO_BUCKET "\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"demo-bucket\"}}"

/* CreateRecordingConfiguration into a good bucket with these further members, each with
 * a comma in front. */
static struct reply create(struct emulator *emu, const char *members)
{
    return emulator_call(emu, REGION, "CreateRecordingConfiguration", "{" TO_BUCKET "%s}",
                         members);
}

static struct reply by_arn(struct emulator *emu, const char *operation, const char *arn)
{
    return emulator_call(emu, REGION, operation, "{\"arn\":\"%s\"}", arn);
}

static const char *state_of(struct emulator *emu, const char *arn)
{
    return reply_string(by_arn(emu, "GetRecordingConfiguration", arn),
                        "recordingConfiguration.state");
}

static void a_bucket_is_enough_for_a_configuration_of_defaults(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = create(emu, "");

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "recordingConfiguration"), 8);
    assert_string_equal(reply_string(reply, "recordingConfiguration.name"), "");
    assert_string_equal(
        reply_string(reply,
                     "recordingConfiguration.destinationConfiguration.s3.bucketName"),
        "demo-bucket");
    assert_string_equal(reply_string(reply, "recordingConfiguration.state"), "CREATING");
    assert_int_equal(reply_count(reply, "recordingConfiguration.tags"), 0);
    assert_int_equal(
        reply_int(reply, "recordingConfiguration.recordingReconnectWindowSeconds"), 0);
}

static void the_defaults_of_the_nested_configurations_are_echoed(void **state)
{
    struct emulator *emu = *state;
    cJSON *thumbnails = cJSON_Parse("{\"recordingMode\":\"INTERVAL\","
                                    "\"targetIntervalSeconds\":60,"
                                    "\"storage\":[\"SEQUENTIAL\"]}");
    cJSON *renditions = cJSON_Parse("{\"renditionSelection\":\"ALL\",\"renditions\":[]}");

    struct reply absent = create(emu, "");
    struct reply empty =
        create(emu, ",\"thumbnailConfiguration\":{},\"renditionConfiguration\":{}");

    assert_true(
        cJSON_Compare(reply_item(absent, "recordingConfiguration.thumbnailConfiguration"),
                      thumbnails, true));
    assert_true(
        cJSON_Compare(reply_item(absent, "recordingConfiguration.renditionConfiguration"),
                      renditions, true));
    assert_true(
        cJSON_Compare(reply_item(empty, "recordingConfiguration.thumbnailConfiguration"),
                      thumbnails, true));
    assert_true(
        cJSON_Compare(reply_item(empty, "recordingConfiguration.renditionConfiguration"),
                      renditions, true));
    cJSON_Delete(thumbnails);
    cJSON_Delete(renditions);
}

static void what_a_list_has_twice_is_kept_once(void **state)
{
    struct emulator *emu = *state;

    struct reply made =
        create(emu, ",\"renditionConfiguration\":{\"renditionSelection\":\"CUSTOM\","
                    "\"renditions\":[\"HD\",\"SD\",\"HD\"]}");

    assert_success(made, 200);
    assert_json(made, "recordingConfiguration.renditionConfiguration.renditions",
                "[\"HD\",\"SD\"]");
}

static void every_member_given_is_answered_and_kept(void **state)
{
    struct emulator *emu = *state;
    cJSON *thumbnails = cJSON_Parse(
        "{\"recordingMode\":\"INTERVAL\",\"targetIntervalSeconds\":5,"
        "\"resolution\":\"LOWEST_RESOLUTION\",\"storage\":[\"LATEST\",\"SEQUENTIAL\"]}");
    cJSON *renditions =
        cJSON_Parse("{\"renditionSelection\":\"CUSTOM\",\"renditions\":[\"HD\",\"SD\"]}");

    struct reply made =
        create(emu, ",\"name\":\"rec_1\",\"tags\":{\"team\":\"video\"},"
                    "\"thumbnailConfiguration\":{\"recordingMode\":\"INTERVAL\","
                    "\"targetIntervalSeconds\":5,\"resolution\":\"LOWEST_RESOLUTION\","
                    "\"storage\":[\"LATEST\",\"SEQUENTIAL\"]},"
                    "\"recordingReconnectWindowSeconds\":300,\"renditionConfiguration\":"
                    "{\"renditionSelection\":\"CUSTOM\",\"renditions\":[\"HD\",\"SD\"]}");
    struct reply got = by_arn(emu, "GetRecordingConfiguration",
                              reply_string(made, "recordingConfiguration.arn"));

    assert_success(made, 200);
    assert_string_equal(reply_string(made, "recordingConfiguration.name"), "rec_1");
    assert_string_equal(reply_string(made, "recordingConfiguration.tags.team"), "video");
    assert_int_equal(
        reply_int(made, "recordingConfiguration.recordingReconnectWindowSeconds"), 300);
    assert_true(
        cJSON_Compare(reply_item(made, "recordingConfiguration.thumbnailConfiguration"),
                      thumbnails, true));
    assert_true(
        cJSON_Compare(reply_item(made, "recordingConfiguration.renditionConfiguration"),
                      renditions, true));
    assert_true(cJSON_Compare(made.body, got.body, true));
    cJSON_Delete(thumbnails);
    cJSON_Delete(renditions);
}

static void thumbnails_that_are_off_have_no_interval(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        create(emu, ",\"thumbnailConfiguration\":{\"recordingMode\":\"DISABLED\"}");

    assert_success(reply, 200);
    assert_string_equal(
        reply_string(reply,
                     "recordingConfiguration.thumbnailConfiguration.recordingMode"),
        "DISABLED");
    assert_false(reply_has(
        reply, "recordingConfiguration.thumbnailConfiguration.targetIntervalSeconds"));
}

static void an_interval_for_thumbnails_that_are_off_is_refused(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        create(emu, ",\"thumbnailConfiguration\":{\"recordingMode\":\"DISABLED\","
                    "\"targetIntervalSeconds\":30}");

    assert_error_says(
        reply, 400, "ValidationException",
        "CreateRecordingConfiguration.thumbnailConfiguration."
        "targetIntervalSeconds is allowed only with recordingMode INTERVAL");
}

static void custom_renditions_must_be_named(void **state)
{
    static const char *const members[] = {
        ",\"renditionConfiguration\":{\"renditionSelection\":\"CUSTOM\"}",
        ",\"renditionConfiguration\":{\"renditionSelection\":\"CUSTOM\","
        "\"renditions\":[]}",
        ",\"renditionConfiguration\":{\"renditionSelection\":\"CUSTOM\","
        "\"renditions\":null}",
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(members); i++)
        assert_error_says(create(emu, members[i]), 400, "ValidationException",
                          "CreateRecordingConfiguration.renditionConfiguration."
                          "renditions is required with renditionSelection CUSTOM");
}

static void a_destination_must_be_a_bucket(void **state)
{
    struct emulator *emu = *state;

    struct reply nothing =
        emulator_call(emu, REGION, "CreateRecordingConfiguration", "{}");
    struct reply empty = emulator_call(emu, REGION, "CreateRecordingConfiguration",
                                       "{\"destinationConfiguration\":{}}");
    struct reply nameless = emulator_call(emu, REGION, "CreateRecordingConfiguration",
                                          "{\"destinationConfiguration\":{\"s3\":{}}}");

    assert_error_says(
        nothing, 400, "ValidationException",
        "CreateRecordingConfiguration.destinationConfiguration is a required attribute");
    assert_error_says(empty, 400, "ValidationException",
                      "CreateRecordingConfiguration.destinationConfiguration.s3 is a "
                      "required attribute");
    assert_error_says(nameless, 400, "ValidationException",
                      "CreateRecordingConfiguration.destinationConfiguration.s3."
                      "bucketName is a required attribute");
}

static void a_configuration_becomes_active_when_its_time_has_come(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recording_configuration(emu, REGION, "demo-bucket");

    clock_advance(emu->clock, emu->settings.transitions_ms - 1);
    const char *before = state_of(emu, arn);
    clock_advance(emu->clock, 1);
    const char *after = state_of(emu, arn);

    assert_string_equal(before, "CREATING");
    assert_string_equal(after, "ACTIVE");
}

static void a_bucket_of_that_name_ends_as_create_failed(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recording_configuration(emu, REGION, "demo-create-failed");
    const char *other = create_recording_configuration(emu, REGION, "create-failed-demo");

    const char *before = state_of(emu, arn);
    clock_advance(emu->clock, emu->settings.transitions_ms);

    assert_string_equal(before, "CREATING");
    assert_string_equal(state_of(emu, arn), "CREATE_FAILED");
    assert_string_equal(state_of(emu, other), "ACTIVE");
}

static void without_transitions_a_configuration_is_active_at_once(void **state)
{
    struct emulator *emu = *state;
    emu->settings.transitions_ms = 0;

    struct reply reply = create(emu, "");

    assert_string_equal(reply_string(reply, "recordingConfiguration.state"), "ACTIVE");
}

static void a_list_shows_the_state_of_the_moment(void **state)
{
    struct emulator *emu = *state;
    create_recording_configuration(emu, REGION, "demo-bucket");
    struct reply before = emulator_call(emu, REGION, "ListRecordingConfigurations", "{}");

    clock_advance(emu->clock, emu->settings.transitions_ms);

    struct reply after = emulator_call(emu, REGION, "ListRecordingConfigurations", "{}");
    assert_string_equal(reply_string(before, "recordingConfigurations.0.state"),
                        "CREATING");
    assert_string_equal(reply_string(after, "recordingConfigurations.0.state"), "ACTIVE");
}

static void a_summary_lacks_what_only_the_whole_has(void **state)
{
    struct emulator *emu = *state;
    struct reply made = create(emu, ",\"name\":\"rec\",\"tags\":{\"a\":\"b\"}");

    struct reply reply = emulator_call(emu, REGION, "ListRecordingConfigurations", "{}");

    static const char *const kept[] = {"arn", "name", "destinationConfiguration", "state",
                                       "tags"};
    const cJSON *whole = reply_item(made, "recordingConfiguration");
    const cJSON *summary = reply_item(reply, "recordingConfigurations.0");
    assert_int_equal(cJSON_GetArraySize(summary), COUNT_OF(kept));
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        assert_true(cJSON_Compare(cJSON_GetObjectItemCaseSensitive(whole, kept[i]),
                                  cJSON_GetObjectItemCaseSensitive(summary, kept[i]),
                                  true));
}

static void a_configuration_can_be_deleted_once_it_is_detached(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_recording_configuration(emu, REGION, "demo-bucket");
    struct reply channel = emulator_call(emu, REGION, "CreateChannel",
                                         "{\"recordingConfigurationArn\":\"%s\"}", arn);

    struct reply detached =
        emulator_call(emu, REGION, "UpdateChannel",
                      "{\"arn\":\"%s\",\"recordingConfigurationArn\":\"\"}",
                      reply_string(channel, "channel.arn"));
    struct reply deleted = by_arn(emu, "DeleteRecordingConfiguration", arn);

    assert_success(detached, 200);
    assert_success(deleted, 204);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_bucket_is_enough_for_a_configuration_of_defaults),
        EMULATOR_TEST(the_defaults_of_the_nested_configurations_are_echoed),
        EMULATOR_TEST(what_a_list_has_twice_is_kept_once),
        EMULATOR_TEST(every_member_given_is_answered_and_kept),
        EMULATOR_TEST(thumbnails_that_are_off_have_no_interval),
        EMULATOR_TEST(an_interval_for_thumbnails_that_are_off_is_refused),
        EMULATOR_TEST(custom_renditions_must_be_named),
        EMULATOR_TEST(a_destination_must_be_a_bucket),
        EMULATOR_TEST(a_configuration_becomes_active_when_its_time_has_come),
        EMULATOR_TEST(a_bucket_of_that_name_ends_as_create_failed),
        EMULATOR_TEST(without_transitions_a_configuration_is_active_at_once),
        EMULATOR_TEST(a_list_shows_the_state_of_the_moment),
        EMULATOR_TEST(a_summary_lacks_what_only_the_whole_has),
        EMULATOR_TEST(a_configuration_can_be_deleted_once_it_is_detached),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
