/*
 * Connections that switch to another protocol: what their receiver gets, and what the
 * server keeps of them.
 */
#include "base/deadline.h"
#include "base/memory.h"
#include "http/server.h"
#include "support/http_client.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/cmocka_all.h"

enum {
    MAX_RECEIVED = 512,
    EARLY_MAX_BYTES = 40 * 1024,
    PATIENCE_MS = 20 * 1000,
    LONG_GRACE_MS = 60 * 1000, /* that no stop may ever wait for */
};

/* A server that upgrades, and what its receiver was given. */
struct host {
    struct arena *arena;
    struct http_server *server;
    enum http_ending ending;
    int64_t delay_ms;
    bool upgrades_all; /* also requests that may not */

    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t handled; /* requests, under the lock like the next ones */
    size_t count;   /* of the calls of the receiver */
    int fds[MAX_RECEIVED];
    char early[EARLY_MAX_BYTES]; /* of the last one */
    size_t early_length;
};

static void receive(void *context, int fd, const char *early, size_t early_length)
{
    struct host *host = context;

    pthread_mutex_lock(&host->lock);
    if (host->count == MAX_RECEIVED || early_length > sizeof(host->early))
        abort();
    host->fds[host->count++] = fd;
    memcpy(host->early, early, early_length);
    host->early_length = early_length;
    pthread_cond_signal(&host->changed);
    pthread_mutex_unlock(&host->lock);
}

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct host *host = context;

    pthread_mutex_lock(&host->lock);
    host->handled++;
    pthread_cond_signal(&host->changed);
    pthread_mutex_unlock(&host->lock);
    response->ending = host->ending;
    response->delay_ms = host->delay_ms;
    if (!request->may_upgrade && !host->upgrades_all) {
        response->status = 426;
        return;
    }
    http_respond_upgrade(response, "echo", receive, host);
    http_response_header(response, "X-Accepted", "yes");
}

static int setup(void **state)
{
    struct host *host = mem_zalloc(sizeof(*host));
    const struct http_options options = {
        .host = "127.0.0.1", .body_limit = 1000, .handler = handle, .context = host};
    const char *why = NULL;

    host->arena = arena_new();
    pthread_mutex_init(&host->lock, NULL);
    deadline_cond_init(&host->changed);
    host->server = http_server_start(&options, host->arena, &why);
    if (host->server == NULL)
        fail_msg("%s", why);
    *state = host;
    return 0;
}

static void stop(struct host *host)
{
    http_server_stop(host->server, LONG_GRACE_MS);
    host->server = NULL;
}

static int teardown(void **state)
{
    struct host *host = *state;

    stop(host);
    for (size_t i = 0; i < host->count; i++) {
        if (host->fds[i] >= 0)
            close(host->fds[i]);
    }
    pthread_cond_destroy(&host->changed);
    pthread_mutex_destroy(&host->lock);
    arena_free(host->arena);
    free(host);
    return 0;
}

static struct http_client *connect_to(struct host *host)
{
    struct http_client *client = http_client_open(http_server_port(host->server));

    assert_non_null(client);
    return client;
}

/* Waits until one of the counts of the host is as large as this. */
static void wait_for(struct host *host, const size_t *count, size_t least)
{
    const struct timespec until = deadline_after_ms(PATIENCE_MS);
    int waited = 0;

    pthread_mutex_lock(&host->lock);
    while (*count < least && waited == 0)
        waited = pthread_cond_timedwait(&host->changed, &host->lock, &until);
    pthread_mutex_unlock(&host->lock);
    assert_int_equal(waited, 0);
}

/* The descriptor of the receiver's call number `index`, for which it waits. */
static int received(struct host *host, size_t index)
{
    wait_for(host, &host->count, index + 1);
    return host->fds[index];
}

/* Fails unless the next bytes of a non-blocking socket are this text. */
static void assert_reads(int fd, const char *text)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    char bytes[64];
    size_t length = strlen(text);

    for (size_t used = 0; used < length;) {
        assert_int_equal(poll(&poll_fd, 1, PATIENCE_MS), 1);
        ssize_t got = recv(fd, bytes, length - used, 0);
        assert_true(got > 0);
        assert_memory_equal(bytes, text + used, got);
        used += (size_t)got;
    }
}

