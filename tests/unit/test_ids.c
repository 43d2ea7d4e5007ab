/*
 * Identifiers and secrets.
 */
#include "base/ids.h"

#include <stdbool.h>
#include <stdlib.h>
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

static uint64_t rotate_left(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

/* The second word of xoshiro256**'s state when it returned this. */
static uint64_t second_word(uint64_t result)
{
    const uint64_t inverse_of_9 = 0x8e38e38e38e38e39U, inverse_of_5 = 0xcccccccccccccccdU;

    return rotate_left(result * inverse_of_9, 64 - 7) * inverse_of_5;
}

/* The fifth number of xoshiro256**, from the four before it. */
static uint64_t predict(const uint64_t results[4])
{
    uint64_t w[4];

    for (int i = 0; i < 4; i++)
        w[i] = second_word(results[i]);
    /* The state after the first step, word by word; then after the second and the third.
     */
    uint64_t s2 = w[0] ^ w[1] ^ (w[0] << 17);
    uint64_t s0 = w[1] ^ w[2] ^ s2;
    uint64_t next_s2 = s2 ^ s0 ^ (w[1] << 17);
    uint64_t next_s0 = w[3] ^ w[2] ^ next_s2;
    uint64_t s3 = next_s0 ^ s0 ^ w[1];
    uint64_t next_s3 = rotate_left(s3 ^ w[1], 45);
    uint64_t last_s2 = next_s2 ^ next_s0 ^ (w[2] << 17);
    uint64_t last_s0 = next_s0 ^ next_s3 ^ w[2];
    return rotate_left((w[3] ^ last_s2 ^ last_s0) * 5, 7) * 9;
}

/* The two numbers that a UUID was made of, without the six bits of version and variant.
 */
static void read_uuid(struct ids *ids, uint64_t out[2])
{
    char text[IDS_UUID_BYTES];
    unsigned char bytes[16];
    size_t count = 0;

    ids_uuid(ids, text);
    for (const char *c = text; count < sizeof(bytes); c += *c == '-' ? 1 : 2) {
        if (*c != '-')
            bytes[count++] = (unsigned char)strtoul((char[]){c[0], c[1], '\0'}, NULL, 16);
    }
    memcpy(out, bytes, sizeof(bytes));
    out[0] &= ~(UINT64_C(0xf) << 52);
    out[1] &= ~(UINT64_C(0x3) << 6);
}

/* Whether a third UUID follows from two, for one of the values of the missing bits. */
static bool third_uuid_is_predictable(struct ids *ids)
{
    uint64_t known[4], third[2];

    read_uuid(ids, known);
    read_uuid(ids, known + 2);
    read_uuid(ids, third);
    for (uint64_t missing = 0; missing < 4096; missing++) {
        const uint64_t results[4] = {
            known[0] | (missing & 0xf) << 52,
            known[1] | (missing >> 4 & 0x3) << 6,
            known[2] | (missing >> 6 & 0xf) << 52,
            known[3] | (missing >> 10) << 6,
        };
        if ((predict(results) & ~(UINT64_C(0xf) << 52)) == third[0])
            return true;
    }
    return false;
}

static void nothing_follows_from_ids_unless_there_is_a_seed(void **state)
{
    struct ids *seeded = ids_new_seeded(1);
    struct ids *random = ids_new();

    (void)state;
    assert_true(third_uuid_is_predictable(seeded));
    assert_false(third_uuid_is_predictable(random));
    ids_free(seeded);
    ids_free(random);
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
        cmocka_unit_test(nothing_follows_from_ids_unless_there_is_a_seed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
