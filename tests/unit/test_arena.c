/*
 * Arenas.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "support/cmocka_all.h"

static void memory_is_zeroed_and_aligned_whatever_its_size(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    for (size_t size = 0; size < 3000; size += 7) {
        unsigned char *piece = arena_alloc(arena, size);

        assert_int_equal((uintptr_t)piece % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(piece[i], 0);
        memset(piece, 0xff, size);
    }
}

static void pieces_never_overlap(void **state)
{
    enum { PIECES = 2000, BYTES = 24 };
    struct arena *arena AUTO(arena_done) = arena_new();
    char *pieces[PIECES];

    (void)state;
    for (int i = 0; i < PIECES; i++) {
        pieces[i] = arena_alloc(arena, BYTES);
        snprintf(pieces[i], BYTES, "piece %d", i);
    }
    for (int i = 0; i < PIECES; i++) {
        char expected[BYTES];
        snprintf(expected, sizeof(expected), "piece %d", i);
        assert_string_equal(pieces[i], expected);
    }
}

static void a_piece_may_be_larger_than_any_chunk(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const size_t size = 1024 * 1024;

    (void)state;
    char *large = arena_alloc(arena, size);
    char *after = arena_strdup(arena, "after");
    memset(large, 'x', size);

    assert_string_equal(after, "after");
}

static void copies_end_with_a_zero(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    assert_string_equal(arena_strdup(arena, ""), "");
    assert_string_equal(arena_strdup(arena, "lobby"), "lobby");
    assert_string_equal(arena_strndup(arena, "lobby", 3), "lob");
    assert_string_equal(arena_strndup(arena, "lobby", 0), "");
}

static void parts_are_joined_in_order(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    assert_string_equal(arena_join(arena, "a", "", "bc", "d", NULL), "abcd");
    assert_string_equal(arena_join(arena, "", NULL), "");
}

static void a_text_is_complete_wherever_a_chunk_ends(void **state)
{
    char expected[64];

    (void)state;
    for (size_t used = 8100; used < 8200; used++) {
        struct arena *arena AUTO(arena_done) = arena_new();
        char *before = arena_alloc(arena, used);
        char *text = arena_printf(arena, "%s %zu", "lobby number", used);
        char *after = arena_alloc(arena, 16);

        memset(before, 'x', used);
        memset(after, 'x', 16);
        snprintf(expected, sizeof(expected), "lobby number %zu", used);
        assert_string_equal(text, expected);
    }
}

static void an_arena_can_be_used_after_a_reset(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    arena_reset(arena);
    for (int round = 0; round < 3; round++) {
        char *first = arena_strdup(arena, "first");
        for (int i = 0; i < 1000; i++)
            memset(arena_alloc(arena, 100), 'x', 100);
        assert_string_equal(first, "first");
        arena_reset(arena);
    }
    assert_string_equal(arena_strdup(arena, "after"), "after");
}

static void a_copy_is_not_the_original(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    char original[] = "lobby";

    (void)state;
    char *copy = arena_strdup(arena, original);
    original[0] = 'x';

    assert_string_equal(original, "xobby");
    assert_string_equal(copy, "lobby");
}

static void printed_text_may_have_any_length(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    char *longest = arena_printf(arena, "%*d|", 100000, 7);

    assert_string_equal(arena_printf(arena, "%s-%d", "a", 5), "a-5");
    assert_int_equal(strlen(longest), 100001);
    assert_string_equal(longest + 99999, "7|");
}

static void freeing_null_does_nothing(void **state)
{
    struct arena *none = NULL;

    (void)state;
    arena_free(NULL);
    arena_done(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned_whatever_its_size),
        cmocka_unit_test(pieces_never_overlap),
        cmocka_unit_test(a_piece_may_be_larger_than_any_chunk),
        cmocka_unit_test(copies_end_with_a_zero),
        cmocka_unit_test(parts_are_joined_in_order),
        cmocka_unit_test(a_text_is_complete_wherever_a_chunk_ends),
        cmocka_unit_test(an_arena_can_be_used_after_a_reset),
        cmocka_unit_test(a_copy_is_not_the_original),
        cmocka_unit_test(printed_text_may_have_any_length),
        cmocka_unit_test(freeing_null_does_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
