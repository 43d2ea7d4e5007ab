/*
 * The control API: Health, Reset, ListRequests.
 */
#include "base/version.h"
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"

static const struct scope home = {.account = "000000000000", .region = REGION};
static const struct scope other_region = {.account = "000000000000",
                                          .region = "eu-west-1"};
static const struct scope other_account = {.account = "123456789012", .region = REGION};

/* ListRequests with these members. */
static struct reply requests(struct emulator *emu, const char *members)
{
    return emulator_call(emu, REGION, "ListRequests", "{%s}", members);
}

/* The operations of the requests on a page, separated by spaces. */
static const char *operations(struct emulator *emu, struct reply page)
{
    const cJSON *request;
    const char *all = "";

    assert_success(page, 200);
    cJSON_ArrayForEach(request, reply_item(page, "requests")) {
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(request, "operation");
        all = emulator_printf(emu, "%s%s%s", all, all[0] != '\0' ? " " : "",
                              name != NULL ? name->valuestring : "-");
    }
    return all;
}

static int channels(struct emulator *emu, struct scope scope)
{
    return reply_count(emulator_call_as(emu, scope, "ListChannels", "{}"), "channels");
}

/* One of each resource. */
static void create_all(struct emulator *emu, struct scope scope)
{
    struct reply recording = emulator_call_as(
        emu, scope, "CreateRecordingConfiguration",
        "{\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"demo-bucket\"}}}");
    struct reply channel = emulator_call_as(
        emu, scope, "CreateChannel", "{\"recordingConfigurationArn\":\"%s\"}",
        reply_string(recording, "recordingConfiguration.arn"));

    assert_success(channel, 200);
}

static void health_names_status_version_and_services(void **state)
{
    struct emulator *emu = *state;

    struct reply reply = emulator_request(emu, home, "GET", "/_ivs-local/health", "", 0);

    assert_success(reply, 200);
    assert_int_equal(cJSON_GetArraySize(reply.body), 3);
    assert_string_equal(reply_string(reply, "status"), "ok");
    assert_string_equal(reply_string(reply, "version"), ivs_local_version);
    assert_int_equal(reply_count(reply, "services"), 2);
    assert_string_equal(reply_string(reply, "services.0"), "ivs");
    assert_string_equal(reply_string(reply, "services.1"), "ivschat");
}

static void reset_deletes_what_the_caller_has(void **state)
{
    struct emulator *emu = *state;
    create_all(emu, home);
    create_all(emu, home);

    struct reply reply = emulator_call(emu, REGION, "Reset", "{}");

    assert_success(reply, 204);
    assert_null(reply.body);
    assert_int_equal(channels(emu, home), 0);
    assert_int_equal(
        reply_count(emulator_call(emu, REGION, "ListRecordingConfigurations", "{}"),
                    "recordingConfigurations"),
        0);
}

static void reset_leaves_other_accounts_and_regions(void **state)
{
    struct emulator *emu = *state;
    create_all(emu, home);
    create_all(emu, other_region);
    create_all(emu, other_account);

    assert_success(emulator_call(emu, REGION, "Reset", "{\"allAccounts\":false}"), 204);

    assert_int_equal(channels(emu, home), 0);
    assert_int_equal(channels(emu, other_region), 1);
    assert_int_equal(channels(emu, other_account), 1);
}

static void reset_of_all_accounts_deletes_everything(void **state)
{
    struct emulator *emu = *state;
    create_all(emu, home);
    create_all(emu, other_region);
    create_all(emu, other_account);

    assert_success(emulator_call(emu, REGION, "Reset", "{\"allAccounts\":true}"), 204);

    assert_int_equal(channels(emu, home), 0);
    assert_int_equal(channels(emu, other_region), 0);
    assert_int_equal(channels(emu, other_account), 0);
}

static void reset_frees_the_quotas(void **state)
{
    struct emulator *emu = *state;
    for (int i = 0; i < 20; i++)
        create_recording_configuration(emu, REGION, "demo-bucket");

    assert_success(emulator_call(emu, REGION, "Reset", "{}"), 204);

    for (int i = 0; i < 20; i++)
        create_recording_configuration(emu, REGION, "demo-bucket");
}

static void reset_of_nothing_succeeds(void **state)
{
    struct emulator *emu = *state;

    assert_success(emulator_call(emu, REGION, "Reset", "{}"), 204);
    assert_success(emulator_call(emu, REGION, "Reset", "{\"allAccounts\":true}"), 204);
}

