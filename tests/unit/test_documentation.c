/*
 * The documentation of the control API: it is complete, has nothing else, and its
 * defaults and examples are valid.
 */
#include "control/documentation.h"

#include "api/validate.h"
#include "base/json.h"
#include "base/text.h"
#include "control/service.h"

#include <stdbool.h>
#include <string.h>

#include "support/cmocka_all.h"

enum { STRUCTURES_MAX = 200 };

/* A structure, by the name under which the models have it. */
struct structure {
    const char *name;
    const struct shape *shape;
    bool is_input;
};

static struct arena *arena;
static struct structure structures[STRUCTURES_MAX];
static size_t structure_count;

/* Adds the structure. The test fails if another one has its name. Returns false if it is
 * there. */
static bool add_structure(struct structure added)
{
    for (size_t i = 0; i < structure_count; i++) {
        if (strcmp(structures[i].name, added.name) != 0)
            continue;
        if (structures[i].shape != added.shape ||
            structures[i].is_input != added.is_input)
            fail_msg("two structures are called %s", added.name);
        return false;
    }
    assert_true(structure_count < STRUCTURES_MAX);
    structures[structure_count++] = added;
    return true;
}

/* Returns the structure that a value is or is a list of, or NULL. */
static const struct shape *structure_in(const struct shape *shape)
{
    while (shape->item != NULL)
        shape = shape->item;
    return shape->type == SHAPE_STRUCTURE ? shape : NULL;
}

static void collect_below(struct structure from)
{
    if (!add_structure(from))
        return;
    for (const struct member *m = from.shape->members; m->name != NULL; m++) {
        const struct shape *inner = structure_in(m->shape);
        if (inner != NULL)
            collect_below(
                (struct structure){documentation_structure(arena, from.name, m->name),
                                   inner, from.is_input});
    }
}

/* Collects the structures of all operations. */
static int collect(void **state)
{
    (void)state;
    json_init();
    arena = arena_new();
    structure_count = 0;
    for (size_t i = 0; i < control_service.count; i++) {
        const struct operation *op = &control_service.operations[i];
        collect_below((struct structure){documentation_request(arena, op), op->in, true});
        collect_below(
            (struct structure){documentation_response(arena, op), op->out, false});
    }
    return 0;
}

static int drop(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* Whether rows about `structure` are about the one with that name: Request and Response
 * are all requests and all responses. */
static bool is_about(const char *structure, const char *name)
{
    bool is_common =
        strcmp(structure, "Request") == 0 || strcmp(structure, "Response") == 0;

    return is_common ? text_ends_with(name, structure) : strcmp(structure, name) == 0;
}

/* Returns the shape of the member that a row is about, or NULL if there is none. */
static const struct shape *shape_of(const struct member_documentation *row)
{
    for (size_t i = 0; i < structure_count; i++) {
        const struct member *found = shape_member(structures[i].shape, row->member);
        if (found != NULL && is_about(row->structure, structures[i].name))
            return found->shape;
    }
    return NULL;
}

static void every_operation_is_documented(void **state)
{
    (void)state;
    for (size_t i = 0; i < control_service.count; i++) {
        const char *name = control_service.operations[i].name;
        if (documentation_of_operation(name).text[0] == '\0')
            fail_msg("documentation.def has no row for %s", name);
    }
    assert_int_equal(documented_operation_count, control_service.count);
}

static void every_member_is_documented(void **state)
{
    (void)state;
    for (size_t i = 0; i < structure_count; i++) {
        for (const struct member *m = structures[i].shape->members; m->name != NULL;
             m++) {
            struct member_documentation found =
                documentation_of_member(structures[i].name, m->name);
            if (found.text[0] == '\0')
                fail_msg("documentation.def has no row for %s.%s", structures[i].name,
                         m->name);
            if ((found.names != NULL) != (structure_in(m->shape) != NULL))
                fail_msg("%s.%s needs a name if it is a structure, and only then",
                         structures[i].name, m->name);
        }
    }
}

static void every_row_is_about_a_member_that_exists(void **state)
{
    (void)state;
    for (size_t i = 0; i < documented_member_count; i++) {
        const struct member_documentation *row = &documented_members[i];
        if (shape_of(row) == NULL)
            fail_msg("there is no member %s.%s", row->structure, row->member);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(row->structure, documented_members[j].structure) == 0 &&
                strcmp(row->member, documented_members[j].member) == 0)
                fail_msg("%s.%s has two rows", row->structure, row->member);
        }
    }
}

/* The test fails unless the text consists of sentences in the form that the models and
 * documents can convert. */
