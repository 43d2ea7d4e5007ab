/*
 * Text in UTF-8.
 */
#include "base/utf8.h"

#include <string.h>

#include "support/cmocka_all.h"

/* Characters of one to four bytes. */
#define TWO "\xc3\xa9"
#define THREE "\xe2\x82\xac"
#define FOUR "\xf0\x9f\x98\x80"

static void well_formed_text_is_valid(void **state)
{
    static const char *const texts[] = {
        "", "a", TWO, THREE, FOUR, "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_true(utf8_valid(texts[i], strlen(texts[i])));
}

static void malformed_text_is_invalid(void **state)
{
    static const char *const texts[] = {
        "\x80", /* a continuation byte without a first byte */
        "\xc3", /* truncated */
        "\xe2\x82",
        "\xf0\x9f\x98",
        "\xc3(",    /* a first byte without its continuation */
        "\xc0\x80", /* overlong forms */
        "\xc1\xbf",
        "\xe0\x80\x80",
        "\xf0\x80\x80\x80",
        "\xed\xa0\x80", /* surrogates */
        "\xed\xbf\xbf",
        "\xf4\x90\x80\x80", /* beyond the last code point */
        "\xf8\x88\x80\x80\x80",
        "\xff",
        "good" TWO "\xfe",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_false(utf8_valid(texts[i], strlen(texts[i])));
}

static void malformed_bytes_are_found_at_any_position(void **state)
{
    (void)state;
    for (size_t at = 0; at < 24; at++) {
        char text[] = "twenty-four plain lettrs";
        text[at] = '\x80';
        assert_false(utf8_valid(text, strlen(text)));
        assert_true(utf8_valid(text, at));
    }
}

/* Whether the text is well-formed, checked byte by byte; *at is the position of the first
 * error. */
static bool check_bytes(const char *text, size_t length, size_t *at)
{
    struct utf8_check check = {0};

    for (*at = 0; *at < length; (*at)++)
        if (!utf8_check_piece(&check, text + *at, 1))
            return false;
    return utf8_check_ends(&check);
}

/* Sequences of up to four bytes: some of the ASCII bytes, all classes of the others. */
static void text_in_pieces_is_valid_when_the_whole_is(void **state)
{
    unsigned char bytes[4];
    size_t at;

    (void)state;
    for (unsigned n = 0; n < 1U << 24; n += n < 0xc00000 ? 0x1003 : 7) {
        bytes[0] = (unsigned char)(n >> 16);
        bytes[1] = (unsigned char)(n >> 8);
        bytes[2] = (unsigned char)n;
        bytes[3] = (unsigned char)(0x80 + n % 0x40);
        for (size_t length = 1; length <= sizeof(bytes); length++) {
            const char *text = (const char *)bytes;
            struct utf8_check check = {0};
            bool whole = utf8_check_piece(&check, text, length);
            assert_int_equal(whole && utf8_check_ends(&check), utf8_valid(text, length));
            assert_int_equal(check_bytes(text, length, &at), utf8_valid(text, length));
        }
    }
}

static void a_piece_fails_at_the_first_invalid_byte(void **state)
{
    static const struct {
        const char *text;
        size_t at;
    } texts[] = {
        {"ab\x80",              2},
        {"a\xc3z",              2},
        {"\xed\xa0\x80",        1},
        {"\xf4\x90\x80\x80",    1},
        {"\xf0\x9f\x98z",       3},
        {"\xe0\x9f\xbf",        1},
        {TWO THREE FOUR "\xff", 9},
    };
    size_t at = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_false(check_bytes(texts[i].text, strlen(texts[i].text), &at));
        assert_int_equal(at, texts[i].at);
    }
}

static void truncated_text_may_continue_but_not_end(void **state)
{
    struct utf8_check check = {0};

    (void)state;
    assert_true(utf8_check_piece(&check, "good" FOUR, 7));
    assert_false(utf8_check_ends(&check));
    assert_true(utf8_check_piece(&check, "\x80 and more", 10));
    assert_true(utf8_check_ends(&check));
}

static void characters_are_counted_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(utf8_chars(""), 0);
    assert_int_equal(utf8_chars("abc"), 3);
    assert_int_equal(utf8_chars("a" TWO THREE FOUR), 4);
    assert_int_equal(utf8_chars("seventeen letters"), 17);
    assert_int_equal(utf8_chars("more than eight and " THREE " and then more"), 35);
}

static void a_prefix_never_cuts_a_character(void **state)
{
    static const char text[] = "a" TWO THREE FOUR;
    static const size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10, 10};

    (void)state;
    for (size_t most = 0; most < COUNT_OF(expected); most++)
        assert_int_equal(utf8_prefix(text, most), expected[most]);
}

static void words_are_letters_numbers_and_spaces(void **state)
{
    static const char *const words[] = {
        "",         "abcXYZ019",    "a b",          TWO,
        "\xc2\xa0", "\xe6\x97\xa5", "\xe2\x85\xa7", "\xe2\x80\xa8"};
    static const char *const others[] = {"!",   "-",  "\t",        "\n",
                                         THREE, FOUR, "e\xcc\x81", "a!b"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        assert_true(utf8_all_words_or(words[i], ""));
    for (size_t i = 0; i < COUNT_OF(others); i++)
        assert_false(utf8_all_words_or(others[i], ""));
}

static void further_characters_can_be_allowed(void **state)
{
    (void)state;
    assert_true(utf8_all_words_or("a-b!", "!-"));
    assert_false(utf8_all_words_or("a-b?", "!-"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_text_is_valid),
        cmocka_unit_test(malformed_text_is_invalid),
        cmocka_unit_test(malformed_bytes_are_found_at_any_position),
        cmocka_unit_test(text_in_pieces_is_valid_when_the_whole_is),
        cmocka_unit_test(a_piece_fails_at_the_first_invalid_byte),
        cmocka_unit_test(truncated_text_may_continue_but_not_end),
        cmocka_unit_test(characters_are_counted_not_bytes),
        cmocka_unit_test(a_prefix_never_cuts_a_character),
        cmocka_unit_test(words_are_letters_numbers_and_spaces),
        cmocka_unit_test(further_characters_can_be_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
