/*
 * How the log writes external text.
 */
#include "base/log.h"

#include <string.h>

#include "support/cmocka_all.h"

static void plain_text_is_quoted(void **state)
{
    char out[LOG_QUOTED_BYTES];

    (void)state;
    assert_string_equal(log_quoted("", out), "\"\"");
    assert_string_equal(log_quoted("a b~", out), "\"a b~\"");
}

static void characters_that_end_the_text_or_the_line_are_escaped(void **state)
{
    char out[LOG_QUOTED_BYTES];

    (void)state;
    assert_string_equal(log_quoted("a\"b\\c", out), "\"a\\\"b\\\\c\"");
    assert_string_equal(log_quoted("a\nb\r\x1b\x7f", out), "\"a\\x0ab\\x0d\\x1b\\x7f\"");
    assert_string_equal(log_quoted("\xc3\xa9", out), "\"\\xc3\\xa9\"");
}

static void a_long_text_is_cut_to_fit(void **state)
{
    char text[1000], out[LOG_QUOTED_BYTES];
    static const char fillings[] = {'a', '"', '\n', '\xff'};

    (void)state;
    for (size_t i = 0; i < sizeof(fillings); i++) {
        memset(text, fillings[i], sizeof(text) - 1);
        text[sizeof(text) - 1] = '\0';
        for (size_t skipped = 0; skipped < 8; skipped++) {
            text[skipped] = 'a';
            size_t length = strlen(log_quoted(text, out));
            assert_in_range(length, LOG_QUOTED_BYTES - 8, LOG_QUOTED_BYTES - 1);
            assert_int_equal(out[length - 1], '"');
        }
    }
}

static void a_level_writes_itself_and_what_is_worse(void **state)
{
    (void)state;
    log_set_level(LOG_WARN);

    assert_true(log_writes(LOG_ERROR));
    assert_true(log_writes(LOG_WARN));
    assert_false(log_writes(LOG_INFO));
    assert_false(log_writes(LOG_DEBUG));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_is_quoted),
        cmocka_unit_test(characters_that_end_the_text_or_the_line_are_escaped),
        cmocka_unit_test(a_long_text_is_cut_to_fit),
        cmocka_unit_test(a_level_writes_itself_and_what_is_worse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
