/*
 * http_respond_later(): handlers that take long run in threads of their own.
 */
#include "support/host.h"

#include <pthread.h>
#include <string.h>

#include "../../src/http/tasks_internal.h"
#include "support/cmocka_all.h"

/* More than the threads that serve all connections. */
enum { QUICK = 40, MORE = 6 };

/* /long waits until the test lets it go; everything else is quick. */
struct fixture {
    struct host *host;
    pthread_mutex_t lock;
    pthread_cond_t open;
    bool is_open;      /* under the lock */
    size_t begun;      /* host_count() */
    size_t first_pass; /* likewise: calls without may_take_long */
};

static void wait_until_open(struct fixture *fixture)
{
    pthread_mutex_lock(&fixture->lock);
    while (!fixture->is_open)
        pthread_cond_wait(&fixture->open, &fixture->lock);
    pthread_mutex_unlock(&fixture->lock);
}

static void open_gate(struct fixture *fixture)
{
    pthread_mutex_lock(&fixture->lock);
    fixture->is_open = true;
    pthread_cond_broadcast(&fixture->open);
    pthread_mutex_unlock(&fixture->lock);
}

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct fixture *fixture = context;

    if (strcmp(request->target, "/long") == 0) {
        if (!request->may_take_long) {
            host_count(fixture->host, &fixture->first_pass);
            http_respond_later(response);
            return;
        }
        host_count(fixture->host, &fixture->begun);
        wait_until_open(fixture);
    }
    response->status = 200;
    http_response_header(response, "X-Target",
                         http_request_header(request, "X-Echo") != NULL
                             ? http_request_header(request, "X-Echo")
                             : "none");
    http_respond_blob(response, blob_wrap("done", 4, NULL, NULL));
}

static int set_up(void **state)
{
    static struct fixture fixture;

    memset(&fixture, 0, sizeof(fixture));
    pthread_mutex_init(&fixture.lock, NULL);
    pthread_cond_init(&fixture.open, NULL);
    fixture.host = host_new();
    host_start(fixture.host, &(struct http_options){.body_limit = 1000,
                                                    .handler = handle,
                                                    .context = &fixture});
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    open_gate(fixture);
    host_free(fixture->host);
    pthread_cond_destroy(&fixture->open);
    pthread_mutex_destroy(&fixture->lock);
    return 0;
}

static void send_long(struct http_client *client)
{
    assert_true(http_send_request(client, "POST", "/long", "X-Echo: yes\r\n", "body", 4));
}

static void expect_long(struct http_client *client)
{
    struct http_answer answer = http_expect(client);

    assert_int_equal(answer.reply.status, 200);
    assert_string_equal(answer.body, "done");
    assert_header(&answer, "X-Target", "yes");
}

static void quick_requests_do_not_wait_for_long_ones(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *slow[MORE];
    for (size_t i = 0; i < MORE; i++) {
        slow[i] = host_connect(fixture->host);
        send_long(slow[i]);
    }
    host_wait(fixture->host, &fixture->begun, MORE);

    for (int i = 0; i < QUICK; i++)
        assert_int_equal(http_call(host_connect(fixture->host), "GET", "/quick", "", NULL)
                             .reply.status,
                         200);

    assert_int_equal(host_counted(fixture->host, &fixture->first_pass), MORE);
    open_gate(fixture);
    for (size_t i = 0; i < MORE; i++)
        expect_long(slow[i]);
}

static void a_connection_can_be_used_again(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *client = host_connect(fixture->host);
    open_gate(fixture);

    for (int i = 0; i < QUICK; i++) {
        send_long(client);
        expect_long(client);
    }

    assert_int_equal(host_counted(fixture->host, &fixture->begun), QUICK);
}

static void more_than_there_are_threads_for_wait_for_their_turn(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *slow[TASKS_MAX_THREADS + MORE];
    for (size_t i = 0; i < COUNT_OF(slow); i++) {
        slow[i] = host_connect(fixture->host);
        send_long(slow[i]);
    }
    host_wait(fixture->host, &fixture->first_pass, COUNT_OF(slow));
    host_wait(fixture->host, &fixture->begun, TASKS_MAX_THREADS);
    assert_int_equal(host_counted(fixture->host, &fixture->begun), TASKS_MAX_THREADS);

    open_gate(fixture);

    for (size_t i = 0; i < COUNT_OF(slow); i++)
        expect_long(slow[i]);
}

static void a_client_that_leaves_harms_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *client = host_connect(fixture->host);
    send_long(client);
    host_wait(fixture->host, &fixture->begun, 1);

    host_disconnect(fixture->host, client);
    open_gate(fixture);

    assert_int_equal(
        http_call(host_connect(fixture->host), "GET", "/quick", "", NULL).reply.status,
        200);
}

static void a_stop_waits_for_a_handler_that_still_runs(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *client = host_connect(fixture->host);
    send_long(client);
    host_wait(fixture->host, &fixture->begun, 1);

    open_gate(fixture);
    host_stop(fixture->host, HOST_LONG_GRACE_MS);

    expect_long(client);
}

#define LONG_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LONG_TEST(quick_requests_do_not_wait_for_long_ones),
        LONG_TEST(a_connection_can_be_used_again),
        LONG_TEST(more_than_there_are_threads_for_wait_for_their_turn),
        LONG_TEST(a_client_that_leaves_harms_nothing),
        LONG_TEST(a_stop_waits_for_a_handler_that_still_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