static void assert_sentences(const char *of, const char *text)
{
    size_t marks = 0;

    for (const char *c = text; *c != '\0'; c++) {
        marks += *c == '`';
        if (strchr("<>&|\n", *c) != NULL)
            fail_msg("%s: the character %c is not allowed", of, *c);
    }
    if (marks % 2 != 0 || text[strlen(text) - 1] != '.' ||
        strchr("`ABCDEFGHIJKLMNOPQRSTUVWXYZ", text[0]) == NULL)
        fail_msg("%s: not sentences: %s", of, text);
}

/* A default in words is the last sentence: the page about the control API shows it in a
 * column of its own. */
static void defaults_in_words_are_the_last_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < documented_member_count; i++) {
        const struct member_documentation *row = &documented_members[i];
        const char *at = row->text != NULL ? strstr(row->text, "Default: ") : NULL;
        if (at != NULL && (row->fallback != NULL || strstr(at, ". ") != NULL))
            fail_msg("%s.%s: %s", row->structure, row->member, row->text);
    }
}

static void texts_are_sentences(void **state)
{
    (void)state;
    assert_sentences("the API", documentation_of_service);
    for (size_t i = 0; i < documented_operation_count; i++)
        assert_sentences(documented_operations[i].operation,
                         documented_operations[i].text);
    for (size_t i = 0; i < documented_member_count; i++) {
        const struct member_documentation *row = &documented_members[i];
        if (row->text != NULL)
            assert_sentences(arena_join(arena, row->structure, ".", row->member, NULL),
                             row->text);
    }
}

/* The test fails unless the JSON is a value that the shape accepts. */
static void assert_valid(const char *of, const struct shape *shape, const char *json)
{
    const char *why = NULL;
    cJSON *value AUTO(json_done) = json_read(json, strlen(json), &why);

    if (value != NULL)
        why = validate_types(arena, of, shape, value);
    if (why == NULL)
        why = validate_constraints(arena, of, shape, value);
    if (why == NULL)
        why = validate_closed(arena, of, shape, value);
    if (why != NULL)
        fail_msg("%s: %s: %s", of, json, why);
}

static void defaults_are_valid_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < documented_member_count; i++) {
        const struct member_documentation *row = &documented_members[i];
        if (row->fallback != NULL)
            assert_valid(row->member, shape_of(row), row->fallback);
    }
}

static void examples_are_valid_inputs(void **state)
{
    (void)state;
    for (size_t i = 0; i < control_service.count; i++) {
        const struct operation *op = &control_service.operations[i];
        const char *example = documentation_of_operation(op->name).example;
        assert_int_equal(example[0] != '\0', strcmp(op->method, "POST") == 0);
        if (example[0] != '\0')
            assert_valid(op->name, op->in, example);
    }
}

static void a_member_of_every_request_has_one_text_and_defaults_of_its_own(void **state)
{
    struct member_documentation events =
        documentation_of_member("ListEventsRequest", "maxResults");
    struct member_documentation requests =
        documentation_of_member("ListRequestsRequest", "maxResults");

    (void)state;
    assert_string_equal(events.text, requests.text);
    assert_string_equal(events.fallback, "100");
    assert_string_equal(requests.fallback, "1000");
}

static void what_is_unknown_has_no_text(void **state)
{
    (void)state;
    assert_string_equal(documentation_of_operation("Nothing").text, "");
    assert_string_equal(documentation_of_operation("Nothing").example, "");
    assert_string_equal(documentation_of_member("NothingRequest", "a").text, "");
    assert_string_equal(documentation_of_member("Nothing", "nextToken").text, "");
}

static void names_of_values_are_one_word(void **state)
{
    (void)state;
    assert_string_equal(documentation_value(arena, "Event", "detail-type"),
                        "EventDetailType");
    assert_string_equal(documentation_value(arena, "A", "b2-c"), "AB2C");
    assert_string_equal(documentation_structure(arena, "ListFaultsResponse", "faults"),
                        "Fault");
    assert_string_equal(documentation_structure(arena, "Depot", "boxes"),
                        "DepotBoxesStructure");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_is_documented),
        cmocka_unit_test(every_member_is_documented),
        cmocka_unit_test(every_row_is_about_a_member_that_exists),
        cmocka_unit_test(texts_are_sentences),
        cmocka_unit_test(defaults_in_words_are_the_last_sentence),
        cmocka_unit_test(defaults_are_valid_values),
        cmocka_unit_test(examples_are_valid_inputs),
        cmocka_unit_test(a_member_of_every_request_has_one_text_and_defaults_of_its_own),
        cmocka_unit_test(what_is_unknown_has_no_text),
        cmocka_unit_test(names_of_values_are_one_word),
    };
    return cmocka_run_group_tests(tests, collect, drop);
}