static void reset_deletes_the_callers_requests(void **state)
{
    struct emulator *emu = *state;
    create_all(emu, home);
    create_all(emu, other_region);

    assert_success(emulator_call(emu, REGION, "Reset", "{}"), 204);

    struct reply others = emulator_call_as(emu, other_region, "ListRequests", "{}");
    assert_string_equal(operations(emu, requests(emu, "")), "");
    assert_int_equal(reply_count(others, "requests"), 2);
}

static void reset_of_all_accounts_deletes_all_requests(void **state)
{
    struct emulator *emu = *state;
    create_all(emu, other_region);

    assert_success(emulator_call(emu, REGION, "Reset", "{\"allAccounts\":true}"), 204);

    struct reply others = emulator_call_as(emu, other_region, "ListRequests", "{}");
    assert_int_equal(reply_count(others, "requests"), 0);
}

static void a_request_is_listed_with_all_its_members(void **state)
{
    struct emulator *emu = *state;
    create_channel(emu, REGION, "lobby");

    struct reply reply = requests(emu, "");

    assert_int_equal(reply_count(reply, "requests"), 1);
    assert_int_equal(reply_count(reply, "requests.0"), 12);
    assert_int_equal(strlen(reply_string(reply, "requests.0.requestId")), 36);
    assert_string_equal(reply_string(reply, "requests.0.time"), "2021-04-07T00:00:00Z");
    assert_string_equal(reply_string(reply, "requests.0.method"), "POST");
    assert_string_equal(reply_string(reply, "requests.0.path"), "/CreateChannel");
    assert_string_equal(reply_string(reply, "requests.0.service"), "ivs");
    assert_string_equal(reply_string(reply, "requests.0.operation"), "CreateChannel");
    assert_string_equal(reply_string(reply, "requests.0.account"), "000000000000");
    assert_string_equal(reply_string(reply, "requests.0.region"), REGION);
    assert_int_equal(reply_int(reply, "requests.0.status"), 200);
    assert_true(reply_int(reply, "requests.0.durationMicros") >= 0);
}

/* Calls ListChannels with an unknown member, so that the body is nested so deep. */
static void call_nested(struct emulator *emu, int depth)
{
    const char *opening = "", *closing = "";

    for (int i = 1; i < depth; i++) {
        opening = emulator_printf(emu, "%s[", opening);
        closing = emulator_printf(emu, "%s]", closing);
    }
    assert_success(
        emulator_call(emu, REGION, "ListChannels", "{\"x\":%s1%s}", opening, closing),
        200);
}

static void a_body_is_listed_unless_it_is_nested_too_deep(void **state)
{
    struct emulator *emu = *state;
    call_nested(emu, 61);
    call_nested(emu, 62);
    call_nested(emu, 64);

    struct reply reply = requests(emu, "");

    assert_true(reply_has(reply, "requests.0.input"));
    assert_false(reply_has(reply, "requests.1.input"));
    assert_false(reply_has(reply, "requests.2.input"));
    assert_true(reply_has(reply, "requests.2.output"));
}

static void a_failed_request_is_listed_with_its_error(void **state)
{
    struct emulator *emu = *state;
    assert_error(emulator_call(emu, REGION, "GetChannel", "{}"), 400,
                 "ValidationException");

    struct reply reply = requests(emu, "");

    assert_string_equal(reply_string(reply, "requests.0.error"), "ValidationException");
    assert_int_equal(reply_int(reply, "requests.0.status"), 400);
}

static void a_request_without_an_operation_is_listed_without_one(void **state)
{
    struct emulator *emu = *state;
    assert_error(emulator_request(emu, home, "GET", "/nowhere", "", 0), 404,
                 "UnknownOperationException");

    struct reply reply = requests(emu, "");

    assert_string_equal(reply_string(reply, "requests.0.path"), "/nowhere");
    assert_false(reply_has(reply, "requests.0.operation"));
}

static void requests_are_listed_oldest_first_without_control_calls(void **state)
{
    struct emulator *emu = *state;
    emulator_call(emu, REGION, "CreateChannel", "{}");
    emulator_request(emu, home, "GET", "/_ivs-local/health", "", 0);
    requests(emu, "");
    emulator_call(emu, REGION, "ListChannels", "{}");
    emulator_call(emu, REGION, "GetStream", "{}");

    struct reply reply = requests(emu, "");

    assert_string_equal(operations(emu, reply), "CreateChannel ListChannels GetStream");
    assert_false(reply_has(reply, "nextToken"));
}

