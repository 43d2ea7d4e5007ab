/*
 * Delivery of events to an EventBridge: the request, its signature, and the responses.
 */
#include "base/sigv4.h"
#include "support/bench.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

#define TAKEN "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"}]}"

static const char *bus_url(struct bench *bench, const struct sink *sink)
{
    return arena_printf(bench->arena, "eventbridge+%s", bench_url(bench, sink, ""));
}

/* A sink that received one event, sent by PutEvents. */
static struct sink *take_one_event(struct bench *bench)
{
    struct sink *sink = bench_sink(bench);

    sink_plan(sink, 200, TAKEN);
    bench_start(bench, bus_url(bench, sink));
    bench_write(bench, 1, 1);
    sink_expect(sink, 1);
    return sink;
}

static void an_event_is_one_entry_of_put_events(void **state)
{
    struct bench *bench = *state;

    struct sink *sink = take_one_event(bench);

    assert_string_equal(sink_request(sink, 0).line, "POST / HTTP/1.1");
    assert_string_equal(sink_header(sink, 0, "X-Amz-Target"), "AWSEvents.PutEvents");
    assert_string_equal(sink_header(sink, 0, "Content-Type"),
                        "application/x-amz-json-1.1");
    assert_string_equal(
        sink_request(sink, 0).body,
        "{\"Entries\":[{\"Source\":\"aws.ivs\",\"DetailType\":\"IVS Stream State "
        "Change\","
        "\"Detail\":\"{\\\"event_name\\\":\\\"Stream Start\\\","
        "\\\"channel_name\\\":\\\"my-channel\\\",\\\"stream_id\\\":\\\"st-1\\\"}\","
        "\"Resources\":[\"arn:aws:ivs:us-west-2:123456789012:channel/abcdABCDefgh\"],"
        "\"Time\":1709210096,\"EventBusName\":\"default\"}]}");
}

static void the_request_is_signed_for_the_account_and_region_of_the_event(void **state)
{
    struct bench *bench = *state;

    struct sink *sink = take_one_event(bench);

    const char *date = sink_header(sink, 0, "x-amz-date");
    const char *body = sink_request(sink, 0).body;
    const struct http_header headers[] = {
        {"content-type",           "application/x-amz-json-1.1"},
        {"host",                   bench_url(bench,              sink, "") + strlen("http://")},
        {"x-amz-date", date                            },
        {"x-amz-target",                    "AWSEvents.PutEvents"                   },
        {NULL,NULL},
    };
    const struct sigv4_signer signer = {.key_id = "123456789012",
                                        .secret = "test",
                                        .region = "us-west-2",
                                        .service = "events",
                                        .date = date};
    const struct sigv4_request request = {
        .method = "POST",
        .path = "/",
        .query = "",
        .headers = headers,
        .payload_hash = sigv4_payload_hash(bench->arena, body, strlen(body))};
    assert_string_equal(sink_header(sink, 0, "Host"), headers[1].value);
    assert_string_equal(sink_header(sink, 0, "Authorization"),
                        sigv4_authorization(bench->arena, &signer, &request));
}

/* For each of these first responses, sends two events to an EventBridge and checks which
 * event its second request contains. */
static void check_after_first_answers(struct bench *bench, int status,
                                      const char *const *answers, size_t count,
                                      const char *second_stream_id)
{
    const char *urls[BENCH_MAX_SINKS];

    for (size_t i = 0; i < count; i++) {
        struct sink *sink = bench_sink(bench);
        sink_plan(sink, status, answers[i]);
        sink_plan(sink, 200, TAKEN);
        sink_plan(sink, 200, TAKEN);
        urls[i] = bus_url(bench, sink);
    }
    bench_start_all(bench, urls, count);
    bench_write(bench, 1, 2);
    for (size_t i = 0; i < count; i++) {
        sink_expect(bench->sinks[i], 2);
        assert_non_null(strstr(sink_request(bench->sinks[i], 0).body, "st-1"));
        assert_non_null(strstr(sink_request(bench->sinks[i], 1).body, second_stream_id));
    }
}

static void a_failed_entry_is_sent_again(void **state)
{
    static const char *const answers[] = {
        "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"ThrottlingException\"}]}",
        "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"InternalFailure\"}]}",
        "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"InternalException\"}]}",
        "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":7}]}",
        "{\"FailedEntryCount\":1}",
    };

    check_after_first_answers(*state, 200, answers, COUNT_OF(answers), "st-1");
}

static void a_success_without_a_put_events_body_is_a_failure(void **state)
{
    static const char *const answers[] = {
        "",   "<html>",
        "{}", "{\"FailedEntryCount\":\"0\"}",
        "[]", "{\"FailedEntryCount\":0",
    };

    check_after_first_answers(*state, 200, answers, COUNT_OF(answers), "st-1");
}

static void a_refused_entry_is_skipped(void **state)
{
    static const char *const answers[] = {
        "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"MalformedDetail\"}]}",
        "{\"FailedEntryCount\":1,\"Entries\":["
        "{\"ErrorCode\":\"NotAuthorizedForSourceException\"}]}",
    };

    check_after_first_answers(*state, 200, answers, COUNT_OF(answers), "st-2");
}

static void throttling_is_retried_though_its_status_is_400(void **state)
{
    static const char *const answers[] = {
        "{\"__type\":\"ThrottlingException\"}",
        "{\"__type\":\"com.amazonaws.events#ThrottlingException\"}",
    };

    check_after_first_answers(*state, 400, answers, COUNT_OF(answers), "st-1");
}

static void any_other_response_of_400_skips_the_event(void **state)
{
    static const char *const answers[] = {
        "{\"__type\":\"ValidationException\"}",
        "{\"__type\":1}",
        "",
        "not JSON",
    };

    check_after_first_answers(*state, 400, answers, COUNT_OF(answers), "st-2");
}

static void a_failure_of_the_server_is_retried(void **state)
{
    static const char *const answers[] = {"", "{\"__type\":\"InternalException\"}"};

    check_after_first_answers(*state, 500, answers, COUNT_OF(answers), "st-1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(an_event_is_one_entry_of_put_events),
        BENCH_TEST(the_request_is_signed_for_the_account_and_region_of_the_event),
        BENCH_TEST(a_failed_entry_is_sent_again),
        BENCH_TEST(a_success_without_a_put_events_body_is_a_failure),
        BENCH_TEST(a_refused_entry_is_skipped),
        BENCH_TEST(throttling_is_retried_though_its_status_is_400),
        BENCH_TEST(any_other_response_of_400_skips_the_event),
        BENCH_TEST(a_failure_of_the_server_is_retried),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
