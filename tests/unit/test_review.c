/*
 * Message review: what becomes of a review, and when.
 */
#include "chat/review.h"

#include "base/memory.h"
#include "base/monotonic.h"
#include "base/worker.h"
#include "support/gate.h"
#include "support/sink.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

#define ARN "arn:aws:lambda:us-west-2:123456789012:function:check"
#define OTHER_ARN "arn:aws:lambda:us-west-2:123456789012:function:other"
#define ALLOW                                                                            \
    "{\"ReviewResult\":\"ALLOW\",\"Content\":\"clean\",\"Attributes\":{\"a\":\"b\"}}"

/* Whether the system has no more threads. */
static bool no_thread;

/* The linker replaces worker_start() by the second of these.
 * NOLINTBEGIN(*-reserved-identifier,cert-dcl*) */
struct worker *__real_worker_start(worker_body *body, void *context);
struct worker *__wrap_worker_start(worker_body *body, void *context);

struct worker *__wrap_worker_start(worker_body *body, void *context)
{
    return no_thread ? NULL : __real_worker_start(body, context);
}
/* NOLINTEND(*-reserved-identifier,cert-dcl*) */

/* On a busy machine, threads may be late. */
enum { PATIENCE_MS = 5000, RESULTS_MAX = 512 };

struct seen_result {
    enum review_outcome outcome;
    char content[16], attributes[16], reason[16];
    int64_t time_ms;
};

struct fixture {
    struct arena *arena;
    struct sink *sink;
    struct aws_endpoints endpoints;
    const char *functions[2];
    struct review *review;
    struct gate done; /* reviews */
    pthread_mutex_t lock;
    struct seen_result
        results[RESULTS_MAX]; /* under the lock, in the order in which they came */
    size_t count;
};

static int setup(void **state)
{
    struct fixture *fixture = mem_zalloc(sizeof(*fixture));

    fixture->arena = arena_new();
    fixture->sink = sink_new();
    gate_init(&fixture->done);
    pthread_mutex_init(&fixture->lock, NULL);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    review_free(fixture->review);
    sink_free(fixture->sink);
    pthread_mutex_destroy(&fixture->lock);
    gate_done(&fixture->done);
    arena_free(fixture->arena);
    free(fixture);
    return 0;
}

/* Reviews at the endpoint of Lambda, or at a URL that stands for the function. */
static void use_endpoint(struct fixture *fixture)
{
    fixture->endpoints.lambda =
        arena_printf(fixture->arena, "http://127.0.0.1:%d", sink_port(fixture->sink));
    fixture->review = review_new(&fixture->endpoints, fixture->functions);
}

static void use_function(struct fixture *fixture)
{
    fixture->functions[0] = arena_printf(fixture->arena, "check=http://127.0.0.1:%d/hook",
                                         sink_port(fixture->sink));
    fixture->review = review_new(&fixture->endpoints, fixture->functions);
}

static void copy_text(char to[16], const char *from)
{
    snprintf(to, 16, "%s", from != NULL ? from : "NULL");
}

static void note_result(void *context, const struct review_result *result)
{
    struct fixture *fixture = context;

    pthread_mutex_lock(&fixture->lock);
    struct seen_result *seen = &fixture->results[fixture->count++];
    seen->outcome = result->outcome;
    copy_text(seen->content, result->content);
    copy_text(seen->attributes, result->attributes);
    copy_text(seen->reason, result->reason);
    seen->time_ms = monotonic_ms();
    pthread_mutex_unlock(&fixture->lock);
    gate_pass(&fixture->done);
}

static void start(struct fixture *fixture, const char *uri)
{
    char copy[200];
    const struct review_request request = {
        .scope = {.account = "123456789012", .region = "us-west-2"},
        .uri = copy,
        .event = "{\"Content\":\"dirty\"}",
        .maximum_message_length = 500,
    };

    snprintf(copy, sizeof(copy), "%s", uri);
    review_start(fixture->review, &request, note_result, fixture);
    memset(copy, 'x', sizeof(copy) - 1); /* it was copied */
}

static struct seen_result review_one(struct fixture *fixture)
{
    start(fixture, ARN);
    gate_expect(&fixture->done, 1);
    return fixture->results[0];
}

static struct review_counts counts_of(struct fixture *fixture)
{
    struct review_counts counts;

    review_count(fixture->review, &counts);
    return counts;
}