static void requests_are_filtered_by_operation(void **state)
{
    struct emulator *emu = *state;
    emulator_call(emu, REGION, "CreateChannel", "{}");
    emulator_call(emu, REGION, "ListChannels", "{}");
    emulator_request(emu, home, "GET", "/nowhere", "", 0);
    emulator_call(emu, REGION, "CreateChannel", "{}");

    struct reply some = requests(emu, "\"operation\":\"CreateChannel\"");
    struct reply none = requests(emu, "\"operation\":\"DeleteChannel\"");

    assert_string_equal(operations(emu, some), "CreateChannel CreateChannel");
    assert_string_equal(operations(emu, none), "");
}

static void requests_are_filtered_by_failure(void **state)
{
    struct emulator *emu = *state;
    emulator_call(emu, REGION, "CreateChannel", "{}");
    emulator_call(emu, REGION, "GetChannel", "{}");
    emulator_call(emu, REGION, "CreateChannel", "{\"name\":1}");

    struct reply failed = requests(emu, "\"errorsOnly\":true");
    struct reply all = requests(emu, "\"errorsOnly\":false");
    struct reply both =
        requests(emu, "\"errorsOnly\":true,\"operation\":\"CreateChannel\"");

    assert_string_equal(operations(emu, failed), "GetChannel CreateChannel");
    assert_string_equal(operations(emu, all), "CreateChannel GetChannel CreateChannel");
    assert_string_equal(operations(emu, both), "CreateChannel");
}

static void requests_of_other_accounts_and_regions_are_not_listed(void **state)
{
    struct emulator *emu = *state;
    emulator_call_as(emu, home, "ListChannels", "{}");
    emulator_call_as(emu, other_region, "CreateChannel", "{}");
    emulator_call_as(emu, other_account, "GetChannel", "{}");

    struct reply ours = requests(emu, "");
    struct reply theirs = emulator_call_as(emu, other_account, "ListRequests", "{}");

    assert_string_equal(operations(emu, ours), "ListChannels");
    assert_string_equal(operations(emu, theirs), "GetChannel");
}

static void requests_page_while_new_ones_arrive(void **state)
{
    struct emulator *emu = *state;
    emulator_call(emu, REGION, "CreateChannel", "{}");
    emulator_call(emu, REGION, "GetChannel", "{}");
    emulator_call(emu, REGION, "ListChannels", "{}");

    struct reply first = requests(emu, "\"maxResults\":2");
    emulator_call(emu, REGION, "DeleteChannel", "{}");
    struct reply second =
        requests(emu, emulator_printf(emu, "\"maxResults\":2,\"nextToken\":\"%s\"",
                                      reply_string(first, "nextToken")));

    assert_string_equal(operations(emu, first), "CreateChannel GetChannel");
    assert_string_equal(operations(emu, second), "ListChannels DeleteChannel");
    assert_false(reply_has(second, "nextToken"));
}

static void a_token_is_refused_with_another_filter(void **state)
{
    struct emulator *emu = *state;
    emulator_call(emu, REGION, "CreateChannel", "{}");
    emulator_call(emu, REGION, "CreateChannel", "{}");
    struct reply first = requests(emu, "\"maxResults\":1");
    const char *token = reply_string(first, "nextToken");

    struct reply failed = requests(
        emu, emulator_printf(emu, "\"errorsOnly\":true,\"nextToken\":\"%s\"", token));
    struct reply named = requests(
        emu, emulator_printf(emu, "\"operation\":\"CreateChannel\",\"nextToken\":\"%s\"",
                             token));

    assert_error_says(failed, 400, "ValidationException",
                      "ListRequests.nextToken is not valid for this list");
    assert_error(named, 400, "ValidationException");
}

static void the_last_thousand_requests_are_kept(void **state)
{
    struct emulator *emu = *state;
    emulator_call(emu, REGION, "CreateChannel", "{}");
    for (int i = 0; i < REQUEST_LOG_ENTRIES; i++)
        emulator_call(emu, REGION, "GetChannel", "{}");

    struct reply reply = requests(emu, "");

    assert_int_equal(reply_count(reply, "requests"), REQUEST_LOG_ENTRIES);
    assert_string_equal(reply_string(reply, "requests.0.operation"), "GetChannel");
    assert_false(reply_has(reply, "nextToken"));
}

