/*
 * Walks the input shape of every operation and sends, for each member at every depth,
 * values at and just beyond each of its constraints. A new operation is covered by its
 * table.
 */
#include "app/app.h"
#include "inputs.h"
#include "support/emulator.h"

#include "base/json.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <string.h>

#include "support/cmocka_all.h"

/* The minimum number of cases that the shapes of this release give, so that a walk that
 * misses most of them is noticed. */
enum { KEPT_CASES_LEAST = 250, BROKEN_CASES_LEAST = 500 };

/* The characters of this text take two bytes each. */
#define TWO_BYTES "\xc3\xa9"

/* Members that are optional in the model but required by a rule of the operation, with
 * the message of the constraint. */
static const char *const required_by_rule[] = {
    "CreateRecordingConfiguration.destinationConfiguration.s3",
    "CreateAdConfiguration.mediaTailorPlaybackConfigurations[0].playbackConfigurationArn",
    "UpdateAdConfiguration.mediaTailorPlaybackConfigurations[0].playbackConfigurationArn",
};

struct bench {
    struct emulator *emu;
    struct arena *arena;
    const struct operation *op;
    int cases;
    int failures;
};

static struct reply send(struct bench *bench, const struct place *at, cJSON *value)
{
    cJSON *input AUTO(json_done) = input_with(at, value);
    const char *target = input_target(bench->arena, bench->op, input);
    const char *body = json_text(bench->arena, input);

    bench->cases++;
    return emulator_request(bench->emu, bench->emu->settings.default_scope,
                            bench->op->method, target, body, strlen(body));
}

static const char *name_of(struct bench *bench, const struct place *at)
{
    return place_name(bench->arena, bench->op, at);
}

static void fail_mismatch(struct bench *bench, struct reply reply, const char *expected)
{
    print_error("%s: %d %s (%s) instead of %s\n", bench->op->name, reply.status,
                reply.error != NULL ? reply.error : "success",
                reply.message != NULL ? reply.message : "", expected);
    bench->failures++;
}

/* The value must be refused with this message. */
static void refused(struct bench *bench, const struct place *at, cJSON *value,
                    const char *error, const char *message)
{
    struct reply reply = send(bench, at, value);

    if (reply.error == NULL || reply.status != 400 || strcmp(reply.error, error) != 0 ||
        strcmp(reply.message, message) != 0)
        fail_mismatch(bench, reply, message);
}

static void check_refused(struct bench *bench, const struct place *at, cJSON *value,
                          const char *rule)
{
    refused(bench, at, value, "ValidationException",
            arena_printf(bench->arena, "%s %s", name_of(bench, at), rule));
}

/* The value must not be refused by its own constraint; other errors, such as an ARN of a
 * missing resource, are accepted. */
static void check_accepted(struct bench *bench, const struct place *at, cJSON *value)
{
    static const char *const rules[] = {" must have ", " does not match ",
                                        " must be one of ", " must be between ",
                                        " is a required attribute"};
    const char *place = name_of(bench, at);
    struct reply reply = send(bench, at, value);
    bool blamed =
        reply.error != NULL &&
        (strcmp(reply.error, "SerializationException") == 0 ||
         (strcmp(reply.error, "ValidationException") != 0 && reply.status == 400) ||
         reply.status >= 500);

    for (size_t i = 0; i < COUNT_OF(rules) && reply.error != NULL; i++) {
        const char *blame = arena_printf(bench->arena, "%s%s", place, rules[i]);
        blamed = blamed || strncmp(reply.message, blame, strlen(blame)) == 0;
    }
    if (blamed)
        fail_mismatch(bench, reply, arena_printf(bench->arena, "accepting %s", place));
}

/* As in `must have a length of at most 128`. */
static const char *bounds(struct bench *bench, const struct shape *shape)
{
    if (shape->min > 0 && shape->max > 0)
        return arena_printf(bench->arena, "between %" PRId64 " and %" PRId64, shape->min,
                            shape->max);
    if (shape->max > 0)
        return arena_printf(bench->arena, "at most %" PRId64, shape->max);
    return arena_printf(bench->arena, "at least %" PRId64, shape->min);
}

static bool is_allowed(const struct shape *shape, const char *text)
{
    return shape->pattern == NULL || shape->pattern->matches(shape->pattern, text);
}

static const char *wide_text(struct bench *bench, int64_t length)
{
    const char *text = "";

    for (int64_t i = 0; i < length; i++)
        text = arena_printf(bench->arena, "%s" TWO_BYTES, text);
    return text;
}

