/*
 * The references of a channel: a recording configuration, a playback restriction policy,
 * an ad configuration, a failover slate. Attached, shown, detached, used as a filter, and
 * protected from deletion.
 */
#include "support/playback.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"

static const char *create_recording(struct emulator *emu, const char *region,
                                    const char *name)
{
    (void)name;
    return create_recording_configuration(emu, region, "demo-recordings");
}

static const char *create_slate(struct emulator *emu, const char *region,
                                const char *name)
{
    struct reply reply = emulator_call(emu, region, "CreateFailoverSlateConfiguration",
                                       "{\"name\":\"%s\"}", name);

    assert_success(reply, 200);
    return reply_string(reply, "failoverSlateConfiguration.arn");
}

/* The four kinds of resources, each with its operations and members. */
static const struct reference {
    const char *member;
    const char *filter;
    const char *delete_operation;
    const char *unknown_arn;
    const char *(*create)(struct emulator *emu, const char *region, const char *name);
} references[] = {
    {"recordingConfigurationArn",     "filterByRecordingConfigurationArn",
     "DeleteRecordingConfiguration",                                                                    "arn:aws:ivs:us-east-1:000000000000:recording-configuration/abcdABCDefgh",
     create_recording                                                                                                                                                                                          },
    {"playbackRestrictionPolicyArn",  "filterByPlaybackRestrictionPolicyArn",
     "DeletePlaybackRestrictionPolicy",                                                                 "arn:aws:ivs:us-east-1:000000000000:playback-restriction-policy/abcdABCDefgh",
     create_playback_restriction_policy                                                                                                                                                                        },
    {"adConfigurationArn",            "filterByAdConfigurationArn",            "DeleteAdConfiguration",
     "arn:aws:ivs:us-east-1:000000000000:ad-configuration/abcdABCDefgh",                                                                                                                create_ad_configuration},
    {"failoverSlateConfigurationArn", "filterByFailoverSlateConfigurationArn",
     "DeleteFailoverSlateConfiguration",                                                                "arn:aws:ivs:us-east-1:000000000000:failover-slate-configuration/abcdABCDefgh",
     create_slate                                                                                                                                                                                              },
    {NULL,                            NULL,                                    NULL,                    NULL,                                                                           NULL                   },
};

static struct reply create_with(struct emulator *emu, const char *member, const char *arn)
{
    return emulator_call(emu, REGION, "CreateChannel", "{\"%s\":\"%s\"}", member, arn);
}

static struct reply update_with(struct emulator *emu, const char *channel_arn,
                                const char *member, const char *arn)
{
    return emulator_call(emu, REGION, "UpdateChannel", "{\"arn\":\"%s\",\"%s\":\"%s\"}",
                         channel_arn, member, arn);
}

static void assert_points_to(struct emulator *emu, struct reply reply,
                             const struct reference *reference, const char *arn)
{
    assert_success(reply, 200);
    assert_string_equal(
        reply_string(reply, emulator_printf(emu, "channel.%s", reference->member)), arn);
}

static void a_new_channel_refers_to_nothing(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = emulator_call(emu, REGION, "CreateChannel", "{}");

    for (const struct reference *r = references; r->member != NULL; r++)
        assert_points_to(emu, reply, r, "");
}

static void a_new_channel_shows_its_references_everywhere(void **state)
{
    struct emulator *emu = *state;

    for (const struct reference *r = references; r->member != NULL; r++) {
        const char *arn = r->create(emu, REGION, "it");
        struct reply created = create_with(emu, r->member, arn);
        const char *channel_arn = reply_string(created, "channel.arn");

        struct reply got = call_arn(emu, REGION, "GetChannel", channel_arn);
        struct reply batch = emulator_call(emu, REGION, "BatchGetChannel",
                                           "{\"arns\":[\"%s\"]}", channel_arn);
        struct reply list =
            emulator_call(emu, REGION, "ListChannels", "{\"%s\":\"%s\"}", r->filter, arn);

        assert_points_to(emu, created, r, arn);
        assert_points_to(emu, got, r, arn);
        assert_string_equal(
            reply_string(batch, emulator_printf(emu, "channels.0.%s", r->member)), arn);
        assert_string_equal(
            reply_string(list, emulator_printf(emu, "channels.0.%s", r->member)), arn);
    }
}