/* Fails unless bytes pass between the client and the receiver's socket both ways. */
static void assert_connected(struct http_client *client, int fd)
{
    assert_true(http_send_text(client, "ping"));
    assert_reads(fd, "ping");
    assert_int_equal(send(fd, "pong", 4, MSG_NOSIGNAL), 4);
    const char *bytes = http_receive_bytes(client, 4);
    assert_non_null(bytes);
    assert_memory_equal(bytes, "pong", 4);
}

static void an_upgraded_connection_carries_bytes_both_ways(void **state)
{
    struct host *host = *state;
    struct http_client *client = connect_to(host);

    struct http_answer answer = http_call(client, "GET", "/", "", NULL);

    assert_int_equal(answer.reply.status, 101);
    assert_header(&answer, "Upgrade", "echo");
    assert_header(&answer, "Connection", "Upgrade");
    assert_header(&answer, "X-Accepted", "yes");
    assert_null(http_header(&answer, "Content-Length"));
    assert_connected(client, received(host, 0));
    assert_int_equal(host->early_length, 0);
    http_client_close(client);
}

static void the_receiver_gets_a_non_blocking_socket_without_delay(void **state)
{
    struct host *host = *state;
    struct http_client *client = connect_to(host);
    int no_delay = 0;
    socklen_t size = sizeof(no_delay);

    (void)http_call(client, "GET", "/", "", NULL);
    int fd = received(host, 0);

    assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
    assert_true(no_delay != 0);
    http_client_close(client);
}

static void bytes_sent_right_behind_the_request_are_handed_over(void **state)
{
    struct host *host = *state;
    struct http_client *client = connect_to(host);

    assert_true(
        http_send_text(client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nearly bird"));
    assert_int_equal(http_expect(client).reply.status, 101);
    int fd = received(host, 0);

    assert_int_equal(host->early_length, 10);
    assert_memory_equal(host->early, "early bird", 10);
    assert_connected(client, fd);
    http_client_close(client);
}

static void more_early_bytes_than_fit_into_memory_arrive_in_order(void **state)
{
    enum { LENGTH = 200 * 1000 };
    static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    struct host *host = *state;
    struct http_client *client = connect_to(host);
    size_t length = strlen(request);
    char *bytes = arena_take(host->arena, length + LENGTH);
    char *seen = arena_take(host->arena, LENGTH);

    memcpy(bytes, request, length);
    for (size_t i = 0; i < LENGTH; i++)
        bytes[length + i] = (char)(i % 251);
    assert_true(http_send(client, bytes, length + LENGTH));
    int fd = received(host, 0);
    size_t used = host->early_length;
    memcpy(seen, host->early, used);
    for (struct pollfd poll_fd = {.fd = fd, .events = POLLIN}; used < LENGTH;) {
        assert_int_equal(poll(&poll_fd, 1, PATIENCE_MS), 1);
        ssize_t got = recv(fd, seen + used, LENGTH - used, 0);
        assert_true(got > 0);
        used += (size_t)got;
    }

    assert_memory_equal(seen, bytes + length, LENGTH);
    http_client_close(client);
}

static void closing_the_socket_ends_the_connection(void **state)
{
    struct host *host = *state;
    struct http_client *client = connect_to(host);

    (void)http_call(client, "GET", "/", "", NULL);
    close(received(host, 0));
    host->fds[0] = -1;

    http_expect_closed(client);
    http_client_close(client);
}

static void an_upgrade_that_the_handler_refuses_is_an_ordinary_answer(void **state)
{
    struct host *host = *state;
    struct http_client *client = connect_to(host);

    assert_true(http_send_text(
        client, "GET / HTTP/1.0\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n"));
    struct http_answer answer = http_expect(client);

    assert_int_equal(answer.reply.status, 426);
    assert_int_equal(host->count, 0);
    http_client_close(client);
}

static void an_upgrade_of_an_old_client_closes_its_connection(void **state)
{
    struct host *host = *state;
    struct http_client *client = connect_to(host);

    host->upgrades_all = true;
    assert_true(http_send_text(client, "GET / HTTP/1.0\r\n\r\n"));

    http_expect_closed(client);
    assert_int_equal(received(host, 0), -1);
    http_client_close(client);
}

static void a_dropped_upgrade_tells_its_receiver(void **state)
{
    static const enum http_ending endings[] = {HTTP_DROPPED, HTTP_CUT};
    struct host *host = *state;

    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        struct http_client *client = connect_to(host);
        host->ending = endings[i];
        assert_true(http_send_request(client, "GET", "/", "", NULL, 0));
        http_expect_closed(client);
        assert_int_equal(received(host, i), -1);
        http_client_close(client);
    }
}

static void upgraded_connections_outlive_the_server(void **state)
{
    enum { CONNECTIONS = 50 };
    struct host *host = *state;
    struct http_client *clients[CONNECTIONS];

    for (size_t i = 0; i < CONNECTIONS; i++) {
        clients[i] = connect_to(host);
        (void)http_call(clients[i], "GET", "/", "", NULL);
        (void)received(host, i);
    }
    stop(host);

    assert_int_equal(host->count, CONNECTIONS);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        assert_connected(clients[i], host->fds[i]);
        http_client_close(clients[i]);
    }
}

