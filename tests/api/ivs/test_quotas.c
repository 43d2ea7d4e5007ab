/*
 * The service quotas: how many resources an account and region may hold.
 */
#include "support/emulator.h"

#include "support/cmocka_all.h"

#define REGION "us-east-1"

enum { CHANNELS = 5000, RECORDING_CONFIGURATIONS = 20 };

static struct reply create(struct emulator *emu, const char *region)
{
    return emulator_call(
        emu, region, "CreateRecordingConfiguration",
        "{\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"demo-bucket\"}}}");
}

/* Fills the region; answers the ARN of the last one. */
static const char *fill(struct emulator *emu)
{
    struct reply reply = {0};

    for (int i = 0; i < RECORDING_CONFIGURATIONS; i++) {
        reply = create(emu, REGION);
        assert_success(reply, 200);
    }
    return reply_string(reply, "recordingConfiguration.arn");
}

static void the_21st_recording_configuration_is_over_the_quota(void **state)
{
    struct emulator *emu = *state;
    fill(emu);

    struct reply reply = create(emu, REGION);

    assert_error_says(reply, 402, "ServiceQuotaExceededException",
                      "Service quota exceeded: 20 recording configurations per region");
}

static void a_deleted_recording_configuration_makes_room(void **state)
{
    struct emulator *emu = *state;
    const char *arn = fill(emu);

    assert_success(emulator_call(emu, REGION, "DeleteRecordingConfiguration",
                                 "{\"arn\":\"%s\"}", arn),
                   204);

    assert_success(create(emu, REGION), 200);
    assert_error(create(emu, REGION), 402, "ServiceQuotaExceededException");
}

static void a_quota_counts_each_region_and_account_for_itself(void **state)
{
    struct emulator *emu = *state;
    fill(emu);

    struct reply other_region = create(emu, "eu-west-1");
    struct reply other_account = emulator_call_as(
        emu, (struct scope){.account = "123456789012", .region = REGION},
        "CreateRecordingConfiguration",
        "{\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"demo-bucket\"}}}");

    assert_success(other_region, 200);
    assert_success(other_account, 200);
}

static void quotas_off_lifts_the_limit(void **state)
{
    struct emulator *emu = *state;
    fill(emu);
    emu->settings.quotas = false;

    struct reply reply = create(emu, REGION);

    assert_success(reply, 200);
}

static void a_bad_input_is_refused_before_the_quota(void **state)
{
    struct emulator *emu = *state;
    fill(emu);

    struct reply reply =
        emulator_call(emu, REGION, "CreateRecordingConfiguration",
                      "{\"destinationConfiguration\":{\"s3\":{\"bucketName\":"
                      "\"demo-bucket\"}},\"tags\":{\"aws:x\":\"\"}}");

    assert_error(reply, 400, "ValidationException");
}

static void the_5001st_channel_is_over_the_quota_until_one_goes(void **state)
{
    struct emulator *emu = *state;
    const char *last = NULL;
    for (int i = 0; i < CHANNELS; i++)
        last = create_channel(emu, REGION, "lobby");

    struct reply over = emulator_call(emu, REGION, "CreateChannel", "{}");
    assert_success(emulator_call(emu, REGION, "DeleteChannel", "{\"arn\":\"%s\"}", last),
                   204);
    struct reply again = emulator_call(emu, REGION, "CreateChannel", "{}");
    emu->settings.quotas = false;
    struct reply lifted = emulator_call(emu, REGION, "CreateChannel", "{}");

    assert_error_says(over, 402, "ServiceQuotaExceededException",
                      "Service quota exceeded: 5000 channels per region");
    assert_success(again, 200);
    assert_success(lifted, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(the_21st_recording_configuration_is_over_the_quota),
        EMULATOR_TEST(a_deleted_recording_configuration_makes_room),
        EMULATOR_TEST(a_quota_counts_each_region_and_account_for_itself),
        EMULATOR_TEST(quotas_off_lifts_the_limit),
        EMULATOR_TEST(a_bad_input_is_refused_before_the_quota),
        EMULATOR_TEST(the_5001st_channel_is_over_the_quota_until_one_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
