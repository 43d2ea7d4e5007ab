/*
 * Access keys, in the syntax of the option.
 */
#include "api/access_key.h"

#include <string.h>

#include "support/cmocka_all.h"

static void an_access_key_is_an_id_and_a_secret(void **state)
{
    static const char *const wrong[] = {
        "", ":", "a", "a:", ":b", "a/b:c", "a b:c", "a:b c", "a:\x7F", "\xC3\xA4:b"};
    struct arena *arena AUTO(arena_done) = arena_new();
    struct access_key key = access_key_read(arena, "a-B_9.:x:y/+=,");

    (void)state;
    assert_true(access_key_is("a-B_9.:x:y/+=,"));
    assert_string_equal(key.id, "a-B_9.");
    assert_string_equal(key.secret, "x:y/+=,");
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(access_key_is(wrong[i]));
}

static void an_access_key_has_at_most_128_characters_on_each_side(void **state)
{
    char text[129 + 1 + 129 + 1] = "";

    (void)state;
    memset(text, 'a', 128 + 1 + 128);
    text[128] = ':';
    assert_true(access_key_is(text));
    text[257] = 'a';
    assert_false(access_key_is(text));
    text[257] = '\0';
    text[128] = 'a';
    text[129] = ':';
    assert_false(access_key_is(text));
}

static void of_two_keys_with_the_same_id_the_last_is_used(void **state)
{
    static const struct access_key known[] = {
        {"a", "1"},
        {"b", "2"},
        {"a", "3"}
    };
    static const struct access_keys keys = {known, COUNT_OF(known)};

    (void)state;
    assert_ptr_equal(access_key_find(&keys, "a"), &known[2]);
    assert_ptr_equal(access_key_find(&keys, "b"), &known[1]);
    assert_null(access_key_find(&keys, "c"));
    assert_null(access_key_find(&(struct access_keys){NULL, 0}, "a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_access_key_is_an_id_and_a_secret),
        cmocka_unit_test(an_access_key_has_at_most_128_characters_on_each_side),
        cmocka_unit_test(of_two_keys_with_the_same_id_the_last_is_used),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
