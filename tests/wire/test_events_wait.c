/*
 * WaitForEvents while it waits: other calls are served and cause the events, a stop ends
 * it, and so many calls can wait but no more.
 */
#include "api/arrivals.h"
#include "support/wire.h"

#include <signal.h>
#include <string.h>

#include "support/cmocka_all.h"

#define WAIT_FOR(name)                                                                   \
    "{\"events\":[{\"eventName\":\"" name "\"}],\"timeoutSeconds\":300}"

static void send_wait(struct http_client *client, const char *body)
{
    assert_true(http_send_request(client, "POST", "/_ivs-local/WaitForEvents", "", body,
                                  strlen(body)));
}

static void call_with_arn(struct wire *wire, struct http_client *client,
                          const char *operation, const char *arn, int status)
{
    struct http_answer answer =
        http_post(client, wire_printf(wire, "/_ivs-local/%s", operation),
                  wire_printf(wire, "{\"channelArn\":\"%s\"}", arn));

    assert_success(answer.reply, status);
}

/* Makes as many calls wait as can, and returns when all of them do. */
static void fill_up(struct wire *wire, int port,
                    struct http_client *waiting[ARRIVALS_MAX_WAITING])
{
    struct http_client *probe = wire_connect_to(wire, port);

    for (size_t i = 0; i < ARRIVALS_MAX_WAITING; i++) {
        waiting[i] = wire_connect_to(wire, port);
        send_wait(waiting[i], WAIT_FOR("Stream Start"));
    }
    while (metrics_value(http_call(probe, "GET", "/_ivs-local/metrics", "", ""),
                         "ivs_local_calls_waiting") < ARRIVALS_MAX_WAITING)
        continue;
}

static void an_event_ends_the_waiting_for_it(void **state)
{
    struct wire *wire = *state;
    struct http_client *waiting = wire_connect(wire);
    struct http_client *other = wire_connect(wire);
    const char *arn = wire_create_channel(wire, other, "lobby");

    send_wait(waiting, WAIT_FOR("Stream End"));
    call_with_arn(wire, other, "StartStream", arn, 200);
    call_with_arn(wire, other, "EndStream", arn, 204);

    struct http_answer answer = http_expect(waiting);
    assert_success(answer.reply, 200);
    assert_string_equal(reply_string(answer.reply, "events.0.detail.event_name"),
                        "Stream End");
}

static void as_many_calls_as_can_wait_keep_no_other_from_causing_the_event(void **state)
{
    struct wire *wire = *state;
    struct http_client *waiting[ARRIVALS_MAX_WAITING];
    struct http_client *other = wire_connect(wire);
    const char *arn = wire_create_channel(wire, other, "lobby");
    fill_up(wire, wire_port(wire), waiting);

    struct http_answer moved =
        http_post(other, "/_ivs-local/AdvanceClock", "{\"seconds\":60}");
    struct http_answer refused =
        http_post(other, "/_ivs-local/WaitForEvents", WAIT_FOR("Stream End"));
    assert_success(moved.reply, 200);
    assert_error_says(refused.reply, 503, "ServiceUnavailable",
                      wire_printf(wire,
                                  "At most %d calls can wait for events at the same time",
                                  ARRIVALS_MAX_WAITING));

    call_with_arn(wire, other, "StartStream", arn, 200);
    for (size_t i = 0; i < ARRIVALS_MAX_WAITING; i++)
        assert_success(http_expect(waiting[i]).reply, 200);
    call_with_arn(wire, other, "EndStream", arn, 204);
    assert_success(
        http_post(other, "/_ivs-local/WaitForEvents", WAIT_FOR("Stream End")).reply, 200);
}

static void the_time_is_real_and_ends_the_waiting(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    assert_success(
        http_post(client, "/_ivs-local/AdvanceClock", "{\"seconds\":86400}").reply, 200);

    struct http_answer answer =
        http_post(client, "/_ivs-local/WaitForEvents",
                  "{\"events\":[{\"eventName\":\"Stream Start\"}],\"timeoutSeconds\":1}");

    assert_error_answer(&answer, 408, "EventsMissingException");
    assert_int_equal(reply_count(answer.reply, "missing"), 1);
}

static void a_restored_snapshot_makes_the_waiting_begin_anew(void **state)
{
    struct wire *wire = *state;
    struct http_client *waiting = wire_connect(wire);
    struct http_client *other = wire_connect(wire);
    const char *arn = wire_create_channel(wire, other, "lobby");
    const char *const snapshot = "{\"name\":\"empty\"}";
    assert_success(http_post(other, "/_ivs-local/SaveSnapshot", snapshot).reply, 204);
    for (int i = 0; i < 5; i++) {
        call_with_arn(wire, other, "StartStream", arn, 200);
        call_with_arn(wire, other, "EndStream", arn, 204);
    }

    send_wait(waiting, "{\"events\":[{\"eventName\":\"Stream Start\",\"count\":6}],"
                       "\"timeoutSeconds\":300}");
    assert_success(http_post(other, "/_ivs-local/RestoreSnapshot", snapshot).reply, 204);
    for (int i = 0; i < 6; i++) {
        call_with_arn(wire, other, "StartStream", arn, 200);
        call_with_arn(wire, other, "EndStream", arn, 204);
    }

    struct http_answer answer = http_expect(waiting);
    assert_success(answer.reply, 200);
    struct http_answer stored = http_post(other, "/_ivs-local/ListEvents", "{}");
    assert_string_equal(reply_string(stored.reply, "events.1.detail.event_name"),
                        "Stream Start");
    assert_string_equal(reply_string(answer.reply, "events.0.id"),
                        reply_string(stored.reply, "events.1.id"));
}

static void a_stop_ends_all_waiting(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", "--quotas", "off");
    struct http_client *waiting[ARRIVALS_MAX_WAITING];
    fill_up(wire, program_port(program), waiting);

    program_signal(program, SIGTERM);

    assert_int_equal(program_end(program), 0);
    for (size_t i = 0; i < ARRIVALS_MAX_WAITING; i++) {
        struct http_answer answer = http_expect(waiting[i]);
        assert_error_answer(&answer, 503, "ServiceUnavailable");
    }
}

static void a_client_that_leaves_harms_nothing(void **state)
{
    struct wire *wire = *state;
    struct http_client *waiting[ARRIVALS_MAX_WAITING];
    struct http_client *other = wire_connect(wire);
    const char *arn = wire_create_channel(wire, other, "lobby");
    fill_up(wire, wire_port(wire), waiting);

    for (size_t i = 0; i < ARRIVALS_MAX_WAITING; i++)
        http_end_sending(waiting[i]);
    call_with_arn(wire, other, "StartStream", arn, 200);

    struct http_answer answer;
    do {
        answer = http_post(other, "/_ivs-local/WaitForEvents", WAIT_FOR("Stream Start"));
    } while (answer.reply.status == 503); /* until a place is free */
    assert_success(answer.reply, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test(an_event_ends_the_waiting_for_it),
        wire_test(as_many_calls_as_can_wait_keep_no_other_from_causing_the_event),
        wire_test(the_time_is_real_and_ends_the_waiting),
        wire_test(a_restored_snapshot_makes_the_waiting_begin_anew),
        wire_test_without_server(a_stop_ends_all_waiting),
        wire_test(a_client_that_leaves_harms_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
