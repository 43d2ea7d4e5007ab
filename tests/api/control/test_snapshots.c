/*
 * SaveSnapshot, RestoreSnapshot, DeleteSnapshot, ListSnapshots.
 */
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"

static const struct scope other_account = {.account = "123456789012",
                                           .region = "eu-west-1"};

static struct reply call(struct emulator *emu, const char *operation, const char *name)
{
    return emulator_call(emu, REGION, operation, "{\"name\":\"%s\"}", name);
}

static void save(struct emulator *emu, const char *name)
{
    assert_success(call(emu, "SaveSnapshot", name), 204);
}

static void restore(struct emulator *emu, const char *name)
{
    assert_success(call(emu, "RestoreSnapshot", name), 204);
}

/* The names of the caller's channels, concatenated. */
static const char *channels(struct emulator *emu, struct scope scope)
{
    struct reply reply = emulator_call_as(emu, scope, "ListChannels", "{}");
    const cJSON *channel;
    const char *all = "";

    assert_success(reply, 200);
    cJSON_ArrayForEach(channel, reply_item(reply, "channels")) {
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(channel, "name");
        all = emulator_printf(emu, "%s%s ", all, name->valuestring);
    }
    return all;
}

static const char *own_channels(struct emulator *emu)
{
    return channels(emu, emu->settings.default_scope);
}

static void all_accounts_are_restored(void **state)
{
    struct emulator *emu = *state;
    create_channel(emu, REGION, "a");
    assert_success(
        emulator_call_as(emu, other_account, "CreateChannel", "{\"name\":\"theirs\"}"),
        200);
    save(emu, "two");
    create_channel(emu, REGION, "b");
    assert_success(emulator_call_as(emu, other_account, "Reset", "{}"), 204);

    restore(emu, "two");

    assert_string_equal(own_channels(emu), "a ");
    assert_string_equal(channels(emu, other_account), "theirs ");
}

static void a_reset_keeps_the_snapshots(void **state)
{
    struct emulator *emu = *state;
    create_channel(emu, REGION, "a");
    save(emu, "one");
    assert_success(emulator_call(emu, REGION, "Reset", "{\"allAccounts\":true}"), 204);

    restore(emu, "one");

    assert_string_equal(own_channels(emu), "a ");
}

static void a_restored_live_stream_ends_when_it_is_due(void **state)
{
    enum { MS_OF_48_HOURS = 48 * 3600 * 1000 };
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "a");
    const char *stream = go_live(emu, arn);
    save(emu, "live");
    go_offline(emu, arn);

    restore(emu, "live");

    struct reply reply =
        emulator_call(emu, REGION, "GetStream", "{\"channelArn\":\"%s\"}", arn);
    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, "stream.streamId"), stream);
    assert_string_equal(events_told(emu, ""), "Session Created, Stream Start");
    (void)emulator_advance(emu, MS_OF_48_HOURS);
    assert_error(emulator_call(emu, REGION, "GetStream", "{\"channelArn\":\"%s\"}", arn),
                 404, "ChannelNotBroadcasting");
    assert_string_equal(events_told(emu, ""),
                        "Session Created, Stream Start, Session Ended, Stream End");
}

static void quotas_count_the_restored_resources(void **state)
{
    enum { QUOTA = 20 };
    struct emulator *emu = *state;
    for (int i = 1; i < QUOTA; i++)
        (void)create_recording_configuration(emu, REGION, "bucket");
    save(emu, "nearly-full");
    (void)create_recording_configuration(emu, REGION, "bucket");

    restore(emu, "nearly-full");

    (void)create_recording_configuration(emu, REGION, "bucket");
    assert_error(emulator_call(emu, REGION, "CreateRecordingConfiguration",
                               "{\"destinationConfiguration\":"
                               "{\"s3\":{\"bucketName\":\"bucket\"}}}"),
                 402, "ServiceQuotaExceededException");
}

