/*
 * What the log of the running program says at level info: one line for each call that
 * people make, and for what happens besides.
 */
#include "base/json.h"
#include "support/sink.h"
#include "support/wire.h"

#include <signal.h>
#include <string.h>

#include "support/cmocka_all.h"

#define AUTHORIZATION                                                                    \
    "Authorization: AWS4-HMAC-SHA256 Credential=123456789012/20240229/us-west-2/ivs/"    \
    "aws4_request, SignedHeaders=host, Signature=0\r\n"

/* A server and a connection to it. */
struct served {
    struct program *program;
    struct http_client *client;
};

static struct served serve(struct wire *wire, const char *option, const char *value)
{
    struct program *program = wire_serve(wire, ":memory:", option, value);

    return (struct served){program, wire_connect_to(wire, program_port(program))};
}

/* Posts as account 123456789012 in us-west-2. */
static struct http_answer post(struct served served, const char *target, const char *body)
{
    return http_call(served.client, "POST", target, AUTHORIZATION, body);
}

/* Ends the program. Returns its log. */
static const char *log_of(struct served served)
{
    program_signal(served.program, SIGTERM);
    assert_int_equal(program_end(served.program), 0);
    return program_text(served.program, PROGRAM_ERR);
}

/* The test fails unless a line of the log has all these texts, which end with NULL.
 * Returns the line, in memory of the test. */
static const char *assert_line(struct wire *wire, const char *log,
                               const char *const *texts)
{
    for (const char *at = log; *at != '\0';) {
        size_t length = strcspn(at, "\n"), found = 0;
        const char *line = wire_printf(wire, "%.*s", (int)length, at);
        while (texts[found] != NULL && strstr(line, texts[found]) != NULL)
            found++;
        if (texts[found] == NULL)
            return line;
        at += length + (at[length] == '\n');
    }
    fail_msg("no line has %s, %s ...: %s", texts[0], texts[1], log);
    return NULL;
}

#define ASSERT_LINE(wire, log, ...)                                                      \
    assert_line(wire, log, (const char *const[]){__VA_ARGS__, NULL})

#define SCOPE "account=\"123456789012\" region=\"us-west-2\""

static void each_call_is_one_line(void **state)
{
    struct served served = serve(*state, NULL, NULL);

    struct http_answer made = post(served, "/CreateChannel", "{\"name\":\"lobby\"}");
    struct http_answer failed = post(served, "/CreateChannel", "{\"name\":\"a b\"}");
    struct http_answer unknown = post(served, "/CreateLobby", "{}");
    struct http_answer clock = post(served, "/_ivs-local/GetClock", "{}");
    struct http_answer unsigned_call = http_post(served.client, "/ListChannels", "{}");
    const char *log = log_of(served);

    ASSERT_LINE(*state, log,
                "level=info event=\"call\" service=ivs "
                "operation=CreateChannel status=200 " SCOPE " us=",
                http_header(&made, "x-amzn-RequestId"));
    ASSERT_LINE(
        *state, log,
        "operation=CreateChannel status=400 error=ValidationException "
        "message=\"CreateChannel.name does not match pattern [a-zA-Z0-9-_]*\" " SCOPE,
        http_header(&failed, "x-amzn-RequestId"));
    ASSERT_LINE(*state, log,
                "method=POST path=\"/CreateLobby\" status=404 "
                "error=UnknownOperationException message=\"",
                http_header(&unknown, "x-amzn-RequestId"));
    ASSERT_LINE(*state, log, "service=control operation=GetClock status=200 " SCOPE,
                http_header(&clock, "x-amzn-RequestId"));
    ASSERT_LINE(*state, log,
                "operation=ListChannels status=200 "
                "account=\"000000000000\" region=\"us-east-1\"",
                http_header(&unsigned_call, "x-amzn-RequestId"));
}

static void probes_are_lines_at_debug_only(void **state)
{
    struct served info = serve(*state, NULL, NULL);
    struct served debug = serve(*state, "--log-level", "debug");

    (void)http_call(info.client, "GET", "/_ivs-local/health", "", NULL);
    (void)http_call(info.client, "GET", "/_ivs-local/metrics", "", NULL);
    (void)http_call(debug.client, "GET", "/_ivs-local/health", "", NULL);

    assert_null(strstr(log_of(info), "event=\"call\""));
    ASSERT_LINE(*state, log_of(debug), "level=debug", "operation=Health status=200");
}

