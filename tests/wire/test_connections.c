/*
 * Connections: kept alive, closed, pipelined, and with bodies in pieces.
 */
#include "support/wire.h"

#include <string.h>

#include "support/cmocka_all.h"

static void one_connection_serves_many_requests(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);

    for (int i = 0; i < 500; i++) {
        struct http_answer answer = http_post(client, "/CreateChannel",
                                              wire_printf(wire, "{\"name\":\"c%d\"}", i));
        assert_success(answer.reply, 200);
        assert_string_equal(reply_string(answer.reply, "channel.name"),
                            wire_printf(wire, "c%d", i));
    }
}

static void a_connection_survives_errors_and_empty_answers(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);

    for (int i = 0; i < 20; i++) {
        const char *arn = wire_create_channel(wire, client, "short");
        const char *body = wire_printf(wire, "{\"arn\":\"%s\"}", arn);
        struct http_answer gone = http_post(client, "/DeleteChannel", body);
        struct http_answer again = http_post(client, "/DeleteChannel", body);
        struct http_answer broken = http_post(client, "/DeleteChannel", "{");
        assert_success(gone.reply, 204);
        assert_error_answer(&again, 404, "ResourceNotFoundException");
        assert_error_answer(&broken, 400, "SerializationException");
    }
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    enum { REQUESTS = 20 };
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *all = "";

    for (int i = 0; i < REQUESTS; i++) {
        const char *body = wire_printf(wire, "{\"name\":\"c%02d\"}", i);
        all = wire_printf(wire,
                          "%sPOST /CreateChannel HTTP/1.1\r\nHost: localhost\r\n"
                          "Content-Length: %zu\r\n\r\n%s",
                          all, strlen(body), body);
    }
    assert_true(http_send_text(client, all));

    for (int i = 0; i < REQUESTS; i++) {
        struct http_answer answer = http_expect(client);
        assert_success(answer.reply, 200);
        assert_string_equal(reply_string(answer.reply, "channel.name"),
                            wire_printf(wire, "c%02d", i));
    }
}

static void a_request_may_come_byte_by_byte(void **state)
{
    static const char request[] = "POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\n"
                                  "Content-Length: 16\r\n\r\n{\"name\":\"lobby\"}";
    struct http_client *client = wire_connect(*state);

    for (size_t i = 0; i < strlen(request); i++)
        assert_true(http_send(client, request + i, 1));
    struct http_answer answer = http_expect(client);

    assert_success(answer.reply, 200);
    assert_string_equal(reply_string(answer.reply, "channel.name"), "lobby");
}

static void a_chunked_body_is_reassembled(void **state)
{
    struct http_client *client = wire_connect(*state);

    assert_true(http_send_text(client, "POST /CreateChannel HTTP/1.1\r\n"
                                       "Host: localhost\r\n"
                                       "Transfer-Encoding: chunked\r\n\r\n"
                                       "3\r\n{\"n\r\n"
                                       "A;extension=1\r\name\":\"lobb\r\n"
                                       "3\r\ny\"}\r\n0\r\n\r\n"));
    struct http_answer answer = http_expect(client);

    assert_success(answer.reply, 200);
    assert_string_equal(reply_string(answer.reply, "channel.name"), "lobby");
}

static void a_client_that_expects_100_continue_gets_it(void **state)
{
    struct http_client *client = wire_connect(*state);

    assert_true(http_send_text(client, "POST /CreateChannel HTTP/1.1\r\n"
                                       "Host: localhost\r\nContent-Length: 16\r\n"
                                       "Expect: 100-continue\r\n\r\n"));
    struct http_answer go_on = http_expect(client);
    assert_true(http_send_text(client, "{\"name\":\"lobby\"}"));
    struct http_answer answer = http_expect(client);

    assert_int_equal(go_on.reply.status, 100);
    assert_success(answer.reply, 200);
    assert_string_equal(reply_string(answer.reply, "channel.name"), "lobby");
}

static void an_old_client_is_answered_and_the_connection_closed(void **state)
{
    struct http_client *client = wire_connect(*state);

    assert_true(http_send_text(client, "POST /CreateChannel HTTP/1.0\r\n"
                                       "Content-Length: 16\r\n\r\n{\"name\":\"lobby\"}"));
    struct http_answer answer = http_expect(client);

    assert_success(answer.reply, 200);
    assert_string_equal(reply_string(answer.reply, "channel.name"), "lobby");
    http_expect_closed(client);
}

static void a_connection_is_closed_on_request_of_the_client(void **state)
{
    struct http_client *client = wire_connect(*state);

    struct http_answer answer =
        http_call(client, "POST", "/ListChannels", "Connection: close\r\n", "{}");

    assert_success(answer.reply, 200);
    http_expect_closed(client);
}

static void a_client_that_shut_down_sending_still_gets_its_response(void **state)
{
    struct http_client *client = wire_connect(*state);

    assert_true(http_send_request(client, "POST", "/ListChannels", "", "{}", 2));
    http_end_sending(client);
    struct http_answer answer = http_expect(client);

    assert_success(answer.reply, 200);
}

static void many_connections_are_served_side_by_side(void **state)
{
    enum { CONNECTIONS = 100 };
    struct wire *wire = *state;
    struct http_client *clients[CONNECTIONS];

    for (size_t i = 0; i < CONNECTIONS; i++)
        clients[i] = wire_connect(wire);
    for (size_t i = 0; i < CONNECTIONS; i++)
        assert_true(http_send_request(clients[i], "POST", "/CreateChannel", "", "{}", 2));
    for (size_t i = 0; i < CONNECTIONS; i++)
        assert_success(http_expect(clients[i]).reply, 200);

    assert_int_equal(wire_count_channels(clients[0]), CONNECTIONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test(one_connection_serves_many_requests),
        wire_test(a_connection_survives_errors_and_empty_answers),
        wire_test(pipelined_requests_are_answered_in_order),
        wire_test(a_request_may_come_byte_by_byte),
        wire_test(a_chunked_body_is_reassembled),
        wire_test(a_client_that_expects_100_continue_gets_it),
        wire_test(an_old_client_is_answered_and_the_connection_closed),
        wire_test(a_connection_is_closed_on_request_of_the_client),
        wire_test(a_client_that_shut_down_sending_still_gets_its_response),
        wire_test(many_connections_are_served_side_by_side),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
