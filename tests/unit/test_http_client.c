/*
 * The HTTP client: methods, bodies from memory and from files, limits, and failures.
 */
#include "http/client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "support/cmocka_all.h"
#include "support/sink.h"

enum {
    LARGE_BYTES = 5 * 1024 * 1024,
    /* More than the buffers of both ends of a connection can hold. */
    ENDLESS_BYTES = 64 * 1024 * 1024,
    SHORT_MS = 50,
    LONG_MS = 60 * 1000,
};

/* A client, and a server that it sends to. */
struct line {
    struct arena *arena;
    struct sink *sink;
    struct http_sender *sender;
    FILE *file;
};

static int setup(void **state)
{
    struct arena *arena = arena_new();
    struct line *line = arena_alloc(arena, sizeof(*line));

    line->arena = arena;
    line->sink = sink_new();
    line->sender = http_sender_new();
    line->file = tmpfile();
    assert_non_null(line->sender);
    assert_non_null(line->file);
    *state = line;
    return 0;
}

static int teardown(void **state)
{
    struct line *line = *state;

    http_sender_free(line->sender);
    sink_free(line->sink);
    (void)fclose(line->file);
    arena_free(line->arena);
    return 0;
}

static const char *url(const struct line *line)
{
    return arena_printf(line->arena, "http://127.0.0.1:%d/bucket/a%%20b/../c?x=1",
                        sink_port(line->sink));
}

static struct http_client_request request_of(const struct line *line, const char *method)
{
    return (struct http_client_request){
        .method = method, .url = url(line), .total_timeout_ms = LONG_MS};
}

static struct http_result send_it(const struct line *line,
                                  const struct http_client_request *request)
{
    struct http_result result;

    http_sender_send(line->sender, request, line->arena, &result);
    return result;
}

static void assert_answered(const struct http_result *result, int status)
{
    if (result->failure != NULL)
        fail_msg("%s", result->failure);
    assert_int_equal(result->status, status);
}

static void assert_failed(const struct http_result *result, const char *failure)
{
    assert_int_equal(result->status, 0);
    assert_string_equal(result->failure, failure);
}

/* Bytes that do not repeat with the size of the pieces that bodies are sent in. */
static char *sample(const struct line *line, size_t length)
{
    char *bytes = arena_alloc(line->arena, length + 1);

    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(i * 31 % 251);
    return bytes;
}

static void write_file(const struct line *line, const char *bytes, size_t length)
{
    assert_int_equal(fwrite(bytes, 1, length, line->file), length);
    assert_int_equal(fflush(line->file), 0);
}

/* A file of zeros, which uses no space on the disk. */
static struct http_file endless_file(const struct line *line)
{
    assert_int_equal(ftruncate(fileno(line->file), ENDLESS_BYTES), 0);
    return (struct http_file){.fd = fileno(line->file), .length = ENDLESS_BYTES};
}

static void assert_received_body(const struct line *line, size_t index, const char *bytes,
                                 size_t length)
{
    struct sink_request came = sink_request(line->sink, index);

    assert_string_equal(sink_header(line->sink, index, "Content-Length"),
                        arena_printf(line->arena, "%zu", length));
    assert_null(sink_find_header(line->sink, index, "Expect"));
    assert_int_equal(came.body_length, length);
    if (length > 0)
        assert_memory_equal(came.body, bytes, length);
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void each_method_is_sent_by_its_name(void **state)
{
    static const struct {
        const char *method;
        const char *content_length; /* NULL: not sent */
    } cases[] = {
        {"GET",    NULL},
        {"HEAD",   NULL},
        {"POST",   "0" },
        {"PUT",    "0" },
        {"DELETE", NULL},
    };
    struct line *line = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_client_request request = request_of(line, cases[i].method);
        struct http_result result = send_it(line, &request);

        assert_answered(&result, 200);
        assert_string_equal(sink_request(line->sink, i).line,
                            arena_printf(line->arena,
                                         "%s /bucket/a%%20b/../c?x=1 HTTP/1.1",
                                         cases[i].method));
        const char *length = sink_find_header(line->sink, i, "Content-Length");
        assert_int_equal(length == NULL, cases[i].content_length == NULL);
        if (length != NULL)
            assert_string_equal(length, cases[i].content_length);
    }
}

