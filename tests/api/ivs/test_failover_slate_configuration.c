/*
 * Failover slate configurations: defaults, bounds, states, partial updates.
 */
#include "support/playback.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define ARN_START "arn:aws:ivs:us-east-1:000000000000:failover-slate-configuration/"
#define CONFIGURATION "failoverSlateConfiguration"

static struct reply create(struct emulator *emu, const char *members)
{
    return emulator_call(emu, REGION, "CreateFailoverSlateConfiguration", "{%s}",
                         members);
}

static const char *create_named(struct emulator *emu, const char *name)
{
    struct reply reply = create(emu, emulator_printf(emu, "\"name\":\"%s\"", name));

    assert_success(reply, 200);
    return reply_string(reply, CONFIGURATION ".arn");
}

static struct reply get(struct emulator *emu, const char *arn)
{
    return call_arn(emu, REGION, "GetFailoverSlateConfiguration", arn);
}

static struct reply update(struct emulator *emu, const char *arn, const char *members)
{
    return emulator_call(emu, REGION, "UpdateFailoverSlateConfiguration",
                         "{\"arn\":\"%s\"%s}", arn, members);
}

static void an_empty_input_makes_a_configuration_of_defaults(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = create(emu, "");

    assert_success(reply, 200);
    const char *arn = reply_string(reply, CONFIGURATION ".arn");
    assert_json(reply, "",
                "{\"" CONFIGURATION "\":{\"arn\":\"%s\",\"name\":\"\","
                "\"activationThresholdSeconds\":3,\"minSlateDisplaySeconds\":3,"
                "\"maxSlateDisplaySeconds\":60,\"state\":\"CREATING\",\"tags\":{}}}",
                arn);
    assert_memory_equal(arn, ARN_START, strlen(ARN_START));
    assert_int_equal(strlen(arn), strlen(ARN_START) + 12);
}

/* A configuration with every member given, settled. */
static struct reply create_full(struct emulator *emu)
{
    struct reply reply =
        create(emu, "\"name\":\"slate-1\",\"activationThresholdSeconds\":5,"
                    "\"minSlateDisplaySeconds\":10,\"maxSlateDisplaySeconds\":180,"
                    "\"tags\":{\"a\":\"b\"}");

    assert_success(reply, 200);
    clock_advance(emu->clock, emu->settings.transitions_ms);
    return get(emu, reply_string(reply, CONFIGURATION ".arn"));
}

static void a_configuration_keeps_what_it_was_given(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = create_full(emu);

    assert_success(reply, 200);
    assert_json(reply, "",
                "{\"" CONFIGURATION "\":{\"arn\":\"%s\",\"name\":\"slate-1\","
                "\"activationThresholdSeconds\":5,\"minSlateDisplaySeconds\":10,"
                "\"maxSlateDisplaySeconds\":180,\"state\":\"CREATED\","
                "\"tags\":{\"a\":\"b\"}}}",
                reply_string(reply, CONFIGURATION ".arn"));
}

static const char *state_of(struct emulator *emu, const char *arn)
{
    return reply_string(get(emu, arn), CONFIGURATION ".state");
}

static void a_configuration_is_created_after_the_transition(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_named(emu, "slate");

    clock_advance(emu->clock, emu->settings.transitions_ms - 1);
    const char *before = state_of(emu, arn);
    clock_advance(emu->clock, 1);
    const char *after = state_of(emu, arn);

    assert_string_equal(before, "CREATING");
    assert_string_equal(after, "CREATED");
}

static void an_updated_configuration_is_created_again_after_the_transition(void **state)
{
    struct emulator *emu = *state;
    struct reply made = create_full(emu);
    const char *arn = reply_string(made, CONFIGURATION ".arn");

    struct reply updated = update(emu, arn, ",\"name\":\"slate-2\"");
    clock_advance(emu->clock, emu->settings.transitions_ms - 1);
    const char *before = state_of(emu, arn);
    clock_advance(emu->clock, 1);
    const char *after = state_of(emu, arn);

    assert_string_equal(reply_string(updated, CONFIGURATION ".state"), "UPDATING");
    assert_string_equal(before, "UPDATING");
    assert_string_equal(after, "CREATED");
}

