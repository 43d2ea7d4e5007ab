/*
 * Validation of JSON against shapes.
 */
#include "api/validate.h"

#include "base/json.h"

#include <string.h>

#include "support/cmocka_all.h"

static const struct pattern name_pattern = {
    .text = "[a-z-]*", .matches = pattern_chars, .chars = "a-z-", .example = "name"};
static const struct shape name = {
    .type = SHAPE_STRING, .min = 2, .max = 4, .pattern = &name_pattern};
static const struct shape long_text = {.type = SHAPE_STRING, .min = 2};
static const struct shape short_text = {.type = SHAPE_STRING, .max = 3};
static const struct shape number = {.type = SHAPE_INTEGER, .min = -1, .max = 60};
static const char *const colours[] = {"RED", "GREEN", NULL};
static const struct shape colour = {.type = SHAPE_STRING, .values = colours};
static const struct shape colour_or_none = {
    .type = SHAPE_STRING, .values = colours, .or_empty = true};

static const struct member inner_members[] = {
    {"c", &name,   REQUIRED},
    {"d", &number, 0       },
    MEMBERS_END
};
static const struct shape inner = STRUCT_OF(inner_members);
static const struct shape list = {.type = SHAPE_LIST, .min = 1, .max = 2, .item = &inner};
static const struct shape map = {
    .type = SHAPE_MAP, .max = 2, .key = &name, .item = &short_text};
static const struct member middle_members[] = {
    {"b", &list, 0},
    MEMBERS_END
};
static const struct shape middle = STRUCT_OF(middle_members);
static const struct member members[] = {
    {"a",       &middle,          0},
    {"name",    &name,            0},
    {"long",    &long_text,       0},
    {"short",   &short_text,      0},
    {"number",  &number,          0},
    {"colour",  &colour,          0},
    {"none",    &colour_or_none,  0},
    {"map",     &map,             0},
    {"boolean", &shape_boolean,   0},
    {"when",    &shape_timestamp, 0},
    {"any",     &shape_long,      0},
    MEMBERS_END
};
static const struct shape root = STRUCT_OF(members);

/* NULL: no fault is expected. */
static void assert_fault(const char *fault, const char *expected)
{
    if (fault == NULL || expected == NULL) {
        if (fault != expected)
            fail_msg("%s instead of %s", fault != NULL ? fault : "no fault",
                     expected != NULL ? expected : "no fault");
        return;
    }
    assert_string_equal(fault, expected);
}

static void assert_types(const char *text, const char *expected)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    cJSON *value AUTO(json_done) = json_stored(text);

    assert_fault(validate_types(arena, "Op", &root, value), expected);
}

static void assert_constraints(const char *text, const char *expected)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    cJSON *value AUTO(json_done) = json_stored(text);

    assert_fault(validate_types(arena, "Op", &root, value), NULL);
    assert_fault(validate_constraints(arena, "Op", &root, value), expected);
}

static void a_length_has_two_ends(void **state)
{
    (void)state;
    assert_constraints("{\"name\":\"a\"}",
                       "Op.name must have a length of between 2 and 4");
    assert_constraints("{\"name\":\"ab\"}", NULL);
    assert_constraints("{\"name\":\"abcd\"}", NULL);
    assert_constraints("{\"name\":\"abcde\"}",
                       "Op.name must have a length of between 2 and 4");
}

static void a_length_may_have_one_end(void **state)
{
    (void)state;
    assert_constraints("{\"long\":\"a\"}", "Op.long must have a length of at least 2");
    assert_constraints("{\"long\":\"abcdefghij\"}", NULL);
    assert_constraints("{\"short\":\"\"}", NULL);
    assert_constraints("{\"short\":\"abc\"}", NULL);
    assert_constraints("{\"short\":\"abcd\"}",
                       "Op.short must have a length of at most 3");
}

static void a_length_counts_characters(void **state)
{
    (void)state;
    assert_constraints("{\"short\":\"\xf0\x9f\x98\x80\xc3\xa9\xc3\xa9\"}", NULL);
    assert_constraints("{\"long\":\"\xf0\x9f\x98\x80\"}",
                       "Op.long must have a length of at least 2");
}

static void a_pattern_applies_to_the_whole_value(void **state)
{
    (void)state;
    assert_constraints("{\"name\":\"a-b\"}", NULL);
    assert_constraints("{\"name\":\"a b\"}", "Op.name does not match pattern [a-z-]*");
    assert_constraints("{\"name\":\"ab\\n\"}", "Op.name does not match pattern [a-z-]*");
}

static void a_range_has_two_ends(void **state)
{
    const char *fault = "Op.number must be between -1 and 60";

    (void)state;
    assert_constraints("{\"number\":-2}", fault);
    assert_constraints("{\"number\":-1}", NULL);
    assert_constraints("{\"number\":60}", NULL);
    assert_constraints("{\"number\":6e1}", NULL);
    assert_constraints("{\"number\":61}", fault);
}