static void a_body_is_sent_as_it_is_with_the_headers_given_and_no_others(void **state)
{
    static const char *const methods[] = {"POST", "PUT", "DELETE"};
    static const struct http_header headers[] = {
        {"X-Amz-Acl", "private"},
        {"X-Empty",   ""       },
        {NULL,        NULL     },
    };
    struct line *line = *state;
    const char *bytes = sample(line, 1000);

    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        struct http_client_request request = request_of(line, methods[i]);
        request.headers = headers;
        request.body = bytes;
        request.body_length = 1000;
        struct http_result result = send_it(line, &request);

        assert_answered(&result, 200);
        assert_received_body(line, i, bytes, 1000);
        assert_string_equal(sink_header(line->sink, i, "x-amz-acl"), "private");
        assert_string_equal(sink_header(line->sink, i, "x-empty"), "");
        assert_null(sink_find_header(line->sink, i, "Content-Type"));
        assert_null(sink_find_header(line->sink, i, "Transfer-Encoding"));
    }
}

static void a_large_body_is_sent_without_expect_100_continue(void **state)
{
    static const char *const methods[] = {"POST", "PUT"};
    struct line *line = *state;
    const char *bytes = sample(line, LARGE_BYTES);

    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        struct http_client_request request = request_of(line, methods[i]);
        request.body = bytes;
        request.body_length = LARGE_BYTES;
        struct http_result result = send_it(line, &request);

        assert_answered(&result, 200);
        assert_received_body(line, i, bytes, LARGE_BYTES);
    }
}

static void a_part_of_a_file_is_sent_whatever_the_file_offset(void **state)
{
    static const struct {
        int64_t offset, length;
    } parts[] = {
        {0,    LARGE_BYTES    },
        {1,    LARGE_BYTES - 1},
        {1234, 5678           },
        {1234, 1              },
        {1234, 0              },
        {0,    0              },
    };
    struct line *line = *state;
    const char *bytes = sample(line, LARGE_BYTES);
    write_file(line, bytes, LARGE_BYTES);
    assert_int_equal(lseek(fileno(line->file), 77, SEEK_SET), 77);

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct http_file file = {.fd = fileno(line->file),
                                       .offset = parts[i].offset,
                                       .length = parts[i].length};
        struct http_client_request request = request_of(line, "PUT");
        request.body_file = &file;
        struct http_result result = send_it(line, &request);

        assert_answered(&result, 200);
        assert_received_body(line, i, bytes + parts[i].offset, (size_t)parts[i].length);
    }
    assert_int_equal(lseek(fileno(line->file), 0, SEEK_CUR), 77);
}

static void a_file_that_is_too_short_fails_with_its_length(void **state)
{
    struct line *line = *state;
    const struct http_file file = {
        .fd = fileno(line->file), .offset = 100, .length = 2000};
    write_file(line, sample(line, 1000), 1000);

    struct http_client_request request = request_of(line, "PUT");
    request.body_file = &file;
    struct http_result result = send_it(line, &request);

    assert_failed(&result, "the file ends after 900 of 2000 bytes");
}

static void a_file_that_cannot_be_read_fails_with_the_reason(void **state)
{
    struct line *line = *state;
    const struct http_file file = {.fd = open("/dev/null", O_WRONLY), .length = 1};
    assert_true(file.fd >= 0);

    struct http_client_request request = request_of(line, "PUT");
    request.body_file = &file;
    struct http_result result = send_it(line, &request);

    assert_int_equal(result.status, 0);
    assert_int_equal(strncmp(result.failure, "cannot read the file: ", 22), 0);
    close(file.fd);
}