static void an_update_attaches_keeps_changes_and_detaches(void **state)
{
    struct emulator *emu = *state;
    const char *channel_arn = create_channel(emu, REGION, "lobby");

    for (const struct reference *r = references; r->member != NULL; r++) {
        const char *first = r->create(emu, REGION, "one");
        const char *second = r->create(emu, REGION, "two");

        struct reply attached = update_with(emu, channel_arn, r->member, first);
        struct reply kept = update_with(emu, channel_arn, "name", "hall");
        struct reply changed = update_with(emu, channel_arn, r->member, second);
        struct reply detached = update_with(emu, channel_arn, r->member, "");

        assert_points_to(emu, attached, r, first);
        assert_points_to(emu, kept, r, first);
        assert_points_to(emu, changed, r, second);
        assert_points_to(emu, detached, r, "");
        assert_points_to(emu, call_arn(emu, REGION, "GetChannel", channel_arn), r, "");
    }
}

static void a_reference_to_a_missing_resource_is_refused(void **state)
{
    struct emulator *emu = *state;
    const char *channel_arn = create_channel(emu, REGION, "lobby");

    for (const struct reference *r = references; r->member != NULL; r++) {
        const char *elsewhere = r->create(emu, "eu-west-1", "it");
        const char *message =
            emulator_printf(emu, "Resource: %s not found", r->unknown_arn);

        assert_error_says(create_with(emu, r->member, r->unknown_arn), 404,
                          "ResourceNotFoundException", message);
        assert_error_says(update_with(emu, channel_arn, r->member, r->unknown_arn), 404,
                          "ResourceNotFoundException", message);
        assert_error(create_with(emu, r->member, elsewhere), 404,
                     "ResourceNotFoundException");
        assert_error(update_with(emu, channel_arn, r->member, elsewhere), 404,
                     "ResourceNotFoundException");
        assert_points_to(emu, call_arn(emu, REGION, "GetChannel", channel_arn), r, "");
    }
}

static void a_reference_by_an_arn_of_another_kind_is_refused(void **state)
{
    struct emulator *emu = *state;
    const char *channel_arn = create_channel(emu, REGION, "lobby");

    for (const struct reference *r = references; r->member != NULL; r++) {
        assert_error(create_with(emu, r->member, channel_arn), 400,
                     "ValidationException");
        assert_error(update_with(emu, channel_arn, r->member, channel_arn), 400,
                     "ValidationException");
    }
}

static void a_resource_in_use_by_a_channel_cannot_be_deleted(void **state)
{
    struct emulator *emu = *state;

    for (const struct reference *r = references; r->member != NULL; r++) {
        const char *arn = r->create(emu, REGION, "it");
        struct reply channel = create_with(emu, r->member, arn);
        const char *channel_arn = reply_string(channel, "channel.arn");

        struct reply refused = call_arn(emu, REGION, r->delete_operation, arn);
        assert_success(update_with(emu, channel_arn, r->member, ""), 200);
        struct reply deleted = call_arn(emu, REGION, r->delete_operation, arn);

        assert_error_says(
            refused, 409, "ConflictException",
            emulator_printf(emu, "Resource: %s is in use by a channel", arn));
        assert_success(deleted, 204);
    }
}

static void a_resource_can_be_deleted_after_its_channel(void **state)
{
    struct emulator *emu = *state;

    for (const struct reference *r = references; r->member != NULL; r++) {
        const char *arn = r->create(emu, REGION, "it");
        struct reply channel = create_with(emu, r->member, arn);

        assert_success(
            call_arn(emu, REGION, "DeleteChannel", reply_string(channel, "channel.arn")),
            204);

        assert_success(call_arn(emu, REGION, r->delete_operation, arn), 204);
    }
}

