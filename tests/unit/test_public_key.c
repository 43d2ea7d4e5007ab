/*
 * Public keys: which are accepted, which are refused, and their fingerprints.
 */
#include "base/public_key.h"
#include "support/keys.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

static int arena_setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void assert_taken(struct arena *arena, const char *pem)
{
    const char *fingerprint = NULL;
    const char *why = public_key_read(arena, pem, &fingerprint);

    if (why != NULL)
        fail_msg("%s: %s", why, pem);
    assert_string_equal(fingerprint, KEY_A_FINGERPRINT);
}

static void assert_refused(struct arena *arena, const char *pem, const char *expected)
{
    const char *fingerprint = NULL;
    const char *why = public_key_read(arena, pem, &fingerprint);

    if (why == NULL)
        fail_msg("accepted as %s: %s", fingerprint, pem);
    assert_string_equal(why, expected);
    assert_null(fingerprint);
}

static void the_fingerprint_is_the_md5_of_the_der_form(void **state)
{
    assert_taken(*state, KEY_A);
}

static void white_space_around_a_key_does_not_matter(void **state)
{
    assert_taken(*state, "\r\n  " KEY_A " \t\r\n");
}

static void line_ends_of_another_system_do_not_matter(void **state)
{
    char pem[2 * sizeof(KEY_A)];
    size_t length = 0;

    for (const char *c = KEY_A; *c != '\0'; c++) {
        if (*c == '\n')
            pem[length++] = '\r';
        pem[length++] = *c;
    }
    pem[length] = '\0';

    assert_taken(*state, pem);
}

static void another_key_has_another_fingerprint(void **state)
{
    const char *fingerprint = NULL;

    const char *why = public_key_read(*state, KEY_B, &fingerprint);

    assert_null(why);
    assert_string_not_equal(fingerprint, KEY_A_FINGERPRINT);
}

static void a_key_of_another_kind_is_refused(void **state)
{
    static const char why[] = "must be an ECDSA key of the curve P-384";

    assert_refused(*state, KEY_RSA, why);
    assert_refused(*state, KEY_P256, why);
    assert_refused(*state, KEY_ED25519, why);
}

static void a_point_off_the_curve_is_refused(void **state)
{
    assert_refused(*state, KEY_OFF_CURVE, "must be a point on the curve P-384");
}

static void a_private_key_is_refused(void **state)
{
    assert_refused(*state, KEY_A_PRIVATE, "must be a PEM public key");
    assert_refused(*state, KEY_A_PRIVATE_PKCS8, "must be a PEM public key");
}

static void two_keys_are_refused(void **state)
{
    assert_refused(*state, KEY_A KEY_B, "must be a PEM public key");
    assert_refused(*state, KEY_A KEY_A, "must be a PEM public key");
    assert_refused(*state, KEY_A_PRIVATE KEY_A, "must be a PEM public key");
    assert_refused(*state, KEY_A KEY_A_PRIVATE, "must be a PEM public key");
}

static void a_key_cut_anywhere_is_refused(void **state)
{
    char pem[sizeof(KEY_A)] = KEY_A;

    /* The last character is a line end, which may be missing. */
    for (size_t length = strlen(pem) - 1; length-- > 0;) {
        pem[length] = '\0';
        assert_refused(*state, pem, "must be a PEM public key");
    }
}

static void a_key_that_lost_its_middle_is_refused(void **state)
{
    assert_refused(*state, "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
                   "must be a PEM public key");
    assert_refused(*state,
                   "-----BEGIN PUBLIC KEY-----\nMHYwEAYHKoZIzj0CAQ==\n"
                   "-----END PUBLIC KEY-----\n",
                   "must be a PEM public key");
}

static void bytes_behind_the_key_are_refused(void **state)
{
    assert_refused(*state, KEY_A_WITH_MORE, "must be a PEM public key");
}

static void a_compressed_point_is_refused(void **state)
{
    assert_refused(*state, KEY_A_COMPRESSED, "must be a PEM public key");
}

static void garbage_is_refused(void **state)
{
    assert_refused(*state, "", "must be a PEM public key");
    assert_refused(*state, "\n", "must be a PEM public key");
    assert_refused(*state, "key", "must be a PEM public key");
    assert_refused(*state, "a key: " KEY_A, "must be a PEM public key");
    assert_refused(*state, KEY_A "bye", "must be a PEM public key");
    assert_refused(*state,
                   "-----BEGIN PUBLIC KEY-----\n!?\xff\n-----END PUBLIC KEY-----\n",
                   "must be a PEM public key");
}

static void a_text_over_the_limit_is_refused_unread(void **state)
{
    char *pem = mem_alloc(PUBLIC_KEY_PEM_MAX_BYTES + 2);
    size_t length = strlen(KEY_A);

    memset(pem, '\n', PUBLIC_KEY_PEM_MAX_BYTES + 1);
    pem[PUBLIC_KEY_PEM_MAX_BYTES + 1] = '\0';
    memcpy(pem, KEY_A, length);

    assert_refused(*state, pem, "must be at most 4096 bytes long");
    pem[PUBLIC_KEY_PEM_MAX_BYTES] = '\0';
    assert_taken(*state, pem);
    free(pem);
}

#define ARENA_TEST(test)                                                                 \
    cmocka_unit_test_setup_teardown(test, arena_setup, arena_teardown)

static void a_key_in_a_wrong_notation_is_named(void **state)
{
    assert_refused(*state, "LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0K",
                   "must be a PEM public key, not the Base64 encoding of one");
    assert_refused(
        *state, "-----BEGIN PUBLIC KEY-----\\nMHYw\\n-----END PUBLIC KEY-----",
        "must be a PEM public key with line breaks, not with the characters \\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(the_fingerprint_is_the_md5_of_the_der_form),
        ARENA_TEST(white_space_around_a_key_does_not_matter),
        ARENA_TEST(line_ends_of_another_system_do_not_matter),
        ARENA_TEST(another_key_has_another_fingerprint),
        ARENA_TEST(a_key_of_another_kind_is_refused),
        ARENA_TEST(a_point_off_the_curve_is_refused),
        ARENA_TEST(a_private_key_is_refused),
        ARENA_TEST(two_keys_are_refused),
        ARENA_TEST(a_key_cut_anywhere_is_refused),
        ARENA_TEST(a_key_that_lost_its_middle_is_refused),
        ARENA_TEST(bytes_behind_the_key_are_refused),
        ARENA_TEST(a_compressed_point_is_refused),
        ARENA_TEST(garbage_is_refused),
        ARENA_TEST(a_text_over_the_limit_is_refused_unread),
        ARENA_TEST(a_key_in_a_wrong_notation_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
