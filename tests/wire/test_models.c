/*
 * The commands `ivs-local model` and `ivs-local openapi` print what the server returns.
 */
#include "base/json.h"
#include "support/wire.h"

#include <string.h>

#include "support/cmocka_all.h"

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* What the command prints. */
static cJSON *printed(struct wire *wire, const char *command)
{
    struct program *program = wire_run_to_end(wire, ARGS(command), 0);
    const char *text = program_text(program, PROGRAM_OUT);
    const char *why = NULL;

    assert_string_equal(program_text(program, PROGRAM_ERR), "");
    assert_int_equal(text[strlen(text) - 1], '\n');
    cJSON *json = json_read(text, strlen(text), &why);
    if (json == NULL)
        fail_msg("%s: %s", command, why);
    return json;
}

static struct http_answer get(struct wire *wire, const char *target)
{
    struct http_answer answer = http_call(wire_connect(wire), "GET", target, "", NULL);

    assert_int_equal(answer.reply.status, 200);
    assert_header(&answer, "Content-Type", "application/json");
    return answer;
}

static void model_prints_what_the_server_returns(void **state)
{
    cJSON *model AUTO(json_done) = printed(*state, "model");
    struct http_answer answer = get(*state, "/_ivs-local/model.json");

    assert_true(cJSON_Compare(model, answer.reply.body, true));
}

static void openapi_prints_the_same_with_the_default_url(void **state)
{
    cJSON *document AUTO(json_done) = printed(*state, "openapi");
    struct http_answer answer = get(*state, "/_ivs-local/openapi.json");

    const char *url = reply_string(answer.reply, "servers.0.url");
    assert_string_equal(url,
                        wire_printf(*state, "http://localhost:%d", wire_port(*state)));
    cJSON *servers = cJSON_DetachItemFromObjectCaseSensitive(document, "servers");
    assert_string_equal(json_string_or(cJSON_GetArrayItem(servers, 0), "url", ""),
                        "http://127.0.0.1:4580");
    cJSON_Delete(servers);
    cJSON_DeleteItemFromObjectCaseSensitive(answer.reply.body, "servers");
    assert_true(cJSON_Compare(document, answer.reply.body, true));
}

static void models_need_no_signature(void **state)
{
    (void)get(*state, "/_ivs-local/model.json");
    (void)get(*state, "/_ivs-local/openapi.json");
}

static void the_commands_accept_no_options(void **state)
{
    struct program *program = wire_run_to_end(*state, ARGS("model", "--port", "1"), 2);

    assert_non_null(
        strstr(program_text(program, PROGRAM_ERR), "model does not accept --port"));
}

int main(void)
{
    static const char *const sigv4[] = {"--auth", "sigv4", NULL};
    const struct CMUnitTest tests[] = {
        wire_test(model_prints_what_the_server_returns),
        wire_test(openapi_prints_the_same_with_the_default_url),
        wire_test_with(models_need_no_signature, sigv4),
        wire_test_without_server(the_commands_accept_no_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
