/*
 * Places: connections that hold one without a complete request are ended, others are not.
 * In these tests either a limit is so long that only an error reaches it, or the test
 * waits for what ends at the limit.
 */
#include "base/memory.h"
#include "support/host.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

enum {
    LONG_MS = 60 * 60 * 1000,
    SHORT_MS = 200,
    IDLE_MS = 1000, /* a test may need that to send its request */
    DRIP_MAX_BYTES = 32 * 1024 * 1024,
    DOWNLOAD_BYTES = 8 * 1024 * 1024, /* more than the buffers of a connection can hold */
};

#define HEAD "POST / HTTP/1.1\r\nHost: localhost\r\n"

struct guests {
    struct host *host;
    size_t handled; /* requests: a counter of the host */
    struct http_stream *stream;
    char *download;
};

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct guests *guests = context;

    response->status = 200;
    if (strcmp(request->target, "/late") == 0)
        response->delay_ms = 3 * SHORT_MS;
    if (strcmp(request->target, "/download") == 0)
        http_respond_blob(response,
                          blob_wrap(guests->download, DOWNLOAD_BYTES, NULL, NULL));
    if (strcmp(request->target, "/stream") == 0) {
        guests->stream = http_stream_new(HTTP_STREAM_MAX_BYTES, NULL, NULL);
        http_respond_stream(response, http_stream_ref(guests->stream));
    }
    host_count(guests->host, &guests->handled);
}

static int setup(void **state)
{
    struct guests *guests = mem_zalloc(sizeof(*guests));

    guests->host = host_new();
    guests->download = mem_zalloc(DOWNLOAD_BYTES);
    *state = guests;
    return 0;
}

static int teardown(void **state)
{
    struct guests *guests = *state;

    http_stream_unref(guests->stream);
    host_free(guests->host);
    free(guests->download);
    free(guests);
    return 0;
}

/* Starts the server with times of an hour where the limits have none. */
static void start_with(struct guests *guests, struct http_limits limits)
{
    int64_t *const times[] = {&limits.idle_ms, &limits.request_ms,
                              &limits.pressed_idle_ms, &limits.pressed_request_ms};

    for (size_t i = 0; i < COUNT_OF(times); i++) {
        if (*times[i] == 0)
            *times[i] = LONG_MS;
    }
    const struct http_options options = {
        .body_limit = 1000, .handler = handle, .context = guests, .limits = limits};
    host_start(guests->host, &options);
}

static struct http_client *connect_and_send(struct guests *guests, const char *text)
{
    struct http_client *client = host_connect(guests->host);

    assert_true(http_send_text(client, text));
    return client;
}

/* The test fails unless the client gets a 408 and is disconnected. */
static void expect_timeout(struct http_client *client)
{
    struct http_answer answer = http_expect(client);

    assert_int_equal(answer.reply.status, 408);
    assert_header(&answer, "Connection", "close");
    assert_string_equal(answer.body, "The request did not arrive in time\n");
    http_expect_closed(client);
}

/* Sends until the server disconnects. */
static void drip(struct http_client *client)
{
    for (size_t sent = 0; sent < DRIP_MAX_BYTES; sent++) {
        if (!http_send_text(client, "a"))
            return;
    }
    fail_msg("a request of %d bytes is still accepted", DRIP_MAX_BYTES);
}

static void an_incomplete_request_gets_a_timeout(void **state)
{
    static const char *const beginnings[] = {
        HEAD,
        HEAD "X-Slow: a",
        HEAD "Content-Length: 2\r\n\r\n",
        HEAD "Content-Length: 2\r\n\r\n{",
        HEAD "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
        HEAD "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
    };
    struct guests *guests = *state;
    struct http_client *clients[COUNT_OF(beginnings)];

    start_with(guests, (struct http_limits){.request_ms = SHORT_MS});
    for (size_t i = 0; i < COUNT_OF(beginnings); i++)
        clients[i] = connect_and_send(guests, beginnings[i]);

    for (size_t i = 0; i < COUNT_OF(beginnings); i++)
        expect_timeout(clients[i]);
    assert_int_equal(host_counted(guests->host, &guests->handled), 0);
}

static void bytes_that_arrive_do_not_extend_the_time_of_a_request(void **state)
{
    struct guests *guests = *state;

    start_with(guests, (struct http_limits){.request_ms = SHORT_MS});

    drip(connect_and_send(guests, HEAD "Content-Length: 33554432\r\n\r\n"));
    assert_int_equal(host_counted(guests->host, &guests->handled), 0);
}

static void the_first_line_must_arrive_in_the_time_of_an_idle_connection(void **state)
{
    static const char *const beginnings[] = {"", "P", "POST /CreateChannel HTTP/1.1",
                                             "\r\n\r\n"};
    struct guests *guests = *state;
    struct http_client *clients[COUNT_OF(beginnings)];

    start_with(guests, (struct http_limits){.idle_ms = SHORT_MS});
    for (size_t i = 0; i < COUNT_OF(beginnings); i++)
        clients[i] = connect_and_send(guests, beginnings[i]);

    for (size_t i = 0; i < COUNT_OF(beginnings); i++)
        http_expect_closed(clients[i]);
}