/* A request that another thread sends. */
struct sending {
    const struct line *line;
    struct http_client_request request;
    struct http_file file;
    struct http_result result;
    pthread_t thread;
};

static void *run(void *context)
{
    struct sending *sending = context;

    sending->result = send_it(sending->line, &sending->request);
    return NULL;
}

/* Starts to send more than the server reads: it has read the head and waits. */
static void start_upload(const struct line *line, struct sending *sending)
{
    *sending = (struct sending){
        .line = line, .request = request_of(line, "PUT"), .file = endless_file(line)};
    sending->request.body_file = &sending->file;
    sink_plan_early(line->sink, SINK_HOLD, "");
    assert_int_equal(pthread_create(&sending->thread, NULL, run, sending), 0);
    sink_expect(line->sink, 1);
}

static void a_file_that_shrinks_while_it_is_sent_fails(void **state)
{
    struct line *line = *state;
    struct sending sending;

    start_upload(line, &sending);
    assert_int_equal(ftruncate(fileno(line->file), 0), 0);
    sink_release(line->sink);
    pthread_join(sending.thread, NULL);

    assert_int_equal(sending.result.status, 0);
    assert_int_equal(strncmp(sending.result.failure, "the file ends after ", 20), 0);
}

static void an_upload_can_be_cancelled(void **state)
{
    struct line *line = *state;
    struct sending sending;

    start_upload(line, &sending);
    http_sender_cancel(line->sender);
    pthread_join(sending.thread, NULL);

    assert_failed(&sending.result, "cancelled");
}

static void each_method_can_be_cancelled_while_it_waits_for_the_answer(void **state)
{
    static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "DELETE"};
    struct line *line = *state;
    int64_t before_ms = now_ms();

    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        struct http_sender *sender = http_sender_new();
        struct line other = {.arena = line->arena, .sink = line->sink, .sender = sender};
        struct sending sending = {.line = &other,
                                  .request = request_of(line, methods[i])};
        sink_plan(line->sink, SINK_HOLD, "");

        assert_int_equal(pthread_create(&sending.thread, NULL, run, &sending), 0);
        sink_expect(line->sink, i + 1);
        http_sender_cancel(sender);
        pthread_join(sending.thread, NULL);

        assert_failed(&sending.result, "cancelled");
        http_sender_free(sender);
    }
    assert_true(now_ms() - before_ms < HTTP_TOTAL_TIMEOUT_MS);
}

static void after_cancelling_nothing_is_sent(void **state)
{
    struct line *line = *state;
    struct http_client_request request = request_of(line, "GET");

    http_sender_cancel(line->sender);
    struct http_result result = send_it(line, &request);

    assert_failed(&result, "cancelled");
    assert_int_equal(sink_count(line->sink), 0);
}

static void a_response_before_the_end_of_the_body_is_used(void **state)
{
    struct line *line = *state;
    const struct http_file file = endless_file(line);
    sink_plan_early(line->sink, 403, "AccessDenied");

    struct http_client_request request = request_of(line, "PUT");
    request.body_file = &file;
    struct http_result result = send_it(line, &request);

    assert_answered(&result, 403);
    assert_string_equal(result.body, "AccessDenied");
}

static void a_success_before_the_whole_file_is_sent_is_a_failure(void **state)
{
    struct line *line = *state;
    const struct http_file file = endless_file(line);
    sink_plan_early(line->sink, 200, "");

    struct http_client_request request = request_of(line, "PUT");
    request.body_file = &file;
    struct http_result result = send_it(line, &request);

    assert_failed(&result, "the response came before the whole file was sent");
}

static void a_server_that_closes_while_the_body_is_sent_is_a_failure(void **state)
{
    struct line *line = *state;
    const struct http_file file = endless_file(line);
    sink_plan_early(line->sink, SINK_CLOSE, "");

    struct http_client_request request = request_of(line, "PUT");
    request.body_file = &file;
    struct http_result result = send_it(line, &request);

    assert_int_equal(result.status, 0);
    assert_true(strlen(result.failure) > 0);
}