static void an_allowed_message_has_the_text_and_attributes_of_the_function(void **state)
{
    struct fixture *fixture = *state;
    sink_plan(fixture->sink, 200, ALLOW);
    use_endpoint(fixture);

    struct seen_result result = review_one(fixture);

    assert_int_equal(result.outcome, REVIEW_ALLOWED);
    assert_string_equal(result.content, "clean");
    assert_string_equal(result.attributes, "{\"a\":\"b\"}");
    assert_string_equal(sink_request(fixture->sink, 0).body, "{\"Content\":\"dirty\"}");
    assert_non_null(
        strstr(sink_request(fixture->sink, 0).line, "/2015-03-31/functions/"));
    assert_int_equal(counts_of(fixture).invocations, 1);
    assert_int_equal(counts_of(fixture).errors, 0);
}

static void a_denied_message_has_the_reason_of_the_function(void **state)
{
    struct fixture *fixture = *state;
    sink_plan(fixture->sink, 202,
              "{\"ReviewResult\":\"DENY\",\"Attributes\":{\"Reason\":\"bad word\"}}");
    use_function(fixture);

    struct seen_result result = review_one(fixture);

    assert_int_equal(result.outcome, REVIEW_DENIED);
    assert_string_equal(result.reason, "bad word");
    assert_string_equal(sink_request(fixture->sink, 0).line, "POST /hook HTTP/1.1");
}

static void an_error_is_a_failed_review(void **state)
{
    struct fixture *fixture = *state;
    use_endpoint(fixture);
    sink_plan(fixture->sink, SINK_CLOSE, "");
    sink_plan(fixture->sink, 500, ALLOW);
    sink_plan(fixture->sink, 404, ALLOW);
    sink_plan(fixture->sink, 302, ALLOW);
    sink_plan_with(fixture->sink, 200, "X-Amz-Function-Error: Unhandled\r\n", ALLOW);

    for (int i = 1; i <= 5; i++) {
        start(fixture, ARN);
        gate_expect(&fixture->done, i);
        assert_int_equal(fixture->results[i - 1].outcome, REVIEW_FAILED);
    }
    assert_int_equal(counts_of(fixture).errors, 5);
    assert_int_equal(counts_of(fixture).invalid_answers, 0);
}

static void an_invalid_response_is_a_failed_review(void **state)
{
    struct fixture *fixture = *state;
    char *large = arena_alloc(fixture->arena, REVIEW_RESPONSE_MAX_BYTES + 2);
    memset(large, ' ', REVIEW_RESPONSE_MAX_BYTES + 1);
    use_endpoint(fixture);
    sink_plan(fixture->sink, 200, "{\"ReviewResult\":\"MAYBE\"}");
    sink_plan(fixture->sink, 200, "");
    sink_plan(fixture->sink, 200, large);

    for (int i = 1; i <= 3; i++) {
        start(fixture, ARN);
        gate_expect(&fixture->done, i);
        assert_int_equal(fixture->results[i - 1].outcome, REVIEW_FAILED);
    }
    assert_int_equal(counts_of(fixture).invalid_answers, 3);
    assert_int_equal(counts_of(fixture).errors, 0);
}

static void a_function_has_200_ms_to_respond(void **state)
{
    struct fixture *fixture = *state;
    sink_plan(fixture->sink, SINK_HOLD, "");
    use_endpoint(fixture);
    int64_t before_ms = monotonic_ms();

    struct seen_result result = review_one(fixture);

    assert_int_equal(result.outcome, REVIEW_FAILED);
    assert_true(result.time_ms - before_ms >= REVIEW_TIMEOUT_MS - 1);
    assert_true(result.time_ms - before_ms < PATIENCE_MS);
    assert_int_equal(counts_of(fixture).errors, 1);
}

static void a_function_that_hangs_does_not_hold_up_another_message(void **state)
{
    struct fixture *fixture = *state;
    sink_plan(fixture->sink, SINK_HOLD, "");
    sink_plan(fixture->sink, 200, ALLOW);
    use_endpoint(fixture);

    start(fixture, ARN);
    sink_expect(fixture->sink, 1);
    start(fixture, ARN);
    gate_expect(&fixture->done, 2);

    assert_int_equal(fixture->results[0].outcome, REVIEW_ALLOWED);
    assert_int_equal(fixture->results[1].outcome, REVIEW_FAILED);
}

/* More reviews than threads: those that wait fail at their own deadline. */
static void reviews_that_wait_fail_in_time(void **state)
{
    enum { REVIEWS = 3 * REVIEW_THREADS_MAX };
    struct fixture *fixture = *state;
    for (int i = 0; i < REVIEWS; i++)
        sink_plan(fixture->sink, SINK_HOLD, "");
    use_endpoint(fixture);
    int64_t before_ms = monotonic_ms();

    for (int i = 0; i < REVIEWS; i++)
        start(fixture, ARN);
    int64_t started_ms = monotonic_ms();
    gate_expect(&fixture->done, REVIEWS);

    assert_true(started_ms - before_ms < PATIENCE_MS);
    for (int i = 0; i < REVIEWS; i++) {
        assert_int_equal(fixture->results[i].outcome, REVIEW_FAILED);
        assert_true(fixture->results[i].time_ms - started_ms < PATIENCE_MS);
    }
    assert_int_equal(counts_of(fixture).errors, REVIEWS);
}