static void a_number_without_bounds_may_be_any_64_bit_one(void **state)
{
    (void)state;
    assert_constraints("{\"any\":-9223372036854775808}", NULL);
    assert_constraints("{\"any\":9007199254740992}", NULL);
    assert_types("{\"any\":9223372036854775808}", "Op.any must be an integer");
    assert_types("{\"any\":-1e19}", "Op.any must be an integer");
}

static void an_enum_compares_its_values_exactly(void **state)
{
    const char *fault = "Op.colour must be one of RED, GREEN";

    (void)state;
    assert_constraints("{\"colour\":\"RED\"}", NULL);
    assert_constraints("{\"colour\":\"GREEN\"}", NULL);
    assert_constraints("{\"colour\":\"Red\"}", fault);
    assert_constraints("{\"colour\":\"REDD\"}", fault);
    assert_constraints("{\"colour\":\"\"}", fault);
    assert_constraints("{\"none\":\"\"}", NULL);
    assert_constraints("{\"none\":\"BLUE\"}", "Op.none must be one of RED, GREEN");
}

static void the_number_of_list_entries_is_checked(void **state)
{
    const char *fault = "Op.a.b must have between 1 and 2 entries";

    (void)state;
    assert_constraints("{\"a\":{\"b\":[]}}", fault);
    assert_constraints("{\"a\":{\"b\":[{\"c\":\"ab\"}]}}", NULL);
    assert_constraints("{\"a\":{\"b\":[{\"c\":\"ab\"},{\"c\":\"ab\"}]}}", NULL);
    assert_constraints("{\"a\":{\"b\":[{\"c\":\"ab\"},{\"c\":\"ab\"},{\"c\":\"ab\"}]}}",
                       fault);
}

static void the_keys_and_values_of_a_map_are_checked(void **state)
{
    (void)state;
    assert_constraints("{\"map\":{}}", NULL);
    assert_constraints("{\"map\":{\"ab\":\"\",\"cd\":\"xyz\"}}", NULL);
    assert_constraints("{\"map\":{\"ab\":\"\",\"cd\":\"\",\"ef\":\"\"}}",
                       "Op.map must have at most 2 entries");
    assert_constraints("{\"map\":{\"a\":\"\"}}",
                       "Op.map key must have a length of between 2 and 4");
    assert_constraints("{\"map\":{\"A_B\":\"\"}}",
                       "Op.map key does not match pattern [a-z-]*");
    assert_constraints("{\"map\":{\"ab\":\"wxyz\"}}",
                       "Op.map.ab must have a length of at most 3");
}

static void a_nested_member_is_named_by_its_full_path(void **state)
{
    (void)state;
    assert_constraints("{\"a\":{\"b\":[{\"c\":\"ab\"},{\"c\":\"a\"}]}}",
                       "Op.a.b[1].c must have a length of between 2 and 4");
    assert_constraints("{\"a\":{\"b\":[{\"c\":\"ab\"},{\"d\":1}]}}",
                       "Op.a.b[1].c is a required attribute");
    assert_types("{\"a\":{\"b\":[{\"c\":\"ab\"},{\"c\":7}]}}",
                 "Op.a.b[1].c must be a string");
    assert_types("{\"a\":{\"b\":[{},7]}}", "Op.a.b[1] must be an object");
    assert_types("{\"map\":{\"ab\":7}}", "Op.map.ab must be a string");
}

static void a_value_of_another_type_is_named_with_its_type(void **state)
{
    (void)state;
    assert_types("{\"name\":1}", "Op.name must be a string");
    assert_types("{\"when\":1588715738}", "Op.when must be a timestamp");
    assert_types("{\"when\":\"2020-02-30T00:00:00Z\"}", "Op.when must be a timestamp");
    assert_types("{\"number\":\"1\"}", "Op.number must be an integer");
    assert_types("{\"number\":1.5}", "Op.number must be an integer");
    assert_types("{\"number\":1e999}", "Op.number must be an integer");
    assert_types("{\"boolean\":\"true\"}", "Op.boolean must be a boolean");
    assert_types("{\"boolean\":0}", "Op.boolean must be a boolean");
    assert_types("{\"a\":[]}", "Op.a must be an object");
    assert_types("{\"a\":{\"b\":{}}}", "Op.a.b must be a list");
    assert_types("{\"map\":[]}", "Op.map must be a map");
    assert_types("[]", "Op must be an object");
}

