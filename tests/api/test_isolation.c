/*
 * What belongs to one account and region is invisible from every other, by every
 * operation, and is not mixed up with resources of other scopes that have the same ids.
 */
#include "base/json.h"
#include "sample_calls.h"
#include "support/emulator.h"
#include "support/scope_rows.h"

#include <string.h>

#include "support/cmocka_all.h"

/* Strangers come before and after it in an index. */
static const struct scope home = {.account = "555555555555", .region = "us-east-1"};
static const struct scope strangers[] = {
    {.account = "555555555555", .region = "eu-west-1"},
    {.account = "123456789012", .region = "us-east-1"},
    {.account = "888888888888", .region = "us-west-2"},
};

static struct emulator *open_home(void)
{
    struct emulator *emu = emulator_open(":memory:");

    emu->settings.default_scope = home;
    return emu;
}

static int home_setup(void **state)
{
    *state = open_home();
    return 0;
}

#define HOME_TEST(test)                                                                  \
    cmocka_unit_test_setup_teardown(test, home_setup, emulator_teardown)

static void every_operation_has_a_sample(void **state)
{
    (void)state;
    assert_samples_are_complete();
}

/* Whether the text is about something of the home scope. */
static bool mentions_home(struct samples *samples, const char *text)
{
    return strstr(text, arena_printf(samples->arena, ":%s:%s:", home.region,
                                     home.account)) != NULL;
}

static void assert_answers_nothing(struct samples *samples, const char *name,
                                   const cJSON *body)
{
    const char *text = json_text(samples->arena, body);

    if (mentions_home(samples, text))
        fail_msg("%s returned %s", name, text);
}

/* A batch has nothing but errors to return. */
static void assert_answers_errors(struct samples *samples, const char *name,
                                  struct reply reply)
{
    cJSON *rest AUTO(json_done) = cJSON_Duplicate(reply.body, true);

    assert_true(reply_count(reply, "errors") > 0);
    cJSON_DeleteItemFromObjectCaseSensitive(rest, "errors");
    assert_answers_nothing(samples, name, rest);
}

/* The test fails unless the response is what a caller who does not have the resources is
 * to get. */
static void assert_is_a_strangers(struct samples *samples, enum elsewhere elsewhere,
                                  const struct sample_request *request,
                                  struct reply reply)
{
    const char *name = request->op->name;

    switch (elsewhere) {
    case ELSEWHERE_NOT_FOUND:
    case ELSEWHERE_SAME:
        if (reply.status != 404)
            fail_msg("%s %s: %d instead of 404", name, request->body, reply.status);
        assert_string_equal(reply.error, "ResourceNotFoundException");
        return;
    case ELSEWHERE_MISSING:
        assert_error(reply, 408, "EventsMissingException");
        assert_answers_nothing(samples, name, reply.body);
        return;
    case ELSEWHERE_ERRORS:
        assert_success(reply, request->op->status);
        assert_answers_errors(samples, name, reply);
        return;
    case ELSEWHERE_OWN:
        if (reply.error != NULL)
            fail_msg("%s: %s (%s)", name, reply.error, reply.message);
        if (reply.body != NULL)
            assert_answers_nothing(samples, name, reply.body);
        return;
    }
}

/* Calls as a stranger, with the ARNs of the owner and with those that the resources would
 * have if they were the stranger's. */
static void call_as_stranger(struct samples *samples, struct scope stranger,
                             enum elsewhere elsewhere,
                             const struct sample_request *request)
{
    struct sample_request moved = sample_move(samples, request, home, stranger);
    bool names_home = strcmp(moved.body, request->body) != 0 ||
                      strcmp(moved.target, request->target) != 0;

    if (elsewhere == ELSEWHERE_NOT_FOUND || elsewhere == ELSEWHERE_ERRORS)
        assert_is_a_strangers(samples, elsewhere, request,
                              sample_send(samples, stranger, request));
    if (elsewhere != ELSEWHERE_SAME || names_home)
        assert_is_a_strangers(samples, elsewhere, &moved,
                              sample_send(samples, stranger, &moved));
}

static void nothing_of_one_scope_is_reached_from_another(void **state)
{
    struct emulator *emu = *state;
    struct samples samples AUTO(samples_done);

    samples_init(&samples, emu);
    for (size_t i = 0; i < sample_calls_count; i++) {
        struct sample_request request = sample_fill(&samples, sample_calls[i].text);
        const char *before = scope_text(emu, home);
        for (size_t s = 0; s < COUNT_OF(strangers); s++)
            call_as_stranger(&samples, strangers[s], sample_calls[i].elsewhere, &request);
        if (strcmp(scope_text(emu, home), before) != 0)
            fail_msg("%s changed what another scope has", request.op->name);
        (void)sample_make(&samples, sample_calls[i].text);
    }
}

/* Gives each stranger a copy of everything that the home scope has, with the same ids.
 * What it has already stays: a stranger still has, as it was, what the home has changed
 * or deleted. */
static void make_twins(struct emulator *emu)
{
    for (size_t s = 0; s < COUNT_OF(strangers); s++)
        scope_copy(emu, home, strangers[s]);
}

static const char *twins_text(struct emulator *emu)
{
    const char *all = "";

    for (size_t s = 0; s < COUNT_OF(strangers); s++)
        all = emulator_printf(emu, "%s%s", all, scope_text(emu, strangers[s]));
    return all;
}

static void delete_twins(struct emulator *emu)
{
    for (size_t s = 0; s < COUNT_OF(strangers); s++)
        scope_clear(emu, strangers[s]);
}

static const char *make_call(struct samples *samples, const char *text)
{
    struct reply reply = sample_make(samples, text);

    return reply.body != NULL ? json_text(samples->arena, reply.body) : "";
}

/* Makes a call where the resources are alone and where they have twins. */
static void assert_told_apart(struct samples *alone, struct samples *crowded,
                              const char *text)
{
    make_twins(crowded->emu);
    const char *before = twins_text(crowded->emu);

    const char *expected = make_call(alone, text);
    const char *actual = make_call(crowded, text);

    if (strcmp(actual, expected) != 0)
        fail_msg("%s returned %s instead of %s", text, actual, expected);
    if (strcmp(twins_text(crowded->emu), before) != 0)
        fail_msg("%s changed a twin of what it names", text);
}

/* What is about the whole store concerns the twins too, so they are away then. */
static void call_without_twins(struct samples *alone, struct samples *crowded,
                               const char *text)
{
    delete_twins(crowded->emu);
    (void)sample_make(alone, text);
    (void)sample_make(crowded, text);
}

static void twins_with_the_same_ids_are_told_apart(void **state)
{
    struct emulator *other = open_home();
    struct samples alone AUTO(samples_done);
    struct samples crowded AUTO(samples_done);

    samples_init(&alone, other);
    samples_init(&crowded, *state);
    for (size_t i = 0; i < sample_calls_count; i++) {
        const char *text = sample_calls[i].text;
        if (sample_fill(&alone, text).op->access == WHOLE_STORE)
            call_without_twins(&alone, &crowded, text);
        else
            assert_told_apart(&alone, &crowded, text);
    }
    emulator_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_has_a_sample),
        HOME_TEST(nothing_of_one_scope_is_reached_from_another),
        HOME_TEST(twins_with_the_same_ids_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
