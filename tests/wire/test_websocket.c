/*
 * WebSockets over TCP, from the request that asks for one: the handshake, bytes that
 * follow it at once, and what is left when it is over.
 */
#include "support/echo_server.h"
#include "support/http_client.h"
#include "support/websocket_bytes.h"
#include "support/websocket_peer.h"

#include "base/log.h"
#include "http/websocket_frame.h"

#include <stdio.h>
#include <string.h>

#include "support/cmocka_all.h"

enum { MAX_CONNECTIONS = 64 /* of the echo server */ };

#define WANTED                                                                           \
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"         \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

#define FINAL_TEXT (FRAME_FINAL | WEBSOCKET_TEXT)

static int setup(void **state)
{
    *state = echo_server_start(MAX_CONNECTIONS);
    return *state != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    echo_server_stop(*state);
    return 0;
}

static struct http_client *connect_to(void **state)
{
    struct http_client *client = http_client_open(echo_server_port(*state));

    assert_non_null(client);
    return client;
}

/* The value of a header, or NULL. */
static const char *header(const struct http_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (strcmp(answer->headers[i].name, name) == 0)
            return answer->headers[i].value;
    return NULL;
}

static struct http_answer ask(struct http_client *client, const char *headers)
{
    return http_call(client, "GET", "/", headers, NULL);
}