static void of_a_member_given_twice_only_the_first_is_used(void **state)
{
    static const char text[] = "{\"name\":null,\"name\":\"a\",\"name\":7,\"other\":1,"
                               "\"name\":\"b\"}";
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *why = NULL;
    cJSON *value AUTO(json_done) = json_read(text, strlen(text), &why);

    (void)state;
    assert_null(validate_types(arena, "Op", &root, value));

    assert_int_equal(cJSON_GetArraySize(value), 2);
    assert_string_equal(json_string_or(value, "name", ""), "a");
}

static void the_first_fault_in_the_order_of_the_shape_is_named(void **state)
{
    (void)state;
    assert_constraints("{\"colour\":\"x\",\"number\":99,\"name\":\"a\",\"a\":{\"b\":[]}}",
                       "Op.a.b must have between 1 and 2 entries");
    assert_constraints("{\"colour\":\"x\",\"number\":99,\"name\":\"a\"}",
                       "Op.name must have a length of between 2 and 4");
    assert_types("{\"boolean\":1,\"number\":\"x\",\"name\":7}",
                 "Op.name must be a string");
}

static void a_length_is_named_before_a_pattern(void **state)
{
    (void)state;
    assert_constraints("{\"name\":\"!\"}",
                       "Op.name must have a length of between 2 and 4");
}

static void null_members_are_removed(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    cJSON *value AUTO(json_done) =
        json_stored("{\"name\":null,\"number\":null,\"number\":7,"
                    "\"a\":{\"b\":[{\"c\":\"ab\",\"d\":null}]}}");

    (void)state;
    assert_null(validate_types(arena, "Op", &root, value));

    assert_string_equal(json_text(arena, value),
                        "{\"number\":7,\"a\":{\"b\":[{\"c\":\"ab\"}]}}");
}

static void a_required_member_that_is_null_is_missing(void **state)
{
    (void)state;
    assert_constraints("{\"a\":{\"b\":[{\"c\":null}]}}",
                       "Op.a.b[0].c is a required attribute");
}

static void unknown_members_of_an_input_are_ignored(void **state)
{
    (void)state;
    assert_constraints("{\"NAME\":7,\"x\":null,\"a\":{\"y\":[]}}", NULL);
}

static void unknown_members_of_an_output_are_a_fault(void **state)
{
    static const struct {
        const char *text;
        const char *fault;
    } cases[] = {
        {"{\"name\":\"ab\",\"map\":{\"any\":\"x\"}}",  NULL                       },
        {"{\"x\":1}",                                  "Op.x is unknown. Valid names are a, name, long, short, number, "
                      "colour, none, map, boolean, when, any"},
        {"{\"a\":{\"b\":[{\"c\":\"ab\"},{\"x\":1}]}}",
         "Op.a.b[1].x is unknown. Valid names are c, d"                           },
    };
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        cJSON *value AUTO(json_done) = json_stored(cases[i].text);
        assert_fault(validate_closed(arena, "Op", &root, value), cases[i].fault);
    }
}

static void the_member_named_by_a_message_is_found(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)state;
    assert_string_equal(
        validate_member_of(arena, "Op", "Op.name is a required attribute"), "name");
    assert_string_equal(validate_member_of(arena, "Op", "Op.a[0].b must be a string"),
                        "a[0].b");
    assert_null(validate_member_of(arena, "Op", "Op must be an object"));
    assert_null(validate_member_of(arena, "Op", "Operation.name is missing"));
    assert_null(validate_member_of(arena, "Op", "Metadata size exceeds payload limit"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_length_has_two_ends),
        cmocka_unit_test(a_length_may_have_one_end),
        cmocka_unit_test(a_length_counts_characters),
        cmocka_unit_test(a_pattern_applies_to_the_whole_value),
        cmocka_unit_test(a_range_has_two_ends),
        cmocka_unit_test(a_number_without_bounds_may_be_any_64_bit_one),
        cmocka_unit_test(an_enum_compares_its_values_exactly),
        cmocka_unit_test(the_number_of_list_entries_is_checked),
        cmocka_unit_test(the_keys_and_values_of_a_map_are_checked),
        cmocka_unit_test(a_nested_member_is_named_by_its_full_path),
        cmocka_unit_test(a_value_of_another_type_is_named_with_its_type),
        cmocka_unit_test(of_a_member_given_twice_only_the_first_is_used),
        cmocka_unit_test(the_first_fault_in_the_order_of_the_shape_is_named),
        cmocka_unit_test(a_length_is_named_before_a_pattern),
        cmocka_unit_test(null_members_are_removed),
        cmocka_unit_test(a_required_member_that_is_null_is_missing),
        cmocka_unit_test(unknown_members_of_an_input_are_ignored),
        cmocka_unit_test(unknown_members_of_an_output_are_a_fault),
        cmocka_unit_test(the_member_named_by_a_message_is_found),
    };

    json_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
