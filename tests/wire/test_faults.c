/*
 * Faults of a connection, as a client sees them, and delayed responses.
 */
#include "support/wire.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#include "support/cmocka_all.h"

/* Puts a fault for ListChannels with these further members. */
static void put(struct wire *wire, int port, const char *members)
{
    struct http_answer answer =
        http_post(wire_connect_to(wire, port), "/_ivs-local/PutFault",
                  wire_printf(wire, "{\"operation\":\"ListChannels\",%s}", members));

    assert_success(answer.reply, 200);
}

static void send_list(struct http_client *client)
{
    assert_true(http_send_request(client, "POST", "/ListChannels", "", "{}", 2));
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void a_connection_is_closed_without_an_answer(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);

    put(wire, wire_port(wire), "\"connection\":\"CLOSE\",\"times\":1");
    send_list(client);

    http_expect_closed(client);
    assert_serves(wire, wire_port(wire));
}

static void a_truncated_response_ends_before_its_content_length(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    struct http_answer answer;

    put(wire, wire_port(wire), "\"connection\":\"TRUNCATE\",\"times\":1");
    send_list(client);

    assert_int_not_equal(http_receive(client, false, &answer), HTTP_ANSWER);
    assert_serves(wire, wire_port(wire));
}

static void a_truncated_operation_has_run(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    struct http_answer answer;

    http_post(client, "/_ivs-local/PutFault",
              "{\"operation\":\"CreateChannel\",\"connection\":\"TRUNCATE\","
              "\"times\":1}");
    assert_true(http_send_request(client, "POST", "/CreateChannel", "", "{}", 2));
    assert_int_not_equal(http_receive(client, false, &answer), HTTP_ANSWER);

    assert_int_equal(wire_count_channels(wire_connect(wire)), 1);
}

static void a_truncated_response_without_a_body_does_not_arrive(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *arn = wire_create_channel(wire, client, "lobby");
    const char *body = wire_printf(wire, "{\"arn\":\"%s\"}", arn);

    http_post(client, "/_ivs-local/PutFault",
              "{\"operation\":\"DeleteChannel\",\"connection\":\"TRUNCATE\"}");
    assert_true(
        http_send_request(client, "POST", "/DeleteChannel", "", body, strlen(body)));

    http_expect_closed(client);
    assert_int_equal(wire_count_channels(wire_connect(wire)), 0);
}

static void a_gateway_answers_503_in_html(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);

    put(wire, wire_port(wire), "\"connection\":\"GATEWAY\",\"times\":1");
    send_list(client);
    struct http_answer answer = http_expect(client);

    assert_int_equal(answer.reply.status, 503);
    assert_header(&answer, "Content-Type", "text/html");
    assert_null(http_header(&answer, "x-amzn-ErrorType"));
    assert_null(http_header(&answer, "x-amzn-RequestId"));
    assert_int_equal(strncmp(answer.body, "<html>", 6), 0);
    /* The connection still works. */
    assert_success(http_post(client, "/ListChannels", "{}").reply, 200);
}

static void a_delayed_response_does_not_delay_others(void **state)
{
    enum { LATE_MS = 300, LATE_CLIENTS = 40 };
    struct wire *wire = *state;
    struct http_client *late[LATE_CLIENTS];

    put(wire, wire_port(wire), "\"latencyMs\":300");
    int64_t start_ms = now_ms();
    for (int i = 0; i < LATE_CLIENTS; i++) {
        late[i] = wire_connect(wire);
        send_list(late[i]);
    }
    /* More calls are delayed than there are threads, and others get their response
     * meanwhile. */
    assert_success(http_post(wire_connect(wire), "/ListStreams", "{}").reply, 200);
    for (int i = 0; i < LATE_CLIENTS; i++) {
        assert_success(http_expect(late[i]).reply, 200);
        assert_true(now_ms() - start_ms >= LATE_MS);
    }
}

static void a_connection_works_after_a_delayed_response(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);

    put(wire, wire_port(wire), "\"latencyMs\":20,\"times\":3");

    for (int i = 0; i < 5; i++)
        assert_success(http_post(client, "/ListChannels", "{}").reply, 200);
}

static void a_client_may_disconnect_before_a_delayed_response(void **state)
{
    struct wire *wire = *state;

    put(wire, wire_port(wire), "\"latencyMs\":50,\"times\":20");
    for (int i = 0; i < 20; i++) {
        struct http_client *client = http_client_open(wire_port(wire));
        assert_non_null(client);
        send_list(client);
        http_client_close(client);
    }

    assert_success(http_post(wire_connect(wire), "/ListChannels", "{}").reply, 200);
}

static void stopping_does_not_wait_for_delayed_responses(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", NULL, NULL);
    int port = program_port(program);
    struct http_client *client = wire_connect_to(wire, port);
    struct http_client *other = wire_connect_to(wire, port);

    put(wire, port, "\"latencyMs\":300000");
    send_list(client);
    while (reply_int(http_post(other, "/_ivs-local/ListFaults", "{}").reply,
                     "faults.0.struck") == 0)
        continue;
    program_signal(program, SIGTERM);

    assert_int_equal(program_end(program), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test(a_connection_is_closed_without_an_answer),
        wire_test(a_truncated_response_ends_before_its_content_length),
        wire_test(a_truncated_operation_has_run),
        wire_test(a_truncated_response_without_a_body_does_not_arrive),
        wire_test(a_gateway_answers_503_in_html),
        wire_test(a_delayed_response_does_not_delay_others),
        wire_test(a_connection_works_after_a_delayed_response),
        wire_test(a_client_may_disconnect_before_a_delayed_response),
        wire_test_without_server(stopping_does_not_wait_for_delayed_responses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
