/*
 * The strict parser of JSON.
 */
#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

static void accepts(const char *text)
{
    const char *why = NULL;
    cJSON *tree = json_read(text, strlen(text), &why);

    if (tree == NULL)
        fail_msg("%s: %s", text, why);
    cJSON_Delete(tree);
}

static void refuses_bytes(const char *text, size_t length, const char *expected)
{
    const char *why = NULL;
    cJSON *tree = json_read(text, length, &why);

    if (tree != NULL)
        fail_msg("accepted: %s", text);
    assert_non_null(why);
    if (expected != NULL)
        assert_string_equal(why, expected);
}

static void refuses(const char *text, const char *expected)
{
    refuses_bytes(text, strlen(text), expected);
}

static void an_error_is_located_by_line_and_column(void **state)
{
    static const struct {
        const char *text;
        size_t line, column;
    } cases[] = {
        {"",                       1, 1},
        {"x",                      1, 1},
        {"{}\n x",                 2, 2},
        {"{\"a\":1,\r\n \"b\" 2}", 2, 6},
        {"[\"\u00e9\u00e8\",]",    1, 7},
        {"[\"\\x\"]",              1, 4},
        {"[\"a\tb\"]",             1, 4},
        {"[\"\xff\"]",             1, 3},
        {"[1\n,2\n",               3, 1},
    };
    struct json_place place;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(json_fault_place(cases[i].text, strlen(cases[i].text), &place));
        if (place.line != cases[i].line || place.column != cases[i].column)
            fail_msg("%s: line %zu, column %zu", cases[i].text, place.line, place.column);
    }
    assert_false(json_fault_place("[1]", 3, &place));
}