static void threads_and_connections_are_used_again(void **state)
{
    struct fixture *fixture = *state;
    use_endpoint(fixture);

    for (int i = 1; i <= 20; i++) {
        sink_plan(fixture->sink, 200, ALLOW);
        start(fixture, ARN);
        gate_expect(&fixture->done, i);
    }

    /* One that took too long on a busy machine has lost its connection. */
    assert_true(sink_connections(fixture->sink) <= 2 + (size_t)counts_of(fixture).errors);
}

static void without_an_endpoint_or_a_url_messages_pass(void **state)
{
    struct fixture *fixture = *state;
    use_function(fixture);

    assert_true(review_is_configured(fixture->review, ARN));
    assert_true(review_is_configured(fixture->review, ARN ":alias"));
    assert_false(review_is_configured(fixture->review, OTHER_ARN));
    start(fixture, OTHER_ARN);

    assert_int_equal(fixture->results[0].outcome, REVIEW_UNCONFIGURED);
    assert_int_equal(sink_count(fixture->sink), 0);
}

static void a_url_takes_precedence_over_the_endpoint(void **state)
{
    struct fixture *fixture = *state;
    fixture->endpoints.lambda = "http://127.0.0.1:1";
    sink_plan(fixture->sink, 200, ALLOW);
    use_function(fixture);

    assert_int_equal(review_one(fixture).outcome, REVIEW_ALLOWED);
    assert_true(review_is_configured(fixture->review, OTHER_ARN));
}

static void without_a_thread_a_review_fails_at_once(void **state)
{
    struct fixture *fixture = *state;
    use_endpoint(fixture);
    no_thread = true;

    review_prepare(fixture->review);
    start(fixture, ARN);

    no_thread = false;
    assert_int_equal(fixture->count, 1);
    assert_int_equal(fixture->results[0].outcome, REVIEW_FAILED);
    assert_int_equal(counts_of(fixture).errors, 1);
}

/* One thread is enough for all reviews, if the system has no more. */
static void a_review_waits_for_the_only_thread(void **state)
{
    struct fixture *fixture = *state;
    sink_plan(fixture->sink, SINK_HOLD, "");
    use_endpoint(fixture);
    start(fixture, ARN);
    sink_expect(fixture->sink, 1);
    no_thread = true;

    start(fixture, ARN);
    gate_expect(&fixture->done, 2);

    no_thread = false;
    assert_int_equal(fixture->results[0].outcome, REVIEW_FAILED);
}

static void the_end_completes_every_review(void **state)
{
    enum { REVIEWS = 2 * REVIEW_THREADS_MAX };
    struct fixture *fixture = *state;
    for (int i = 0; i < REVIEWS; i++)
        sink_plan(fixture->sink, SINK_HOLD, "");
    use_endpoint(fixture);
    for (int i = 0; i < REVIEWS; i++)
        start(fixture, ARN);

    review_free(fixture->review);
    fixture->review = NULL;

    assert_int_equal(fixture->count, REVIEWS);
}

static void what_was_prepared_and_not_used_ends(void **state)
{
    struct fixture *fixture = *state;
    use_endpoint(fixture);

    review_prepare(fixture->review);
    review_prepare(fixture->review);

    assert_int_equal(counts_of(fixture).invocations, 0);
    review_free(fixture->review);
    fixture->review = review_new(&fixture->endpoints, fixture->functions);
}

#define REVIEW_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REVIEW_TEST(an_allowed_message_has_the_text_and_attributes_of_the_function),
        REVIEW_TEST(a_denied_message_has_the_reason_of_the_function),
        REVIEW_TEST(an_error_is_a_failed_review),
        REVIEW_TEST(an_invalid_response_is_a_failed_review),
        REVIEW_TEST(a_function_has_200_ms_to_respond),
        REVIEW_TEST(a_function_that_hangs_does_not_hold_up_another_message),
        REVIEW_TEST(reviews_that_wait_fail_in_time),
        REVIEW_TEST(threads_and_connections_are_used_again),
        REVIEW_TEST(without_an_endpoint_or_a_url_messages_pass),
        REVIEW_TEST(a_url_takes_precedence_over_the_endpoint),
        REVIEW_TEST(without_a_thread_a_review_fails_at_once),
        REVIEW_TEST(a_review_waits_for_the_only_thread),
        REVIEW_TEST(the_end_completes_every_review),
        REVIEW_TEST(what_was_prepared_and_not_used_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
