/*
 * SHA-1, SHA-256 and HMAC-SHA-256, by the published test vectors.
 */
#include "base/digest.h"

#include <string.h>

#include "support/cmocka_all.h"

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *sha256(struct arena *arena, const char *text, size_t length)
{
    unsigned char digest[DIGEST_SHA256_BYTES];

    digest_sha256(text, length, digest);
    return digest_hex(arena, digest, sizeof(digest));
}

/* FIPS 180-4, examples of the National Institute of Standards and Technology. */
static void sha256_matches_the_standard(void **state)
{
    assert_string_equal(
        sha256(*state, "abc", 3),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(
        sha256(*state, "", 0),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void sha1_matches_the_standard(void **state)
{
    unsigned char digest[DIGEST_SHA1_BYTES];

    digest_sha1("abc", 3, digest);

    assert_string_equal(digest_hex(*state, digest, sizeof(digest)),
                        "a9993e364706816aba3e25717850c26c9cd0d89d");
}

static void sha256_counts_zero_bytes(void **state)
{
    assert_string_equal(
        sha256(*state, "\0", 1),
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

static void a_stream_has_the_digest_of_its_concatenated_pieces(void **state)
{
    static const char *const pieces[] = {"", "a", "b", "", "c"};
    struct digest_stream *stream AUTO(digest_stream_done) = digest_stream_new();
    unsigned char digest[DIGEST_SHA256_BYTES];

    for (size_t i = 0; i < COUNT_OF(pieces); i++)
        digest_stream_add(stream, pieces[i], strlen(pieces[i]));
    digest_stream_end(stream, digest);

    assert_string_equal(digest_hex(*state, digest, sizeof(digest)),
                        sha256(*state, "abc", 3));
}

static void an_empty_stream_has_the_digest_of_no_bytes(void **state)
{
    struct digest_stream *stream AUTO(digest_stream_done) = digest_stream_new();
    unsigned char digest[DIGEST_SHA256_BYTES];

    digest_stream_end(stream, digest);

    assert_string_equal(digest_hex(*state, digest, sizeof(digest)),
                        sha256(*state, "", 0));
}

/* RFC 4231, test cases 2 and 6: a short key, and one longer than a block. */
static void hmac_sha256_matches_the_standard(void **state)
{
    static const char data[] = "what do ya want for nothing?";
    static const char more[] = "Test Using Larger Than Block-Size Key - Hash Key First";
    unsigned char digest[DIGEST_SHA256_BYTES], key[131];

    digest_hmac_sha256("Jefe", 4, data, strlen(data), digest);

    assert_string_equal(
        digest_hex(*state, digest, sizeof(digest)),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");

    memset(key, 0xaa, sizeof(key));
    digest_hmac_sha256(key, sizeof(key), more, strlen(more), digest);

    assert_string_equal(
        digest_hex(*state, digest, sizeof(digest)),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void hex_digits_are_two_for_each_byte(void **state)
{
    static const unsigned char bytes[] = {0x00, 0x0f, 0xf0, 0xff};

    assert_string_equal(digest_hex(*state, bytes, sizeof(bytes)), "000ff0ff");
    assert_string_equal(digest_hex(*state, bytes, 0), "");
}

#define DIGEST_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DIGEST_TEST(sha1_matches_the_standard),
        DIGEST_TEST(sha256_matches_the_standard),
        DIGEST_TEST(sha256_counts_zero_bytes),
        DIGEST_TEST(a_stream_has_the_digest_of_its_concatenated_pieces),
        DIGEST_TEST(an_empty_stream_has_the_digest_of_no_bytes),
        DIGEST_TEST(hmac_sha256_matches_the_standard),
        DIGEST_TEST(hex_digits_are_two_for_each_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
