/*
 * The 64-bit hash FNV-1a.
 */
#include "base/hash.h"

#include "support/cmocka_all.h"

static void the_hash_of_a_text_is_fnv_1a(void **state)
{
    /* The published hash of "a", then the terminating zero, which only multiplies. */
    const uint64_t expected = UINT64_C(0xaf63dc4c8601ec8c) * UINT64_C(0x100000001b3);

    (void)state;
    assert_true(hash_text(HASH_START, "a") == expected);
}

static void the_boundary_between_two_texts_changes_the_hash(void **state)
{
    (void)state;
    assert_true(hash_text(hash_text(HASH_START, "ab"), "c") !=
                hash_text(hash_text(HASH_START, "a"), "bc"));
    assert_true(hash_text(HASH_START, "") != HASH_START);
}

static void numbers_that_differ_hash_differently(void **state)
{
    (void)state;
    assert_true(hash_number(HASH_START, 1) != hash_number(HASH_START, 2));
    assert_true(hash_number(HASH_START, 1) != hash_number(HASH_START, -1));
    assert_true(hash_number(HASH_START, 1) != hash_number(HASH_START, INT64_C(1) << 32));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_of_a_text_is_fnv_1a),
        cmocka_unit_test(the_boundary_between_two_texts_changes_the_hash),
        cmocka_unit_test(numbers_that_differ_hash_differently),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