static void a_filter_lists_the_channels_that_refer_to_it_in_pages(void **state)
{
    struct emulator *emu = *state;

    for (const struct reference *r = references; r->member != NULL; r++) {
        const char *arn = r->create(emu, REGION, "it");
        const char *other = r->create(emu, REGION, "other");
        const char *first = reply_string(create_with(emu, r->member, arn), "channel.arn");
        create_channel(emu, REGION, "plain");
        create_with(emu, r->member, other);
        const char *second =
            reply_string(create_with(emu, r->member, arn), "channel.arn");

        struct reply page =
            emulator_call(emu, REGION, "ListChannels", "{\"%s\":\"%s\",\"maxResults\":1}",
                          r->filter, arn);
        const char *token = reply_string(page, "nextToken");
        struct reply last =
            emulator_call(emu, REGION, "ListChannels",
                          "{\"%s\":\"%s\",\"nextToken\":\"%s\"}", r->filter, arn, token);
        struct reply mixed = emulator_call(emu, REGION, "ListChannels",
                                           "{\"%s\":\"%s\",\"nextToken\":\"%s\"}",
                                           r->filter, other, token);

        assert_int_equal(reply_count(page, "channels"), 1);
        assert_string_equal(reply_string(page, "channels.0.arn"), first);
        assert_int_equal(reply_count(last, "channels"), 1);
        assert_string_equal(reply_string(last, "channels.0.arn"), second);
        assert_false(reply_has(last, "nextToken"));
        assert_error(mixed, 400, "ValidationException");
    }
}

static void a_filter_by_an_unused_resource_gives_an_empty_list(void **state)
{
    struct emulator *emu = *state;

    create_channel(emu, REGION, "lobby");
    for (const struct reference *r = references; r->member != NULL; r++) {
        const char *unused = r->create(emu, REGION, "it");
        const char *elsewhere = r->create(emu, "eu-west-1", "it");
        const char *const values[] = {unused, elsewhere, r->unknown_arn};
        for (size_t i = 0; i < COUNT_OF(values); i++) {
            struct reply reply = emulator_call(emu, REGION, "ListChannels",
                                               "{\"%s\":\"%s\"}", r->filter, values[i]);
            assert_success(reply, 200);
            assert_int_equal(reply_count(reply, "channels"), 0);
        }
    }
}

static void an_empty_filter_counts_as_absent(void **state)
{
    struct emulator *emu = *state;

    create_channel(emu, REGION, "lobby");
    for (const struct reference *r = references; r->member != NULL; r++) {
        struct reply reply =
            emulator_call(emu, REGION, "ListChannels", "{\"%s\":\"\"}", r->filter);
        assert_int_equal(reply_count(reply, "channels"), 1);
    }
}

static void two_filters_are_a_conflict(void **state)
{
    struct emulator *emu = *state;

    for (const struct reference *r = references; r->member != NULL; r++) {
        struct reply reply = emulator_call(emu, REGION, "ListChannels",
                                           "{\"filterByName\":\"lobby\",\"%s\":\"%s\"}",
                                           r->filter, r->unknown_arn);
        assert_error(reply, 409, "ConflictException");
    }
}

#define ONLY_TS(operation)                                                               \
    operation ".adConfigurationArn is allowed only with containerFormat TS"

static void a_new_channel_cannot_combine_ads_and_fragmented_mp4(void **state)
{
    struct emulator *emu = *state;
    const char *ads = create_ad_configuration(emu, REGION, "ads");

    struct reply reply = emulator_call(
        emu, REGION, "CreateChannel",
        "{\"adConfigurationArn\":\"%s\",\"containerFormat\":\"FRAGMENTED_MP4\"}", ads);

    assert_error_says(reply, 400, "ValidationException", ONLY_TS("CreateChannel"));
}