static void bodies_are_listed_without_their_secrets(void **state)
{
    struct emulator *emu = *state;
    emulator_call(emu, REGION, "CreateChannel", "{\"name\":\"lobby\"}");
    emulator_call(emu, REGION, "PutMetadata",
                  "{\"channelArn\":\"%s\",\"metadata\":\"hush\"}",
                  "arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh");

    struct reply reply = requests(emu, "");

    assert_json(reply, "requests.0.input", "{\"name\":\"lobby\"}");
    assert_string_equal(reply_string(reply, "requests.0.output.channel.name"), "lobby");
    assert_string_equal(reply_string(reply, "requests.0.output.streamKey.value"), "***");
    assert_string_equal(reply_string(reply, "requests.0.output.channel.srt.passphrase"),
                        "***");
    assert_string_equal(reply_string(reply, "requests.1.input.metadata"), "***");
    assert_string_equal(reply_string(reply, "requests.1.output.__type"),
                        "ResourceNotFoundException");
}

static void secrets_of_any_json_type_are_hidden(void **state)
{
    static const char *const inputs[] = {
        "{\"metadata\":{\"text\":\"hush\"}}",
        "{\"metadata\":[\"hush\",[\"hush\"]]}",
        "{\"metadata\":4711}",
    };
    struct emulator *emu = *state;

    for (size_t i = 0; i < COUNT_OF(inputs); i++) {
        assert_error(emulator_call(emu, REGION, "PutMetadata", "%s", inputs[i]), 400,
                     "SerializationException");

        const char *path = emulator_printf(emu, "requests.%zu.input", i);
        assert_json(requests(emu, ""), path, "{\"metadata\":\"***\"}");
    }
}

static void a_body_that_is_not_an_object_is_not_listed(void **state)
{
    struct emulator *emu = *state;
    emulator_request(emu, home, "POST", "/GetStreamKey", "sk_us-east-1_secret", 19);
    emulator_request(emu, home, "POST", "/GetStreamKey", "[\"sk_us-east-1\"]", 16);

    struct reply reply = requests(emu, "");

    assert_false(reply_has(reply, "requests.0.input"));
    assert_false(reply_has(reply, "requests.1.input"));
    assert_true(reply_has(reply, "requests.0.output"));
}

static void a_request_with_a_fault_is_listed_with_the_fault(void **state)
{
    struct emulator *emu = *state;
    struct reply put = emulator_call(emu, REGION, "PutFault",
                                     "{\"operation\":\"*\",\"connection\":\"CLOSE\"}");
    emulator_call(emu, REGION, "CreateChannel", "{}");

    struct reply reply = requests(emu, "\"errorsOnly\":true");

    assert_int_equal(reply_int(reply, "requests.0.status"), 0);
    assert_string_equal(reply_string(reply, "requests.0.faultId"),
                        reply_string(put, "faultId"));
    assert_false(reply_has(reply, "requests.0.error"));
    assert_false(reply_has(reply, "requests.0.output"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(health_names_status_version_and_services),
        EMULATOR_TEST(reset_deletes_what_the_caller_has),
        EMULATOR_TEST(reset_leaves_other_accounts_and_regions),
        EMULATOR_TEST(reset_of_all_accounts_deletes_everything),
        EMULATOR_TEST(reset_frees_the_quotas),
        EMULATOR_TEST(reset_of_nothing_succeeds),
        EMULATOR_TEST(reset_deletes_the_callers_requests),
        EMULATOR_TEST(reset_of_all_accounts_deletes_all_requests),
        EMULATOR_TEST(a_request_is_listed_with_all_its_members),
        EMULATOR_TEST(a_failed_request_is_listed_with_its_error),
        EMULATOR_TEST(a_body_is_listed_unless_it_is_nested_too_deep),
        EMULATOR_TEST(a_request_without_an_operation_is_listed_without_one),
        EMULATOR_TEST(requests_are_listed_oldest_first_without_control_calls),
        EMULATOR_TEST(requests_are_filtered_by_operation),
        EMULATOR_TEST(requests_are_filtered_by_failure),
        EMULATOR_TEST(requests_of_other_accounts_and_regions_are_not_listed),
        EMULATOR_TEST(requests_page_while_new_ones_arrive),
        EMULATOR_TEST(a_token_is_refused_with_another_filter),
        EMULATOR_TEST(the_last_thousand_requests_are_kept),
        EMULATOR_TEST(bodies_are_listed_without_their_secrets),
        EMULATOR_TEST(secrets_of_any_json_type_are_hidden),
        EMULATOR_TEST(a_body_that_is_not_an_object_is_not_listed),
        EMULATOR_TEST(a_request_with_a_fault_is_listed_with_the_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
