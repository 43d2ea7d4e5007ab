/*
 * SQLite gives up in the middle of every call's work, at one step after another. Each
 * time the answer is that we failed, nothing has changed, and the next call works. Every
 * operation that uses the database is tried, with something for it to work on.
 */
#include "../../src/store/store_internal.h"
#include "support/emulator.h"

#include "../fuzz/calls.h"
#include "../fuzz/seen.h"
#include "base/json.h"
#include "support/keys.h"

#include <string.h>

#include "support/cmocka_all.h"

/* In the form of the inputs of the dispatcher's fuzz target: fuzz/calls.h. */
static const char *const calls[] = {
    "CreateRecordingConfiguration "
    "{\"name\":\"once\",\"recordingReconnectWindowSeconds\":60,"
    "\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"recordings\"}}}",
    "AdvanceClock {\"seconds\":60}",
    "CreatePlaybackRestrictionPolicy {\"name\":\"once\",\"allowedCountries\":[\"DE\"],"
    "\"allowedOrigins\":[]}",
    "ImportPlaybackKeyPair {\"name\":\"once\",\"publicKeyMaterial\":<pem 0>}",
    "CreateAdConfiguration {\"name\":\"once\",\"mediaTailorPlaybackConfigurations\":["
    "{\"playbackConfigurationArn\":"
    "\"arn:aws:mediatailor:us-east-1:000000000000:playbackConfiguration/a\"}]}",
    "CreateFailoverSlateConfiguration {\"name\":\"once\"}",
    "GetFailoverSlateConfiguration {\"arn\":\"<failover-slate-configuration 0>\"}",
    "ListFailoverSlateConfigurations {}",
    "UpdateFailoverSlateConfiguration {\"arn\":\"<failover-slate-configuration 0>\","
    "\"name\":\"twice\"}",
    "DeleteFailoverSlateConfiguration {\"arn\":\"<failover-slate-configuration 0>\"}",
    "CreateChannel {\"name\":\"once\",\"recordingConfigurationArn\":"
    "\"<recording-configuration 0>\",\"playbackRestrictionPolicyArn\":"
    "\"<playback-restriction-policy 0>\",\"authorized\":true}",
    "UpdateChannel {\"arn\":\"<channel 0>\",\"adConfigurationArn\":"
    "\"<ad-configuration 0>\"}",
    "GetChannel {\"arn\":\"<channel 0>\"}",
    "BatchGetChannel {\"arns\":[\"<channel 0>\"]}",
    "ListChannels {}",
    "ListChannels {\"filterByName\":\"once\"}",
    "GetRecordingConfiguration {\"arn\":\"<recording-configuration 0>\"}",
    "ListRecordingConfigurations {}",
    "GetPlaybackRestrictionPolicy {\"arn\":\"<playback-restriction-policy 0>\"}",
    "UpdatePlaybackRestrictionPolicy {\"arn\":\"<playback-restriction-policy 0>\","
    "\"name\":\"twice\"}",
    "ListPlaybackRestrictionPolicies {}",
    "GetPlaybackKeyPair {\"arn\":\"<playback-key 0>\"}",
    "ListPlaybackKeyPairs {}",
    "GetAdConfiguration {\"arn\":\"<ad-configuration 0>\"}",
    "UpdateAdConfiguration {\"arn\":\"<ad-configuration 0>\",\"name\":\"twice\"}",
    "ListAdConfigurations {}",
    "GetStreamKey {\"arn\":\"<stream-key 0>\"}",
    "BatchGetStreamKey {\"arns\":[\"<stream-key 0>\"]}",
    "ListStreamKeys {\"channelArn\":\"<channel 0>\"}",
    "TagResource <channel 0>\n{\"tags\":{\"team\":\"blue\"}}",
    "ListTagsForResource <channel 0>\n",
    "UntagResource <channel 0>?tagKeys=team\n",
    "StartViewerSessionRevocation {\"channelArn\":\"<channel 0>\",\"viewerId\":\"a\"}",
    "BatchStartViewerSessionRevocation {\"viewerSessions\":[{\"channelArn\":"
    "\"<channel 0>\",\"viewerId\":\"a\"}]}",
    "StartStream {\"channelArn\":\"<channel 0>\"}",
    "UpdateStream {\"channelArn\":\"<channel 0>\",\"health\":\"STARVING\"}",
    "GetStream {\"channelArn\":\"<channel 0>\"}",
    "ListStreams {}",
    "GetStreamSession {\"channelArn\":\"<channel 0>\"}",
    "ListStreamSessions {\"channelArn\":\"<channel 0>\"}",
    "PutMetadata {\"channelArn\":\"<channel 0>\",\"metadata\":\"a\"}",
    "InsertAdBreak {\"channelArn\":\"<channel 0>\",\"durationSeconds\":30}",
    "StopStream {\"channelArn\":\"<channel 0>\"}",
    "StartStream {\"streamKey\":\"<value 0>\"}",
    "EndStream {\"channelArn\":\"<channel 0>\"}",
    "AdvanceClock {\"seconds\":4000}",
    "ListEvents {}",
    "Health ",
    "Seed {\"calls\":[{\"operation\":\"ListChannels\",\"input\":{}}]}",
    "DeleteStreamKey {\"arn\":\"<stream-key 0>\"}",
    "CreateStreamKey {\"channelArn\":\"<channel 0>\"}",
    "DeleteChannel {\"arn\":\"<channel 0>\"}",
    "DeleteRecordingConfiguration {\"arn\":\"<recording-configuration 0>\"}",
    "DeletePlaybackRestrictionPolicy {\"arn\":\"<playback-restriction-policy 0>\"}",
    "DeletePlaybackKeyPair {\"arn\":\"<playback-key 0>\"}",
    "DeleteAdConfiguration {\"arn\":\"<ad-configuration 0>\"}",
    "ResetClock {}",
    "Reset {}",
};