static void a_request_for_a_websocket_is_accepted(void **state)
{
    struct http_client *client = connect_to(state);
    struct http_answer answer = ask(client, WANTED);

    assert_int_equal(answer.reply.status, 101);
    assert_string_equal(header(&answer, "Upgrade"), "websocket");
    assert_string_equal(header(&answer, "Sec-WebSocket-Accept"),
                        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_null(header(&answer, "Sec-WebSocket-Protocol"));
    http_client_close(client);
}

static void white_space_behind_a_value_is_not_a_part_of_it(void **state)
{
    struct http_client *client = connect_to(state);
    struct http_answer answer =
        ask(client, "Upgrade: websocket \r\nConnection: Upgrade\t \r\n"
                    "Sec-WebSocket-Version: 13 \r\nSec-WebSocket-Protocol: echo.v1 \r\n"
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== \t\r\n");

    assert_int_equal(answer.reply.status, 101);
    assert_string_equal(header(&answer, "Sec-WebSocket-Accept"),
                        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_string_equal(header(&answer, "Sec-WebSocket-Protocol"), "echo.v1");
    http_client_close(client);
}

static void a_subprotocol_of_both_sides_is_chosen(void **state)
{
    struct http_client *client = connect_to(state);
    struct http_answer answer =
        ask(client, WANTED "Sec-WebSocket-Protocol: echo.v9, echo.v2, echo.v1\r\n");

    assert_int_equal(answer.reply.status, 101);
    assert_string_equal(header(&answer, "Sec-WebSocket-Protocol"), "echo.v2");
    http_client_close(client);
}

static void extensions_are_not_negotiated(void **state)
{
    static const char *const offers[] = {
        "permessage-deflate", "permessage-deflate; client_max_window_bits",
        "permessage-bzip2, permessage-deflate", "x-webkit-deflate-frame"};

    for (size_t i = 0; i < COUNT_OF(offers); i++) {
        struct http_client *client = connect_to(state);
        char headers[512];
        snprintf(headers, sizeof(headers), WANTED "Sec-WebSocket-Extensions: %s\r\n",
                 offers[i]);
        struct http_answer answer = ask(client, headers);

        assert_int_equal(answer.reply.status, 101);
        assert_null(header(&answer, "Sec-WebSocket-Extensions"));
        http_client_close(client);
    }
}

static void another_version_is_told_which_one_there_is(void **state)
{
    struct http_client *client = connect_to(state);
    struct http_answer answer =
        ask(client, "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Version: 8\r\n"
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");

    assert_int_equal(answer.reply.status, 426);
    assert_string_equal(header(&answer, "Sec-WebSocket-Version"), "13");
    assert_string_equal(header(&answer, "Upgrade"), "websocket");
    assert_string_equal(header(&answer, "Connection"), "upgrade");
    assert_string_equal(answer.body, "The header Sec-WebSocket-Version must be 13.");

    /* The connection is as good as before. */
    assert_int_equal(ask(client, WANTED).reply.status, 101);
    http_client_close(client);
}

static void what_is_no_request_for_a_websocket_is_refused(void **state)
{
    struct http_client *client = connect_to(state);

    struct http_answer plain = ask(client, "");
    assert_int_equal(plain.reply.status, 426);
    assert_string_equal(header(&plain, "Sec-WebSocket-Version"), "13");
    struct http_answer post = http_call(client, "POST", "/", WANTED, "");
    assert_int_equal(post.reply.status, 405);
    assert_string_equal(header(&post, "Allow"), "GET");
    assert_int_equal(ask(client, "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                 "Sec-WebSocket-Version: 13\r\n")
                         .reply.status,
                     400);
    http_client_close(client);
}

static void http_1_0_has_no_websockets(void **state)
{
    struct http_client *client = connect_to(state);

    assert_true(
        http_send_text(client, "GET / HTTP/1.0\r\nHost: localhost\r\n" WANTED "\r\n"));
    assert_int_equal(http_expect(client).reply.status, 400);
    http_client_close(client);
}

static void frames_may_follow_the_request_at_once(void **state)
{
    struct http_client *client = connect_to(state);
    struct buf input AUTO(buf_done);

    buf_init(&input, 4096);
    buf_text(&input, "GET / HTTP/1.1\r\nHost: localhost\r\n" WANTED "\r\n");
    frame_put_text(&input, FINAL_TEXT, "early");
    frame_put_text(&input, FINAL_TEXT, "bird");
    assert_true(http_send(client, input.bytes, input.length));

    assert_int_equal(http_expect(client).reply.status, 101);
    const char *bytes = http_receive_bytes(client, 13);
    assert_non_null(bytes);
    assert_memory_equal(bytes,
                        "\x81\x05"
                        "early"
                        "\x81\x04"
                        "bird",
                        13);
    http_client_close(client);
}

static void a_full_endpoint_refuses_connections_until_one_is_over(void **state)
{
    struct echo_server *server = *state;
    struct websocket_peer peers[MAX_CONNECTIONS];
    struct http_client *client = connect_to(state);

    log_set_level(LOG_ERROR);
    for (size_t i = 0; i < COUNT_OF(peers); i++)
        peer_connect(&peers[i], echo_server_port(server), "/");
    struct http_answer answer = ask(client, WANTED);
    assert_int_equal(answer.reply.status, 503);
    assert_string_equal(answer.body, "Too many WebSockets are open.");
    assert_null(header(&answer, "Upgrade"));
    echo_server_expect_over(server, 1); /* the one that was refused */
    peer_done(&peers[0]);
    echo_server_expect_over(server, 2);

    assert_int_equal(ask(client, WANTED).reply.status, 101);
    for (size_t i = 1; i < COUNT_OF(peers); i++)
        peer_done(&peers[i]);
    http_client_close(client);
}

static void every_context_is_released(void **state)
{
    struct echo_server *server = *state;
    struct websocket_peer peers[8];
    struct buf close AUTO(buf_done);

    buf_init(&close, 256);
    frame_put_close(&close, 1000, "");
    for (size_t i = 0; i < COUNT_OF(peers); i++)
        peer_connect(&peers[i], echo_server_port(server), "/");
    for (size_t i = 0; i < COUNT_OF(peers); i++) {
        if (i % 2 == 0) {
            assert_true(peer_send(&peers[i], close.bytes, close.length));
            peer_expect_close(&peers[i], 1000);
        }
        peer_done(&peers[i]);
    }
    echo_server_expect_over(server, COUNT_OF(peers));
}

static void a_server_that_stops_says_goodbye(void **state)
{
    struct websocket_peer peer;

    peer_connect(&peer, echo_server_port(*state), "/");
    teardown(state);
    peer_expect_close(&peer, WEBSOCKET_GOING_AWAY);
    peer_done(&peer);
    assert_int_equal(setup(state), 0);
}

#define WEBSOCKET_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WEBSOCKET_TEST(a_request_for_a_websocket_is_accepted),
        WEBSOCKET_TEST(white_space_behind_a_value_is_not_a_part_of_it),
        WEBSOCKET_TEST(a_subprotocol_of_both_sides_is_chosen),
        WEBSOCKET_TEST(extensions_are_not_negotiated),
        WEBSOCKET_TEST(another_version_is_told_which_one_there_is),
        WEBSOCKET_TEST(what_is_no_request_for_a_websocket_is_refused),
        WEBSOCKET_TEST(http_1_0_has_no_websockets),
        WEBSOCKET_TEST(frames_may_follow_the_request_at_once),
        WEBSOCKET_TEST(a_full_endpoint_refuses_connections_until_one_is_over),
        WEBSOCKET_TEST(every_context_is_released),
        WEBSOCKET_TEST(a_server_that_stops_says_goodbye),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
