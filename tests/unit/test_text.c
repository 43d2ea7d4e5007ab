/*
 * Helpers for strings.
 */
#include "base/text.h"

#include "base/attrs.h"

#include <string.h>

#include "support/cmocka_all.h"

static void a_span_ends_at_the_first_other_character(void **state)
{
    (void)state;
    assert_int_equal(text_span("", TEXT_LOWER, "-"), 0);
    assert_int_equal(text_span("us-east-1:x", TEXT_LOWER | TEXT_DIGITS, "-"), 9);
    assert_int_equal(text_span("us-east-1:x", TEXT_LOWER, "-"), 8);
    assert_int_equal(text_span("us-east-1:x", TEXT_LOWER, ""), 2);
    assert_int_equal(text_span("aZ09", TEXT_LOWER | TEXT_UPPER | TEXT_DIGITS, ""), 4);
    assert_int_equal(text_span("a\xc3\xa9", TEXT_LOWER, "-"), 1);
}

/* strspn() gives the expected result for each kind. */
static void each_kind_has_exactly_its_characters(void **state)
{
    static const struct {
        unsigned kind;
        const char *characters;
    } kinds[] = {
        {TEXT_DIGITS, "0123456789"                },
        {TEXT_LOWER,  "abcdefghijklmnopqrstuvwxyz"},
        {TEXT_UPPER,  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        for (int c = 1; c < 256; c++) {
            const char text[] = {(char)c, '\0'};
            assert_int_equal(text_span(text, kinds[i].kind, ""),
                             strspn(text, kinds[i].characters));
        }
    }
}

static void a_copy_is_truncated_to_the_buffer(void **state)
{
    char copy[5];

    (void)state;
    text_copy(copy, sizeof(copy), "lob");
    assert_string_equal(copy, "lob");
    text_copy(copy, sizeof(copy), "lobby");
    assert_string_equal(copy, "lobb");
    text_copy(copy, sizeof(copy), "");
    assert_string_equal(copy, "");
}

static void prefixes_and_suffixes_are_found(void **state)
{
    (void)state;
    assert_true(text_starts_with("lobby", "lob"));
    assert_true(text_starts_with("lobby", ""));
    assert_false(text_starts_with("lob", "lobby"));
    assert_true(text_ends_with("lobby", "by"));
    assert_false(text_ends_with("by", "lobby"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_span_ends_at_the_first_other_character),
        cmocka_unit_test(each_kind_has_exactly_its_characters),
        cmocka_unit_test(a_copy_is_truncated_to_the_buffer),
        cmocka_unit_test(prefixes_and_suffixes_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