/* When to give up: once, after so many steps. */
struct countdown {
    sqlite3 *db;
    int left;
    bool ended; /* the transaction is over */
};

static int note_end(void *context)
{
    ((struct countdown *)context)->ended = true;
    return 0;
}

/* An end that has come already is not interrupted: SQLite would say that it had not. What
 * becomes of one that fails is for test_disk_faults.c. */
static int count_down(void *context)
{
    struct countdown *countdown = context;

    if (sqlite3_get_autocommit(countdown->db) == 0)
        countdown->ended = false;
    return !countdown->ended && countdown->left-- == 0;
}

static struct reply call_once(struct emulator *emu, const struct seen *seen,
                              struct arena *arena, const struct fuzz_call *call)
{
    size_t length, unused;
    const char *body = seen_fill(seen, arena, call->body, call->body_length, &length);
    const char *target = call->op->uri;

    if (call->label != NULL)
        target = arena_printf(
            arena, "%.*s%s", (int)strcspn(target, "{"), target,
            seen_fill(seen, arena, call->label, strlen(call->label), &unused));
    return emulator_request(emu, emu->settings.default_scope, call->op->method, target,
                            body, length);
}

/* The database, byte by byte. */
static unsigned char *image_of(struct emulator *emu, sqlite3_int64 *size)
{
    unsigned char *image = sqlite3_serialize(emu->store->db, "main", size, 0);

    assert_non_null(image);
    return image;
}

static void assert_unchanged(struct emulator *emu, const struct fuzz_call *call,
                             const unsigned char *before, sqlite3_int64 size)
{
    sqlite3_int64 now_size;
    unsigned char *now = image_of(emu, &now_size);

    assert_int_equal(sqlite3_get_autocommit(emu->store->db), 1);
    /* What is due when the clock moves happens in transactions of its own. */
    if (strcmp(call->op->name, "AdvanceClock") != 0 &&
        (now_size != size || memcmp(now, before, (size_t)size) != 0))
        fail_msg("%s failed and changed something", call->op->name);
    sqlite3_free(now);
}

/* Ever later, until the call is over first. Answers how often it failed. */
static int interrupt(struct emulator *emu, struct seen *seen, struct arena *arena,
                     const struct fuzz_call *call)
{
    int failures = 0;
    sqlite3_int64 size;
    unsigned char *before = image_of(emu, &size);

    for (int steps = 0;; steps += 1 + steps / 16, failures++) {
        struct countdown countdown = {.db = emu->store->db, .left = steps};
        sqlite3_progress_handler(emu->store->db, 1, count_down, &countdown);
        (void)sqlite3_commit_hook(emu->store->db, note_end, &countdown);
        struct reply reply = call_once(emu, seen, arena, call);
        sqlite3_progress_handler(emu->store->db, 0, NULL, NULL);
        (void)sqlite3_commit_hook(emu->store->db, NULL, NULL);
        if (reply.error == NULL) {
            seen_answer(seen, arena, reply.body);
            sqlite3_free(before);
            return failures;
        }
        if (countdown.left >= 0 || reply.status < 500)
            fail_msg("%s: %d %s after %d steps", call->op->name, reply.status,
                     reply.message, steps);
        assert_unchanged(emu, call, before, size);
    }
}

static void nothing_is_left_of_a_call_that_was_interrupted(void **state)
{
    struct emulator *emu = *state;
    struct arena *arena AUTO(arena_done) = arena_new();
    struct seen seen = {.count = 1};
    cJSON *pem AUTO(json_done) = cJSON_CreateString(KEY_A);

    seen.values[0].kind = "pem";
    seen.values[0].text = json_text(arena, pem);
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        struct fuzz_call call[MAX_CALLS];
        assert_int_equal(
            calls_read(arena, (const uint8_t *)calls[i], strlen(calls[i]), call), 1);
        print_message("%s: interrupted %d times\n", call[0].op->name,
                      interrupt(emu, &seen, arena, &call[0]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(nothing_is_left_of_a_call_that_was_interrupted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
