/*
 * Base64 with both alphabets.
 */
#include "base/base64.h"

#include <string.h>

#include "support/cmocka_all.h"

static const struct {
    const char *bytes;
    size_t length;
    const char *text;
} pairs[] = {
    {"",                 0, ""        },
    {"f",                1, "Zg"      },
    {"fo",               2, "Zm8"     },
    {"foo",              3, "Zm9v"    },
    {"foob",             4, "Zm9vYg"  },
    {"fooba",            5, "Zm9vYmE" },
    {"foobar",           6, "Zm9vYmFy"},
    {"\xfb\xff",         2, "-_8"     },
    {"\xff\xff\xff",     3, "____"    },
    {"\x00\x00\x00\x00", 4, "AAAAAA"  },
};

static void bytes_are_encoded_as_in_the_standard(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        assert_string_equal(base64url_encode(arena, (const unsigned char *)pairs[i].bytes,
                                             pairs[i].length),
                            pairs[i].text);
}

static void texts_are_decoded_as_in_the_standard(void **state)
{
    unsigned char bytes[16];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        assert_int_equal(base64url_decode(pairs[i].text, bytes, pairs[i].length), 0);
        assert_memory_equal(bytes, pairs[i].bytes, pairs[i].length);
    }
}

static void every_byte_is_unchanged_by_encoding_and_decoding(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    unsigned char bytes[256], again[256];

    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)i;
    for (size_t length = 0; length <= sizeof(bytes); length++) {
        const char *text = base64url_encode(arena, bytes, length);
        assert_int_equal(base64url_decode(text, again, length), 0);
        assert_memory_equal(bytes, again, length);
    }
}

static void a_text_for_another_number_of_bytes_is_refused(void **state)
{
    unsigned char bytes[8];

    (void)state;
    assert_int_equal(base64url_decode("Zm9v", bytes, 2), -1);
    assert_int_equal(base64url_decode("Zm9v", bytes, 4), -1);
    assert_int_equal(base64url_decode("", bytes, 1), -1);
    assert_int_equal(base64url_decode("A", bytes, 0), -1);
}

static void characters_outside_the_alphabet_are_refused(void **state)
{
    static const char *const texts[] = {
        "Zm9+", "Zm9/", "Zg==", "Zm9 ", "Zm9\n", "Zm9\xc3"};
    unsigned char bytes[8];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_int_equal(base64url_decode(texts[i], bytes, 3), -1);
}

static void bits_left_over_must_be_zero(void **state)
{
    unsigned char bytes[2];

    (void)state;
    assert_int_equal(base64url_decode("Zh", bytes, 1), -1);
    assert_int_equal(base64url_decode("Zm9", bytes, 2), -1);
}

/* RFC 4648, section 10, and the characters that differ between the alphabets. */
static const struct {
    const char *bytes;
    size_t length;
    const char *text;
} padded[] = {
    {"",             0, ""        },
    {"f",            1, "Zg=="    },
    {"fo",           2, "Zm8="    },
    {"foo",          3, "Zm9v"    },
    {"foob",         4, "Zm9vYg=="},
    {"fooba",        5, "Zm9vYmE="},
    {"foobar",       6, "Zm9vYmFy"},
    {"\xfb\xff",     2, "+/8="    },
    {"\xff\xff\xff", 3, "////"    },
};

static void bytes_are_encoded_with_padding_as_in_the_standard(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    unsigned char bytes[16];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(padded); i++) {
        const char *text = base64_encode(arena, (const unsigned char *)padded[i].bytes,
                                         padded[i].length);
        assert_string_equal(text, padded[i].text);
        assert_int_equal(base64_decode(text, bytes, padded[i].length), 0);
        assert_memory_equal(bytes, padded[i].bytes, padded[i].length);
    }
}

static void wrong_padding_and_the_other_alphabet_are_refused(void **state)
{
    static const char *const texts[] = {
        "Zg", "Zg=", "Zg===", "Zg=a", "Z===", "Zm8=", "Zm9v", "-_==", "Zh==", "=Zg="};
    unsigned char bytes[8];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_int_equal(base64_decode(texts[i], bytes, 1), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_encoded_as_in_the_standard),
        cmocka_unit_test(texts_are_decoded_as_in_the_standard),
        cmocka_unit_test(every_byte_is_unchanged_by_encoding_and_decoding),
        cmocka_unit_test(a_text_for_another_number_of_bytes_is_refused),
        cmocka_unit_test(characters_outside_the_alphabet_are_refused),
        cmocka_unit_test(bits_left_over_must_be_zero),
        cmocka_unit_test(bytes_are_encoded_with_padding_as_in_the_standard),
        cmocka_unit_test(wrong_padding_and_the_other_alphabet_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
