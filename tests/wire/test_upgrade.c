/*
 * Connections that switch to another protocol: what their receiver gets, and what the
 * server still holds for them.
 */
#include "base/memory.h"
#include "support/host.h"

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
};

/* What the receiver of an upgrade was called with. */
struct upgrades {
    struct host *host;
    struct http_options options;
    size_t handled; /* requests: a counter of the host, like the next */
    size_t count;   /* of the calls of the receiver */
    pthread_mutex_t lock;
    int fds[MAX_RECEIVED]; /* under the lock, like the next */
    struct allowance *allowances[MAX_RECEIVED];
    char early[EARLY_MAX_BYTES]; /* of the last one */
    size_t early_length;
};

static void receive(void *context, const struct http_socket *socket)
{
    struct upgrades *upgrades = context;
    static const struct http_socket none = {.fd = -1, .early = ""};
    const struct http_socket *got = socket != NULL ? socket : &none;

    pthread_mutex_lock(&upgrades->lock);
    if (upgrades->count == MAX_RECEIVED || got->early_length > sizeof(upgrades->early))
        abort();
    upgrades->fds[upgrades->count] = got->fd;
    upgrades->allowances[upgrades->count] = got->allowance;
    if (got->early_length > 0)
        memcpy(upgrades->early, got->early, got->early_length);
    upgrades->early_length = got->early_length;
    host_count(upgrades->host, &upgrades->count);
    pthread_mutex_unlock(&upgrades->lock);
}

static bool is(const struct http_request *request, const char *target)
{
    return strcmp(request->target, target) == 0;
}

/* Upgrades, in the way that the target names, or sends a part of a file. */
static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct upgrades *upgrades = context;

    host_count(upgrades->host, &upgrades->handled);
    if (is(request, "/drop"))
        response->ending = HTTP_DROPPED;
    if (is(request, "/cut"))
        response->ending = HTTP_CUT;
    if (is(request, "/late"))
        response->delay_ms = HOST_LONG_GRACE_MS;
    if (is(request, "/file")) {
        response->status = 200;
        http_respond_file(response, open("/proc/self/exe", O_RDONLY | O_CLOEXEC), 1, 3);
        return;
    }
    if (!request->may_upgrade && !is(request, "/any")) {
        response->status = 426;
        return;
    }
    http_respond_upgrade(response, "echo", receive, upgrades);
    http_response_header(response, "X-Accepted", "yes");
}

static int setup(void **state)
{
    struct upgrades *upgrades = mem_zalloc(sizeof(*upgrades));

    pthread_mutex_init(&upgrades->lock, NULL);
    upgrades->options =
        (struct http_options){.body_limit = 1000, .handler = handle, .context = upgrades};
    upgrades->host = host_new();
    host_start(upgrades->host, &upgrades->options);
    *state = upgrades;
    return 0;
}

static void close_received(struct upgrades *upgrades, size_t index)
{
    if (upgrades->fds[index] < 0)
        return;
    close(upgrades->fds[index]);
    allowance_give_back(upgrades->allowances[index]);
    upgrades->fds[index] = -1;
}

static int teardown(void **state)
{
    struct upgrades *upgrades = *state;

    host_free(upgrades->host);
    for (size_t i = 0; i < upgrades->count; i++)
        close_received(upgrades, i);
    pthread_mutex_destroy(&upgrades->lock);
    free(upgrades);
    return 0;
}

/* Waits for the receiver's call number `index`, and returns its descriptor. */
static int received(struct upgrades *upgrades, size_t index)
{
    host_wait(upgrades->host, &upgrades->count, index + 1);
    pthread_mutex_lock(&upgrades->lock);
    int fd = upgrades->fds[index];
    pthread_mutex_unlock(&upgrades->lock);
    return fd;
}

/* The test fails unless the next bytes of a non-blocking socket are this text. */
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

/* The test fails unless bytes pass both ways between the client and the receiver's
 * socket. */
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
    struct upgrades *upgrades = *state;
    struct http_client *client = host_connect(upgrades->host);

    struct http_answer answer = http_call(client, "GET", "/", "", NULL);

    assert_int_equal(answer.reply.status, 101);
    assert_header(&answer, "Upgrade", "echo");
    assert_header(&answer, "Connection", "Upgrade");
    assert_header(&answer, "X-Accepted", "yes");
    assert_null(http_header(&answer, "Content-Length"));
    assert_connected(client, received(upgrades, 0));
    assert_int_equal(upgrades->early_length, 0);
}