static void keep_text(struct bench *bench, const struct place *at, const char *text)
{
    /* An empty label in a path makes a different path. */
    if (is_allowed(at->shape, text) && !(place_is_in_path(at) && text[0] == '\0'))
        check_accepted(bench, at, cJSON_CreateString(text));
}

static void keep_string(struct bench *bench, const struct place *at)
{
    const struct shape *shape = at->shape;

    for (int i = 0; shape->values != NULL && shape->values[i] != NULL; i++)
        check_accepted(bench, at, cJSON_CreateString(shape->values[i]));
    if (shape->values != NULL) {
        if (shape->or_empty)
            check_accepted(bench, at, cJSON_CreateString(""));
        return;
    }
    keep_text(bench, at, input_text(bench->arena, shape, shape->min));
    if (shape->max > 0) {
        keep_text(bench, at, input_text(bench->arena, shape, shape->max));
        keep_text(bench, at, wide_text(bench, shape->max));
    }
}

static bool is_required_by_rule(const char *place)
{
    for (size_t i = 0; i < COUNT_OF(required_by_rule); i++) {
        if (strcmp(required_by_rule[i], place) == 0)
            return true;
    }
    return false;
}

static void keep_constraints(void *context, const struct place *at)
{
    struct bench *bench = context;
    const struct shape *shape = at->shape;

    switch (shape->type) {
    case SHAPE_STRING:
        keep_string(bench, at);
        break;
    case SHAPE_INTEGER:
    case SHAPE_NUMBER:
        check_accepted(bench, at, cJSON_CreateNumber((double)shape->min));
        check_accepted(bench, at, cJSON_CreateNumber((double)shape->max));
        break;
    case SHAPE_BOOLEAN:
        check_accepted(bench, at, cJSON_CreateTrue());
        check_accepted(bench, at, cJSON_CreateFalse());
        break;
    case SHAPE_LIST:
    case SHAPE_MAP:
        /* A list without entries is absent from a query. */
        if (shape->min > 0 || !place_is_in_uri(at))
            check_accepted(bench, at, input_entries(shape, shape->min));
        check_accepted(bench, at, input_entries(shape, shape->max > 0 ? shape->max : 3));
        break;
    case SHAPE_STRUCTURE:
        break; /* it has no constraint but its members' */
    case SHAPE_TIMESTAMP:
        check_accepted(bench, at, cJSON_CreateString("2030-01-01T00:00:00Z"));
        check_accepted(bench, at, cJSON_CreateString("2030-01-01T01:30:00.25+01:30"));
        break;
    case SHAPE_DOCUMENT:
        check_accepted(bench, at, cJSON_CreateObject());
        check_accepted(bench, at, cJSON_CreateRaw("{\"a\":[{\"b\":\"\"},1.5,true]}"));
        break;
    }
    if (at->kind == PLACE_MEMBER && (at->member->flags & REQUIRED) == 0 &&
        !is_required_by_rule(name_of(bench, at))) {
        check_accepted(bench, at, NULL);
        check_accepted(bench, at, cJSON_CreateNull());
    }
}

/* The example with a character that no pattern allows, a line end: appended, or instead
 * of its last one if it would become too long. */
static const char *without_match(struct arena *arena, const struct shape *shape)
{
    const char *example = shape->pattern->example;
    size_t kept = strlen(example);

    if (shape->max > 0 && (int64_t)kept == shape->max)
        kept--;
    return arena_printf(arena, "%.*s\n", (int)kept, example);
}

static void break_string(struct bench *bench, const struct place *at)
{
    const struct shape *shape = at->shape;
    struct arena *arena = bench->arena;
    const char *length =
        arena_printf(arena, "must have a length of %s", bounds(bench, shape));

    if (shape->min > 0 && !(place_is_in_path(at) && shape->min == 1))
        check_refused(bench, at,
                      cJSON_CreateString(input_text(arena, shape, shape->min - 1)),
                      length);
    if (shape->max > 0) {
        check_refused(bench, at,
                      cJSON_CreateString(input_text(arena, shape, shape->max + 1)),
                      length);
        check_refused(bench, at, cJSON_CreateString(wide_text(bench, shape->max + 1)),
                      length);
    }
    if (shape->pattern != NULL)
        check_refused(
            bench, at, cJSON_CreateString(without_match(arena, shape)),
            arena_printf(arena, "does not match pattern %s", shape->pattern->text));
    if (shape->values == NULL)
        return;
    const char *all = shape->values[0];
    for (int i = 1; shape->values[i] != NULL; i++)
        all = arena_printf(arena, "%s, %s", all, shape->values[i]);
    const char *rule = arena_printf(arena, "must be one of %s", all);
    check_refused(bench, at, cJSON_CreateString("NOT_A_VALUE"), rule);
    check_refused(bench, at,
                  cJSON_CreateString(arena_printf(arena, "%s ", shape->values[0])), rule);
    if (!shape->or_empty)
        check_refused(bench, at, cJSON_CreateString(""), rule);
}

