/*
 * Revocation of viewer sessions: single and in batches, and what is stored.
 */
#include "support/playback.h"

#include "base/arena.h"
#include "base/clock.h"
#include "data/viewer_session_revocation.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define UNKNOWN "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh"
#define VERSION "viewerSessionVersionsLessThanOrEqualTo"

enum { NOTHING = -1 };

/* The version up to which a viewer's sessions are revoked, or NOTHING. */
static int64_t revoked_version(struct emulator *emu, const char *channel_arn,
                               const char *viewer_id, int64_t *revoked_at_ms)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin(emu->store, arena, TXN_READ);
    struct viewer_session_revocation revocation;
    enum db_result found = viewer_session_revocation_find(
        txn, emu->settings.default_scope, channel_arn, viewer_id, &revocation);

    assert_int_not_equal(found, DB_ERROR);
    if (found == DB_NONE)
        return NOTHING;
    if (revoked_at_ms != NULL)
        *revoked_at_ms = revocation.revoked_at_ms;
    return revocation.version;
}

static struct reply revoke(struct emulator *emu, const char *channel_arn,
                           const char *viewer_id, int version)
{
    return emulator_call(emu, REGION, "StartViewerSessionRevocation",
                         "{\"channelArn\":\"%s\",\"viewerId\":\"%s\",\"" VERSION "\":%d}",
                         channel_arn, viewer_id, version);
}

static void a_revocation_is_stored_and_returns_an_empty_object(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    int64_t revoked_at_ms = 0;

    struct reply reply = revoke(emu, arn, "mallory", 7);

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, ""), 0);
    assert_int_equal(revoked_version(emu, arn, "mallory", &revoked_at_ms), 7);
    assert_int_equal(revoked_at_ms, EMULATOR_START_MS);
    assert_int_equal(revoked_version(emu, arn, "alice", NULL), NOTHING);
}

static void the_version_is_0_by_default(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    struct reply reply =
        emulator_call(emu, REGION, "StartViewerSessionRevocation",
                      "{\"channelArn\":\"%s\",\"viewerId\":\"mallory\"}", arn);

    assert_success(reply, 200);
    assert_int_equal(revoked_version(emu, arn, "mallory", NULL), 0);
}

static void the_highest_version_stays_revoked(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    int64_t revoked_at_ms = 0;

    assert_success(revoke(emu, arn, "mallory", 3), 200);
    clock_advance(emu->clock, 1000);
    assert_success(revoke(emu, arn, "mallory", 5), 200);
    clock_advance(emu->clock, 1000);
    assert_success(revoke(emu, arn, "mallory", 4), 200);
    assert_success(revoke(emu, arn, "mallory", 5), 200);

    assert_int_equal(revoked_version(emu, arn, "mallory", &revoked_at_ms), 5);
    assert_int_equal(revoked_at_ms, EMULATOR_START_MS + 1000);
}

static void a_version_may_be_as_large_as_an_integer(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    struct reply reply = emulator_call(
        emu, REGION, "StartViewerSessionRevocation",
        "{\"channelArn\":\"%s\",\"viewerId\":\"v\",\"" VERSION "\":2147483647}", arn);

    assert_success(reply, 200);
    assert_int_equal(revoked_version(emu, arn, "v", NULL), INT32_MAX);
}

static void a_version_below_0_is_refused(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    struct reply reply = revoke(emu, arn, "mallory", -1);

    assert_error(reply, 400, "ValidationException");
    assert_int_equal(revoked_version(emu, arn, "mallory", NULL), NOTHING);
}

static void each_channel_has_its_own_revocations(void **state)
{
    struct emulator *emu = *state;
    const char *lobby = create_channel(emu, REGION, "lobby");
    const char *garden = create_channel(emu, REGION, "garden");

    assert_success(revoke(emu, lobby, "mallory", 1), 200);

    assert_int_equal(revoked_version(emu, garden, "mallory", NULL), NOTHING);
}

static void an_unknown_channel_is_not_found(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, "eu-west-1", "lobby");

    assert_error_says(revoke(emu, UNKNOWN, "mallory", 0), 404,
                      "ResourceNotFoundException", "Resource: " UNKNOWN " not found");
    assert_error(revoke(emu, arn, "mallory", 0), 404, "ResourceNotFoundException");
}

