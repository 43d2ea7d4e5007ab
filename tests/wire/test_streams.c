/*
 * Bodies that are streamed: to clients that read, leave, or are too slow, and when the
 * server stops.
 */
#include "base/memory.h"
#include "base/worker.h"
#include "support/gate.h"
#include "support/host.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "support/cmocka_all.h"

enum {
    MAX_STREAMS = 256,
    LIMIT_BYTES = 64 * 1024,
    LARGE_BYTES = 3 * 1024 * 1024,  /* fits into no small receive buffer */
    SOCKET_BYTES = 32 * 1024 * 1024 /* more than the buffers of a connection can hold */
};

struct streaming {
    struct host *host;
    char *bytes; /* LARGE_BYTES of them */
    size_t opened;
    size_t over; /* of the streams, of which: */
    size_t complete;
    pthread_mutex_t lock;
    struct http_stream *streams[MAX_STREAMS]; /* in the order of their requests; under the
                                                 lock, like the count */
    size_t count;
};

static void count_over(void *context, bool complete)
{
    struct streaming *test = context;

    if (complete)
        host_count(test->host, &test->complete);
    host_count(test->host, &test->over);
}

static bool is(const struct http_request *request, const char *target)
{
    return strcmp(request->target, target) == 0;
}

/* Responds with a stream, in the way that the target names. */
static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct streaming *test = context;
    size_t limit = is(request, "/large") ? LARGE_BYTES : LIMIT_BYTES;
    struct http_stream *stream = http_stream_new(limit, count_over, test);

    response->status = 200;
    if (is(request, "/drop"))
        response->ending = HTTP_DROPPED;
    if (is(request, "/cut"))
        response->ending = HTTP_CUT;
    if (is(request, "/late"))
        response->delay_ms = HOST_LONG_GRACE_MS;
    if (is(request, "/ready")) {
        http_stream_write(stream, "ready", 5);
        http_stream_end(stream);
    }
    http_respond_stream(response, http_stream_ref(stream));
    pthread_mutex_lock(&test->lock);
    if (test->count == MAX_STREAMS)
        abort();
    test->streams[test->count++] = stream;
    pthread_mutex_unlock(&test->lock);
    host_count(test->host, &test->opened);
}

static int setup(void **state)
{
    struct streaming *test = mem_zalloc(sizeof(*test));
    const struct http_options options = {
        .body_limit = 1000, .handler = handle, .context = test};

    test->host = host_new();
    pthread_mutex_init(&test->lock, NULL);
    test->bytes = arena_take(host_arena(test->host), LARGE_BYTES);
    for (size_t i = 0; i < LARGE_BYTES; i++)
        test->bytes[i] = (char)(i * 7 % 256);
    host_start(test->host, &options);
    *state = test;
    return 0;
}

static int teardown(void **state)
{
    struct streaming *test = *state;

    host_stop(test->host, HOST_LONG_GRACE_MS);
    /* Each stream was reported as over once. */
    size_t opened_count = host_counted(test->host, &test->opened);
    size_t over = host_counted(test->host, &test->over);
    for (size_t i = 0; i < test->count; i++)
        http_stream_unref(test->streams[i]);
    host_free(test->host);
    pthread_mutex_destroy(&test->lock);
    free(test);
    return opened_count == over ? 0 : -1;
}

/* Waits for the stream of request number `index`, and returns it. */
static struct http_stream *opened(struct streaming *test, size_t index)
{
    host_wait(test->host, &test->opened, index + 1);
    pthread_mutex_lock(&test->lock);
    struct http_stream *stream = test->streams[index];
    pthread_mutex_unlock(&test->lock);
    return stream;
}

/* Sends a request and receives the headers of its response. */
static struct http_answer request(struct http_client *client, const char *method,
                                  const char *target)
{
    struct http_answer answer = {0};

    assert_true(http_send_request(client, method, target, "", NULL, 0));
    assert_int_equal(http_receive(client, true, &answer), HTTP_ANSWER);
    assert_int_equal(answer.reply.status, 200);
    return answer;
}

