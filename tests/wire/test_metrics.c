/*
 * GET /_ivs-local/metrics, and the effect of --random-seed and --throttling.
 */
#include "support/wire.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

static struct http_answer metrics(struct wire *wire)
{
    struct http_answer answer =
        http_call(wire_connect(wire), "GET", "/_ivs-local/metrics", "", NULL);

    assert_int_equal(answer.reply.status, 200);
    return answer;
}

static void metrics_are_prometheus_text(void **state)
{
    struct http_answer answer = metrics(*state);

    assert_header(&answer, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    assert_non_null(strstr(answer.body, "# TYPE ivs_local_requests_total counter\n"));
    assert_int_equal(answer.body[strlen(answer.body) - 1], '\n');
    assert_true(metrics_value(answer, "ivs_local_events_pending") == 0);
}

static void requests_are_counted_by_operation_and_status(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    for (int i = 0; i < 3; i++)
        wire_create_channel(wire, client, "lobby");
    http_post(client, "/CreateChannel", "{\"name\":1}");
    http_post(client, "/Nothing", "{}");

    struct http_answer answer = metrics(wire);

    assert_true(metrics_value(answer,
                              "ivs_local_requests_total{service=\"ivs\",operation="
                              "\"CreateChannel\",status=\"200\"}") == 3);
    assert_true(metrics_value(answer,
                              "ivs_local_requests_total{service=\"ivs\",operation="
                              "\"CreateChannel\",status=\"400\"}") == 1);
    assert_true(metrics_value(answer,
                              "ivs_local_requests_total{service=\"unknown\",operation="
                              "\"unknown\",status=\"404\"}") == 1);
    assert_true(metrics_value(answer,
                              "ivs_local_request_duration_seconds_bucket{service=\"ivs\","
                              "operation=\"CreateChannel\",le=\"+Inf\"}") == 4);
    assert_true(metrics_value(answer, "ivs_local_request_duration_seconds_count{service="
                                      "\"ivs\",operation=\"CreateChannel\"}") == 4);
    assert_true(metrics_value(answer,
                              "ivs_local_request_duration_seconds_sum{service=\"ivs\","
                              "operation=\"CreateChannel\"}") > 0);
}

static void resources_and_live_streams_are_counted(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *arn = wire_create_channel(wire, client, "lobby");
    wire_create_channel(wire, client, "attic");
    http_post(client, "/_ivs-local/StartStream",
              wire_printf(wire, "{\"channelArn\":\"%s\"}", arn));

    struct http_answer answer = metrics(wire);

    assert_true(metrics_value(answer, "ivs_local_resources{resource=\"channel\"}") == 2);
    assert_true(metrics_value(answer, "ivs_local_resources{resource=\"stream\"}") == 1);
}

static void a_target_that_is_down_leaves_events_pending(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *arn = wire_create_channel(wire, client, "lobby");
    http_post(client, "/_ivs-local/StartStream",
              wire_printf(wire, "{\"channelArn\":\"%s\"}", arn));

    assert_true(metrics_value(metrics(wire), "ivs_local_events_pending") >= 1);
}

static const char *first_channel(struct wire *wire, const char *db, const char *seed)
{
    struct program *program = wire_serve(wire, db, "--random-seed", seed);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    struct http_answer made = http_post(client, "/CreateChannel", "{}");

    assert_success(made.reply, 200);
    const char *key =
        wire_printf(wire, "%s", reply_string(made.reply, "streamKey.value"));
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);
    return key;
}

static void a_random_seed_repeats_keys_in_a_new_database(void **state)
{
    struct wire *wire = *state;

    const char *first = first_channel(wire, ":memory:", "7");
    const char *again = first_channel(wire, wire_path(wire, "ivs.db"), "7");
    const char *other = first_channel(wire, ":memory:", "8");

    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
}

static void a_restart_with_the_same_seed_does_not_repeat_keys(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");

    const char *first = first_channel(wire, db, "7");
    const char *second = first_channel(wire, db, "7");

    assert_string_not_equal(first, second);
}

static void throttling_is_an_option(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    int status = 200;

    /* Five calls per second: every machine needs less than a second per call. */
    for (int i = 0; i < 1000 && status == 200; i++)
        status = http_post(client, "/ListChannels", "{}").reply.status;

    assert_int_equal(status, 429);
}

int main(void)
{
    static const char *const throttled[] = {"--throttling", "aws", NULL};
    /* Port 9 is the discard service, if anything listens there. */
    static const char *const to_nobody[] = {"--events-to", "http://127.0.0.1:9/", NULL};
    const struct CMUnitTest tests[] = {
        wire_test(metrics_are_prometheus_text),
        wire_test(requests_are_counted_by_operation_and_status),
        wire_test(resources_and_live_streams_are_counted),
        wire_test_with(a_target_that_is_down_leaves_events_pending, to_nobody),
        wire_test_without_server(a_random_seed_repeats_keys_in_a_new_database),
        wire_test_without_server(a_restart_with_the_same_seed_does_not_repeat_keys),
        wire_test_with(throttling_is_an_option, throttled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
