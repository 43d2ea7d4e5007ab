/*
 * Delivery of events to webhooks: order, retries, slow and absent targets, restarts.
 */
#include "support/bench.h"

#include "app/app.h"
#include "http/client.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "support/cmocka_all.h"

static void events_arrive_in_order_as_they_were_written(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);

    bench_start(bench, bench_url(bench, sink, "/hook?secret=1"));
    bench_write(bench, 1, 20);
    sink_expect(sink, 20);

    for (int n = 1; n <= 20; n++)
        assert_delivered(bench, sink, (size_t)n - 1, n);
    assert_string_equal(sink_request(sink, 0).line, "POST /hook?secret=1 HTTP/1.1");
    assert_string_equal(sink_header(sink, 0, "Content-Type"),
                        "application/json; charset=utf-8");
    assert_string_equal(sink_header(sink, 0, "Host"),
                        bench_url(bench, sink, "") + strlen("http://"));
    assert_int_equal(strncmp(sink_header(sink, 0, "User-Agent"), "ivs-local/", 10), 0);
}

static void *write_one(void *context)
{
    bench_write(context, 1, 1);
    return NULL;
}

static void an_event_of_any_thread_is_delivered(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    pthread_t thread;
    bench_start(bench, bench_url(bench, sink, "/hook"));
    bench_write(bench, 0, 0);
    sink_expect(sink, 1);

    assert_int_equal(pthread_create(&thread, NULL, write_one, bench), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);

    sink_expect(sink, 2);
    assert_delivered(bench, sink, 1, 1);
}

static void a_target_without_a_path_gets_events_at_the_root(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);

    bench_start(bench, bench_url(bench, sink, ""));
    bench_write(bench, 1, 1);
    sink_expect(sink, 1);

    assert_string_equal(sink_request(sink, 0).line, "POST / HTTP/1.1");
}

/* Starts to deliver to one sink for each status, which is its first response. */
static void start_with_first_answers(struct bench *bench, const int *statuses,
                                     size_t count)
{
    const char *urls[BENCH_MAX_SINKS];

    for (size_t i = 0; i < count; i++) {
        struct sink *sink = bench_sink(bench);
        sink_plan(sink, statuses[i], "");
        urls[i] = bench_url(bench, sink, "/hook");
    }
    bench_start_all(bench, urls, count);
}

static void a_failed_event_is_retried_before_the_next(void **state)
{
    static const int statuses[] = {401, 407, 408, 409, 429, 500, 502, 599, SINK_CLOSE};
    struct bench *bench = *state;

    start_with_first_answers(bench, statuses, COUNT_OF(statuses));
    bench_write(bench, 1, 2);

    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        sink_expect(bench->sinks[i], 3);
        assert_delivered(bench, bench->sinks[i], 0, 1);
        assert_delivered(bench, bench->sinks[i], 1, 1);
        assert_delivered(bench, bench->sinks[i], 2, 2);
    }
}

static void a_refused_event_is_skipped(void **state)
{
    static const int statuses[] = {301, 307, 400, 403, 404, 410, 413, 422};
    struct bench *bench = *state;

    start_with_first_answers(bench, statuses, COUNT_OF(statuses));
    bench_write(bench, 1, 2);

    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        sink_expect(bench->sinks[i], 2);
        assert_delivered(bench, bench->sinks[i], 0, 1);
        assert_delivered(bench, bench->sinks[i], 1, 2);
        assert_string_equal(sink_request(bench->sinks[i], 1).line, "POST /hook HTTP/1.1");
    }
}

static void a_refused_event_is_named_in_the_log(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    sink_plan(sink, 301, "");
    bench_watch_log(bench);

    bench_start(bench, bench_url(bench, sink, "/secret"));
    bench_write(bench, 1, 1);

    bench_expect_log(
        bench, arena_printf(bench->arena,
                            "event=\"event dropped: the target refused it\" "
                            "type=\"IVS Stream State Change\" name=\"Stream Start\" "
                            "id=\"00000000-0000-4000-8000-000000000001\" target=%s "
                            "reason=\"status 301\"",
                            bench_url(bench, sink, "")));
}

static void every_2xx_status_is_a_success(void **state)
{
    static const int statuses[] = {200, 201, 202, 204, 299};
    struct bench *bench = *state;

    start_with_first_answers(bench, statuses, COUNT_OF(statuses));
    bench_write(bench, 1, 2);

    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        sink_expect(bench->sinks[i], 2);
        assert_delivered(bench, bench->sinks[i], 1, 2);
    }
}

static void a_response_with_an_endless_body_is_judged_by_its_status(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    char *body = arena_alloc(bench->arena, 3 * HTTP_RESULT_MAX_BYTES + 1);
    memset(body, 'a', 3 * HTTP_RESULT_MAX_BYTES);
    sink_plan(sink, 200, body);

    bench_start(bench, bench_url(bench, sink, "/hook"));
    bench_write(bench, 1, 2);
    sink_expect(sink, 2);

    assert_delivered(bench, sink, 1, 2);
}

static void a_target_gets_all_events_once_it_is_reachable(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_closed_sink(bench);
    bench_watch_log(bench);

    bench_start(bench, bench_url(bench, sink, "/hook"));
    bench_write(bench, 1, 3);
    bench_expect_log(bench, "event=\"event not delivered, retrying\"");
    sink_open(sink);
    sink_expect(sink, 3);

    for (int n = 1; n <= 3; n++)
        assert_delivered(bench, sink, (size_t)n - 1, n);
}