static void break_range(struct bench *bench, const struct place *at)
{
    const char *rule =
        arena_printf(bench->arena, "must be between %" PRId64 " and %" PRId64,
                     at->shape->min, at->shape->max);

    check_refused(bench, at, cJSON_CreateNumber((double)at->shape->min - 1), rule);
    check_refused(bench, at, cJSON_CreateNumber((double)at->shape->max + 1), rule);
    check_refused(bench, at, cJSON_CreateNumber(-0x1p63), rule);
}

static void break_entries(struct bench *bench, const struct place *at)
{
    const struct shape *shape = at->shape;
    const char *rule =
        arena_printf(bench->arena, "must have %s entries", bounds(bench, shape));

    if (shape->min > 0)
        check_refused(bench, at, input_entries(shape, shape->min - 1), rule);
    if (shape->max > 0)
        check_refused(bench, at, input_entries(shape, shape->max + 1), rule);
}

/* Each JSON value that is not of the shape's type. */
static void break_type(struct bench *bench, const struct place *at)
{
    static const struct {
        const char *text;
        unsigned fits; /* a bit for each shape type */
    } samples[] = {
        {"\"text\"", 1U << SHAPE_STRING                                            },
        {"true",     1U << SHAPE_BOOLEAN                                           },
        {"7",        1U << SHAPE_INTEGER | 1U << SHAPE_NUMBER                      },
        {"[]",       1U << SHAPE_LIST                                              },
        {"{}",       1U << SHAPE_STRUCTURE | 1U << SHAPE_MAP | 1U << SHAPE_DOCUMENT},
    };
    static const char *const names[] = {
        [SHAPE_STRING] = "a string",   [SHAPE_TIMESTAMP] = "a timestamp",
        [SHAPE_BOOLEAN] = "a boolean", [SHAPE_INTEGER] = "an integer",
        [SHAPE_NUMBER] = "a number",   [SHAPE_LIST] = "a list",
        [SHAPE_MAP] = "a map",         [SHAPE_STRUCTURE] = "an object",
        [SHAPE_DOCUMENT] = "an object"};
    static const char *const no_integers[] = {"1.5", "1e999", "-1e999", "1e30"};
    enum shape_type type = at->shape->type;
    const char *message =
        arena_printf(bench->arena, "%s must be %s", name_of(bench, at), names[type]);

    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        if ((samples[i].fits & 1U << type) == 0)
            refused(bench, at, cJSON_CreateRaw(samples[i].text), "SerializationException",
                    message);
    }
    for (size_t i = 0; type == SHAPE_INTEGER && i < COUNT_OF(no_integers); i++)
        refused(bench, at, cJSON_CreateRaw(no_integers[i]), "SerializationException",
                message);
}

static void break_presence(struct bench *bench, const struct place *at)
{
    check_refused(bench, at, NULL, "is a required attribute");
    if (!place_is_in_uri(at))
        check_refused(bench, at, cJSON_CreateNull(), "is a required attribute");
}

static void break_constraints(void *context, const struct place *at)
{
    struct bench *bench = context;

    if (at->kind != PLACE_KEY && !place_is_in_uri(at))
        break_type(bench, at);
    if (at->kind == PLACE_MEMBER && (at->member->flags & REQUIRED) != 0 &&
        !place_is_in_path(at))
        break_presence(bench, at);
    switch (at->shape->type) {
    case SHAPE_STRING:
        break_string(bench, at);
        break;
    case SHAPE_INTEGER:
    case SHAPE_NUMBER:
        break_range(bench, at);
        break;
    case SHAPE_LIST:
    case SHAPE_MAP:
        break_entries(bench, at);
        break;
    default:
        break;
    }
}

