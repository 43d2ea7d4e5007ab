/*
 * Endpoints of AWS services, requests to them, and what their responses mean.
 */
#include "aws/client.h"
#include "aws/endpoints.h"

#include "base/text.h"
#include "support/sink.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "support/cmocka_all.h"

static const struct scope scope = {.account = "123456789012", .region = "eu-west-1"};

/* What the tests of the client share. */
struct fixture {
    struct arena *arena;
    struct sink *sink;
    struct aws_client *client;
};

static int setup(void **state)
{
    struct arena *arena = arena_new();
    struct fixture *fixture = arena_alloc(arena, sizeof(*fixture));

    *fixture =
        (struct fixture){.arena = arena, .sink = sink_new(), .client = aws_client_new()};
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    aws_client_free(fixture->client);
    sink_free(fixture->sink);
    arena_free(fixture->arena);
    return 0;
}

static struct aws_endpoints endpoints_of(struct arena *arena, const char *const *texts,
                                         size_t count)
{
    struct aws_endpoints endpoints = {0};

    for (size_t i = 0; i < count; i++)
        aws_endpoints_set(&endpoints, arena, texts[i]);
    return endpoints;
}

static void an_endpoint_is_for_one_service_or_for_all(void **state)
{
    static const char *const texts[] = {"http://a:1/", "s3=https://b/x/", "logs=http://c",
                                        "logs=http://d"};
    struct fixture *fixture = *state;

    struct aws_endpoints all = endpoints_of(fixture->arena, texts, COUNT_OF(texts));
    struct aws_endpoints none = endpoints_of(fixture->arena, NULL, 0);
    struct aws_endpoints one = endpoints_of(fixture->arena, texts + 1, 1);

    assert_string_equal(all.s3, "https://b/x");
    assert_string_equal(all.lambda, "http://a:1");
    assert_string_equal(all.logs, "http://d");
    assert_string_equal(all.firehose, "http://a:1");
    assert_null(none.s3);
    assert_string_equal(one.s3, "https://b/x");
    assert_null(one.firehose);
}

