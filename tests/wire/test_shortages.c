/*
 * A server for which no further thread is available.
 */
#include "base/log.h"
#include "base/memory.h"
#include "base/worker.h"
#include "support/host.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/cmocka_all.h"

enum { AN_HOUR_MS = 60 * 60 * 1000, SHORT_MS = 10, LOG_MAX_BYTES = 4096 };

struct shortage {
    struct host *host;
    FILE *log; /* what is written to standard error meanwhile */
    int standard_error;
    size_t handled;             /* requests: a counter of the host */
    struct http_stream *stream; /* the last one */
};

static atomic_bool no_threads;

/* The linker replaces worker_start() by the first of these.
 * NOLINTBEGIN(*-reserved-identifier,cert-dcl*) */
struct worker *__wrap_worker_start(worker_body *body, void *context);
struct worker *__real_worker_start(worker_body *body, void *context);

struct worker *__wrap_worker_start(worker_body *body, void *context)
{
    return atomic_load(&no_threads) ? NULL : __real_worker_start(body, context);
}
/* NOLINTEND(*-reserved-identifier,cert-dcl*) */

static bool is(const struct http_request *request, const char *target)
{
    return strcmp(request->target, target) == 0;
}

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct shortage *shortage = context;

    response->status = 200;
    if (is(request, "/late"))
        response->delay_ms = AN_HOUR_MS;
    if (is(request, "/soon"))
        response->delay_ms = SHORT_MS;
    if (is(request, "/stream")) {
        http_stream_unref(shortage->stream);
        shortage->stream = http_stream_new(HTTP_STREAM_MAX_BYTES, NULL, NULL);
        http_respond_stream(response, http_stream_ref(shortage->stream));
    }
    host_count(shortage->host, &shortage->handled);
}

static int setup(void **state)
{
    struct shortage *shortage = mem_zalloc(sizeof(*shortage));
    const struct http_options options = {
        .body_limit = 1000, .handler = handle, .context = shortage};

    atomic_store(&no_threads, false);
    shortage->log = tmpfile();
    assert_non_null(shortage->log);
    shortage->standard_error = dup(STDERR_FILENO);
    shortage->host = host_new();
    host_start(shortage->host, &options);
    atomic_store(&no_threads, true);
    log_set_level(LOG_WARN);
    assert_int_equal(dup2(fileno(shortage->log), STDERR_FILENO), STDERR_FILENO);
    *state = shortage;
    return 0;
}

static void restore_standard_error(struct shortage *shortage)
{
    if (shortage->standard_error >= 0) {
        (void)dup2(shortage->standard_error, STDERR_FILENO);
        close(shortage->standard_error);
    }
    shortage->standard_error = -1;
}

static int teardown(void **state)
{
    struct shortage *shortage = *state;

    restore_standard_error(shortage);
    http_stream_unref(shortage->stream);
    host_free(shortage->host);
    (void)fclose(shortage->log);
    free(shortage);
    return 0;
}

/* The test fails unless the log has one line, with this text. */
static void assert_logged_once(struct shortage *shortage, const char *text)
{
    char log[LOG_MAX_BYTES] = "";

    restore_standard_error(shortage);
    rewind(shortage->log);
    size_t length = fread(log, 1, sizeof(log) - 1, shortage->log);
    assert_true(length > 0);
    assert_non_null(strstr(log, text));
    assert_ptr_equal(strchr(log, '\n'), log + length - 1);
}

static void responses_are_not_delayed(void **state)
{
    struct shortage *shortage = *state;
    struct http_client *client = host_connect(shortage->host);

    for (int i = 0; i < 3; i++)
        assert_int_equal(http_call(client, "GET", "/late", "", NULL).reply.status, 200);

    assert_logged_once(shortage, "responses not delayed");
}

static void responses_are_delayed_once_a_thread_is_available(void **state)
{
    struct shortage *shortage = *state;
    struct http_client *client = host_connect(shortage->host);

    assert_int_equal(http_call(client, "GET", "/soon", "", NULL).reply.status, 200);
    atomic_store(&no_threads, false);
    assert_int_equal(http_call(client, "GET", "/soon", "", NULL).reply.status, 200);

    assert_true(http_send_request(client, "GET", "/late", "", NULL, 0));
    host_wait(shortage->host, &shortage->handled, 3);
    host_stop(shortage->host, HOST_LONG_GRACE_MS);
    assert_int_equal(http_expect(client).reply.status, 200);
}

static void streams_are_sent_without_a_watcher(void **state)
{
    struct shortage *shortage = *state;
    struct http_answer answer = {0};

    for (size_t i = 0; i < 3; i++) {
        struct http_client *client = host_connect(shortage->host);
        assert_true(http_send_request(client, "GET", "/stream", "", NULL, 0));
        assert_int_equal(http_receive(client, true, &answer), HTTP_ANSWER);
        host_wait(shortage->host, &shortage->handled, i + 1);
        assert_true(http_stream_write(shortage->stream, "a", 1));
        http_stream_end(shortage->stream);
        assert_non_null(http_receive_bytes(client, strlen("1\r\na\r\n0\r\n\r\n")));
    }

    assert_logged_once(shortage, "disconnecting clients not noticed");
}

static void a_server_that_gets_no_thread_does_not_start(void **state)
{
    struct shortage *shortage = *state;
    const struct http_options options = {
        .host = "127.0.0.1", .body_limit = 1000, .handler = handle, .context = shortage};
    const char *why = NULL;

    assert_null(http_server_start(&options, host_arena(shortage->host), &why));
    assert_string_equal(why, "cannot start the HTTP threads");
}

#define shortage_test(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        shortage_test(responses_are_not_delayed),
        shortage_test(responses_are_delayed_once_a_thread_is_available),
        shortage_test(a_server_that_gets_no_thread_does_not_start),
        shortage_test(streams_are_sent_without_a_watcher),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
