/*
 * Identifiers and secrets.
 */
#include "base/ids.h"

#include <string.h>

#include "support/cmocka_all.h"

static const char alphabet[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static void an_id_has_the_length_asked_for(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct ids *ids = ids_new();

    (void)state;
    for (size_t length = 0; length < 100; length++) {
        const char *id = ids_alnum(ids, arena, length);
        assert_int_equal(strlen(id), length);
        assert_int_equal(strspn(id, alphabet), length);
    }
    ids_free(ids);
}

static void ids_use_the_whole_alphabet(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct ids *ids = ids_new_seeded(1);

    (void)state;
    const char *text = ids_alnum(ids, arena, 10000);

    for (const char *c = alphabet; *c != '\0'; c++)
        assert_non_null(strchr(text, *c));
    ids_free(ids);
}

static void the_same_seed_gives_the_same_ids(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct ids *one = ids_new_seeded(42);
    struct ids *two = ids_new_seeded(42);
    struct ids *other = ids_new_seeded(43);
    char uuid_one[IDS_UUID_BYTES], uuid_two[IDS_UUID_BYTES];

    (void)state;
    const char *id = ids_alnum(one, arena, 12);
    ids_uuid(one, uuid_one);

    assert_string_equal(ids_alnum(two, arena, 12), id);
    ids_uuid(two, uuid_two);
    assert_string_equal(uuid_two, uuid_one);
    assert_string_not_equal(ids_alnum(other, arena, 12), id);
    ids_free(one);
    ids_free(two);
    ids_free(other);
}

static void generators_without_a_seed_differ(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct ids *one = ids_new();
    struct ids *two = ids_new();

    (void)state;
    assert_string_not_equal(ids_alnum(one, arena, 20), ids_alnum(two, arena, 20));
    ids_free(one);
    ids_free(two);
}

static void ids_of_one_generator_differ(void **state)
{
    enum { COUNT = 500 };
    struct arena *arena AUTO(arena_done) = arena_new();
    struct ids *ids = ids_new_seeded(1);
    const char *seen[COUNT];

    (void)state;
    for (int i = 0; i < COUNT; i++) {
        seen[i] = ids_alnum(ids, arena, IDS_RESOURCE_CHARS);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(seen[i], seen[j]);
    }
    ids_free(ids);
}

static void a_uuid_is_random_and_in_lower_case(void **state)
{
    struct ids *ids = ids_new_seeded(1);
    char uuid[IDS_UUID_BYTES];

    (void)state;
    for (int i = 0; i < 100; i++) {
        ids_uuid(ids, uuid);
        assert_int_equal(strlen(uuid), 36);
        for (int at = 0; at < 36; at++) {
            const char *allowed =
                at == 8 || at == 13 || at == 18 || at == 23 ? "-" : "0123456789abcdef";
            assert_non_null(strchr(allowed, uuid[at]));
        }
        assert_int_equal(uuid[14], '4');
        assert_non_null(strchr("89ab", uuid[19]));
    }
    ids_free(ids);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_has_the_length_asked_for),
        cmocka_unit_test(ids_use_the_whole_alphabet),
        cmocka_unit_test(the_same_seed_gives_the_same_ids),
        cmocka_unit_test(generators_without_a_seed_differ),
        cmocka_unit_test(ids_of_one_generator_differ),
        cmocka_unit_test(a_uuid_is_random_and_in_lower_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