/* Walks every implemented operation. Returns the number of cases. */
static int walk_all(struct emulator *emu,
                    void (*visit)(void *context, const struct place *at))
{
    int cases = 0;
    int failures = 0;

    emu->settings.quotas = false;
    for (size_t s = 0; app_services[s] != NULL; s++) {
        for (size_t i = 0; i < app_services[s]->count; i++) {
            struct arena *arena AUTO(arena_done) = arena_new();
            struct bench bench = {
                .emu = emu, .arena = arena, .op = &app_services[s]->operations[i]};
            if (bench.op->handle == NULL)
                continue;
            /* An ARN that no service knows goes to that of the signature. */
            if (app_services[s]->signing_name != NULL)
                emulator_sign_for(emu, app_services[s]->signing_name);
            struct place input = {.kind = PLACE_INPUT, .shape = bench.op->in};
            place_walk(&input, visit, &bench);
            if (bench.cases == 0 && bench.op->in->members[0].name != NULL) {
                print_error("%s: no cases\n", bench.op->name);
                failures++;
            }
            cases += bench.cases;
            failures += bench.failures;
        }
    }
    print_message("%d cases\n", cases);
    assert_int_equal(failures, 0);
    return cases;
}

static void values_at_the_bound_of_a_constraint_are_accepted(void **state)
{
    int cases = walk_all(*state, keep_constraints);

    assert_true(cases >= KEPT_CASES_LEAST);
}

static void values_just_beyond_a_constraint_are_refused_by_name(void **state)
{
    int cases = walk_all(*state, break_constraints);

    assert_true(cases >= BROKEN_CASES_LEAST);
}

/* An input of every operation, replaced as a whole. */
static void send_whole(struct emulator *emu, const char *text, const char *message)
{
    for (size_t s = 0; app_services[s] != NULL; s++) {
        for (size_t i = 0; i < app_services[s]->count; i++) {
            struct arena *arena AUTO(arena_done) = arena_new();
            const struct operation *op = &app_services[s]->operations[i];
            struct place at = {.kind = PLACE_INPUT, .shape = op->in};
            cJSON *input AUTO(json_done) = input_with(&at, NULL);
            if (op->handle == NULL)
                continue;
            const char *target = input_target(arena, op, input);
            struct reply reply = emulator_request(emu, emu->settings.default_scope,
                                                  op->method, target, text, strlen(text));
            assert_error_begins(reply, 400, "SerializationException", message);
        }
    }
}

static void every_operation_refuses_a_body_that_is_not_an_object(void **state)
{
    send_whole(*state, "[]", "The body must be a JSON object");
    send_whole(*state, "\"{}\"", "The body must be a JSON object");
    send_whole(*state, "null", "The body must be a JSON object");
}

static void every_operation_refuses_a_body_that_is_not_json(void **state)
{
    send_whole(*state, "{", "The JSON text ends unexpectedly");
    send_whole(*state, "{} {}", "The JSON text is followed by other text");
    send_whole(*state, "<xml/>", "The body is not valid JSON");
}

static void a_length_counts_characters_not_bytes(void **state)
{
    struct emulator *emu = *state;
    struct arena *arena AUTO(arena_done) = arena_new();
    struct bench bench = {.emu = emu, .arena = arena};
    const char *longest = wide_text(&bench, 256);

    struct reply fits = emulator_call(emu, "us-east-1", "CreateChannel",
                                      "{\"tags\":{\"k\":\"%s\"}}", longest);
    struct reply over = emulator_call(emu, "us-east-1", "CreateChannel",
                                      "{\"tags\":{\"k\":\"%sx\"}}", longest);

    assert_int_equal(strlen(longest), 2 * utf8_chars(longest));
    assert_success(fits, 200);
    assert_string_equal(reply_string(fits, "channel.tags.k"), longest);
    assert_error_says(over, 400, "ValidationException",
                      "CreateChannel.tags.k must have a length of at most 256");
}

static void unknown_members_are_ignored(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        emulator_call(emu, "us-east-1", "CreateChannel",
                      "{\"Name\":7,\"unknown\":{\"a\":[]},\"name\":\"lobby\"}");

    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, "channel.name"), "lobby");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(values_at_the_bound_of_a_constraint_are_accepted),
        EMULATOR_TEST(values_just_beyond_a_constraint_are_refused_by_name),
        EMULATOR_TEST(every_operation_refuses_a_body_that_is_not_an_object),
        EMULATOR_TEST(every_operation_refuses_a_body_that_is_not_json),
        EMULATOR_TEST(a_length_counts_characters_not_bytes),
        EMULATOR_TEST(unknown_members_are_ignored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