static void endpoints_are_urls_without_a_query(void **state)
{
    static const char *const bad[] = {
        "",     "s3",          "s3=",         "sqs=http://a", "http://a/?b",
        "a:80", "s3:http://a", "S3=http://a", "http://u@a",   "s3=s3=http://a",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(aws_endpoint_is(bad[i]));
    assert_true(aws_endpoint_is("firehose=http://[::1]:4566/a"));
}

static void only_the_origin_of_a_url_is_shown(void **state)
{
    struct fixture *fixture = *state;

    assert_string_equal(aws_url_shown(fixture->arena, "http://a:1/secret?x"),
                        "http://a:1");
    assert_string_equal(aws_url_shown(fixture->arena, "secret"), "***");
}

static void a_json_call_is_signed_for_its_account_and_region(void **state)
{
    struct fixture *fixture = *state;
    const struct aws_json_call call = {.scope = scope,
                                       .service = "logs",
                                       .url = "http://a/",
                                       .target = "Logs_20140328.PutLogEvents",
                                       .body = "{\"a\":1}"};
    struct http_client_request request;

    aws_json_compose(fixture->arena, &call, &request);

    assert_string_equal(request.method, "POST");
    assert_int_equal(request.body_length, 7);
    assert_string_equal(http_header_find(request.headers, "content-type"),
                        "application/x-amz-json-1.1");
    assert_string_equal(http_header_find(request.headers, "x-amz-target"), call.target);
    const char *signature = http_header_find(request.headers, "authorization");
    assert_true(text_starts_with(signature, "AWS4-HMAC-SHA256 Credential=123456789012/"));
    assert_non_null(strstr(signature, "/eu-west-1/logs/aws4_request, SignedHeaders="
                                      "content-type;host;x-amz-date;x-amz-target, "));
}

#define XML "<?xml version=\"1.0\"?><Error><Code>NoSuchBucket</Code></Error>"

static void a_response_is_judged_by_its_status_and_error(void **state)
{
    static const struct {
        int status;
        const char *body;
        enum aws_verdict verdict;
        const char *why;
    } answers[] = {
        {200, "",                                        AWS_DONE,    NULL                            },
        {204, "{\"__type\":\"ThrottlingException\"}",    AWS_DONE,    NULL                            },
        {301, "",                                        AWS_REFUSED, "status 301"                    },
        {400, "{\"__type\":\"ThrottlingException\"}",    AWS_RETRY,
         "status 400, error ThrottlingException"                                                      },
        {400, "{\"__type\":\"a#Bad\",\"message\":\"\"}", AWS_REFUSED,
         "status 400, error Bad"                                                                      },
        {400, "{\"__type\":7}",                          AWS_REFUSED, "status 400"                    },
        {404, XML,                                       AWS_REFUSED, "status 404, error NoSuchBucket"},
        {404, "<Code>a b</Code>",                        AWS_REFUSED, "status 404"                    },
        {404, "<Code>",                                  AWS_REFUSED, "status 404"                    },
        {408, "",                                        AWS_RETRY,   "status 408"                    },
        {429, "",                                        AWS_RETRY,   "status 429"                    },
        {503, "<html>",                                  AWS_RETRY,   "status 503"                    },
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        const struct http_result result = {.status = answers[i].status,
                                           .body = answers[i].body,
                                           .body_length = strlen(answers[i].body)};
        const char *why = NULL;

        assert_int_equal(aws_judge(fixture->arena, &result, &why), answers[i].verdict);

        if (answers[i].why != NULL)
            assert_string_equal(why, answers[i].why);
        else
            assert_null(why);
    }
}

static void no_response_is_a_reason_to_send_again(void **state)
{
    struct fixture *fixture = *state;
    const struct http_result result = {.failure = "refused", .body = ""};
    const char *why = NULL;

    assert_int_equal(aws_judge(fixture->arena, &result, &why), AWS_RETRY);
    assert_string_equal(why, "refused");
}

static enum aws_verdict send_to_sink(struct fixture *fixture, struct http_result *out,
                                     const char **why)
{
    struct http_client_request request = {
        .method = "POST",
        .url = arena_printf(fixture->arena, "http://127.0.0.1:%d/",
                            sink_port(fixture->sink)),
    };

    aws_sign(fixture->arena, scope, "logs", &request);
    return aws_client_send(fixture->client, &request, fixture->arena, out, why);
}

static void a_request_that_fails_is_sent_again(void **state)
{
    struct fixture *fixture = *state;
    struct http_result result;
    const char *why = NULL;
    sink_plan(fixture->sink, 500, "");
    sink_plan(fixture->sink, SINK_CLOSE, "");
    sink_plan(fixture->sink, 200, "third");

    assert_int_equal(send_to_sink(fixture, &result, &why), AWS_DONE);

    assert_string_equal(result.body, "third");
    assert_int_equal(sink_count(fixture->sink), 3);
}

static void there_is_a_last_attempt(void **state)
{
    struct fixture *fixture = *state;
    struct http_result result;
    const char *why = NULL;
    for (int i = 0; i < AWS_ATTEMPTS; i++)
        sink_plan(fixture->sink, 503, "");

    assert_int_equal(send_to_sink(fixture, &result, &why), AWS_RETRY);

    assert_string_equal(why, "status 503");
    assert_int_equal(sink_count(fixture->sink), AWS_ATTEMPTS);
}

static void a_refused_request_is_not_sent_again(void **state)
{
    struct fixture *fixture = *state;
    struct http_result result;
    const char *why = NULL;
    sink_plan(fixture->sink, 404, "{\"__type\":\"ResourceNotFoundException\"}");

    assert_int_equal(send_to_sink(fixture, &result, &why), AWS_REFUSED);

    assert_string_equal(why, "status 404, error ResourceNotFoundException");
    assert_int_equal(sink_count(fixture->sink), 1);
}

static void *cancel_after_request(void *context)
{
    struct fixture *fixture = context;

    sink_expect(fixture->sink, 1);
    aws_client_cancel(fixture->client);
    return NULL;
}

static void a_cancelled_client_neither_waits_nor_tries_again(void **state)
{
    struct fixture *fixture = *state;
    struct http_result result;
    const char *why = NULL;
    pthread_t thread;
    sink_plan(fixture->sink, SINK_HOLD, "");
    assert_int_equal(pthread_create(&thread, NULL, cancel_after_request, fixture), 0);

    assert_int_equal(send_to_sink(fixture, &result, &why), AWS_RETRY);

    pthread_join(thread, NULL);
    assert_string_equal(why, "cancelled");
    assert_true(aws_client_is_cancelled(fixture->client));
    assert_int_equal(sink_count(fixture->sink), 1);
}

static void a_client_can_be_cancelled_before_its_first_request(void **state)
{
    struct fixture *fixture = *state;
    struct http_result result;
    const char *why = NULL;

    aws_client_cancel(fixture->client);

    assert_int_equal(send_to_sink(fixture, &result, &why), AWS_RETRY);
    assert_string_equal(why, "cancelled");
    assert_int_equal(sink_count(fixture->sink), 0);
}

#define AWS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AWS_TEST(an_endpoint_is_for_one_service_or_for_all),
        AWS_TEST(endpoints_are_urls_without_a_query),
        AWS_TEST(only_the_origin_of_a_url_is_shown),
        AWS_TEST(a_json_call_is_signed_for_its_account_and_region),
        AWS_TEST(a_response_is_judged_by_its_status_and_error),
        AWS_TEST(no_response_is_a_reason_to_send_again),
        AWS_TEST(a_request_that_fails_is_sent_again),
        AWS_TEST(there_is_a_last_attempt),
        AWS_TEST(a_refused_request_is_not_sent_again),
        AWS_TEST(a_cancelled_client_neither_waits_nor_tries_again),
        AWS_TEST(a_client_can_be_cancelled_before_its_first_request),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
