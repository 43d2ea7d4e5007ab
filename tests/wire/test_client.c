/*
 * The commands that call a running server.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"
#include "support/program.h"
#include "support/wire.h"

enum { ARGS_MAX = 12 };

/* A server, and how the commands reach it. */
struct served {
    struct wire *wire;
    const char *port;
};

static struct served serve_for_client(void **state)
{
    struct wire *wire = *state;
    struct program *server = wire_serve(wire, ":memory:", NULL, NULL);

    return (struct served){.wire = wire,
                           .port = wire_printf(wire, "%d", program_port(server))};
}

/* Runs a command to its end and returns what it printed on one of its outputs. The
 * arguments end with NULL. */
static const char *run(struct served served, int status, enum program_stream output,
                       const char *const *words)
{
    const char *args[ARGS_MAX + 3];
    size_t count = 0;

    for (; words[count] != NULL; count++)
        args[count] = words[count];
    assert_true(count <= ARGS_MAX);
    args[count] = "--port";
    args[count + 1] = served.port;
    args[count + 2] = NULL;
    return program_text(wire_run_to_end(served.wire, args, status), output);
}

#define RUN(served, ...)                                                                 \
    run(served, 0, PROGRAM_OUT, (const char *const[]){__VA_ARGS__, NULL})
#define RUN_FAILING(served, status, ...)                                                 \
    run(served, status, PROGRAM_ERR, (const char *const[]){__VA_ARGS__, NULL})

static void assert_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("%s is not in: %s", part, text);
}

static void assert_begins(const char *text, const char *beginning)
{
    if (strncmp(text, beginning, strlen(beginning)) != 0)
        fail_msg("not a text that begins with %s: %s", beginning, text);
}

static void call_prints_the_response(void **state)
{
    struct served served = serve_for_client(state);

    assert_contains(RUN(served, "call", "CreateChannel", "name=lobby", "tags.team=blue"),
                    "\n    \"name\": \"lobby\",\n");
    assert_contains(RUN(served, "call", "ListChannels", "maxResults=5", "--json"),
                    "\"tags\":{\"team\":\"blue\"}");
    assert_contains(RUN(served, "call", "Metrics"), "# TYPE ");
    assert_begins(RUN(served, "call", "GetClock", "--json"), "{\"now\":\"");
}

static void a_stream_is_started_and_ended_by_the_name_of_its_channel(void **state)
{
    struct served served = serve_for_client(state);
    RUN(served, "call", "CreateChannel", "name=lobby");

    assert_contains(RUN(served, "start", "lobby", "viewerCount=3"), " is live\n");
    assert_contains(RUN(served, "call", "ListStreams"), "\"viewerCount\": 3");
    assert_contains(RUN(served, "wait", "Stream Start", "timeoutSeconds=5"),
                    "  Stream Start  arn:aws:ivs:us-east-1:000000000000:channel/");
    assert_contains(
        RUN(served, "call", "UpdateStream", "channelArn=lobby", "viewerCount=4"),
        "\"viewerCount\": 4");
    assert_string_equal(RUN(served, "end", "lobby"), "the stream of lobby has ended\n");
    assert_begins(RUN_FAILING(served, 1, "end", "lobby"),
                  "ivs-local: ChannelNotBroadcasting: ");
    assert_begins(RUN_FAILING(served, 1, "wait", "Starvation Start", "timeoutSeconds=0"),
                  "ivs-local: EventsMissingException: ");
    assert_begins(RUN_FAILING(served, 1, "start", "lounge"),
                  "ivs-local: no channel has the name lounge ");
    RUN(served, "call", "CreateChannel", "name=lobby");
    assert_begins(RUN_FAILING(served, 1, "start", "lobby"),
                  "ivs-local: 2 channels have the name lobby; use an ARN\n");
}

static void a_fault_is_put_listed_and_deleted(void **state)
{
    struct served served = serve_for_client(state);

    assert_begins(RUN(served, "fault", "CreateChannel", "ThrottlingException", "times=1"),
                  "fault ");
    assert_contains(RUN(served, "fault"),
                    "  CreateChannel ThrottlingException  applied 0 times\n");
    assert_begins(RUN_FAILING(served, 1, "call", "CreateChannel"),
                  "ivs-local: ThrottlingException: ");
    RUN(served, "fault", "*", "latencyMs=1");
    RUN(served, "fault", "delete");
    assert_string_equal(RUN(served, "fault"), "");
    assert_begins(RUN_FAILING(served, 1, "fault", "CreateChanel", "latencyMs=1"),
                  "ivs-local: ValidationException: PutFault.operation: There is no "
                  "operation CreateChanel. Did you mean CreateChannel? ");
}