static void the_answer_to_head_has_headers_and_no_body(void **state)
{
    static const char *const wanted[] = {"Content-Length", NULL};
    struct line *line = *state;
    sink_plan(line->sink, 404, "seven up");
    sink_plan(line->sink, 200, "body");

    struct http_client_request request = request_of(line, "HEAD");
    request.result_headers = wanted;
    struct http_result result = send_it(line, &request);

    assert_answered(&result, 404);
    assert_int_equal(result.body_length, 0);
    assert_string_equal(http_result_header(&result, "content-length"), "8");

    request = request_of(line, "GET");
    result = send_it(line, &request);
    assert_string_equal(result.body, "body");
    assert_int_equal(sink_connections(line->sink), 1);
}

static void response_headers_are_found_by_name_in_any_case(void **state)
{
    static const char *const wanted[] = {"ETag", "x-amzn-RequestId", "X-Absent", "X-None",
                                         NULL};
    struct line *line = *state;
    sink_plan_with(line->sink, 200,
                   "etag:  \"abc def\" \t\r\nX-Amzn-RequestId: 1\r\n"
                   "X-Amzn-RequestId: 2\r\nX-Other: 3\r\nX-None:\r\n",
                   "");

    struct http_client_request request = request_of(line, "PUT");
    request.result_headers = wanted;
    struct http_result result = send_it(line, &request);

    assert_answered(&result, 200);
    assert_string_equal(http_result_header(&result, "ETAG"), "\"abc def\"");
    assert_string_equal(http_result_header(&result, "x-amzn-requestid"), "1");
    assert_string_equal(http_result_header(&result, "X-None"), "");
    assert_null(http_result_header(&result, "X-Absent"));
    assert_null(http_result_header(&result, "X-Other"));
}

static void headers_of_an_interim_response_are_ignored(void **state)
{
    static const char *const wanted[] = {"ETag", NULL};
    struct line *line = *state;
    sink_plan_with(line->sink, 103, "ETag: interim\r\n",
                   "HTTP/1.1 201 Created\r\nETag: final\r\nContent-Length: 2\r\n\r\nok");

    struct http_client_request request = request_of(line, "POST");
    request.result_headers = wanted;
    struct http_result result = send_it(line, &request);

    assert_answered(&result, 201);
    assert_string_equal(result.body, "ok");
    assert_string_equal(http_result_header(&result, "ETag"), "final");
}

static void trailers_are_ignored(void **state)
{
    static const char *const wanted[] = {"ETag", "X-Checksum", NULL};
    struct line *line = *state;
    sink_plan_with(line->sink, 103, "",
                   "HTTP/1.1 200 OK\r\nETag: header\r\nTransfer-Encoding: chunked\r\n"
                   "Trailer: ETag, X-Checksum\r\n\r\n4\r\nbody\r\n0\r\n"
                   "ETag: trailer\r\nX-Checksum: trailer\r\n\r\n");

    struct http_client_request request = request_of(line, "GET");
    request.result_headers = wanted;
    struct http_result result = send_it(line, &request);

    assert_answered(&result, 200);
    assert_string_equal(result.body, "body");
    assert_string_equal(http_result_header(&result, "ETag"), "header");
    assert_null(http_result_header(&result, "X-Checksum"));
}

static void a_header_that_is_too_long_counts_as_absent(void **state)
{
    static const char *const wanted[] = {"X-Most", "X-More", NULL};
    struct line *line = *state;
    char *value = arena_alloc(line->arena, HTTP_RESULT_HEADER_MAX_BYTES + 2);
    memset(value, 'a', HTTP_RESULT_HEADER_MAX_BYTES + 1);
    sink_plan_with(
        line->sink, 200,
        arena_printf(line->arena, "X-Most: %s\r\nX-More: %s\r\n", value + 1, value), "");

    struct http_client_request request = request_of(line, "GET");
    request.result_headers = wanted;
    struct http_result result = send_it(line, &request);

    assert_answered(&result, 200);
    assert_string_equal(http_result_header(&result, "X-Most"), value + 1);
    assert_null(http_result_header(&result, "X-More"));
}