static void an_upgrade_that_a_stop_interrupts_is_told_once(void **state)
{
    enum { CONNECTIONS = 20 };
    struct host *host = *state;
    struct http_client *clients[CONNECTIONS];

    host->delay_ms = LONG_GRACE_MS;
    for (size_t i = 0; i < CONNECTIONS; i++) {
        clients[i] = connect_to(host);
        assert_true(http_send_request(clients[i], "GET", "/", "", NULL, 0));
    }
    wait_for(host, &host->handled, CONNECTIONS);
    stop(host);

    assert_int_equal(host->count, CONNECTIONS);
    for (size_t i = 0; i < CONNECTIONS; i++)
        http_client_close(clients[i]);
}

/* Starts the server anew under a limit on descriptors that leaves it few connections. */
static void restart_with_files(struct host *host, rlim_t files)
{
    const struct http_options options = {
        .host = "127.0.0.1", .body_limit = 1000, .handler = handle, .context = host};
    const char *why = NULL;
    struct rlimit before;

    stop(host);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit few = {.rlim_cur = files, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    host->server = http_server_start(&options, host->arena, &why);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_non_null(host->server);
}

static void upgraded_connections_do_not_count_against_the_limit(void **state)
{
    enum { CONNECTIONS = 200, FILES = 100 };
    struct host *host = *state;
    struct http_client *clients[CONNECTIONS];

    restart_with_files(host, FILES);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        clients[i] = connect_to(host);
        assert_int_equal(http_call(clients[i], "GET", "/", "", NULL).reply.status, 101);
    }

    for (size_t i = 0; i < CONNECTIONS; i++) {
        assert_true(received(host, i) >= 0);
        http_client_close(clients[i]);
    }
}

#define upgrade_test(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        upgrade_test(an_upgraded_connection_carries_bytes_both_ways),
        upgrade_test(the_receiver_gets_a_non_blocking_socket_without_delay),
        upgrade_test(bytes_sent_right_behind_the_request_are_handed_over),
        upgrade_test(more_early_bytes_than_fit_into_memory_arrive_in_order),
        upgrade_test(closing_the_socket_ends_the_connection),
        upgrade_test(an_upgrade_that_the_handler_refuses_is_an_ordinary_answer),
        upgrade_test(an_upgrade_of_an_old_client_closes_its_connection),
        upgrade_test(a_dropped_upgrade_tells_its_receiver),
        upgrade_test(upgraded_connections_outlive_the_server),
        upgrade_test(an_upgrade_that_a_stop_interrupts_is_told_once),
        upgrade_test(upgraded_connections_do_not_count_against_the_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