static void a_slow_target_delays_neither_the_others_nor_the_writers(void **state)
{
    struct bench *bench = *state;
    struct sink *slow = bench_sink(bench), *quick = bench_sink(bench);
    const char *const urls[] = {bench_url(bench, slow, "/"),
                                bench_url(bench, quick, "/")};
    sink_plan(slow, SINK_HOLD, "");

    bench_start_all(bench, urls, COUNT_OF(urls));
    bench_write(bench, 1, 1);
    sink_expect(slow, 1);
    bench_write(bench, 2, 5);
    sink_expect(quick, 5);

    assert_int_equal(sink_count(slow), 1);
    sink_release(slow);
    sink_expect(slow, 5);
    for (int n = 2; n <= 5; n++)
        assert_delivered(bench, slow, (size_t)n - 1, n);
}

static void a_target_named_twice_gets_each_event_once(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    const char *const urls[] = {bench_url(bench, sink, "/"), bench_url(bench, sink, "/")};

    bench_start_all(bench, urls, COUNT_OF(urls));
    bench_write(bench, 1, 3);
    sink_expect(sink, 3);
    bench_stop(bench);

    assert_int_equal(sink_count(sink), 3);
    assert_delivered(bench, sink, 1, 2);
    assert_delivered(bench, sink, 2, 3);
}

static void a_new_target_gets_only_later_events(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    bench_write(bench, 1, 2);

    bench_start(bench, bench_url(bench, sink, "/"));
    bench_write(bench, 3, 3);
    sink_expect(sink, 1);

    assert_delivered(bench, sink, 0, 3);
}

static void delivery_continues_after_a_restart(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    const char *url = bench_url(bench, sink, "/");
    sink_plan(sink, 200, "");
    sink_plan(sink, SINK_HOLD, "");

    bench_start(bench, url);
    bench_write(bench, 1, 2);
    sink_expect(sink, 2);
    bench_stop(bench);
    bench_write(bench, 3, 3);
    bench_close(bench);
    bench_open(bench);
    bench_start(bench, url);
    sink_expect(sink, 4);

    /* The second one got no response, so it is sent again; the first one is not. */
    assert_delivered(bench, sink, 0, 1);
    assert_delivered(bench, sink, 1, 2);
    assert_delivered(bench, sink, 2, 2);
    assert_delivered(bench, sink, 3, 3);
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void stopping_does_not_wait_for_a_target_that_hangs(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    sink_plan(sink, SINK_HOLD, "");
    bench_watch_log(bench);

    bench_start(bench, bench_url(bench, sink, "/"));
    bench_write(bench, 1, 1);
    sink_expect(sink, 1);
    int64_t before_ms = now_ms();
    bench_stop(bench);

    /* If it waited, the request would only end at its own timeout. */
    assert_true(now_ms() - before_ms < HTTP_TOTAL_TIMEOUT_MS / 2);
    assert_log_is_empty(bench);
}

static void stopping_does_not_wait_for_the_next_attempt(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_closed_sink(bench);
    bench_watch_log(bench);

    bench_start(bench, bench_url(bench, sink, "/"));
    bench_write(bench, 1, 1);
    bench_expect_log(bench, "event=\"event not delivered, retrying\"");
    bench_stop(bench);
    sink_open(sink);
    bench_start(bench, bench_url(bench, sink, "/"));
    sink_expect(sink, 1);

    assert_delivered(bench, sink, 0, 1);
}

/* Starts the whole server on the bench's database, with a target. */
static struct app *start_app(struct bench *bench, const char *url)
{
    char program[] = "ivs-local", port[] = "--port=0";
    char *argv[] = {program, port, arena_printf(bench->arena, "--db=%s", bench->db),
                    arena_printf(bench->arena, "--events-to=%s", url), NULL};
    struct config *config = arena_alloc(bench->arena, sizeof(*config));
    const char *why = NULL;

    if (config_read(config, 4, argv, bench->arena, &why) != 0)
        fail_msg("%s", why);
    struct app *app = app_start(config, bench->arena, &why);
    if (app == NULL)
        fail_msg("%s", why);
    return app;
}

static void the_server_sends_events_to_its_targets(void **state)
{
    struct bench *bench = *state;
    struct sink *sink = bench_sink(bench);
    const char *url = bench_url(bench, sink, "/hook");

    bench_close(bench);
    app_stop(start_app(bench, url));
    bench_open(bench);
    bench_write(bench, 1, 2);
    bench_close(bench);
    struct app *app = start_app(bench, url);
    sink_expect(sink, 2);
    app_stop(app);

    assert_delivered(bench, sink, 0, 1);
    assert_delivered(bench, sink, 1, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(events_arrive_in_order_as_they_were_written),
        BENCH_TEST(an_event_of_any_thread_is_delivered),
        BENCH_TEST(a_target_without_a_path_gets_events_at_the_root),
        BENCH_TEST(a_failed_event_is_retried_before_the_next),
        BENCH_TEST(a_refused_event_is_skipped),
        BENCH_TEST(a_refused_event_is_named_in_the_log),
        BENCH_TEST(every_2xx_status_is_a_success),
        BENCH_TEST(a_response_with_an_endless_body_is_judged_by_its_status),
        BENCH_TEST(a_target_gets_all_events_once_it_is_reachable),
        BENCH_TEST(a_slow_target_delays_neither_the_others_nor_the_writers),
        BENCH_TEST(a_target_named_twice_gets_each_event_once),
        BENCH_TEST(a_new_target_gets_only_later_events),
        BENCH_TEST(delivery_continues_after_a_restart),
        BENCH_TEST(stopping_does_not_wait_for_a_target_that_hangs),
        BENCH_TEST(stopping_does_not_wait_for_the_next_attempt),
        BENCH_TEST(the_server_sends_events_to_its_targets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