static void a_response_is_truncated_at_the_limit_of_its_request(void **state)
{
    struct line *line = *state;
    struct http_client_request request = request_of(line, "GET");

    sink_plan(line->sink, 200, "0123456789");
    request.result_max_bytes = 9;
    struct http_result result = send_it(line, &request);
    assert_answered(&result, 200);
    assert_true(result.body_cut);
    assert_string_equal(result.body, "012345678");

    sink_plan(line->sink, 200, "0123456789");
    request.result_max_bytes = 10;
    result = send_it(line, &request);
    assert_answered(&result, 200);
    assert_false(result.body_cut);
    assert_string_equal(result.body, "0123456789");
}

static void a_response_is_truncated_at_the_default_limit(void **state)
{
    struct line *line = *state;
    sink_plan(line->sink, 200, memset(sample(line, LARGE_BYTES), 'a', LARGE_BYTES));
    sink_plan(line->sink, 200, memset(sample(line, LARGE_BYTES), 'a', LARGE_BYTES));

    struct http_client_request request = request_of(line, "GET");
    struct http_result result = send_it(line, &request);
    assert_answered(&result, 200);
    assert_true(result.body_cut);
    assert_int_equal(result.body_length, HTTP_RESULT_MAX_BYTES);

    request.result_max_bytes = LARGE_BYTES;
    result = send_it(line, &request);
    assert_answered(&result, 200);
    assert_false(result.body_cut);
    assert_int_equal(result.body_length, LARGE_BYTES);
}

static void no_answer_within_the_total_timeout_is_a_failure(void **state)
{
    static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "DELETE"};
    struct line *line = *state;
    int64_t before_ms = now_ms();

    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        struct http_client_request request = request_of(line, methods[i]);
        request.total_timeout_ms = SHORT_MS;
        sink_plan(line->sink, SINK_HOLD, "");
        struct http_result result = send_it(line, &request);

        assert_int_equal(result.status, 0);
        assert_true(strlen(result.failure) > 0);
    }
    int64_t taken_ms = now_ms() - before_ms;
    assert_true(taken_ms >= (int64_t)COUNT_OF(methods) * (SHORT_MS - 1));
    assert_true(taken_ms < HTTP_TOTAL_TIMEOUT_MS);
}

static void an_upload_ends_with_the_total_timeout(void **state)
{
    struct line *line = *state;
    const struct http_file file = endless_file(line);
    sink_plan_early(line->sink, SINK_HOLD, "");

    struct http_client_request request = request_of(line, "PUT");
    request.body_file = &file;
    request.total_timeout_ms = SHORT_MS;
    int64_t before_ms = now_ms();
    struct http_result result = send_it(line, &request);

    assert_int_equal(result.status, 0);
    assert_true(now_ms() - before_ms < HTTP_TOTAL_TIMEOUT_MS);
}

/* A port where connections are neither accepted nor refused: its queue is full. */
static int open_full_port(int fds[3])
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);

    fds[0] = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fds[0], (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(fds[0], 0), 0);
    assert_int_equal(getsockname(fds[0], (struct sockaddr *)&address, &length), 0);
    for (size_t i = 1; i < 3; i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM, 0);
        assert_int_equal(fcntl(fds[i], F_SETFL, O_NONBLOCK), 0);
        (void)!connect(fds[i], (struct sockaddr *)&address, length);
    }
    return ntohs(address.sin_port);
}

static void no_connection_within_the_connect_timeout_is_a_failure(void **state)
{
    struct line *line = *state;
    int fds[3];
    int port = open_full_port(fds);

    struct http_client_request request = request_of(line, "GET");
    request.url = arena_printf(line->arena, "http://127.0.0.1:%d/", port);
    request.connect_timeout_ms = SHORT_MS;
    int64_t before_ms = now_ms();
    struct http_result result = send_it(line, &request);
    int64_t taken_ms = now_ms() - before_ms;

    assert_int_equal(result.status, 0);
    assert_true(taken_ms >= SHORT_MS - 1);
    assert_true(taken_ms < HTTP_CONNECT_TIMEOUT_MS);
    for (size_t i = 0; i < COUNT_OF(fds); i++)
        close(fds[i]);
}

