/*
 * Sealed texts: they open with their key, and not when anything is changed.
 */
#include "base/seal.h"

#include <string.h>

#include "support/cmocka_all.h"

enum { TEXT_BYTES = 5, SEALED_BYTES = TEXT_BYTES + SEAL_OVERHEAD_BYTES };

struct sealed {
    unsigned char key[SEAL_KEY_BYTES];
    unsigned char bytes[SEALED_BYTES];
};

static struct sealed seal_hello(void)
{
    struct sealed sealed;

    seal_make_key(sealed.key);
    seal_close(sealed.key, "hello", TEXT_BYTES, sealed.bytes);
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
    unsigned char key[SEAL_KEY_BYTES], bytes[SEAL_OVERHEAD_BYTES], none[1];

    (void)state;
    seal_make_key(key);
    seal_close(key, "", 0, bytes);
    assert_int_equal(seal_open(key, bytes, sizeof(bytes), none), 0);
}

static void the_same_text_is_sealed_differently_each_time(void **state)
{
    struct sealed sealed = seal_hello();
    unsigned char again[SEALED_BYTES];

    (void)state;
    seal_close(sealed.key, "hello", TEXT_BYTES, again);
    assert_memory_not_equal(sealed.bytes, again, SEAL_NONCE_BYTES);
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
    struct sealed sealed = seal_hello(), other = seal_hello();
    unsigned char text[TEXT_BYTES];

    (void)state;
    assert_int_equal(seal_open(other.key, sealed.bytes, SEALED_BYTES, text), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sealed_text_opens_with_its_key),
        cmocka_unit_test(an_empty_text_can_be_sealed),
        cmocka_unit_test(the_same_text_is_sealed_differently_each_time),
        cmocka_unit_test(a_change_of_any_byte_is_noticed),
        cmocka_unit_test(a_part_does_not_open),
        cmocka_unit_test(another_key_does_not_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
