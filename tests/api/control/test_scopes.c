/*
 * The account and region that calls of the control API work on, and ListScopes.
 */
#include "base/attrs.h"

#include <string.h>

#include "support/cmocka_all.h"
#include "support/emulator.h"

#define HOME "us-east-1"
#define ELSEWHERE "\"account\":\"123456789012\",\"region\":\"eu-west-1\""

static const struct scope elsewhere = {"123456789012", "eu-west-1"};

static const char *create_elsewhere(struct emulator *emu)
{
    struct reply made = emulator_call_as(emu, elsewhere, "CreateChannel", "{}");

    assert_success(made, 200);
    return reply_string(made, "channel.arn");
}

static void assert_scope(struct reply reply, const char *account, const char *region)
{
    assert_success(reply, 200);
    assert_string_equal(reply_string(reply, "account"), account);
    assert_string_equal(reply_string(reply, "region"), region);
}

static void a_call_works_on_the_scope_of_its_members(void **state)
{
    struct emulator *emu = *state;
    create_elsewhere(emu);

    assert_scope(emulator_call(emu, HOME, "PutFault",
                               "{\"operation\":\"GetChannel\",\"latencyMs\":1," ELSEWHERE
                               "}"),
                 "123456789012", "eu-west-1");
    assert_scope(
        emulator_call(emu, HOME, "AdvanceClock", "{\"seconds\":60," ELSEWHERE "}"),
        "123456789012", "eu-west-1");

    assert_int_equal(
        reply_count(emulator_call_as(emu, elsewhere, "ListFaults", "{}"), "faults"), 1);
    assert_int_equal(reply_count(emulator_call(emu, HOME, "ListFaults", "{}"), "faults"),
                     0);
    assert_int_equal(
        reply_int(emulator_call_as(emu, elsewhere, "GetClock", "{}"), "offsetSeconds"),
        60);
    assert_int_equal(
        reply_int(emulator_call(emu, HOME, "GetClock", "{}"), "offsetSeconds"), 0);
    struct reply log = emulator_call(emu, HOME, "ListRequests", "{" ELSEWHERE "}");
    assert_scope(log, "123456789012", "eu-west-1");
    assert_int_equal(reply_count(log, "requests"), 1);
    assert_success(emulator_call(emu, HOME, "Reset", "{" ELSEWHERE "}"), 204);
    assert_int_equal(
        reply_count(emulator_call_as(emu, elsewhere, "ListChannels", "{}"), "channels"),
        0);
}

static void a_missing_member_is_that_of_the_caller(void **state)
{
    struct emulator *emu = *state;

    assert_scope(emulator_call(emu, HOME, "GetClock", "{\"region\":\"eu-west-1\"}"),
                 emu->settings.default_scope.account, "eu-west-1");
    assert_scope(emulator_call(emu, HOME, "GetClock", "{\"account\":\"123456789012\"}"),
                 "123456789012", HOME);
    assert_scope(emulator_call_as(emu, elsewhere, "GetClock", "{}"), "123456789012",
                 "eu-west-1");
}

static void a_resource_determines_the_scope(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_elsewhere(emu);

    assert_scope(emulator_call(
                     emu, HOME, "PutFault",
                     "{\"operation\":\"*\",\"latencyMs\":1,\"resourceArn\":\"%s\"}", arn),
                 "123456789012", "eu-west-1");
    assert_scope(emulator_call(emu, HOME, "StartStream", "{\"channelArn\":\"%s\"}", arn),
                 "123456789012", "eu-west-1");
    assert_scope(emulator_call(emu, HOME, "ListEvents", "{\"resourceArn\":\"%s\"}", arn),
                 "123456789012", "eu-west-1");
    assert_error_says(
        emulator_call(emu, HOME, "EndStream",
                      "{\"channelArn\":\"%s\",\"account\":\"000000000000\"}", arn),
        400, "ValidationException",
        "EndStream.account contradicts the account or the region of the resource");
    assert_success(emulator_call(emu, HOME, "EndStream",
                                 "{\"channelArn\":\"%s\"," ELSEWHERE "}", arn),
                   204);
}

static void a_stream_key_determines_the_scope(void **state)
{
    struct emulator *emu = *state;
    struct reply made = emulator_call_as(emu, elsewhere, "CreateChannel", "{}");
    const char *key = reply_string(made, "streamKey.value");

    assert_error(emulator_call(emu, HOME, "StartStream",
                               "{\"streamKey\":\"%s\",\"region\":\"us-east-1\"}", key),
                 400, "ValidationException");
    assert_scope(emulator_call(emu, HOME, "StartStream", "{\"streamKey\":\"%s\"}", key),
                 "123456789012", "eu-west-1");
}

