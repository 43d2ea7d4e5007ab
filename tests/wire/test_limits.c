/*
 * The limits on what clients may hold: the memory of all request bodies.
 */
#include "base/memory.h"
#include "support/host.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

enum {
    BODY_MAX_BYTES = 256 * 1024, /* the limit of one body */
    LARGE_BYTES = 60 * 1000,     /* uses 64 KiB */
    LIMIT_BYTES = 100 * 1024,    /* enough for one of those, not for two */
    SMALL_BYTES = HTTP_SMALL_BODY_BYTES - 1,
};

struct limited {
    struct host *host;
    size_t held;     /* requests that wait: a counter of the host, like the next */
    size_t released; /* how many of them may go on */
};

/* Responds with the length of the body, or that it was dropped. /held waits before. */
static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct limited *limited = context;

    if (strcmp(request->target, "/held") == 0) {
        host_count(limited->host, &limited->held);
        host_wait(limited->host, &limited->released, 1);
    }
    response->status = request->body_dropped ? 503 : 200;
    http_response_header(response, "X-Length",
                         arena_printf(request->arena, "%zu", request->body_length));
}

static int setup(void **state)
{
    struct limited *limited = mem_zalloc(sizeof(*limited));
    const struct http_options options = {.body_limit = BODY_MAX_BYTES,
                                         .handler = handle,
                                         .context = limited,
                                         .limits = {.bodies_bytes = LIMIT_BYTES}};

    limited->host = host_new();
    host_start(limited->host, &options);
    *state = limited;
    return 0;
}

static int teardown(void **state)
{
    struct limited *limited = *state;

    host_free(limited->host);
    free(limited);
    return 0;
}

/* Sends the head of a POST and the first `sent` bytes of its body. */
static void send_beginning(struct http_client *client, const char *target, size_t length,
                           size_t sent)
{
    struct arena *arena AUTO(arena_done) = arena_new();

    assert_true(
        http_send_text(client, arena_printf(arena,
                                            "POST %s HTTP/1.1\r\nHost: localhost\r\n"
                                            "Content-Length: %zu\r\n\r\n",
                                            target, length)));
    assert_true(http_send(client, arena_alloc(arena, sent), sent));
}

static void expect_response(struct http_client *client, int status, const char *length)
{
    struct http_answer answer = http_expect(client);

    assert_int_equal(answer.reply.status, status);
    assert_header(&answer, "X-Length", length);
}

static void post_body(struct http_client *client, size_t length, int status,
                      const char *received)
{
    send_beginning(client, "/", length, length);
    expect_response(client, status, received);
}

static void a_body_over_the_limit_of_all_is_dropped(void **state)
{
    struct limited *limited = *state;
    struct http_client *client = host_connect(limited->host);

    post_body(client, LIMIT_BYTES, 503, "0");
    post_body(client, LARGE_BYTES, 200, "60000");
}

static void bodies_count_together(void **state)
{
    struct limited *limited = *state;
    struct http_client *holder = host_connect(limited->host);

    send_beginning(holder, "/held", LARGE_BYTES, LARGE_BYTES);
    host_wait(limited->host, &limited->held, 1);
    /* The other thread accepts this, because the first one waits. */
    struct http_client *client = host_connect(limited->host);
    post_body(client, LARGE_BYTES, 503, "0");
    post_body(client, SMALL_BYTES, 200, "8191");

    host_count(limited->host, &limited->released);
    expect_response(holder, 200, "60000");
    post_body(client, LARGE_BYTES, 200, "60000");
}

static void a_body_counts_until_it_was_handled(void **state)
{
    struct limited *limited = *state;
    struct http_client *first = host_connect(limited->host);
    struct http_client *second = host_connect(limited->host);

    for (int i = 0; i < 20; i++) {
        post_body(first, LARGE_BYTES, 200, "60000");
        post_body(second, LARGE_BYTES, 200, "60000");
    }
}

static void an_abandoned_body_no_longer_counts(void **state)
{
    enum { ROUNDS = 20 };
    struct limited *limited = *state;
    struct http_client *client = host_connect(limited->host);
    int status = 0;

    for (int i = 0; i < ROUNDS; i++) {
        struct http_client *abandoned = host_connect(limited->host);
        send_beginning(abandoned, "/", LARGE_BYTES, LARGE_BYTES - 1);
        host_disconnect(limited->host, abandoned);
    }
    /* The server needs time to notice the end of them all. */
    for (int i = 0; i < 10000 && status != 200; i++) {
        send_beginning(client, "/", LARGE_BYTES, LARGE_BYTES);
        status = http_expect(client).reply.status;
    }
    assert_int_equal(status, 200);
}

static void a_length_that_is_only_announced_counts_nothing(void **state)
{
    enum { CONNECTIONS = 50 };
    struct limited *limited = *state;
    struct http_client *client = host_connect(limited->host);

    for (int i = 0; i < CONNECTIONS; i++)
        send_beginning(host_connect(limited->host), "/", BODY_MAX_BYTES, 1);
    for (int i = 0; i < 10; i++)
        post_body(client, LARGE_BYTES, 200, "60000");
}

#define limits_test(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        limits_test(a_body_over_the_limit_of_all_is_dropped),
        limits_test(bodies_count_together),
        limits_test(a_body_counts_until_it_was_handled),
        limits_test(an_abandoned_body_no_longer_counts),
        limits_test(a_length_that_is_only_announced_counts_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
