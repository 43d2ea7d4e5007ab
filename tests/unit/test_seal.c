/*
 * Sealed texts: they open with their key, and not when anything is changed.
 */
#include "base/seal.h"

#include <string.h>

#include "support/cmocka_all.h"

enum { TEXT_BYTES = 5, SEALED_BYTES = TEXT_BYTES + SEAL_OVERHEAD_BYTES };

static const char key_text[] = "abcdefghijklmnopqrstuvwxyz012345";
static const unsigned char nonces[][SEAL_NONCE_BYTES + 1] = {"nonce number",
                                                             "another one."};

struct sealed {
    unsigned char key[SEAL_KEY_BYTES];
    unsigned char bytes[SEALED_BYTES];
};

static struct sealed seal_hello(void)
{
    struct sealed sealed;

    memcpy(sealed.key, key_text, SEAL_KEY_BYTES);
    seal_close(sealed.key, nonces[0], "hello", TEXT_BYTES, sealed.bytes);
    return sealed;
}

static void a_sealed_text_opens_with_its_key(void **state)
{
    struct sealed sealed = seal_hello();
    unsigned char text[TEXT_BYTES];

    (void)state;
    assert_int_equal(seal_open(sealed.key, sealed.bytes, SEALED_BYTES, text), 0);
    assert_memory_equal(text, "hello", TEXT_BYTES);
}

static void an_empty_text_can_be_sealed(void **state)
{
    struct sealed sealed = seal_hello();
    unsigned char none[1];

    (void)state;
    seal_close(sealed.key, nonces[0], "", 0, sealed.bytes);
    assert_int_equal(seal_open(sealed.key, sealed.bytes, SEAL_OVERHEAD_BYTES, none), 0);
}

static void the_same_text_is_sealed_differently_with_another_nonce(void **state)
{
    struct sealed sealed = seal_hello();
    unsigned char again[SEALED_BYTES];

    (void)state;
    seal_close(sealed.key, nonces[1], "hello", TEXT_BYTES, again);
    assert_memory_not_equal(sealed.bytes + SEAL_NONCE_BYTES, again + SEAL_NONCE_BYTES,
                            TEXT_BYTES);
}

static void a_change_of_any_byte_is_noticed(void **state)
{
    struct sealed sealed = seal_hello();
    unsigned char text[TEXT_BYTES];

    (void)state;
    for (size_t i = 0; i < SEALED_BYTES; i++) {
        sealed.bytes[i] ^= 1;
        assert_int_equal(seal_open(sealed.key, sealed.bytes, SEALED_BYTES, text), -1);
        sealed.bytes[i] ^= 1;
    }
}

static void a_part_does_not_open(void **state)
{
    struct sealed sealed = seal_hello();
    unsigned char text[TEXT_BYTES];

    (void)state;
    for (size_t length = 0; length < SEALED_BYTES; length++)
        assert_int_equal(seal_open(sealed.key, sealed.bytes, length, text), -1);
}

static void another_key_does_not_open(void **state)
{
    struct sealed sealed = seal_hello();
    unsigned char text[TEXT_BYTES];

    (void)state;
    sealed.key[SEAL_KEY_BYTES - 1] ^= 1;
    assert_int_equal(seal_open(sealed.key, sealed.bytes, SEALED_BYTES, text), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sealed_text_opens_with_its_key),
        cmocka_unit_test(an_empty_text_can_be_sealed),
        cmocka_unit_test(the_same_text_is_sealed_differently_with_another_nonce),
        cmocka_unit_test(a_change_of_any_byte_is_noticed),
        cmocka_unit_test(a_part_does_not_open),
        cmocka_unit_test(another_key_does_not_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