static void quiet_leaves_warnings_and_errors(void **state)
{
    struct served served = serve(*state, "--quiet", NULL);

    (void)post(served, "/CreateChannel", "{\"name\":\"a b\"}");
    (void)http_call(served.client, "POST", "/ListChannels",
                    "Origin: http://shop.example\r\n", "{}");
    const char *log = log_of(served);

    assert_null(strstr(log, "level=info"));
    ASSERT_LINE(*state, log, "level=warn event=\"web page refused\"");
}

static void streams_are_reported(void **state)
{
    struct served served = serve(*state, NULL, NULL);
    const char *arn = reply_string(
        post(served, "/CreateChannel", "{\"name\":\"lobby\"}").reply, "channel.arn");
    const char *body = wire_printf(*state, "{\"channelArn\":\"%s\"}", arn);
    const char *channel = wire_printf(*state, "channel=\"lobby\" arn=\"%s\"", arn);
    static const char *const healths[] = {"STARVING", "HEALTHY"};

    /* The caller is unsigned: the scope is that of the channel. */
    (void)http_post(served.client, "/_ivs-local/StartStream", body);
    for (size_t i = 0; i < COUNT_OF(healths); i++)
        (void)http_post(served.client, "/_ivs-local/UpdateStream",
                        wire_printf(*state, "{\"channelArn\":\"%s\",\"health\":\"%s\"}",
                                    arn, healths[i]));
    (void)http_post(served.client, "/_ivs-local/EndStream", body);
    const char *log = log_of(served);

    ASSERT_LINE(*state, log, "event=\"stream started\"", channel, SCOPE);
    ASSERT_LINE(*state, log, "event=\"stream is starving\"", channel, SCOPE);
    ASSERT_LINE(*state, log, "event=\"stream has recovered\"", channel, SCOPE);
    ASSERT_LINE(*state, log, "event=\"stream ended\"", channel, SCOPE);
}

static void what_is_rolled_back_is_not_reported(void **state)
{
    struct served served = serve(*state, NULL, NULL);

    struct http_answer answer = post(
        served, "/_ivs-local/Seed",
        "{\"calls\":[{\"operation\":\"CreateChannel\",\"as\":\"a\"},"
        "{\"operation\":\"StartStream\",\"input\":{\"channelArn\":\"${a.channel.arn}\"}},"
        "{\"operation\":\"GetChannel\",\"input\":{\"arn\":\"no\"}}]}");
    const char *log = log_of(served);

    assert_error_answer(&answer, 400, "ValidationException");
    assert_null(strstr(log, "stream started"));
    assert_null(strstr(log, "seed run"));
}

static void a_transaction_has_a_limited_number_of_lines(void **state)
{
    struct served served = serve(*state, NULL, NULL);
    char *calls = wire_printf(*state, "{\"operation\":\"CreateChannel\",\"as\":\"a\"}");
    size_t lines = 0;

    for (int i = 0; i < 60; i++)
        calls = wire_printf(*state,
                            "%s,{\"operation\":\"StartStream\",\"input\":{\"channelArn\":"
                            "\"${a.channel.arn}\"}},{\"operation\":\"EndStream\","
                            "\"input\":{\"channelArn\":\"${a.channel.arn}\"}}",
                            calls);
    struct http_answer answer =
        post(served, "/_ivs-local/Seed", wire_printf(*state, "{\"calls\":[%s]}", calls));
    const char *log = log_of(served);

    assert_success(answer.reply, 200);
    for (const char *at = log; (at = strstr(at, "event=\"stream ")) != NULL; at++)
        lines++;
    assert_int_equal(lines, 100);
    ASSERT_LINE(*state, log, "event=\"more changes in the same transaction\" count=21");
}

static void faults_that_are_applied_are_reported(void **state)
{
    struct served served = serve(*state, NULL, NULL);

    struct http_answer put =
        post(served, "/_ivs-local/PutFault",
             "{\"operation\":\"ListChannels\",\"error\":\"PendingVerification\","
             "\"latencyMs\":1,\"times\":1}");
    (void)post(served, "/ListChannels", "{}");
    (void)post(served, "/_ivs-local/PutFault",
               "{\"operation\":\"ListStreams\",\"connection\":\"GATEWAY\"}");
    (void)post(served, "/ListStreams", "{}");
    const char *fault =
        wire_printf(*state, "fault=%s", reply_string(put.reply, "faultId"));
    const char *log = log_of(served);

    ASSERT_LINE(*state, log, "event=\"fault applied\" operation=ListChannels", fault,
                "error=PendingVerification latency_ms=1 " SCOPE);
    ASSERT_LINE(*state, log, "event=\"call\"",
                "operation=ListChannels status=403 error=PendingVerification", fault);
    ASSERT_LINE(*state, log, "event=\"fault applied\" operation=ListStreams",
                "connection=GATEWAY " SCOPE);
}