/* The test fails unless these are the next bytes. */
static void assert_receives(struct http_client *client, const char *text)
{
    const char *bytes = http_receive_bytes(client, strlen(text));

    assert_non_null(bytes);
    assert_memory_equal(bytes, text, strlen(text));
}

static void written_bytes_arrive_at_once(void **state)
{
    struct streaming *test = *state;
    struct http_client *client = host_connect(test->host);

    struct http_answer answer = request(client, "GET", "/");
    struct http_stream *stream = opened(test, 0);

    assert_header(&answer, "Transfer-Encoding", "chunked");
    assert_null(http_header(&answer, "Content-Length"));
    assert_true(http_stream_write(stream, "data: 1\n\n", 9));
    assert_receives(client, "9\r\ndata: 1\n\n\r\n");
    assert_true(http_stream_write(stream, "", 0));
    assert_true(http_stream_write(stream, "data: 2\n\n", 9));
    assert_receives(client, "9\r\ndata: 2\n\n\r\n");
    http_stream_end(stream);
    http_stream_end(stream);
    assert_receives(client, "0\r\n\r\n");
    host_wait(test->host, &test->complete, 1);
    /* The connection still works. */
    (void)request(client, "GET", "/");
}

static void a_stream_may_be_written_before_it_is_sent(void **state)
{
    struct streaming *test = *state;
    struct http_client *client = host_connect(test->host);

    struct http_answer answer = http_call(client, "GET", "/ready", "", NULL);

    assert_int_equal(answer.body_length, 5);
    assert_string_equal(answer.body, "ready");
    host_wait(test->host, &test->complete, 1);
}

/* A thread that writes a stream in pieces of all sizes, and ends it. */
struct writer {
    struct streaming *test;
    struct http_stream *stream;
    size_t length;
};

static void write_pieces(struct worker *worker, void *context)
{
    struct writer *writer = context;
    size_t used = 0;

    (void)worker;
    for (size_t piece = 1; used < writer->length; piece = piece * 5 % 10007) {
        size_t rest = writer->length - used;
        size_t length = piece < rest ? piece : rest;
        if (!http_stream_write(writer->stream, writer->test->bytes + used, length))
            return;
        used += length;
    }
    http_stream_end(writer->stream);
}

static void another_thread_may_write_in_pieces(void **state)
{
    struct streaming *test = *state;
    struct http_client *client = host_connect(test->host);

    assert_true(http_send_request(client, "GET", "/large", "", NULL, 0));
    struct writer writer = {test, opened(test, 0), LARGE_BYTES};
    struct worker *worker = worker_start(write_pieces, &writer);
    struct http_answer answer = http_expect(client);
    worker_stop(worker);

    assert_int_equal(answer.body_length, LARGE_BYTES);
    assert_memory_equal(answer.body, test->bytes, LARGE_BYTES);
    host_wait(test->host, &test->complete, 1);
}

static void head_gets_the_headers_and_nothing_else(void **state)
{
    struct streaming *test = *state;
    struct http_client *client = host_connect(test->host);

    struct http_answer answer = request(client, "HEAD", "/ready");

    assert_null(http_header(&answer, "Content-Length"));
    assert_null(http_receive_bytes(client, 1));
    host_wait(test->host, &test->complete, 1);
}

static void an_old_client_gets_the_bytes_until_the_connection_ends(void **state)
{
    struct streaming *test = *state;
    struct http_client *client = host_connect(test->host);
    struct http_answer answer = {0};

    assert_true(http_send_text(client, "GET / HTTP/1.0\r\n\r\n"));
    assert_int_equal(http_receive(client, true, &answer), HTTP_ANSWER);
    struct http_stream *stream = opened(test, 0);
    assert_true(http_stream_write(stream, "one", 3));
    assert_receives(client, "one");
    assert_true(http_stream_write(stream, "two", 3));
    http_stream_end(stream);

    assert_receives(client, "two");
    assert_null(http_receive_bytes(client, 1));
    host_wait(test->host, &test->complete, 1);
}

