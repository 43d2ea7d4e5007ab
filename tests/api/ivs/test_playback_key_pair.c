/*
 * Playback key pairs: which keys are accepted, and what is shown of them.
 */
#include "support/keys.h"
#include "support/playback.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define ARN_START "arn:aws:ivs:us-east-1:000000000000:playback-key/"

static void import_answers_the_key_pair_with_its_fingerprint(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = emulator_call(emu, REGION, "ImportPlaybackKeyPair",
                                       "{\"publicKeyMaterial\":%s,\"name\":\"door\","
                                       "\"tags\":{\"team\":\"video\"}}",
                                       in_json(emu, KEY_A));

    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, "keyPair.name"), "door");
    assert_string_equal(reply_string(reply, "keyPair.fingerprint"), KEY_A_FINGERPRINT);
    assert_string_equal(reply_string(reply, "keyPair.tags.team"), "video");
    const char *arn = reply_string(reply, "keyPair.arn");
    assert_memory_equal(arn, ARN_START, strlen(ARN_START));
    assert_int_equal(strlen(arn), strlen(ARN_START) + 12);
}

static void a_key_pair_has_no_name_and_no_tags_by_default(void **state)
{
    struct reply reply = import_key_pair(*state, REGION, KEY_A);

    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, "keyPair.name"), "");
    assert_int_equal(reply_count(reply, "keyPair.tags"), 0);
}

static void a_key_of_another_kind_is_refused(void **state)
{
    static const char *const others[] = {KEY_RSA, KEY_P256, KEY_ED25519};
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct reply reply = import_key_pair(emu, REGION, others[i]);
        assert_error_says(reply, 400, "ValidationException",
                          "ImportPlaybackKeyPair.publicKeyMaterial must be an ECDSA key "
                          "of the curve P-384");
    }
}

static void what_is_no_public_key_is_refused(void **state)
{
    static const char *const others[] = {"", "key", KEY_A_PRIVATE, KEY_A KEY_B};
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct reply reply = import_key_pair(emu, REGION, others[i]);
        assert_error_says(reply, 400, "ValidationException",
                          "ImportPlaybackKeyPair.publicKeyMaterial must be a PEM public "
                          "key");
    }
}

static void a_key_of_endless_length_is_refused(void **state)
{
    char pem[5000];

    memset(pem, 'A', sizeof(pem) - 1);
    pem[sizeof(pem) - 1] = '\0';

    struct reply reply = import_key_pair(*state, REGION, pem);

    assert_error_says(reply, 400, "ValidationException",
                      "ImportPlaybackKeyPair.publicKeyMaterial must be at most 4096 "
                      "bytes long");
}

static void the_same_key_is_not_taken_twice(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_key_pair(emu, REGION, KEY_A);

    struct reply again = emulator_call(emu, REGION, "ImportPlaybackKeyPair",
                                       "{\"publicKeyMaterial\":%s,\"name\":\"another\"}",
                                       in_json(emu, "\n" KEY_A "\n"));

    assert_error(again, 409, "ConflictException");
    assert_success(call_arn(emu, REGION, "DeletePlaybackKeyPair", arn), 200);
    assert_success(import_key_pair(emu, REGION, KEY_A), 200);
}

static void each_region_and_account_may_have_the_same_key(void **state)
{
    struct emulator *emu = *state;

    create_key_pair(emu, REGION, KEY_A);
    create_key_pair(emu, "eu-west-1", KEY_A);
    emu->settings.default_scope.account = "111111111111";
    create_key_pair(emu, REGION, KEY_A);
}

static void a_known_key_is_a_conflict_where_no_other_is_taken(void **state)
{
    struct emulator *emu = *state;

    create_key_pair(emu, REGION, KEY_A);
    create_key_pair(emu, REGION, KEY_B);
    create_key_pair(emu, REGION, KEY_C);

    assert_error(import_key_pair(emu, REGION, KEY_D), 402,
                 "ServiceQuotaExceededException");
    assert_error(import_key_pair(emu, REGION, KEY_A), 409, "ConflictException");
}

static void a_list_has_no_fingerprints(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_key_pair(emu, REGION, KEY_A);

    struct reply reply = emulator_call(emu, REGION, "ListPlaybackKeyPairs", "{}");

    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, "keyPairs"), 1);
    assert_string_equal(reply_string(reply, "keyPairs.0.arn"), arn);
    assert_string_equal(reply_string(reply, "keyPairs.0.name"), "");
    assert_int_equal(reply_count(reply, "keyPairs.0.tags"), 0);
    assert_false(reply_has(reply, "keyPairs.0.fingerprint"));
    assert_false(reply_has(reply, "nextToken"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(import_answers_the_key_pair_with_its_fingerprint),
        EMULATOR_TEST(a_key_pair_has_no_name_and_no_tags_by_default),
        EMULATOR_TEST(a_key_of_another_kind_is_refused),
        EMULATOR_TEST(what_is_no_public_key_is_refused),
        EMULATOR_TEST(a_key_of_endless_length_is_refused),
        EMULATOR_TEST(the_same_key_is_not_taken_twice),
        EMULATOR_TEST(each_region_and_account_may_have_the_same_key),
        EMULATOR_TEST(a_known_key_is_a_conflict_where_no_other_is_taken),
        EMULATOR_TEST(a_list_has_no_fingerprints),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