static void an_update_cannot_combine_ads_and_fragmented_mp4_in_either_order(void **state)
{
    struct emulator *emu = *state;
    const char *ads = create_ad_configuration(emu, REGION, "ads");
    struct reply with_ads = create_with(emu, "adConfigurationArn", ads);
    struct reply with_mp4 = create_with(emu, "containerFormat", "FRAGMENTED_MP4");
    const char *ads_arn = reply_string(with_ads, "channel.arn");
    const char *mp4_arn = reply_string(with_mp4, "channel.arn");

    struct reply mp4_second =
        update_with(emu, ads_arn, "containerFormat", "FRAGMENTED_MP4");
    struct reply ads_second = /* as meant: NOLINTNEXTLINE(*-suspicious-call-argument) */
        update_with(emu, mp4_arn, "adConfigurationArn", ads);

    assert_error_says(mp4_second, 400, "ValidationException", ONLY_TS("UpdateChannel"));
    assert_error_says(ads_second, 400, "ValidationException", ONLY_TS("UpdateChannel"));
}

static void an_update_may_replace_ads_by_fragmented_mp4_and_back(void **state)
{
    struct emulator *emu = *state;
    const char *ads = create_ad_configuration(emu, REGION, "ads");
    struct reply channel = create_with(emu, "adConfigurationArn", ads);
    const char *arn = reply_string(channel, "channel.arn");

    struct reply there = emulator_call(emu, REGION, "UpdateChannel",
                                       "{\"arn\":\"%s\",\"adConfigurationArn\":\"\","
                                       "\"containerFormat\":\"FRAGMENTED_MP4\"}",
                                       arn);
    struct reply back = emulator_call(
        emu, REGION, "UpdateChannel",
        "{\"arn\":\"%s\",\"adConfigurationArn\":\"%s\",\"containerFormat\":\"TS\"}", arn,
        ads);

    assert_success(there, 200);
    assert_string_equal(reply_string(there, "channel.adConfigurationArn"), "");
    assert_success(back, 200);
    assert_string_equal(reply_string(back, "channel.adConfigurationArn"), ads);
}

static void a_channel_may_refer_to_all_four_kinds(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    const char *arns[COUNT_OF(references)];

    for (const struct reference *r = references; r->member != NULL; r++) {
        arns[r - references] = r->create(emu, REGION, "it");
        assert_success(update_with(emu, arn, r->member, arns[r - references]), 200);
    }
    struct reply got = call_arn(emu, REGION, "GetChannel", arn);

    for (const struct reference *r = references; r->member != NULL; r++)
        assert_points_to(emu, got, r, arns[r - references]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_new_channel_refers_to_nothing),
        EMULATOR_TEST(a_new_channel_shows_its_references_everywhere),
        EMULATOR_TEST(an_update_attaches_keeps_changes_and_detaches),
        EMULATOR_TEST(a_reference_to_a_missing_resource_is_refused),
        EMULATOR_TEST(a_reference_by_an_arn_of_another_kind_is_refused),
        EMULATOR_TEST(a_resource_in_use_by_a_channel_cannot_be_deleted),
        EMULATOR_TEST(a_resource_can_be_deleted_after_its_channel),
        EMULATOR_TEST(a_filter_lists_the_channels_that_refer_to_it_in_pages),
        EMULATOR_TEST(a_filter_by_an_unused_resource_gives_an_empty_list),
        EMULATOR_TEST(an_empty_filter_counts_as_absent),
        EMULATOR_TEST(two_filters_are_a_conflict),
        EMULATOR_TEST(a_new_channel_cannot_combine_ads_and_fragmented_mp4),
        EMULATOR_TEST(an_update_cannot_combine_ads_and_fragmented_mp4_in_either_order),
        EMULATOR_TEST(an_update_may_replace_ads_by_fragmented_mp4_and_back),
        EMULATOR_TEST(a_channel_may_refer_to_all_four_kinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
