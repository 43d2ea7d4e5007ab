/*
 * Playback key pairs: which keys are taken, quota, pages, isolation, tags.
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

static void get_answers_what_import_answered(void **state)
{
    struct emulator *emu = *state;
    struct reply imported = import_key_pair(emu, REGION, KEY_A);

    struct reply reply = call_arn(emu, REGION, "GetPlaybackKeyPair",
                                  reply_string(imported, "keyPair.arn"));

    assert_success(reply, 200);
    assert_true(cJSON_Compare(reply.body, imported.body, true));
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

static void import_refuses_reserved_tags(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = emulator_call(
        emu, REGION, "ImportPlaybackKeyPair",
        "{\"publicKeyMaterial\":%s,\"tags\":{\"aws:x\":\"1\"}}", in_json(emu, KEY_A));

    assert_error(reply, 400, "ValidationException");
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

static void a_fourth_key_pair_is_over_the_quota(void **state)
{
    struct emulator *emu = *state;
    const char *first = create_key_pair(emu, REGION, KEY_A);

    create_key_pair(emu, REGION, KEY_B);
    create_key_pair(emu, REGION, KEY_C);
    struct reply over = import_key_pair(emu, REGION, KEY_D);
    struct reply known = import_key_pair(emu, REGION, KEY_A);
    struct reply elsewhere = import_key_pair(emu, "eu-west-1", KEY_D);

    assert_error_says(over, 402, "ServiceQuotaExceededException",
                      "Service quota exceeded: 3 playback key pairs per region");
    assert_error(known, 409, "ConflictException");
    assert_success(elsewhere, 200);
    assert_success(call_arn(emu, REGION, "DeletePlaybackKeyPair", first), 200);
    assert_success(import_key_pair(emu, REGION, KEY_D), 200);
}

static void the_quota_holds_with_quotas_off(void **state)
{
    struct emulator *emu = *state;

    emu->settings.quotas = false;
    create_key_pair(emu, REGION, KEY_A);
    create_key_pair(emu, REGION, KEY_B);
    create_key_pair(emu, REGION, KEY_C);

    struct reply over = import_key_pair(emu, REGION, KEY_D);

    assert_error(over, 402, "ServiceQuotaExceededException");
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

static void a_list_is_in_the_order_of_creation_and_has_pages(void **state)
{
    static const char *const names[] = {"one", "two", "three", NULL};
    static const char *const keys[] = {KEY_C, KEY_A, KEY_B};
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        assert_success(emulator_call(emu, REGION, "ImportPlaybackKeyPair",
                                     "{\"publicKeyMaterial\":%s,\"name\":\"%s\"}",
                                     in_json(emu, keys[i]), names[i]),
                       200);

    struct reply whole = emulator_call(emu, REGION, "ListPlaybackKeyPairs", "{}");

    assert_int_equal(reply_count(whole, "keyPairs"), 3);
    assert_pages_of_one(emu, "ListPlaybackKeyPairs", "keyPairs", names);
}

static void a_token_of_another_list_is_refused(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = emulator_call(emu, REGION, "ListPlaybackKeyPairs",
                                       "{\"nextToken\":\"nonsense\"}");

    assert_error_says(reply, 400, "ValidationException",
                      "ListPlaybackKeyPairs.nextToken is not valid for this list");
}

static void a_deleted_key_pair_is_gone(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_key_pair(emu, REGION, KEY_A);

    struct reply deleted = call_arn(emu, REGION, "DeletePlaybackKeyPair", arn);

    assert_success(deleted, 200);
    assert_non_null(deleted.body);
    assert_int_equal(reply_count(deleted, ""), 0);
    assert_error(call_arn(emu, REGION, "GetPlaybackKeyPair", arn), 404,
                 "ResourceNotFoundException");
    assert_error_says(call_arn(emu, REGION, "DeletePlaybackKeyPair", arn), 404,
                      "ResourceNotFoundException",
                      emulator_printf(emu, "Resource: %s not found", arn));
}

static void a_key_pair_is_invisible_from_elsewhere(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_key_pair(emu, REGION, KEY_A);

    struct reply got = call_arn(emu, "eu-west-1", "GetPlaybackKeyPair", arn);
    struct reply deleted = call_arn(emu, "eu-west-1", "DeletePlaybackKeyPair", arn);
    struct reply list = emulator_call(emu, "eu-west-1", "ListPlaybackKeyPairs", "{}");
    emu->settings.default_scope.account = "111111111111";
    struct reply other_account = call_arn(emu, REGION, "GetPlaybackKeyPair", arn);

    assert_error(got, 404, "ResourceNotFoundException");
    assert_error(deleted, 404, "ResourceNotFoundException");
    assert_int_equal(reply_count(list, "keyPairs"), 0);
    assert_error(other_account, 404, "ResourceNotFoundException");
}

static void a_key_pair_takes_tags(void **state)
{
    struct emulator *emu = *state;

    assert_takes_tags(emu, create_key_pair(emu, REGION, KEY_A));
}

static void reset_deletes_key_pairs(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_key_pair(emu, REGION, KEY_A);
    const char *other = create_key_pair(emu, "eu-west-1", KEY_A);

    assert_success(emulator_call(emu, REGION, "Reset", "{}"), 204);

    assert_error(call_arn(emu, REGION, "GetPlaybackKeyPair", arn), 404,
                 "ResourceNotFoundException");
    assert_success(call_arn(emu, "eu-west-1", "GetPlaybackKeyPair", other), 200);
    assert_success(import_key_pair(emu, REGION, KEY_A), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(import_answers_the_key_pair_with_its_fingerprint),
        EMULATOR_TEST(a_key_pair_has_no_name_and_no_tags_by_default),
        EMULATOR_TEST(get_answers_what_import_answered),
        EMULATOR_TEST(a_key_of_another_kind_is_refused),
        EMULATOR_TEST(what_is_no_public_key_is_refused),
        EMULATOR_TEST(a_key_of_endless_length_is_refused),
        EMULATOR_TEST(import_refuses_reserved_tags),
        EMULATOR_TEST(the_same_key_is_not_taken_twice),
        EMULATOR_TEST(each_region_and_account_may_have_the_same_key),
        EMULATOR_TEST(a_fourth_key_pair_is_over_the_quota),
        EMULATOR_TEST(the_quota_holds_with_quotas_off),
        EMULATOR_TEST(a_list_has_no_fingerprints),
        EMULATOR_TEST(a_list_is_in_the_order_of_creation_and_has_pages),
        EMULATOR_TEST(a_token_of_another_list_is_refused),
        EMULATOR_TEST(a_deleted_key_pair_is_gone),
        EMULATOR_TEST(a_key_pair_is_invisible_from_elsewhere),
        EMULATOR_TEST(a_key_pair_takes_tags),
        EMULATOR_TEST(reset_deletes_key_pairs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