static void changes_of_the_whole_are_reported(void **state)
{
    struct served served = serve(*state, NULL, NULL);

    (void)post(served, "/_ivs-local/AdvanceClock", "{\"seconds\":90}");
    (void)post(served, "/_ivs-local/ResetClock", "{}");
    (void)post(served, "/_ivs-local/SaveSnapshot", "{\"name\":\"clean\"}");
    (void)post(served, "/_ivs-local/RestoreSnapshot", "{\"name\":\"clean\"}");
    (void)post(served, "/_ivs-local/DeleteSnapshot", "{\"name\":\"clean\"}");
    (void)post(served, "/_ivs-local/Seed",
               "{\"calls\":[{\"operation\":\"CreateChannel\"}]}");
    (void)post(served, "/_ivs-local/Reset", "{}");
    const char *log = log_of(served);

    ASSERT_LINE(*state, log, "event=\"clock moved\" offset_seconds=90 " SCOPE);
    ASSERT_LINE(*state, log, "event=\"clock reset\" offset_seconds=0 " SCOPE);
    ASSERT_LINE(*state, log, "event=\"snapshot saved\" name=\"clean\"");
    ASSERT_LINE(*state, log, "event=\"snapshot restored\" name=\"clean\"");
    ASSERT_LINE(*state, log, "event=\"snapshot deleted\" name=\"clean\"");
    ASSERT_LINE(*state, log, "event=\"seed run\" calls=1 " SCOPE);
    ASSERT_LINE(*state, log, "event=\"reset\" all_accounts=false " SCOPE);
}

static void deliveries_are_reported_by_name_and_id(void **state)
{
    struct wire *wire = *state;
    struct sink *sink = sink_new();
    const char *target = wire_printf(wire, "http://127.0.0.1:%d", sink_port(sink));
    struct served served =
        serve(wire, "--events-to", wire_printf(wire, "%s/hidden", target));
    sink_plan(sink, 410, "");

    const char *arn = reply_string(http_post(served.client, "/CreateChannel", "{}").reply,
                                   "channel.arn");
    (void)http_post(served.client, "/_ivs-local/StartStream",
                    wire_printf(wire, "{\"channelArn\":\"%s\"}", arn));
    sink_expect(sink, 2);
    program_expect(served.program, PROGRAM_ERR, "event=\"event delivered\"");
    const char *log = log_of(served);

    for (size_t i = 0; i < 2; i++) {
        const char *why = NULL;
        const char *body = sink_request(sink, i).body;
        cJSON *event = json_read(body, strlen(body), &why);
        ASSERT_LINE(wire, log,
                    i == 0 ? "level=warn event=\"event dropped: the target refused it\""
                           : "level=info event=\"event delivered\"",
                    i == 0 ? "type=\"IVS Stream State Change\" name=\"Session Created\""
                           : "type=\"IVS Stream State Change\" name=\"Stream Start\"",
                    wire_printf(wire, "id=\"%s\"", json_string_or(event, "id", "none")),
                    wire_printf(wire, "target=%s", target),
                    i == 0 ? "reason=\"status 410\"" : "");
        cJSON_Delete(event);
    }
    assert_null(strstr(log, "/hidden"));
    sink_free(sink);
}

static void a_refused_page_is_told_how_to_be_allowed(void **state)
{
    struct served served = serve(*state, NULL, NULL);
    static const char *const cases[][3] = {
        {"Origin: http://shop.example:3000\r\n",  "origin=\"http://shop.example:3000\"",
         "to_allow=\"--allow-origin http://shop.example:3000\""                                                            },
        {"Origin: null\r\n",                      "origin=\"null\"",                      "to_allow=\"--allow-origin '*'\""},
        {"Sec-Fetch-Site: cross-site\r\n",        "origin=\"unknown\"",
         "to_allow=\"--allow-origin '*'\""                                                                                 },
        {"Origin: http://a.example:1;rm -rf\r\n", "origin=\"http://a.example:1;rm -rf\"",
         "to_allow=\"--allow-origin '*'\""                                                                                 },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        for (int calls = 0; calls < 3; calls++)
            (void)http_call(served.client, "POST", "/ListChannels", cases[i][0], "{}");
    }
    const char *log = log_of(served);

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *line =
            ASSERT_LINE(*state, log, "level=warn event=\"web page refused\"", cases[i][1],
                        cases[i][2]);
        assert_null(strstr(strstr(log, line) + 1, line));
    }
    assert_null(strstr(log, "event=\"call\""));
}