static void the_clock_is_moved_by_durations(void **state)
{
    struct served served = serve_for_client(state);

    assert_contains(RUN(served, "clock", "2h"), "  +7200 s  000000000000 us-east-1\n");
    assert_contains(RUN(served, "clock", "90"), "  +7290 s  ");
    assert_contains(RUN(served, "clock"), "  +7290 s  ");
    assert_contains(RUN(served, "clock", "reset"), "  +0 s  ");
    assert_begins(RUN_FAILING(served, 2, "clock", "soon"),
                  "ivs-local: soon is neither reset nor a duration ");
}

static void a_command_works_for_the_account_and_region_of_the_options(void **state)
{
    struct served served = serve_for_client(state);
    RUN(served, "call", "CreateChannel", "name=lobby", "--account", "123456789012",
        "--region", "eu-west-1");

    assert_contains(RUN(served, "scopes"),
                    "123456789012 eu-west-1  requests=1 events=0 faults=0 clock=+0s "
                    "channel=1\n");
    assert_contains(
        RUN(served, "clock", "--account", "123456789012", "--region", "eu-west-1", "1m"),
        "  +60 s  123456789012 eu-west-1\n");
    assert_contains(
        RUN(served, "start", "lobby", "--account", "123456789012", "--region=eu-west-1"),
        " is live\n");
    RUN(served, "reset", "--account", "123456789012", "--region", "eu-west-1");
    assert_string_equal(RUN(served, "scopes"), "");
}

static void a_warning_is_printed_beside_the_result(void **state)
{
    struct served served = serve_for_client(state);
    RUN(served, "call", "CreateChannel");

    const char *const clock[] = {"clock", "5m", "--account", "123456789012", NULL};

    assert_begins(run(served, 0, PROGRAM_ERR, clock),
                  "ivs-local: warning: Account 123456789012 has no calls ");
}

static void env_prints_what_a_shell_can_evaluate(void **state)
{
    struct served served = serve_for_client(state);

    assert_string_equal(
        RUN(served, "env", "--account", "123456789012", "--region", "eu-west-1"),
        wire_printf(served.wire,
                    "export AWS_ENDPOINT_URL_IVS='http://127.0.0.1:%s'\n"
                    "export AWS_ENDPOINT_URL_IVSCHAT='http://127.0.0.1:%s'\n"
                    "export AWS_ACCESS_KEY_ID='123456789012'\n"
                    "export AWS_SECRET_ACCESS_KEY='test'\n"
                    "export AWS_REGION='eu-west-1'\n"
                    "export AWS_DEFAULT_REGION='eu-west-1'\n",
                    served.port, served.port));
}

static void wait_without_events_waits_for_a_healthy_server(void **state)
{
    struct served served = serve_for_client(state);

    assert_string_equal(RUN(served, "wait"), "");
}

static void tail_prints_what_happens_until_the_server_ends(void **state)
{
    struct wire *wire = *state;
    struct program *server = wire_serve(wire, ":memory:", NULL, NULL);
    const char *port = wire_printf(wire, "%d", program_port(server));
    struct served served = {.wire = wire, .port = port};
    const char *const args[] = {"tail", "request", "--json", "--port", port, NULL};

    struct program *tail = wire_run(wire, args);
    program_expect(tail, PROGRAM_ERR, "watching http://127.0.0.1:");
    RUN(served, "call", "ListChannels");
    program_expect(tail, PROGRAM_OUT, "ListChannels");
    program_signal(server, SIGTERM);
    assert_int_equal(program_end(server), 0);

    assert_int_equal(program_end(tail), 1);
    assert_begins(program_text(tail, PROGRAM_OUT),
                  "{\"kind\":\"request\",\"data\":{\"requestId\":\"");
    assert_contains(program_text(tail, PROGRAM_OUT), "\"operation\":\"ListChannels\"");
}