static void the_writer_is_told_at_once_that_a_waiting_client_left(void **state)
{
    struct streaming *test = *state;
    struct http_client *client = host_connect(test->host);

    (void)request(client, "GET", "/");
    struct http_stream *stream = opened(test, 0);
    assert_true(http_stream_write(stream, "a", 1));
    assert_receives(client, "1\r\na\r\n");
    host_disconnect(test->host, client);

    host_wait(test->host, &test->over, 1);
    assert_false(http_stream_write(stream, "b", 1));
    assert_int_equal(host_counted(test->host, &test->complete), 0);
}

static void a_client_that_shuts_down_sending_has_left(void **state)
{
    struct streaming *test = *state;
    struct http_client *client = host_connect(test->host);

    (void)request(client, "GET", "/");
    http_end_sending(client);

    host_wait(test->host, &test->over, 1);
    assert_false(http_stream_write(opened(test, 0), "b", 1));
}

static void the_writer_is_told_that_a_reading_client_left(void **state)
{
    struct streaming *test = *state;
    struct http_client *client = host_connect_narrow(test->host);

    (void)request(client, "GET", "/large");
    struct http_stream *stream = opened(test, 0);
    assert_true(http_stream_write(stream, test->bytes, LARGE_BYTES));
    assert_non_null(http_receive_bytes(client, 2000));
    host_disconnect(test->host, client);

    host_wait(test->host, &test->over, 1);
    assert_false(http_stream_write(stream, "b", 1));
}

/* Holds back the next event of the server's watcher of clients, between the system and
 * the watcher. */
static struct event_trap {
    pthread_mutex_t lock;
    bool is_set; /* under the lock */
    struct gate caught, released;
} trap = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool spring_trap(void)
{
    pthread_mutex_lock(&trap.lock);
    bool springs = trap.is_set;
    trap.is_set = false;
    pthread_mutex_unlock(&trap.lock);
    return springs;
}

static void set_trap(void)
{
    gate_init(&trap.caught);
    gate_init(&trap.released);
    pthread_mutex_lock(&trap.lock);
    trap.is_set = true;
    pthread_mutex_unlock(&trap.lock);
}

/* The linker replaces epoll_wait() by this.
 * NOLINTBEGIN(*-reserved-identifier,cert-dcl*) */
int __wrap_epoll_wait(int epoll, struct epoll_event *events, int max, int timeout_ms);

int __wrap_epoll_wait(int epoll, struct epoll_event *events, int max, int timeout_ms)
/* NOLINTEND(*-reserved-identifier,cert-dcl*) */
{
    int count = epoll_pwait(epoll, events, max, timeout_ms, NULL);

    if (count > 0 && spring_trap()) {
        gate_pass(&trap.caught);
        gate_expect(&trap.released, 1);
    }
    return count;
}

/* Opens streams until one has the address of a freed one. It may take many: each thread
 * of the server reuses only what it freed, and sanitizers reuse nothing for long. Returns
 * how many there are. */
static size_t open_until_reused(struct streaming *test, size_t count, uintptr_t address)
{
    bool reused = false;

    while (!reused && count < MAX_STREAMS - 1) {
        (void)request(host_connect(test->host), "GET", "/");
        reused = (uintptr_t)opened(test, count++) == address;
    }
    return count;
}

/* Opens and ends so many streams that an allocator's lists of recently freed memory,
 * which calloc() does not use, are full. */
static size_t fill_free_lists(struct streaming *test)
{
    size_t count = 0;

    for (; count < MAX_STREAMS / 4; count++) {
        (void)request(host_connect(test->host), "GET", "/");
        struct http_stream *stream = opened(test, count);
        http_stream_end(stream);
        host_wait(test->host, &test->over, count + 1);
        test->streams[count] = NULL;
        http_stream_unref(stream);
    }
    return count;
}