static void the_receiver_gets_a_non_blocking_socket_without_delay(void **state)
{
    struct upgrades *upgrades = *state;
    struct http_client *client = host_connect(upgrades->host);
    int no_delay = 0;
    socklen_t size = sizeof(no_delay);

    (void)http_call(client, "GET", "/", "", NULL);
    int fd = received(upgrades, 0);

    assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
    assert_true(no_delay != 0);
}

static void bytes_sent_right_after_the_request_are_passed_on(void **state)
{
    struct upgrades *upgrades = *state;
    struct http_client *client = host_connect(upgrades->host);

    assert_true(
        http_send_text(client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nearly bird"));
    assert_int_equal(http_expect(client).reply.status, 101);
    int fd = received(upgrades, 0);

    assert_int_equal(upgrades->early_length, 10);
    assert_memory_equal(upgrades->early, "early bird", 10);
    assert_connected(client, fd);
}

static void more_early_bytes_than_fit_into_memory_arrive_in_order(void **state)
{
    enum { LENGTH = 200 * 1000 };
    static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    struct upgrades *upgrades = *state;
    struct http_client *client = host_connect(upgrades->host);
    size_t length = strlen(request);
    char *bytes = arena_take(host_arena(upgrades->host), length + LENGTH);
    char *seen = arena_take(host_arena(upgrades->host), LENGTH);

    memcpy(bytes, request, length);
    for (size_t i = 0; i < LENGTH; i++)
        bytes[length + i] = (char)(i % 251);
    assert_true(http_send(client, bytes, length + LENGTH));
    int fd = received(upgrades, 0);
    size_t used = upgrades->early_length;
    memcpy(seen, upgrades->early, used);
    for (struct pollfd poll_fd = {.fd = fd, .events = POLLIN}; used < LENGTH;) {
        assert_int_equal(poll(&poll_fd, 1, PATIENCE_MS), 1);
        ssize_t got = recv(fd, seen + used, LENGTH - used, 0);
        assert_true(got > 0);
        used += (size_t)got;
    }

    assert_memory_equal(seen, bytes + length, LENGTH);
}

static void closing_the_socket_ends_the_connection(void **state)
{
    struct upgrades *upgrades = *state;
    struct http_client *client = host_connect(upgrades->host);

    (void)http_call(client, "GET", "/", "", NULL);
    (void)received(upgrades, 0);
    close_received(upgrades, 0);

    http_expect_closed(client);
}

static void a_refused_upgrade_is_an_ordinary_response(void **state)
{
    struct upgrades *upgrades = *state;
    struct http_client *client = host_connect(upgrades->host);

    assert_true(http_send_text(
        client, "GET / HTTP/1.0\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n"));
    struct http_answer answer = http_expect(client);

    assert_int_equal(answer.reply.status, 426);
    assert_int_equal(host_counted(upgrades->host, &upgrades->count), 0);
}

static void an_upgrade_of_an_old_client_closes_its_connection(void **state)
{
    struct upgrades *upgrades = *state;
    struct http_client *client = host_connect(upgrades->host);

    assert_true(http_send_text(client, "GET /any HTTP/1.0\r\n\r\n"));

    http_expect_closed(client);
    assert_int_equal(received(upgrades, 0), -1);
}

static void a_dropped_upgrade_is_reported_to_its_receiver(void **state)
{
    static const char *const targets[] = {"/drop", "/cut"};
    struct upgrades *upgrades = *state;

    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct http_client *client = host_connect(upgrades->host);
        assert_true(http_send_request(client, "GET", targets[i], "", NULL, 0));
        http_expect_closed(client);
        assert_int_equal(received(upgrades, i), -1);
    }
}

static void upgraded_connections_outlive_the_server(void **state)
{
    enum { CONNECTIONS = 50 };
    struct upgrades *upgrades = *state;
    struct http_client *clients[CONNECTIONS];

    for (size_t i = 0; i < CONNECTIONS; i++) {
        clients[i] = host_connect(upgrades->host);
        (void)http_call(clients[i], "GET", "/", "", NULL);
        (void)received(upgrades, i);
    }
    host_stop(upgrades->host, HOST_LONG_GRACE_MS);

    assert_int_equal(host_counted(upgrades->host, &upgrades->count), CONNECTIONS);
    for (size_t i = 0; i < CONNECTIONS; i++)
        assert_connected(clients[i], upgrades->fds[i]);
}

static void an_upgrade_interrupted_by_a_stop_is_reported_once(void **state)
{
    enum { CONNECTIONS = 20 };
    struct upgrades *upgrades = *state;

    for (size_t i = 0; i < CONNECTIONS; i++)
        assert_true(
            http_send_request(host_connect(upgrades->host), "GET", "/late", "", NULL, 0));
    host_wait(upgrades->host, &upgrades->handled, CONNECTIONS);
    host_stop(upgrades->host, HOST_LONG_GRACE_MS);

    assert_int_equal(host_counted(upgrades->host, &upgrades->count), CONNECTIONS);
}

/* Restarts the server under a limit on descriptors that allows it few connections. */
static void restart_with_files(struct upgrades *upgrades, rlim_t files)
{
    struct rlimit before;

    host_stop(upgrades->host, HOST_LONG_GRACE_MS);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit few = {.rlim_cur = files, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    host_start(upgrades->host, &upgrades->options);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static int upgrade_one(struct upgrades *upgrades)
{
    return http_call(host_connect(upgrades->host), "GET", "/", "", NULL).reply.status;
}

static void upgraded_connections_have_a_limit_of_their_own(void **state)
{
    enum { FILES = 100, ROUNDS = 100 };
    struct upgrades *upgrades = *state;
    size_t count = 0;

    restart_with_files(upgrades, FILES);
    while (upgrade_one(upgrades) == 101)
        assert_true(received(upgrades, count++) >= 0);
    assert_in_range(count, 1, FILES / 2);
    assert_int_equal(received(upgrades, count++), -1);

    /* Those that are refused are told so, and other responses are sent. */
    struct http_client *client = host_connect(upgrades->host);
    struct http_answer refusal = http_call(client, "GET", "/", "", NULL);
    assert_int_equal(refusal.reply.status, 503);
    assert_null(http_header(&refusal, "Upgrade"));
    assert_null(http_header(&refusal, "X-Accepted"));
    assert_int_equal(received(upgrades, count++), -1);
    assert_true(http_send_text(client, "GET / HTTP/1.0\r\n\r\n"));
    assert_int_equal(http_expect(client).reply.status, 426);

    /* What is closed makes room, as often as it is. */
    for (size_t i = 0; i < ROUNDS; i++) {
        close_received(upgrades, i == 0 ? 0 : count - 1);
        assert_int_equal(upgrade_one(upgrades), 101);
        assert_true(received(upgrades, count++) >= 0);
    }
}

static void files_count_against_the_limit_of_upgraded_connections(void **state)
{
    enum { FILES = 100 };
    struct upgrades *upgrades = *state;
    struct http_client *client;
    size_t count = 0;

    restart_with_files(upgrades, FILES);
    client = host_connect(upgrades->host);
    /* What was sent does not count. */
    for (size_t i = 0; i < FILES; i++)
        assert_string_equal(http_call(client, "GET", "/file", "", NULL).body, "ELF");
    while (upgrade_one(upgrades) == 101)
        count++;
    host_wait(upgrades->host, &upgrades->count, count + 1);

    assert_int_equal(http_call(client, "GET", "/file", "", NULL).reply.status, 503);
    close_received(upgrades, 0);
    assert_int_equal(http_call(client, "GET", "/file", "", NULL).reply.status, 200);
}

static void an_upgrade_that_is_not_sent_does_not_count(void **state)
{
    enum { FILES = 100 };
    struct upgrades *upgrades = *state;

    restart_with_files(upgrades, FILES);
    for (size_t i = 0; i < FILES; i++) {
        struct http_client *client = host_connect(upgrades->host);
        assert_true(http_send_text(client, "GET /any HTTP/1.0\r\n\r\n"));
        http_expect_closed(client);
        assert_int_equal(received(upgrades, i), -1);
    }
    assert_int_equal(upgrade_one(upgrades), 101);
}

#define upgrade_test(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        upgrade_test(an_upgraded_connection_carries_bytes_both_ways),
        upgrade_test(the_receiver_gets_a_non_blocking_socket_without_delay),
        upgrade_test(bytes_sent_right_after_the_request_are_passed_on),
        upgrade_test(more_early_bytes_than_fit_into_memory_arrive_in_order),
        upgrade_test(closing_the_socket_ends_the_connection),
        upgrade_test(a_refused_upgrade_is_an_ordinary_response),
        upgrade_test(an_upgrade_of_an_old_client_closes_its_connection),
        upgrade_test(a_dropped_upgrade_is_reported_to_its_receiver),
        upgrade_test(upgraded_connections_outlive_the_server),
        upgrade_test(an_upgrade_interrupted_by_a_stop_is_reported_once),
        upgrade_test(upgraded_connections_have_a_limit_of_their_own),
        upgrade_test(files_count_against_the_limit_of_upgraded_connections),
        upgrade_test(an_upgrade_that_is_not_sent_does_not_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