static void all_requests_of_a_sender_go_over_one_connection(void **state)
{
    static const char *const methods[] = {"GET", "PUT", "HEAD", "POST", "DELETE", "GET"};
    struct line *line = *state;
    const char *bytes = sample(line, 100);

    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        struct http_client_request request = request_of(line, methods[i]);
        if (methods[i][0] == 'P') {
            request.body = bytes;
            request.body_length = 100;
        }
        struct http_result result = send_it(line, &request);
        assert_answered(&result, 200);
    }
    assert_int_equal(sink_connections(line->sink), 1);
}

static void a_body_is_sent_again_if_the_kept_connection_was_closed(void **state)
{
    struct line *line = *state;
    const char *bytes = sample(line, LARGE_BYTES);
    const struct http_file file = {.fd = fileno(line->file), .length = LARGE_BYTES};
    write_file(line, bytes, LARGE_BYTES);
    sink_plan(line->sink, 200, "");
    sink_plan(line->sink, SINK_CLOSE, "");

    struct http_client_request request = request_of(line, "GET");
    struct http_result result = send_it(line, &request);
    assert_answered(&result, 200);
    request = request_of(line, "PUT");
    request.body_file = &file;
    result = send_it(line, &request);

    assert_answered(&result, 200);
    assert_int_equal(sink_count(line->sink), 3);
    assert_received_body(line, 1, bytes, LARGE_BYTES);
    assert_received_body(line, 2, bytes, LARGE_BYTES);
}

#define CLIENT_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLIENT_TEST(each_method_is_sent_by_its_name),
        CLIENT_TEST(a_body_is_sent_as_it_is_with_the_headers_given_and_no_others),
        CLIENT_TEST(a_large_body_is_sent_without_expect_100_continue),
        CLIENT_TEST(a_part_of_a_file_is_sent_whatever_the_file_offset),
        CLIENT_TEST(a_file_that_is_too_short_fails_with_its_length),
        CLIENT_TEST(a_file_that_cannot_be_read_fails_with_the_reason),
        CLIENT_TEST(a_file_that_shrinks_while_it_is_sent_fails),
        CLIENT_TEST(an_upload_can_be_cancelled),
        CLIENT_TEST(each_method_can_be_cancelled_while_it_waits_for_the_answer),
        CLIENT_TEST(after_cancelling_nothing_is_sent),
        CLIENT_TEST(a_response_before_the_end_of_the_body_is_used),
        CLIENT_TEST(a_success_before_the_whole_file_is_sent_is_a_failure),
        CLIENT_TEST(a_server_that_closes_while_the_body_is_sent_is_a_failure),
        CLIENT_TEST(the_answer_to_head_has_headers_and_no_body),
        CLIENT_TEST(response_headers_are_found_by_name_in_any_case),
        CLIENT_TEST(headers_of_an_interim_response_are_ignored),
        CLIENT_TEST(trailers_are_ignored),
        CLIENT_TEST(a_header_that_is_too_long_counts_as_absent),
        CLIENT_TEST(a_response_is_truncated_at_the_limit_of_its_request),
        CLIENT_TEST(a_response_is_truncated_at_the_default_limit),
        CLIENT_TEST(no_answer_within_the_total_timeout_is_a_failure),
        CLIENT_TEST(an_upload_ends_with_the_total_timeout),
        CLIENT_TEST(no_connection_within_the_connect_timeout_is_a_failure),
        CLIENT_TEST(all_requests_of_a_sender_go_over_one_connection),
        CLIENT_TEST(a_body_is_sent_again_if_the_kept_connection_was_closed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