static void a_rebound_host_is_told_how_to_be_allowed(void **state)
{
    struct served served = serve(*state, NULL, NULL);

    assert_true(http_send_text(served.client, "GET /_ivs-local/health HTTP/1.1\r\n"
                                              "Host: shop.example:4580\r\n\r\n"));
    struct http_answer answer = http_expect(served.client);
    const char *log = log_of(served);

    assert_error_answer(&answer, 403, "OriginRefusedException");
    ASSERT_LINE(*state, log, "event=\"web page refused\" origin=\"unknown\"",
                "to_allow=\"--allow-origin http://shop.example:4580\"");
}

static void calls_that_nobody_signed_are_limited(void **state)
{
    struct served served = serve(*state, "--auth", "sigv4");
    size_t lines = 0;

    for (int i = 0; i < 100; i++)
        (void)http_post(served.client, "/ListChannels", "{}");
    const char *log = log_of(served);

    ASSERT_LINE(*state, log,
                "event=\"call\" service=ivs operation=ListChannels status=403 "
                "error=MissingAuthenticationTokenException");
    for (const char *at = log; (at = strstr(at, "event=\"call\"")) != NULL; at++)
        lines++;
    assert_in_range(lines, 1, 60); /* ten in ten seconds */
}

static void json_has_one_object_per_line(void **state)
{
    struct served served = serve(*state, "--log-format", "json");
    size_t calls = 0;

    (void)post(served, "/CreateChannel", "{\"name\":\"lobby\"}");
    (void)post(served, "/%1b%22%c3%bc", "{}");
    (void)http_call(served.client, "POST", "/", "Origin: \xff\"\\\r\n", "{}");
    const char *log = log_of(served);

    for (const char *at = log; *at != '\0';) {
        const char *why = NULL;
        size_t length = strcspn(at, "\n");
        cJSON *line = json_read(at, length, &why);
        if (line == NULL)
            fail_msg("%s: %.*s", why, (int)length, at);
        assert_string_not_equal(json_string_or(line, "time", ""), "");
        calls += strcmp(json_string_or(line, "event", ""), "call") == 0;
        cJSON_Delete(line);
        at += length + 1;
    }
    assert_int_equal(calls, 2);
    ASSERT_LINE(*state, log, "\"event\":\"call\",\"request\":\"",
                "\"operation\":\"CreateChannel\",\"status\":200,"
                "\"account\":\"123456789012\",\"region\":\"us-west-2\",\"us\":");
    ASSERT_LINE(*state, log, "\"path\":\"/\\u001b\\\"\xc3\xbc\"");
}

static void the_list_of_requests_has_origins(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    char longest[301];
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';

    (void)http_call(client, "POST", "/ListChannels",
                    "Origin: http://shop.example:3000\r\n", "{}");
    (void)http_call(client, "POST", "/ListChannels", "Origin: http://localhost:5173\r\n",
                    "{}");
    (void)http_call(client, "POST", "/ListChannels", "Origin: http://a.example\xff\"\r\n",
                    "{}");
    (void)http_call(client, "POST", "/ListChannels",
                    wire_printf(wire, "Origin: http://%s\r\n", longest), "{}");
    (void)http_post(client, "/ListChannels", "{}");
    struct reply listed = http_post(client, "/_ivs-local/ListRequests", "{}").reply;

    assert_success(listed, 200);
    assert_string_equal(reply_string(listed, "requests.0.origin"),
                        "http://shop.example:3000");
    assert_true(reply_bool(listed, "requests.0.refused"));
    assert_string_equal(reply_string(listed, "requests.1.origin"),
                        "http://localhost:5173");
    assert_string_equal(reply_string(listed, "requests.2.origin"), "http://a.example");
    assert_int_equal(strlen(reply_string(listed, "requests.3.origin")), 270);
    assert_false(reply_has(listed, "requests.4.origin"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(each_call_is_one_line),
        wire_test_without_server(probes_are_lines_at_debug_only),
        wire_test_without_server(quiet_leaves_warnings_and_errors),
        wire_test_without_server(streams_are_reported),
        wire_test_without_server(what_is_rolled_back_is_not_reported),
        wire_test_without_server(a_transaction_has_a_limited_number_of_lines),
        wire_test_without_server(faults_that_are_applied_are_reported),
        wire_test_without_server(changes_of_the_whole_are_reported),
        wire_test_without_server(deliveries_are_reported_by_name_and_id),
        wire_test_without_server(a_refused_page_is_told_how_to_be_allowed),
        wire_test_without_server(a_rebound_host_is_told_how_to_be_allowed),
        wire_test_without_server(calls_that_nobody_signed_are_limited),
        wire_test_without_server(json_has_one_object_per_line),
        wire_test(the_list_of_requests_has_origins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