static void every_kind_of_value_is_read(void **state)
{
    static const char *const texts[] = {"{}",
                                        "[]",
                                        "\"\"",
                                        "0",
                                        "true",
                                        "false",
                                        "null",
                                        " \t\r\n{ } \n",
                                        "{\"a\":[1,{\"b\":null}],\"c\":\"d\"}",
                                        "[ 1 , 2 ]",
                                        "{ \"a\" : 1 , \"b\" : 2 }"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        accepts(texts[i]);
}

static void the_tree_has_the_values_of_the_text(void **state)
{
    static const char text[] =
        "{\"a\":\"\\u00e9\\ud83d\\ude00\\n\\/\\\"\",\"b\":[-1.5e2,true,null]}";
    const char *why = NULL;

    (void)state;
    cJSON *tree = json_read(text, strlen(text), &why);

    assert_non_null(tree);
    assert_string_equal(json_string_or(tree, "a", ""), "\xc3\xa9\xf0\x9f\x98\x80\n/\"");
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(tree, "b");
    assert_int_equal(cJSON_GetArraySize(list), 3);
    assert_true(cJSON_GetArrayItem(list, 0)->valuedouble == -150.0);
    assert_true(cJSON_IsTrue(cJSON_GetArrayItem(list, 1)));
    assert_true(cJSON_IsNull(cJSON_GetArrayItem(list, 2)));
    cJSON_Delete(tree);
}

static void a_text_cut_short_anywhere_is_refused(void **state)
{
    static const char text[] =
        "{\"a\":[1,-2.5e+3,true,false,null],\"b\":{\"c\\n\":\"\\u00e9\\ud83d\\ude00\"}}";

    (void)state;
    for (size_t length = 0; length < strlen(text); length++)
        refuses_bytes(text, length, NULL);
    accepts(text);
}

static void something_behind_the_value_is_refused(void **state)
{
    static const char *const texts[] = {"{}x", "{} {}",  "{},",      "[]]",
                                        "1 2", "\"\"\"", "nullnull", "{}//"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        refuses(texts[i], "The JSON text is followed by other text");
    refuses_bytes("{}\0", 3, "The JSON text is followed by other text");
}

static void invalid_json_is_refused(void **state)
{
    static const char *const texts[] = {
        "x",          "<a/>",      "{a:1}",          "{'a':1}",
        "{\"a\" 1}",  "{\"a\":}",  "{\"a\":1,}",     "{,}",
        "[1,]",       "[,1]",      "[1 2]",          "{1:2}",
        "[}",         "{]",        "True",           "NULL",
        "nul!",       "NaN",       "Infinity",       "-Infinity",
        "undefined",  "//a\n{}",   "\xef\xbb\xbf{}", "\f{}",
        "\xc2\xa0{}", "\"\\x41\"", "\"\\'\"",        "\"\\u12g4\"",
        "\"\\U0041\""};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        refuses(texts[i], "The body is not valid JSON");
}

static void numbers_follow_the_grammar(void **state)
{
    static const char *const good[] = {"0",
                                       "-0",
                                       "1",
                                       "-1",
                                       "10",
                                       "0.5",
                                       "-0.5",
                                       "1e5",
                                       "1E5",
                                       "1e+5",
                                       "1e-5",
                                       "0e0",
                                       "0.0e-0",
                                       "1.25E+10",
                                       "9007199254740993",
                                       "1e999",
                                       "-1e999",
                                       "1e-999",
                                       "1e99999999999999999999"};
    static const char *const bad[] = {
        "01",   "-01", "00",  "+1",    "1.",   ".5",    "-.5",   "1e",   "1e+", "1E-",
        "1.e5", "-",   "--1", "1.5.5", "0x10", "1_000", "1e5.5", "1 e5", "e5"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        accepts(good[i]);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        refuses(bad[i], NULL);
}

static void a_huge_exponent_is_infinite(void **state)
{
    const char *why = NULL;

    (void)state;
    cJSON *tree = json_read("[1e999,-1e999]", 14, &why);

    assert_non_null(tree);
    assert_true(isinf(cJSON_GetArrayItem(tree, 0)->valuedouble));
    assert_true(cJSON_GetArrayItem(tree, 1)->valuedouble < 0);
    cJSON_Delete(tree);
}

/* A number of `digits` digits between the two texts. */
static const char *long_number(struct arena *arena, const char *before, int digits,
                               const char *after)
{
    char *middle = arena_alloc(arena, (size_t)digits + 1);

    memset(middle, '7', (size_t)digits);
    return arena_printf(arena, "%s%s%s", before, middle, after);
}

/* Whether the library truncates long numbers depends on its version. */
static void a_long_number_is_read_exactly_or_refused(void **state)
{
    static const struct {
        const char *before, *after;
    } frames[] = {
        {"",        ""         },
        {"[",       "]"        },
        {"{\"a\":", ",\"b\":1}"},
        {"[0.",     ",1]"      }
    };
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(frames); i++) {
        for (int digits = 10; digits < 2000; digits = digits * 5 / 4) {
            const char *why = NULL;
            const char *text =
                long_number(arena, frames[i].before, digits, frames[i].after);
            cJSON *tree AUTO(json_done) = json_read(text, strlen(text), &why);
            if (tree == NULL) {
                assert_true(digits > 60);
                assert_string_equal(why, "The body contains a number that is too long");
                continue;
            }
            const cJSON *number = tree->child != NULL ? tree->child : tree;
            assert_true(number->valuedouble == strtod(text + strcspn(text, "07"), NULL));
        }
    }
}

static const char *nested(struct arena *arena, const char *open, const char *inner,
                          const char *close, int depth)
{
    size_t open_length = strlen(open), close_length = strlen(close);
    size_t inner_length = strlen(inner);
    size_t count = (size_t)depth;
    char *text =
        arena_alloc(arena, count * (open_length + close_length) + inner_length + 1);
    char *at = text;

    for (size_t i = 0; i < count; i++, at += open_length)
        memcpy(at, open, open_length);
    memcpy(at, inner, inner_length);
    at += inner_length;
    for (size_t i = 0; i < count; i++, at += close_length)
        memcpy(at, close, close_length);
    return text;
}

static void at_most_sixty_four_levels_are_read(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *why = "The body is nested too deeply";

    (void)state;
    accepts(nested(arena, "[", "", "]", 64));
    accepts(nested(arena, "{\"a\":", "1", "}", 64));
    refuses(nested(arena, "[", "", "]", 65), why);
    refuses(nested(arena, "{\"a\":", "1", "}", 65), why);
    refuses(nested(arena, "[", "", "]", 20000), why);
    refuses(nested(arena, "{\"a\":", "1", "}", 20000), why);
    refuses(nested(arena, "[", "", "", 20000), why);
}

static void siblings_do_not_add_to_the_depth(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *lists = nested(arena, "[],", "[]", "", 1000);

    (void)state;
    accepts(arena_printf(arena, "[%s]", lists));
}

static void invalid_utf8_is_refused(void **state)
{
    static const char *const texts[] = {"\"\xff\"",     "\"\xc3\"",
                                        "\"\xc0\x80\"", "\"\xed\xa0\x80\"",
                                        "{\"\x80\":1}", "\"\xf4\x90\x80\x80\""};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        refuses(texts[i], "The body is not valid UTF-8");
    accepts("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
}

static void a_zero_character_is_refused(void **state)
{
    (void)state;
    refuses("\"a\\u0000b\"", "A string contains the character \\u0000");
    refuses("{\"a\\u0000\":1}", "A string contains the character \\u0000");
    refuses_bytes("\"a\0b\"", 5, "A string contains a control character");
}

static void control_characters_must_be_escaped(void **state)
{
    (void)state;
    for (char c = 1; c < 0x20; c++) {
        const char raw[] = {'"', c, '"', '\0'};
        refuses(raw, "A string contains a control character");
    }
    accepts("\"\\u0001\\b\\f\\n\\r\\t\"");
    accepts("\"\x7f\"");
}

static void an_unpaired_surrogate_is_refused(void **state)
{
    static const char *const texts[] = {
        "\"\\ud800\"",        "\"\\udbff\"",        "\"\\udc00\"",
        "\"\\udfff\"",        "\"\\uD83D\"",        "\"\\ud83dx\"",
        "\"\\ud83d\\n\"",     "\"\\ud83d\\u0041\"", "\"\\ud83d\\ud83d\"",
        "\"\\ude00\\ud83d\"", "{\"\\ud83d\":1}",    "\"\\ud83d\\ude00\\ud83d\"",
        "\"\\ud83d \\ude00\""};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        refuses(texts[i], "A string contains a lone surrogate");
    accepts("\"\\ud83d\\ude00\"");
    accepts("\"\\uD83D\\uDE00\"");
    accepts("\"\\ud7ff\\ue000\"");
}

static void stored_text_is_printed_unchanged(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    cJSON *object = cJSON_CreateObject();

    (void)state;
    json_add_stored(object, "tags", "{\"a\":\"b\"}");

    assert_string_equal(json_text(arena, object), "{\"tags\":{\"a\":\"b\"}}");
    cJSON_Delete(object);
}

static void every_character_is_printed_as_the_library_prints_it(void **state)
{
    (void)state;
    for (int c = 1; c < 256; c++) {
        for (size_t at = 0; at < 20; at++) {
            char text[21] = "twenty plain letters";
            text[at] = (char)c;
            cJSON *string = cJSON_CreateString(text);
            char *printed = json_print(string);
            char *expected = cJSON_PrintUnformatted(string);

            assert_string_equal(printed, expected);
            free(printed);
            cJSON_free(expected);
            cJSON_Delete(string);
        }
    }
}

static void every_kind_of_value_is_printed(void **state)
{
    static const char text[] =
        "{\"\":\"\",\"a\\\"b\":[],\"c\":{},\"d\":[true,false,null,0,-1,1.5,"
        "4294967296,1e+300],\"e\":{\"f\":[[1],[2,{\"g\":\"\\u0001\\n\"}]]}}";
    struct arena *arena AUTO(arena_done) = arena_new();
    cJSON *tree = json_stored(text);

    (void)state;
    assert_string_equal(json_text(arena, tree), text);
    cJSON_Delete(tree);
}

static void a_long_text_is_printed_whole(void **state)
{
    enum { COUNT = 3000 };
    cJSON *list = cJSON_CreateArray();

    (void)state;
    for (int i = 0; i < COUNT; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(i % 2 ? "odd\n" : "even"));
    char *printed = json_print(list);
    char *expected = cJSON_PrintUnformatted(list);

    assert_string_equal(printed, expected);
    free(printed);
    cJSON_free(expected);
    cJSON_Delete(list);
}

static void members_of_null_are_absent(void **state)
{
    cJSON *object = json_stored("{\"a\":\"b\"}");

    (void)state;
    assert_true(json_has(object, "a"));
    assert_false(json_has(object, "A"));
    assert_false(json_has(NULL, "a"));
    assert_string_equal(json_string_or(object, "a", "x"), "b");
    assert_string_equal(json_string_or(object, "c", "x"), "x");
    assert_null(json_string_or(NULL, "a", NULL));
    cJSON_Delete(object);
}

static void the_depth_counts_objects_and_arrays(void **state)
{
    static const struct {
        const char *text;
        int depth;
    } cases[] = {
        {"1",                            0},
        {"\"a\"",                        0},
        {"{}",                           1},
        {"[1,[],2]",                     2},
        {"{\"a\":[{\"b\":1}],\"c\":{}}", 3},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        cJSON *tree = cJSON_Parse(cases[i].text);
        assert_int_equal(json_depth(tree), cases[i].depth);
        cJSON_Delete(tree);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_is_located_by_line_and_column),
        cmocka_unit_test(every_kind_of_value_is_read),
        cmocka_unit_test(the_tree_has_the_values_of_the_text),
        cmocka_unit_test(a_text_cut_short_anywhere_is_refused),
        cmocka_unit_test(something_behind_the_value_is_refused),
        cmocka_unit_test(invalid_json_is_refused),
        cmocka_unit_test(numbers_follow_the_grammar),
        cmocka_unit_test(a_huge_exponent_is_infinite),
        cmocka_unit_test(a_long_number_is_read_exactly_or_refused),
        cmocka_unit_test(at_most_sixty_four_levels_are_read),
        cmocka_unit_test(siblings_do_not_add_to_the_depth),
        cmocka_unit_test(invalid_utf8_is_refused),
        cmocka_unit_test(a_zero_character_is_refused),
        cmocka_unit_test(control_characters_must_be_escaped),
        cmocka_unit_test(an_unpaired_surrogate_is_refused),
        cmocka_unit_test(stored_text_is_printed_unchanged),
        cmocka_unit_test(every_character_is_printed_as_the_library_prints_it),
        cmocka_unit_test(every_kind_of_value_is_printed),
        cmocka_unit_test(a_long_text_is_printed_whole),
        cmocka_unit_test(members_of_null_are_absent),
        cmocka_unit_test(the_depth_counts_objects_and_arrays),
    };

    json_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