static void an_update_changes_what_it_names_and_nothing_else(void **state)
{
    static const struct {
        const char *member;
        const char *value;
    } changes[] = {
        {"name",                       "\"slate-2\""},
        {"activationThresholdSeconds", "4"          },
        {"minSlateDisplaySeconds",     "3"          },
        {"maxSlateDisplaySeconds",     "61"         },
        {"name",                       "\"\""       },
    };
    struct emulator *emu = *state;
    struct reply before = create_full(emu);
    const char *arn = reply_string(before, CONFIGURATION ".arn");

    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        assert_success(update(emu, arn,
                              emulator_printf(emu, ",\"%s\":%s", changes[i].member,
                                              changes[i].value)),
                       200);
        clock_advance(emu->clock, emu->settings.transitions_ms);
        struct reply after = get(emu, arn);
        cJSON *expected = cJSON_Duplicate(reply_item(before, CONFIGURATION), true);
        cJSON_ReplaceItemInObjectCaseSensitive(expected, changes[i].member,
                                               cJSON_Parse(changes[i].value));
        assert_true(cJSON_Compare(reply_item(after, CONFIGURATION), expected, true));
        cJSON_Delete(expected);
        before = after;
    }
}

static void times_outside_their_bounds_are_refused(void **state)
{
    static const struct {
        const char *member;
        int least, most;
    } times[] = {
        {"activationThresholdSeconds", 3,  5  },
        {"minSlateDisplaySeconds",     3,  10 },
        {"maxSlateDisplaySeconds",     60, 180},
    };
    struct emulator *emu = *state;
    const char *arn = create_named(emu, "slate");

    for (size_t i = 0; i < COUNT_OF(times); i++) {
        const int bad[] = {times[i].least - 1, times[i].most + 1};
        for (size_t k = 0; k < COUNT_OF(bad); k++) {
            const char *member =
                emulator_printf(emu, "\"%s\":%d", times[i].member, bad[k]);
            assert_error(create(emu, member), 400, "ValidationException");
            assert_error(update(emu, arn, emulator_printf(emu, ",%s", member)), 400,
                         "ValidationException");
        }
    }
}

static void a_list_shows_whole_configurations(void **state)
{
    struct emulator *emu = *state;
    struct reply first = create_full(emu);

    create_named(emu, "slate-2");
    struct reply whole =
        emulator_call(emu, REGION, "ListFailoverSlateConfigurations", "{}");

    assert_success(whole, 200);
    assert_int_equal(reply_count(whole, "failoverSlateConfigurations"), 2);
    assert_true(cJSON_Compare(reply_item(whole, "failoverSlateConfigurations.0"),
                              reply_item(first, CONFIGURATION), true));
    assert_string_equal(reply_string(whole, "failoverSlateConfigurations.1.state"),
                        "CREATING");
}

static void tags_do_not_make_a_configuration_settle_anew(void **state)
{
    static const char tags[] = "{\"tags\":{\"team\":\"video\"}}";
    struct emulator *emu = *state;
    const char *arn = create_named(emu, "slate");
    clock_advance(emu->clock, emu->settings.transitions_ms);

    assert_success(emulator_request(emu, emu->settings.default_scope, "POST",
                                    emulator_printf(emu, "/tags/%s", arn), tags,
                                    strlen(tags)),
                   200);

    assert_string_equal(state_of(emu, arn), "CREATED");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(an_empty_input_makes_a_configuration_of_defaults),
        EMULATOR_TEST(a_configuration_keeps_what_it_was_given),
        EMULATOR_TEST(a_configuration_is_created_after_the_transition),
        EMULATOR_TEST(an_updated_configuration_is_created_again_after_the_transition),
        EMULATOR_TEST(an_update_changes_what_it_names_and_nothing_else),
        EMULATOR_TEST(times_outside_their_bounds_are_refused),
        EMULATOR_TEST(a_list_shows_whole_configurations),
        EMULATOR_TEST(tags_do_not_make_a_configuration_settle_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
