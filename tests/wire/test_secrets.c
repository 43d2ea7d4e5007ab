/*
 * Secrets are shown nowhere: not in the log, even at level debug, not by ListRequests,
 * and not in the message of a start that fails.
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
    assert_non_null(strstr(log, "operation=BatchGetStreamKey"));
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
    assert_non_null(strstr(log, "operation=ListChannels"));
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

#define HUSH "that-nobody-may-see-0123456789"
#define STREAM_KEY "sk_us-east-1_AbCdEfGh1234_" HUSH
#define STAGE_KEY "rt_123456789012_us-east-1_AbCdEfGh1234_" HUSH
#define JWT "eyJhbGciOiJFUzM4NCJ9." HUSH ".c2ln"

/* Requests with a secret in the wrong place. */
static void send_secrets(struct wire *wire, struct http_client *client)
{
    static const char *const targets[] = {
        "/" STREAM_KEY,
        "/app/" STREAM_KEY,
        "/app/key-" HUSH,
        "/live/app/key-" HUSH "/CreateChannel",
        "/app/" STAGE_KEY,
        "/sk%5Fus-east-1%5FAbCd%5F" HUSH,
        "/" STREAM_KEY "/ListChannels",
        "/tags/" STREAM_KEY,
        "/tags/" JWT,
        "/events/" JWT,
        "/play%3Ftoken=" HUSH,
        "/play?token=" HUSH,
        "/ListChannels%3FX-Amz-Signature=" HUSH "&X-Amz-Security-Token=" HUSH,
        "/ListChannels?X-Amz-Signature=" HUSH "&X-Amz-Security-Token=" HUSH,
        "/http://user:" HUSH "@host/path",
        "/%",
        "/" STREAM_KEY "%",
    };
    static const char *const bodies[] = {
        "{\"arn\":\"" STREAM_KEY "\"}",
        "{\"arn\":{\"x\":[\"" STREAM_KEY "\"]}}",
        "{\"name\":\"" STAGE_KEY "\"}",
        "{\"" STREAM_KEY "\":1}",
        "{\"tags\":{\"" STREAM_KEY "\":\"" JWT "\"}}",
        "{\"passphrase\":\"" HUSH "\"}",
        "{\"streamKey\":[\"" HUSH "\"]}",
        "{\"unknown\":{\"authToken\":\"" HUSH "\"}}",
        "{\"name\":\"https://user:" HUSH "@host/\"}",
        "{\"name\":\"rtmp://host/app/" STREAM_KEY "\"}",
        STREAM_KEY,
        "{\"arn\":\"" STREAM_KEY "\"",
    };
    const char *headers = wire_printf(
        wire,
        "Authorization: AWS4-HMAC-SHA256 Credential=%s/20210407/us-east-1/ivs/"
        "aws4_request, Signature=" HUSH "\r\nX-Amz-Security-Token: " HUSH "\r\n"
        "Cookie: token=" HUSH "\r\n",
        STREAM_KEY);

    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        (void)http_call(client, "GET", targets[i], "", NULL);
        (void)http_call(client, "POST", targets[i], headers, "{}");
        (void)http_call(client, "POST", targets[i],
                        "Origin: https://user:" HUSH "@elsewhere.example\r\n", "{}");
    }
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        (void)http_post(client, "/GetStreamKey", bodies[i]);
        (void)http_post(client, "/CreateChannel", bodies[i]);
        (void)http_post(client, "/_ivs-local/StartStream", bodies[i]);
    }
}

static void a_secret_in_the_wrong_place_is_neither_logged_nor_listed(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", "--log-level", "debug");
    struct http_client *client = wire_connect_to(wire, program_port(program));

    send_secrets(wire, client);
    struct http_answer listed = http_post(client, "/_ivs-local/ListRequests", "{}");
    struct http_answer metrics =
        http_call(client, "GET", "/_ivs-local/metrics", "", NULL);
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);

    assert_success(listed.reply, 200);
    assert_in_range(reply_count(listed.reply, "requests"), 60, 100);
    assert_non_null(strstr(listed.body, "/app/***"));
    assert_not_in(listed.body, HUSH);
    assert_not_in(metrics.body, HUSH);
    assert_non_null(strstr(program_text(program, PROGRAM_ERR), "/app/***"));
    assert_not_in(program_text(program, PROGRAM_ERR), HUSH);
    assert_not_in(program_text(program, PROGRAM_OUT), HUSH);
}

static void a_start_that_fails_shows_no_secret(void **state)
{
    static const char *const arguments[][2] = {
        {"--events-to",                                 "http://user:" HUSH "@host"      },
        {"--events-to",                                 "ftp://host/" HUSH               },
        {"--events-to",                                 "https://host/hook#" HUSH        },
        {"--events-to=eventbridge+http://u:" HUSH "@h", NULL                             },
        {"--event-to=http://user:" HUSH "@host",        NULL                             },
        {"http://user:" HUSH "@host",                   NULL                             },
        {"user:" HUSH "@host",                          NULL                             },
        {STREAM_KEY,                                    NULL                             },
        {"--access-key",                                HUSH                             },
        {"--access-key",                                ":" HUSH                         },
        {"--access-key=bad id:" HUSH,                   NULL                             },
        {"--acces-key=AKIDEXAMPLE:" HUSH,               NULL                             },
        {"--allow-origin",                              "http://user:" HUSH "@host"      },
        {"--region",                                    STREAM_KEY                       },
        {"--account",                                   JWT                              },
        {"--port",                                      STREAM_KEY                       },
        {"--auth",                                      "password=" HUSH                 },
        {"--db",                                        "/dev/null/user:" HUSH "@host/db"},
        {"--seed",                                      "/dev/null/token=" HUSH          },
        {"--host",                                      "http://user:" HUSH "@host"      },
    };
    static const char *const variables[] = {
        "IVS_LOCAL_EVENTS_TO=http://host/,http://user:" HUSH "@host",
        "IVS_LOCAL_EVENTS_TO=http://user:a," HUSH "@host",
        "IVS_LOCAL_ACCESS_KEYS=id:secret," HUSH,
        "IVS_LOCAL_ALLOW_ORIGINS=http://user:" HUSH "@host",
        "IVS_LOCAL_PORT=" STREAM_KEY,
    };
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(arguments); i++) {
        const char *const args[] = {"--db",  ":memory:",      "--log-level",
                                    "debug", arguments[i][0], arguments[i][1],
                                    NULL};
        struct program *program = wire_run(wire, args);
        assert_in_range(program_end(program), 1, 2);
        assert_non_null(strstr(program_text(program, PROGRAM_ERR), "ivs-local: "));
        assert_not_in(program_text(program, PROGRAM_ERR), HUSH);
        assert_not_in(program_text(program, PROGRAM_OUT), HUSH);
    }
    for (size_t i = 0; i < COUNT_OF(variables); i++) {
        const char *const args[] = {"--db", ":memory:", "--log-level", "debug", NULL};
        const char *const environment[] = {variables[i], NULL};
        struct program *program = wire_run_with(wire, args, environment);
        assert_int_equal(program_end(program), 2);
        assert_not_in(program_text(program, PROGRAM_ERR), HUSH);
    }
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
        wire_test_without_server(
            a_secret_in_the_wrong_place_is_neither_logged_nor_listed),
        wire_test_without_server(a_start_that_fails_shows_no_secret),
        wire_test_without_server(a_log_line_stays_one_line),
        wire_test_without_server(a_refused_seed_shows_no_secret_in_the_request_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
