/*
 * Secrets are not logged, even at level debug.
 */
#include "support/wire.h"

#include <signal.h>
#include <string.h>

#include "support/cmocka_all.h"

enum { CHANNELS = 5 };

static void assert_not_in(const char *log, const char *secret)
{
    assert_true(strlen(secret) > 20);
    if (strstr(log, secret) != NULL)
        fail_msg("the log contains the secret %s", secret);
}

static void no_secret_is_logged(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    struct program *program = wire_serve(wire, db, "--log-level", "debug");
    struct http_client *client = wire_connect_to(wire, program_port(program));
    struct http_answer created[CHANNELS];

    for (size_t i = 0; i < CHANNELS; i++) {
        created[i] = http_post(client, "/CreateChannel", "{\"name\":\"lobby\"}");
        assert_success(created[i].reply, 200);
        const char *key = reply_string(created[i].reply, "streamKey.arn");
        const char *value = reply_string(created[i].reply, "streamKey.value");
        const char *arn = reply_string(created[i].reply, "channel.arn");
        (void)http_post(client, "/GetStreamKey",
                        wire_printf(wire, "{\"arn\":\"%s\"}", key));
        (void)http_post(client, "/BatchGetStreamKey",
                        wire_printf(wire, "{\"arns\":[\"%s\"]}", key));
        (void)http_post(client, "/GetChannel",
                        wire_printf(wire, "{\"arn\":\"%s\"}", arn));
        /* A refused body is the most likely one to be logged. */
        (void)http_post(client, "/GetStreamKey",
                        wire_printf(wire, "{\"arn\":\"%s\"}", value));
        (void)http_post(client, "/GetStreamKey",
                        wire_printf(wire, "{\"arn\":\"%s\"", value));
        (void)http_post(
            client, "/UpdateChannel",
            wire_printf(wire, "{\"arn\":\"%s\",\"name\":\"%s %s\"}", arn, value,
                        reply_string(created[i].reply, "channel.srt.passphrase")));
    }
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);

    const char *log = program_text(program, PROGRAM_ERR);
    assert_non_null(strstr(log, "/BatchGetStreamKey"));
    for (size_t i = 0; i < CHANNELS; i++) {
        assert_not_in(log, reply_string(created[i].reply, "streamKey.value"));
        assert_not_in(log, reply_string(created[i].reply, "channel.srt.passphrase"));
        assert_not_in(program_text(program, PROGRAM_OUT),
                      reply_string(created[i].reply, "streamKey.value"));
    }
}

static void no_signature_is_logged(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", "--log-level", "debug");
    struct http_client *client = wire_connect_to(wire, program_port(program));

    struct http_answer answer = http_call(
        client, "POST",
        "/ListChannels?X-Amz-Security-Token=token-that-nobody-may-see-0123456789",
        "Authorization: AWS4-HMAC-SHA256 Credential=test/20210407/us-east-1/ivs/"
        "aws4_request, Signature=signature-that-nobody-may-see-0123456789\r\n"
        "X-Amz-Security-Token: token-that-nobody-may-see-0123456789\r\n",
        "{}");
    program_signal(program, SIGTERM);

    assert_success(answer.reply, 200);
    assert_int_equal(program_end(program), 0);
    const char *log = program_text(program, PROGRAM_ERR);
    assert_non_null(strstr(log, "/ListChannels"));
    assert_not_in(log, "signature-that-nobody-may-see-0123456789");
    assert_not_in(log, "token-that-nobody-may-see-0123456789");
}

static void a_refused_seed_shows_no_secret_in_the_request_log(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));

    struct http_answer refused = http_call(
        client, "POST", "/_ivs-local/Seed", "Origin: https://elsewhere.example\r\n",
        "{\"calls\":[{\"operation\":\"StartStream\",\"input\":"
        "{\"streamKey\":\"key-that-nobody-may-see-0123456789\"}}]}");
    struct http_answer listed = http_post(client, "/_ivs-local/ListRequests", "{}");

    assert_error_answer(&refused, 403, "OriginRefusedException");
    assert_success(listed.reply, 200);
    assert_string_equal(reply_string(listed.reply, "requests.0.operation"), "Seed");
    assert_not_in(listed.body, "key-that-nobody-may-see-0123456789");
}

static void a_log_line_stays_one_line(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", "--log-level", "debug");
    struct http_client *client = wire_connect_to(wire, program_port(program));

    struct http_answer answer = http_post(
        client,
        "/x%0d%0atime=2000-01-01T00:00:00.000Z%20level=error%20event=%22forged%22%1b[31m",
        "{}");
    program_signal(program, SIGTERM);

    assert_int_equal(answer.reply.status, 404);
    assert_int_equal(program_end(program), 0);
    const char *log = program_text(program, PROGRAM_ERR);
    assert_non_null(strstr(log, "forged"));
    assert_null(strstr(log, "\ntime=2000"));
    assert_null(strstr(log, "\x1b"));
    assert_null(strstr(log, "\r"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(no_secret_is_logged),
        wire_test_without_server(no_signature_is_logged),
        wire_test_without_server(a_log_line_stays_one_line),
        wire_test_without_server(a_refused_seed_shows_no_secret_in_the_request_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