static void the_second_request_of_a_connection_has_a_time_too(void **state)
{
    struct guests *guests = *state;

    start_with(guests, (struct http_limits){.request_ms = SHORT_MS});
    struct http_client *client =
        connect_and_send(guests, HEAD "Content-Length: 2\r\n\r\n{}" HEAD "X-Slow: a");

    assert_int_equal(http_expect(client).reply.status, 200);
    expect_timeout(client);
}

static void a_connection_is_closed_if_no_further_request_arrives(void **state)
{
    struct guests *guests = *state;

    start_with(guests, (struct http_limits){.idle_ms = IDLE_MS});
    struct http_client *client = connect_and_send(guests, "GET / HTTP/1.1\r\n"
                                                          "Host: localhost\r\n\r\n");

    assert_int_equal(http_expect(client).reply.status, 200);
    http_expect_closed(client);
}

/* Waits until a request that begins now has reached its limit. */
static void wait_for_the_limit(struct guests *guests)
{
    expect_timeout(connect_and_send(guests, HEAD));
}

static void a_response_may_take_longer_than_the_limit_of_a_request(void **state)
{
    struct guests *guests = *state;

    start_with(guests, (struct http_limits){.request_ms = SHORT_MS});
    struct http_client *late = host_connect(guests->host);
    assert_true(http_send_request(late, "GET", "/late", "", NULL, 0));
    struct http_client *slow = host_connect_narrow(guests->host);
    assert_true(http_send_request(slow, "GET", "/download", "", NULL, 0));
    struct http_client *stream = host_connect(guests->host);
    assert_true(http_send_request(stream, "GET", "/stream", "", NULL, 0));
    host_wait(guests->host, &guests->handled, 3);
    wait_for_the_limit(guests);

    assert_int_equal(http_expect(late).reply.status, 200);
    assert_int_equal(http_expect(slow).body_length, DOWNLOAD_BYTES);
    assert_true(http_stream_write(guests->stream, "a", 1));
    http_stream_end(guests->stream);
    struct http_answer answer = http_expect(stream);
    assert_int_equal(answer.reply.status, 200);
    assert_string_equal(answer.body, "a");
}

/* Opens more connections than there are places, all with this text, and returns when
 * every client that comes after them is served. */
static void assert_crowd_gives_way(struct guests *guests, const char *text)
{
    enum { CROWD = 64, GOOD = 5 };

    for (int i = 0; i < CROWD; i++)
        (void)connect_and_send(guests, text);
    for (int i = 0; i < GOOD; i++) {
        struct http_client *client = host_connect(guests->host);
        assert_int_equal(http_call(client, "GET", "/", "", NULL).reply.status, 200);
    }
}

static void idle_connections_give_way_when_places_are_scarce(void **state)
{
    static const char *const texts[] = {"", "P", HEAD "Content-Length: 2\r\n\r\n{}"};
    struct guests *guests = *state;

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        start_with(guests,
                   (struct http_limits){.connections = 32, .pressed_idle_ms = SHORT_MS});
        assert_crowd_gives_way(guests, texts[i]);
        host_stop(guests->host, 0);
    }
}

static void incomplete_requests_give_way_when_places_are_scarce(void **state)
{
    struct guests *guests = *state;

    start_with(guests,
               (struct http_limits){.connections = 32, .pressed_request_ms = SHORT_MS});
    assert_crowd_gives_way(guests, HEAD "Content-Length: 2\r\n\r\n{");
    host_stop(guests->host, 0);
}

static void idle_connections_stay_while_there_are_places(void **state)
{
    enum { CONNECTIONS = 28 }; /* 7/8 */
    struct guests *guests = *state;
    struct http_client *clients[CONNECTIONS];

    start_with(guests, (struct http_limits){.connections = 32, .pressed_idle_ms = 1});
    for (size_t i = 0; i < CONNECTIONS; i++)
        clients[i] = host_connect(guests->host);

    for (size_t i = 0; i < CONNECTIONS; i++)
        assert_int_equal(http_call(clients[i], "GET", "/", "", NULL).reply.status, 200);
}

#define places_test(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        places_test(an_incomplete_request_gets_a_timeout),
        places_test(bytes_that_arrive_do_not_extend_the_time_of_a_request),
        places_test(the_first_line_must_arrive_in_the_time_of_an_idle_connection),
        places_test(the_second_request_of_a_connection_has_a_time_too),
        places_test(a_connection_is_closed_if_no_further_request_arrives),
        places_test(a_response_may_take_longer_than_the_limit_of_a_request),
        places_test(idle_connections_give_way_when_places_are_scarce),
        places_test(incomplete_requests_give_way_when_places_are_scarce),
        places_test(idle_connections_stay_while_there_are_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