static void a_page_token_is_valid_after_a_restore(void **state)
{
    struct emulator *emu = *state;
    create_channel(emu, REGION, "a");
    create_channel(emu, REGION, "b");
    save(emu, "two");
    struct reply first = emulator_call(emu, REGION, "ListChannels", "{\"maxResults\":1}");
    const char *token = reply_string(first, "nextToken");
    create_channel(emu, REGION, "c");

    restore(emu, "two");
    create_channel(emu, REGION, "d");

    struct reply rest =
        emulator_call(emu, REGION, "ListChannels", "{\"nextToken\":\"%s\"}", token);
    assert_success(rest, 200);
    assert_int_equal(reply_count(rest, "channels"), 2);
    assert_string_equal(reply_string(rest, "channels.0.name"), "b");
    assert_string_equal(reply_string(rest, "channels.1.name"), "d");
}

static void a_name_that_is_not_there_is_not_found(void **state)
{
    struct emulator *emu = *state;
    create_channel(emu, REGION, "a");

    assert_error_says(call(emu, "RestoreSnapshot", "none"), 404,
                      "ResourceNotFoundException", "Snapshot: none not found");
    assert_error_says(call(emu, "DeleteSnapshot", "none"), 404,
                      "ResourceNotFoundException", "Snapshot: none not found");
    assert_string_equal(own_channels(emu), "a ");
}

static void a_name_is_never_a_path(void **state)
{
    static const char *const names[] = {"../a", "a/b", "a.b", ".", "a b"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_error_says(call(*state, "SaveSnapshot", names[i]), 400,
                          "ValidationException",
                          "SaveSnapshot.name does not match pattern [a-zA-Z0-9_-]+");
}

static void snapshots_are_listed_in_the_order_in_which_they_were_saved(void **state)
{
    struct emulator *emu = *state;
    save(emu, "b");
    (void)emulator_advance(emu, 1000);
    save(emu, "a");
    (void)emulator_advance(emu, 1000);
    save(emu, "c");
    save(emu, "b");

    struct reply reply = emulator_call(emu, REGION, "ListSnapshots", "{}");

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "snapshots"), 3);
    assert_string_equal(reply_string(reply, "snapshots.0.name"), "a");
    assert_string_equal(reply_string(reply, "snapshots.0.createdAt"),
                        "2021-04-07T00:00:01Z");
    assert_string_equal(reply_string(reply, "snapshots.1.name"), "b");
    assert_string_equal(reply_string(reply, "snapshots.2.name"), "c");
    assert_true(reply_int(reply, "snapshots.2.sizeBytes") > 0);
}

static void a_deleted_snapshot_is_gone(void **state)
{
    struct emulator *emu = *state;
    save(emu, "a");

    assert_success(call(emu, "DeleteSnapshot", "a"), 204);

    assert_error(call(emu, "RestoreSnapshot", "a"), 404, "ResourceNotFoundException");
    assert_int_equal(
        reply_count(emulator_call(emu, REGION, "ListSnapshots", "{}"), "snapshots"), 0);
}

static void one_too_many_is_refused(void **state)
{
    struct emulator *emu = *state;
    for (int i = 0; i < 100; i++)
        save(emu, emulator_printf(emu, "s%d", i));

    assert_error_says(call(emu, "SaveSnapshot", "more"), 402,
                      "ServiceQuotaExceededException",
                      "At most 100 snapshots can be kept");
}

static void a_snapshot_cannot_be_part_of_a_seed(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = emulator_call(
        emu, REGION, "Seed",
        "{\"calls\":[{\"operation\":\"SaveSnapshot\",\"input\":{\"name\":\"a\"}}]}");

    assert_error_says(reply, 400, "ValidationException",
                      "calls[0] SaveSnapshot: The operation cannot be used in a seed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(all_accounts_are_restored),
        EMULATOR_TEST(a_reset_keeps_the_snapshots),
        EMULATOR_TEST(a_restored_live_stream_ends_when_it_is_due),
        EMULATOR_TEST(quotas_count_the_restored_resources),
        EMULATOR_TEST(a_page_token_is_valid_after_a_restore),
        EMULATOR_TEST(a_name_that_is_not_there_is_not_found),
        EMULATOR_TEST(a_name_is_never_a_path),
        EMULATOR_TEST(snapshots_are_listed_in_the_order_in_which_they_were_saved),
        EMULATOR_TEST(a_deleted_snapshot_is_gone),
        EMULATOR_TEST(one_too_many_is_refused),
        EMULATOR_TEST(a_snapshot_cannot_be_part_of_a_seed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