static void a_late_event_does_not_reach_a_stream_that_reuses_the_memory(void **state)
{
    struct streaming *test = *state;
    size_t ended = fill_free_lists(test);
    struct http_client *client = host_connect(test->host);

    (void)request(client, "GET", "/");
    struct http_stream *first = opened(test, ended);
    set_trap();
    host_disconnect(test->host, client);
    gate_expect(&trap.caught, 1);
    http_stream_end(first);
    host_wait(test->host, &test->over, ended + 1);
    test->streams[ended++] = NULL;
    http_stream_unref(first);
    size_t count = open_until_reused(test, ended, (uintptr_t)first);
    gate_pass(&trap.released);

    /* The watcher handles this one after the event that was held back. */
    client = host_connect(test->host);
    (void)request(client, "GET", "/");
    (void)opened(test, count);
    host_disconnect(test->host, client);
    host_wait(test->host, &test->over, ended + 1);
    for (size_t i = ended; i < count; i++)
        assert_true(http_stream_write(opened(test, i), "a", 1));
    gate_done(&trap.caught);
    gate_done(&trap.released);
}

static void a_client_that_is_too_slow_is_disconnected(void **state)
{
    struct streaming *test = *state;
    struct http_client *client = host_connect_narrow(test->host);
    size_t written = 0;

    (void)request(client, "GET", "/");
    struct http_stream *stream = opened(test, 0);
    while (http_stream_write(stream, test->bytes, 1000)) {
        written += 1000;
        assert_in_range(written, 0, SOCKET_BYTES);
    }

    host_wait(test->host, &test->over, 1);
    assert_int_equal(host_counted(test->host, &test->complete), 0);
    assert_false(http_stream_write(stream, "b", 1));
}

static void a_write_of_more_than_the_limit_disconnects_the_client(void **state)
{
    struct streaming *test = *state;
    struct http_client *client = host_connect(test->host);

    (void)request(client, "GET", "/");
    struct http_stream *stream = opened(test, 0);

    assert_false(http_stream_write(stream, test->bytes, LIMIT_BYTES + 1));
    assert_null(http_receive_bytes(client, 1));
    host_wait(test->host, &test->over, 1);
}

static void bytes_up_to_the_limit_are_buffered(void **state)
{
    struct streaming *test = *state;
    struct http_client *client = host_connect(test->host);

    assert_true(http_send_request(client, "GET", "/", "", NULL, 0));
    struct http_stream *stream = opened(test, 0);
    assert_true(http_stream_write(stream, test->bytes, LIMIT_BYTES));
    http_stream_end(stream);
    struct http_answer answer = http_expect(client);

    assert_int_equal(answer.body_length, LIMIT_BYTES);
    assert_memory_equal(answer.body, test->bytes, LIMIT_BYTES);
}

static void a_stream_of_a_dropped_answer_is_over(void **state)
{
    static const char *const targets[] = {"/drop", "/cut"};
    struct streaming *test = *state;

    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct http_client *client = host_connect(test->host);
        assert_true(http_send_request(client, "GET", targets[i], "", NULL, 0));
        http_expect_closed(client);
        host_wait(test->host, &test->over, i + 1);
        assert_false(http_stream_write(opened(test, i), "a", 1));
    }
}

static int64_t seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* Stops the server; the test fails if that takes the grace period. */
static void stop_at_once(struct streaming *test)
{
    int64_t before = seconds();

    host_stop(test->host, HOST_LONG_GRACE_MS);

    assert_in_range(seconds() - before, 0, HOST_LONG_GRACE_MS / 1000 / 2);
}

static void a_stop_ends_two_hundred_streams_at_once(void **state)
{
    enum { STREAMS = 200 };
    struct streaming *test = *state;
    struct http_client *clients[STREAMS];

    for (size_t i = 0; i < STREAMS; i++) {
        clients[i] = host_connect(test->host);
        (void)request(clients[i], "GET", "/");
        /* One half has nothing to send, the other may still be sending. */
        if (i % 2 == 0)
            assert_true(http_stream_write(opened(test, i), test->bytes, LIMIT_BYTES));
    }
    stop_at_once(test);

    assert_int_equal(host_counted(test->host, &test->over), STREAMS);
    assert_int_equal(host_counted(test->host, &test->complete), 0);
    for (size_t i = 0; i < STREAMS; i++)
        assert_false(http_stream_write(opened(test, i), "a", 1));
}

