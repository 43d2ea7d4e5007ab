/*
 * Text at a terminal.
 */
#include "base/terminal.h"

#include "support/cmocka_all.h"

static void control_characters_are_escaped(void **state)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"",                  ""                  },
        {"lobby caf\xc3\xa9", "lobby caf\xc3\xa9" },
        {"a\x1b]0;x\x07",     "a\\x1b]0;x\\x07"   },
        {"a\nb\x7f",          "a\\x0ab\\x7f"      },
        {"\xc2\x9b"
         "31m",      "\\xc2\\x9b31m"     },
 /* As meant: NOLINTNEXTLINE(misc-misleading-bidirectional) */
        {"\xe2\x80\xae"
         "txt",      "\\xe2\\x80\\xaetxt"},
        {"\xff\xc3",          "\\xff\\xc3"        },
    };
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(terminal_text(arena, cases[i].text), cases[i].shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_characters_are_escaped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