static void a_batch_revokes_each_of_its_sessions(void **state)
{
    struct emulator *emu = *state;
    const char *lobby = create_channel(emu, REGION, "lobby");
    const char *garden = create_channel(emu, REGION, "garden");

    struct reply reply = emulator_call(
        emu, REGION, "BatchStartViewerSessionRevocation",
        "{\"viewerSessions\":["
        "{\"channelArn\":\"%s\",\"viewerId\":\"mallory\",\"" VERSION "\":2},"
        "{\"channelArn\":\"%s\",\"viewerId\":\"trudy\"},"
        "{\"channelArn\":\"%s\",\"viewerId\":\"mallory\",\"" VERSION "\":1}]}",
        lobby, garden, lobby);

    assert_success(reply, 200);
    assert_false(reply_has(reply, "errors"));
    assert_int_equal(revoked_version(emu, lobby, "mallory", NULL), 2);
    assert_int_equal(revoked_version(emu, garden, "trudy", NULL), 0);
    assert_int_equal(revoked_version(emu, garden, "mallory", NULL), NOTHING);
}

static void a_batch_reports_unknown_channels_and_revokes_the_others(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    struct reply reply = emulator_call(emu, REGION, "BatchStartViewerSessionRevocation",
                                       "{\"viewerSessions\":["
                                       "{\"channelArn\":\"%s\",\"viewerId\":\"mallory\"},"
                                       "{\"channelArn\":\"%s\",\"viewerId\":\"trudy\"}]}",
                                       UNKNOWN, arn);

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "errors"), 1);
    assert_string_equal(reply_string(reply, "errors.0.channelArn"), UNKNOWN);
    assert_string_equal(reply_string(reply, "errors.0.viewerId"), "mallory");
    assert_string_equal(reply_string(reply, "errors.0.code"), "404");
    assert_string_equal(reply_string(reply, "errors.0.message"),
                        "Resource: " UNKNOWN " not found");
    assert_int_equal(revoked_version(emu, arn, "trudy", NULL), 0);
}

static const char *batch_of(struct emulator *emu, const char *arn, int count)
{
    const char *sessions = "";

    for (int i = 0; i < count; i++)
        sessions =
            emulator_printf(emu, "%s%s{\"channelArn\":\"%s\",\"viewerId\":\"viewer-%d\"}",
                            sessions, i > 0 ? "," : "", arn, i);
    return emulator_printf(emu, "{\"viewerSessions\":[%s]}", sessions);
}

static void a_batch_takes_1_to_20_sessions(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");
    static const char operation[] = "BatchStartViewerSessionRevocation";

    struct reply none =
        emulator_call(emu, REGION, operation, "%s", batch_of(emu, arn, 0));
    struct reply most =
        emulator_call(emu, REGION, operation, "%s", batch_of(emu, arn, 20));
    struct reply over =
        emulator_call(emu, REGION, operation, "%s", batch_of(emu, arn, 21));

    assert_error(none, 400, "ValidationException");
    assert_success(most, 200);
    assert_error(over, 400, "ValidationException");
    assert_int_equal(revoked_version(emu, arn, "viewer-19", NULL), 0);
    assert_int_equal(revoked_version(emu, arn, "viewer-20", NULL), NOTHING);
}

static void a_session_of_a_batch_needs_channel_and_viewer(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        emulator_call(emu, REGION, "BatchStartViewerSessionRevocation",
                      "{\"viewerSessions\":[{\"channelArn\":\"%s\"}]}", UNKNOWN);

    assert_error_says(reply, 400, "ValidationException",
                      "BatchStartViewerSessionRevocation.viewerSessions[0].viewerId is a "
                      "required attribute");
}

static void revocations_are_deleted_with_their_channel(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    assert_success(revoke(emu, arn, "mallory", 1), 200);
    assert_success(call_arn(emu, REGION, "DeleteChannel", arn), 204);

    assert_int_equal(revoked_version(emu, arn, "mallory", NULL), NOTHING);
}

static void reset_deletes_revocations(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    assert_success(revoke(emu, arn, "mallory", 1), 200);
    assert_success(emulator_call(emu, REGION, "Reset", "{\"allAccounts\":true}"), 204);

    assert_int_equal(revoked_version(emu, arn, "mallory", NULL), NOTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_revocation_is_stored_and_returns_an_empty_object),
        EMULATOR_TEST(the_version_is_0_by_default),
        EMULATOR_TEST(the_highest_version_stays_revoked),
        EMULATOR_TEST(a_version_may_be_as_large_as_an_integer),
        EMULATOR_TEST(a_version_below_0_is_refused),
        EMULATOR_TEST(each_channel_has_its_own_revocations),
        EMULATOR_TEST(an_unknown_channel_is_not_found),
        EMULATOR_TEST(a_batch_revokes_each_of_its_sessions),
        EMULATOR_TEST(a_batch_reports_unknown_channels_and_revokes_the_others),
        EMULATOR_TEST(a_batch_takes_1_to_20_sessions),
        EMULATOR_TEST(a_session_of_a_batch_needs_channel_and_viewer),
        EMULATOR_TEST(revocations_are_deleted_with_their_channel),
        EMULATOR_TEST(reset_deletes_revocations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