static void an_invalid_account_or_region_is_refused(void **state)
{
    static const char *const inputs[] = {"\"account\":\"12345678901\"",
                                         "\"account\":\"12345678901x\"",
                                         "\"region\":\"\"", "\"region\":\"US-EAST-1\""};
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(inputs); i++)
        assert_error(emulator_call(emu, HOME, "GetClock", "{%s}", inputs[i]), 400,
                     "ValidationException");
}

static void lists_can_be_of_all_accounts(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_elsewhere(emu);
    assert_success(emulator_call(emu, HOME, "CreateChannel", "{}"), 200);
    assert_success(
        emulator_call(emu, HOME, "StartStream", "{\"channelArn\":\"%s\"}", arn), 200);
    assert_success(emulator_call(emu, HOME, "PutFault",
                                 "{\"operation\":\"*\",\"latencyMs\":1," ELSEWHERE "}"),
                   200);

    struct reply log = emulator_call(emu, HOME, "ListRequests", "{\"allAccounts\":true}");
    struct reply events =
        emulator_call(emu, HOME, "ListEvents", "{\"allAccounts\":true,\"maxResults\":1}");
    struct reply faults =
        emulator_call(emu, HOME, "ListFaults", "{\"allAccounts\":true}");

    assert_json(log, "requests.0.account", "\"123456789012\"");
    assert_json(log, "requests.1.account", "\"000000000000\"");
    assert_int_equal(reply_count(log, "requests"), 2);
    assert_json(events, "events.0.account", "\"123456789012\"");
    assert_json(faults, "faults.0.account", "\"123456789012\"");
    assert_json(faults, "faults.0.region", "\"eu-west-1\"");
    assert_null(cJSON_GetObjectItemCaseSensitive(faults.body, "account"));
    /* A token is bound to the list of all. */
    const char *token = reply_string(events, "nextToken");
    assert_error(emulator_call(emu, HOME, "ListEvents", "{\"nextToken\":\"%s\"}", token),
                 400, "ValidationException");
    assert_success(emulator_call(emu, HOME, "ListEvents",
                                 "{\"allAccounts\":true,\"nextToken\":\"%s\"}", token),
                   200);
}

static void scopes_are_listed_with_their_counts(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_elsewhere(emu);
    assert_success(
        emulator_call(emu, HOME, "StartStream", "{\"channelArn\":\"%s\"}", arn), 200);
    assert_success(emulator_call(emu, HOME, "ListChannels", "{}"), 200);
    assert_success(emulator_call(emu, HOME, "ListChannels", "{}"), 200);
    assert_success(emulator_call(emu, "us-west-2", "AdvanceClock", "{\"seconds\":60}"),
                   200);
    assert_success(emulator_call(emu, "us-west-2", "PutFault",
                                 "{\"operation\":\"*\",\"latencyMs\":1}"),
                   200);

    struct reply all = emulator_call(emu, HOME, "ListScopes", "{}");
    struct reply one = emulator_call(emu, HOME, "ListScopes", "{" ELSEWHERE "}");

    assert_json(all, "scopes",
                "[{\"account\":\"000000000000\",\"region\":\"us-east-1\",\"requests\":2,"
                "\"events\":0,\"faults\":0,\"offsetSeconds\":0,\"resources\":{}},"
                "{\"account\":\"000000000000\",\"region\":\"us-west-2\",\"requests\":0,"
                "\"events\":0,\"faults\":1,\"offsetSeconds\":60,\"resources\":{}},"
                "{\"account\":\"123456789012\",\"region\":\"eu-west-1\",\"requests\":1,"
                "\"events\":2,\"faults\":0,\"offsetSeconds\":0,\"resources\":"
                "{\"channel\":1,\"stream\":1}}]");
    assert_json(all, "truncated", "false");
    assert_int_equal(reply_count(one, "scopes"), 1);
}

static void a_call_about_a_scope_that_nobody_uses_is_answered_with_a_warning(void **state)
{
    static const struct {
        const char *operation, *input;
    } calls[] = {
        {"PutFault",     "{\"operation\":\"*\",\"latencyMs\":1}"},
        {"AdvanceClock", "{\"seconds\":60}"                     },
        {"ResetClock",   "{}"                                   },
        {"Reset",        "{}"                                   },
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(calls); i++)
        assert_null(cJSON_GetObjectItemCaseSensitive(
            emulator_call(emu, HOME, calls[i].operation, "%s", calls[i].input).body,
            "warning"));
    create_elsewhere(emu);

    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        struct reply reply =
            emulator_call(emu, HOME, calls[i].operation, "%s", calls[i].input);
        assert_scope(reply, "000000000000", "us-east-1");
        assert_string_equal(
            reply_string(reply, "warning"),
            "Account 000000000000 has no calls and no resources in us-east-1 yet. "
            "In use are 123456789012 in eu-west-1");
        assert_null(cJSON_GetObjectItemCaseSensitive(
            emulator_call_as(emu, elsewhere, calls[i].operation, "%s", calls[i].input)
                .body,
            "warning"));
    }
}

