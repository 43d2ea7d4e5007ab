/*
 * Compression in the format gzip.
 */
#include "base/gzip.h"

#include "support/gunzip.h"

#include <string.h>

#include "support/cmocka_all.h"

static void what_is_compressed_can_be_read_again(void **state)
{
    static const char *const texts[] = {"", "a", "{\"type\":\"MESSAGE\"}\n"};
    struct arena *arena AUTO(arena_done) = arena_new();
    size_t length;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const char *bytes = gzip_compress(arena, texts[i], strlen(texts[i]), &length);

        assert_string_equal(gunzip_text(arena, bytes, length), texts[i]);
    }
}

static void a_megabyte_of_lines_becomes_much_smaller(void **state)
{
    enum { BYTES = 1024 * 1024 };
    struct arena *arena AUTO(arena_done) = arena_new();
    char *text = arena_alloc(arena, BYTES + 1);
    size_t length;

    (void)state;
    for (size_t i = 0; i < BYTES; i++)
        text[i] = (char)(i % 100 == 99 ? '\n' : 'a' + i % 26);

    const char *bytes = gzip_compress(arena, text, BYTES, &length);

    assert_true(length < BYTES / 10);
    assert_string_equal(gunzip_text(arena, bytes, length), text);
}

/* No time and no name, so that objects can be compared. */
static void the_same_text_gives_the_same_bytes(void **state)
{
    static const unsigned char head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0};
    struct arena *arena AUTO(arena_done) = arena_new();
    size_t first_length, second_length;

    (void)state;
    const char *first = gzip_compress(arena, "text", 4, &first_length);
    const char *second = gzip_compress(arena, "text", 4, &second_length);

    assert_int_equal(first_length, second_length);
    assert_memory_equal(first, second, first_length);
    assert_memory_equal(first, head, sizeof(head));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_compressed_can_be_read_again),
        cmocka_unit_test(a_megabyte_of_lines_becomes_much_smaller),
        cmocka_unit_test(the_same_text_gives_the_same_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