static void a_stop_ends_a_stream_that_was_held_back(void **state)
{
    struct streaming *test = *state;
    struct http_client *client = host_connect(test->host);

    assert_true(http_send_request(client, "GET", "/late", "", NULL, 0));
    struct http_stream *stream = opened(test, 0);
    stop_at_once(test);

    assert_int_equal(host_counted(test->host, &test->over), 1);
    assert_false(http_stream_write(stream, "a", 1));
}

static void stop_host(struct worker *worker, void *context)
{
    struct streaming *test = context;

    (void)worker;
    host_stop(test->host, HOST_LONG_GRACE_MS);
}

static void a_stop_allows_an_ended_stream_to_be_read(void **state)
{
    struct streaming *test = *state;
    struct http_client *client = host_connect_narrow(test->host);

    assert_true(http_send_request(client, "GET", "/large", "", NULL, 0));
    struct http_stream *stream = opened(test, 0);
    assert_true(http_stream_write(stream, test->bytes, LARGE_BYTES));
    http_stream_end(stream);
    struct worker *worker = worker_start(stop_host, test);
    struct http_answer answer = http_expect(client);
    worker_stop(worker);

    assert_int_equal(answer.body_length, LARGE_BYTES);
    assert_int_equal(host_counted(test->host, &test->complete), 1);
}

static void a_stop_does_not_wait_longer_than_its_grace_for_a_slow_client(void **state)
{
    struct streaming *test = *state;
    struct http_client *client = host_connect_narrow(test->host);

    (void)request(client, "GET", "/large");
    struct http_stream *stream = opened(test, 0);
    assert_true(http_stream_write(stream, test->bytes, LARGE_BYTES));
    http_stream_end(stream);
    host_stop(test->host, 1);

    assert_int_equal(host_counted(test->host, &test->over), 1);
}

static void write_until_it_fails(struct worker *worker, void *context)
{
    (void)worker;
    while (http_stream_write(context, "tick", 4))
        continue;
}

static void streams_may_be_written_while_the_server_stops(void **state)
{
    enum { STREAMS = 8 };
    struct streaming *test = *state;
    struct worker *workers[STREAMS];

    for (size_t i = 0; i < STREAMS; i++) {
        (void)request(host_connect(test->host), "GET", "/large");
        workers[i] = worker_start(write_until_it_fails, opened(test, i));
        assert_non_null(workers[i]);
    }
    stop_at_once(test);
    for (size_t i = 0; i < STREAMS; i++)
        worker_stop(workers[i]);

    assert_int_equal(host_counted(test->host, &test->over), STREAMS);
}

#define stream_test(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        stream_test(written_bytes_arrive_at_once),
        stream_test(a_stream_may_be_written_before_it_is_sent),
        stream_test(another_thread_may_write_in_pieces),
        stream_test(head_gets_the_headers_and_nothing_else),
        stream_test(an_old_client_gets_the_bytes_until_the_connection_ends),
        stream_test(the_writer_is_told_at_once_that_a_waiting_client_left),
        stream_test(a_client_that_shuts_down_sending_has_left),
        stream_test(the_writer_is_told_that_a_reading_client_left),
        stream_test(a_late_event_does_not_reach_a_stream_that_reuses_the_memory),
        stream_test(a_client_that_is_too_slow_is_disconnected),
        stream_test(a_write_of_more_than_the_limit_disconnects_the_client),
        stream_test(bytes_up_to_the_limit_are_buffered),
        stream_test(a_stream_of_a_dropped_answer_is_over),
        stream_test(a_stop_ends_two_hundred_streams_at_once),
        stream_test(a_stop_ends_a_stream_that_was_held_back),
        stream_test(a_stop_allows_an_ended_stream_to_be_read),
        stream_test(a_stop_does_not_wait_longer_than_its_grace_for_a_slow_client),
        stream_test(streams_may_be_written_while_the_server_stops),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