static void wrong_words_are_refused(void **state)
{
    struct served served = serve_for_client(state);

    assert_begins(RUN_FAILING(served, 2, "call"),
                  "ivs-local: call requires an operation");
    assert_begins(RUN_FAILING(served, 2, "call", "CreateChannel", "lobby"),
                  "ivs-local: lobby must be MEMBER=VALUE\n");
    assert_begins(RUN_FAILING(served, 2, "call", "CreateChanel"),
                  "ivs-local: There is no operation CreateChanel. Did you mean "
                  "CreateChannel? ");
    assert_begins(RUN_FAILING(served, 2, "start"),
                  "ivs-local: StartStream requires a channel");
    assert_begins(RUN_FAILING(served, 2, "tail", "everything&more"),
                  "ivs-local: everything&more is not a kind ");
    assert_begins(RUN_FAILING(served, 1, "tail", "everything"),
                  "ivs-local: ValidationException: ");
}

static void nothing_that_is_printed_controls_the_terminal(void **state)
{
    struct wire *wire = *state;
    struct program *server = wire_serve(wire, ":memory:", NULL, NULL);
    const char *port = wire_printf(wire, "%d", program_port(server));
    const char *const args[] = {"tail", "--port", port, NULL};

    struct program *tail = wire_run(wire, args);
    program_expect(tail, PROGRAM_ERR, "watching ");
    http_call(wire_connect_to(wire, program_port(server)), "GET", "/%1b]0;x%07", "", "");
    program_expect(tail, PROGRAM_OUT, "GET /\\x1b]0;x\\x07 404 ");
}

static void what_cannot_be_sent_is_refused(void **state)
{
    struct wire *wire = *state;
    const char *const no_port[] = {"scopes", "--port", "0", NULL};
    const char *const no_host[] = {"scopes", "--host", "a b", NULL};
    struct served served = serve_for_client(state);

    assert_begins(program_text(wire_run_to_end(wire, no_port, 2), PROGRAM_ERR),
                  "ivs-local: http://127.0.0.1:0 is not the URL of a server; ");
    assert_begins(program_text(wire_run_to_end(wire, no_host, 2), PROGRAM_ERR),
                  "ivs-local: http://a b:");
    assert_begins(RUN_FAILING(served, 2, "call", "Watch"),
                  "ivs-local: Watch does not end; ");
    assert_begins(RUN_FAILING(served, 2, "call", "Health", "name=lobby"),
                  "ivs-local: Health has no input\n");
    setenv("AWS_ACCESS_KEY_ID", "test\r", 1);
    assert_begins(RUN_FAILING(served, 2, "scopes"),
                  "ivs-local: AWS_ACCESS_KEY_ID must consist of visible ASCII");
    unsetenv("AWS_ACCESS_KEY_ID");
}

static void a_server_that_does_not_answer_is_named(void **state)
{
    struct wire *wire = *state;
    const char *const args[] = {"scopes", "--port", "1", NULL};

    assert_begins(program_text(wire_run_to_end(wire, args, 1), PROGRAM_ERR),
                  "ivs-local: no response from http://127.0.0.1:1: ");
}

int main(void)
{
    static const char *const variables[] = {
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
        "AWS_REGION",        "AWS_DEFAULT_REGION",    "IVS_LOCAL_ACCOUNT",
        "IVS_LOCAL_REGION",  "IVS_LOCAL_JSON",        NULL};
    const struct CMUnitTest tests[] = {
        wire_test_without_server(call_prints_the_response),
        wire_test_without_server(
            a_stream_is_started_and_ended_by_the_name_of_its_channel),
        wire_test_without_server(a_fault_is_put_listed_and_deleted),
        wire_test_without_server(the_clock_is_moved_by_durations),
        wire_test_without_server(
            a_command_works_for_the_account_and_region_of_the_options),
        wire_test_without_server(a_warning_is_printed_beside_the_result),
        wire_test_without_server(env_prints_what_a_shell_can_evaluate),
        wire_test_without_server(wait_without_events_waits_for_a_healthy_server),
        wire_test_without_server(tail_prints_what_happens_until_the_server_ends),
        wire_test_without_server(wrong_words_are_refused),
        wire_test_without_server(nothing_that_is_printed_controls_the_terminal),
        wire_test_without_server(what_cannot_be_sent_is_refused),
        wire_test_without_server(a_server_that_does_not_answer_is_named),
    };

    for (size_t i = 0; variables[i] != NULL; i++)
        unsetenv(variables[i]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
