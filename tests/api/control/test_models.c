/*
 * The models of the control API: GET model.json and openapi.json, and whether the server
 * does what is documented.
 */
#include "base/json.h"
#include "control/documentation.h"
#include "control/models.h"
#include "control/service.h"
#include "support/emulator.h"

#include <stdio.h>
#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"

static struct reply get(struct emulator *emu, const char *target)
{
    return emulator_request(emu, emu->settings.default_scope, "GET", target, "", 0);
}

/* The test fails unless the response has this number of members below the path, one for
 * each operation. */
static void assert_one_for_each_operation(struct reply reply, const char *path)
{
    assert_success(reply, 200);
    assert_int_equal(reply_count(reply, path), control_service.count);
}

static void the_service_model_has_every_operation(void **state)
{
    struct reply reply = get(*state, "/_ivs-local/model.json");

    assert_one_for_each_operation(reply, "operations");
    assert_string_equal(reply_string(reply, "metadata.apiVersion"), CONTROL_API_VERSION);
    assert_string_equal(reply_string(reply, "metadata.serviceId"), "IVS Local");
    assert_string_equal(reply_string(reply, "shapes.Stream.members.streamId.shape"),
                        "String");
    assert_json(
        reply, "shapes.MetricsResponse",
        "{\"type\":\"structure\",\"members\":{\"metrics\":{\"shape\":\"String\"}},"
        "\"payload\":\"metrics\"}");
}

static void texts_in_the_service_model_are_html_with_the_default(void **state)
{
    struct reply reply = get(*state, "/_ivs-local/model.json");

    assert_string_equal(
        reply_string(reply, "shapes.StartStreamRequest.members.health.documentation"),
        "<p>The health of the stream. <code>STARVING</code> causes the event Starvation "
        "Start. Default: <code>\"HEALTHY\"</code>.</p>");
}

static void openapi_has_every_operation(void **state)
{
    struct reply reply = get(*state, "/_ivs-local/openapi.json");

    assert_one_for_each_operation(reply, "paths");
    assert_string_equal(reply_string(reply, "openapi"), "3.1.0");
    assert_json(reply, "components.schemas.StartStreamRequest.properties.health",
                "{\"type\":\"string\",\"enum\":[\"HEALTHY\",\"STARVING\",\"UNKNOWN\"],"
                "\"description\":\"The health of the stream. `STARVING` causes the event "
                "Starvation Start.\",\"default\":\"HEALTHY\"}");
}

static void an_empty_success_with_an_output_has_two_responses_in_openapi(void **state)
{
    struct reply reply = get(*state, "/_ivs-local/openapi.json");

    assert_json(reply, "paths./_ivs-local/Reset.post.responses.204",
                "{\"description\":\"Success.\"}");
    assert_true(reply_has(reply, "paths./_ivs-local/Reset.post.responses.200.content"));
    assert_false(reply_has(reply, "paths./_ivs-local/EndStream.post.responses.200"));
    assert_false(reply_has(reply, "paths./_ivs-local/PutFault.post.responses.204"));
}

static void openapi_names_the_host_that_the_caller_used(void **state)
{
    struct emulator *emu = *state;

    emulator_use_host(emu, "ivs.test:8080");

    assert_string_equal(
        reply_string(get(emu, "/_ivs-local/openapi.json"), "servers.0.url"),
        "http://ivs.test:8080");
}

/* What does not exist in a new emulator is not found. */
static void the_server_accepts_the_examples(void **state)
{
    for (size_t i = 0; i < control_service.count; i++) {
        const char *name = control_service.operations[i].name;
        const char *example = documentation_of_operation(name).example;
        if (example[0] == '\0')
            continue;
        struct reply reply = emulator_call(*state, REGION, name, "%s", example);
        if (reply.status == 404)
            assert_error(reply, 404, "ResourceNotFoundException");
        else
            assert_success(reply, control_service.operations[i].status);
    }
}

/* The test fails unless the members of the response below the path are the defaults that
 * are documented. Returns their number. */
static int assert_defaults(struct reply reply, const char *path, const char *structure)
{
    int count = 0;

    for (size_t i = 0; i < documented_member_count; i++) {
        const struct member_documentation *row = &documented_members[i];
        char name[128];
        if (strcmp(row->structure, structure) != 0 || row->fallback == NULL)
            continue;
        snprintf(name, sizeof(name), "%s.%s", path, row->member);
        if (!reply_has(reply, name))
            continue;
        assert_json(reply, name, "%s", row->fallback);
        count++;
    }
    return count;
}

static void a_stream_has_the_defaults_that_are_documented(void **state)
{
    struct emulator *emu = *state;
    const char *arn = create_channel(emu, REGION, "lobby");

    struct reply started = start_stream(emu, arn, "");
    struct reply session =
        emulator_call(emu, REGION, "GetStreamSession", "{\"channelArn\":\"%s\"}", arn);

    assert_int_equal(assert_defaults(started, "stream", "StartStreamRequest"), 2);
    assert_int_equal(assert_defaults(session, "streamSession.ingestConfiguration.video",
                                     "VideoConfiguration"),
                     11);
    assert_int_equal(assert_defaults(session, "streamSession.ingestConfiguration.audio",
                                     "AudioConfiguration"),
                     5);
}

static void a_fault_has_the_defaults_that_are_documented(void **state)
{
    struct emulator *emu = *state;

    assert_success(emulator_call(emu, REGION, "PutFault",
                                 "{\"operation\":\"*\",\"error\":\"StreamUnavailable\"}"),
                   200);
    struct reply listed = emulator_call(emu, REGION, "ListFaults", "{}");

    assert_int_equal(assert_defaults(listed, "faults.0", "PutFaultRequest"), 2);
    assert_false(reply_has(listed, "faults.0.times"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(the_service_model_has_every_operation),
        EMULATOR_TEST(texts_in_the_service_model_are_html_with_the_default),
        EMULATOR_TEST(openapi_has_every_operation),
        EMULATOR_TEST(an_empty_success_with_an_output_has_two_responses_in_openapi),
        EMULATOR_TEST(openapi_names_the_host_that_the_caller_used),
        EMULATOR_TEST(the_server_accepts_the_examples),
        EMULATOR_TEST(a_stream_has_the_defaults_that_are_documented),
        EMULATOR_TEST(a_fault_has_the_defaults_that_are_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