static void a_warning_names_a_few_scopes(void **state)
{
    struct emulator *emu = *state;
    for (int i = 1; i <= 7; i++) {
        const char *region = emulator_printf(emu, "eu-west-%d", i);
        assert_success(emulator_call(emu, region, "ListChannels", "{}"), 200);
    }

    struct reply reply = emulator_call(emu, HOME, "ResetClock", "{}");

    assert_non_null(strstr(reply_string(reply, "warning"), " in eu-west-5 and 2 more"));
}

static void a_scope_with_resources_is_in_use(void **state)
{
    struct emulator *emu = *state;
    create_elsewhere(emu);
    assert_success(emulator_call(emu, HOME, "CreateChannel", "{}"), 200);
    request_log_clear(emu->requests, NULL);

    struct reply reply = emulator_call(emu, HOME, "AdvanceClock", "{\"seconds\":1}");

    assert_null(cJSON_GetObjectItemCaseSensitive(reply.body, "warning"));
}

static void a_seed_works_on_the_scope_of_its_members(void **state)
{
    struct emulator *emu = *state;

    struct reply reply =
        emulator_call(emu, HOME, "Seed",
                      "{\"calls\":[{\"operation\":\"CreateChannel\"}]," ELSEWHERE "}");

    assert_scope(reply, "123456789012", "eu-west-1");
    assert_int_equal(
        reply_count(emulator_call_as(emu, elsewhere, "ListChannels", "{}"), "channels"),
        1);
}

static void all_accounts_exclude_an_account_or_region(void **state)
{
    static const char *const operations[] = {"Reset", "ListEvents", "ListRequests",
                                             "ListFaults"};
    struct emulator *emu = *state;
    create_elsewhere(emu);

    for (size_t i = 0; i < COUNT_OF(operations); i++)
        assert_error(emulator_call(emu, HOME, operations[i],
                                   "{\"allAccounts\":true," ELSEWHERE "}"),
                     400, "ValidationException");

    assert_int_equal(
        reply_count(emulator_call_as(emu, elsewhere, "ListChannels", "{}"), "channels"),
        1);
}

static void a_reset_in_a_seed_resets_the_memory_of_its_own_scope(void **state)
{
    struct emulator *emu = *state;
    create_elsewhere(emu);
    assert_success(emulator_call(emu, HOME, "AdvanceClock", "{\"seconds\":60}"), 200);
    assert_success(emulator_call_as(emu, elsewhere, "AdvanceClock", "{\"seconds\":90}"),
                   200);

    assert_success(
        emulator_call(emu, HOME, "Seed",
                      "{\"calls\":[{\"operation\":\"Reset\",\"input\":{" ELSEWHERE
                      "}}]}"),
        200);

    assert_int_equal(
        reply_int(emulator_call(emu, HOME, "GetClock", "{}"), "offsetSeconds"), 60);
    assert_int_equal(
        reply_int(emulator_call_as(emu, elsewhere, "GetClock", "{}"), "offsetSeconds"),
        0);
    assert_int_equal(
        reply_count(emulator_call_as(emu, elsewhere, "ListRequests", "{}"), "requests"),
        0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_call_works_on_the_scope_of_its_members),
        EMULATOR_TEST(a_missing_member_is_that_of_the_caller),
        EMULATOR_TEST(a_resource_determines_the_scope),
        EMULATOR_TEST(a_stream_key_determines_the_scope),
        EMULATOR_TEST(an_invalid_account_or_region_is_refused),
        EMULATOR_TEST(lists_can_be_of_all_accounts),
        EMULATOR_TEST(scopes_are_listed_with_their_counts),
        EMULATOR_TEST(a_call_about_a_scope_that_nobody_uses_is_answered_with_a_warning),
        EMULATOR_TEST(a_warning_names_a_few_scopes),
        EMULATOR_TEST(a_scope_with_resources_is_in_use),
        EMULATOR_TEST(a_seed_works_on_the_scope_of_its_members),
        EMULATOR_TEST(all_accounts_exclude_an_account_or_region),
        EMULATOR_TEST(a_reset_in_a_seed_resets_the_memory_of_its_own_scope),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
