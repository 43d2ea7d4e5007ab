/*
 * ListDeliveries and ResendEvent: what each target got, is owed and refused. The server
 * is a process, and its targets are in the test.
 *
 * A delivery is noted after its response and before the next request. So the tests look
 * at what came before a request that has arrived and has no response yet.
 */
#include "support/sink.h"
#include "support/wire.h"

#include <signal.h>
#include <string.h>

#include "support/cmocka_all.h"

#define OTHER_ACCOUNT                                                                    \
    "Authorization: AWS4-HMAC-SHA256 "                                                   \
    "Credential=123456789012/20260101/us-east-1/ivs/aws4_request\r\n"

/* The members that name the default scope. */
#define OWNER "\"account\":\"000000000000\",\"region\":\"us-east-1\""

static const char *url_of(struct wire *wire, const struct sink *sink, const char *path)
{
    return wire_printf(wire, "http://127.0.0.1:%d%s", sink_port(sink), path);
}

static struct http_client *serve(struct wire *wire, const char *db, const char *url)
{
    struct program *program = wire_serve(wire, db, "--events-to", url);

    return wire_connect_to(wire, program_port(program));
}

static void act(struct wire *wire, struct http_client *client, const char *operation,
                const char *channel, const char *members)
{
    struct http_answer answer =
        http_post(client, wire_printf(wire, "/_ivs-local/%s", operation),
                  wire_printf(wire, "{\"channelArn\":\"%s\"%s}", channel, members));

    assert_null(answer.reply.error);
}

/* Two events. Returns the channel. */
static const char *start_stream_of(struct wire *wire, struct http_client *client)
{
    const char *channel = wire_create_channel(wire, client, "lobby");

    act(wire, client, "StartStream", channel, "");
    return channel;
}

static struct reply list(struct wire *wire, struct http_client *client,
                         const char *members)
{
    struct http_answer answer = http_post(client, "/_ivs-local/ListDeliveries",
                                          wire_printf(wire, "{%s}", members));

    assert_success(answer.reply, 200);
    return answer.reply;
}

/* The state, the number of attempts and the status of each delivery. */
static const char *states(struct wire *wire, struct reply reply)
{
    const char *all = "";

    for (int i = 0; i < reply_count(reply, "deliveries"); i++) {
        const char *row = wire_printf(wire, "deliveries.%d", i);
        const char *status = wire_printf(wire, "%s.status", row);
        all = wire_printf(wire, "%s%s%s %d %d", all, i > 0 ? ", " : "",
                          reply_string(reply, wire_printf(wire, "%s.state", row)),
                          (int)reply_int(reply, wire_printf(wire, "%s.attempts", row)),
                          reply_has(reply, status) ? (int)reply_int(reply, status) : 0);
    }
    return all;
}

static void what_a_target_got_refused_and_is_owed_is_listed(void **state)
{
    struct wire *wire = *state;
    struct sink *sink = sink_new();
    struct http_client *client = serve(wire, ":memory:", url_of(wire, sink, "/hook?a=1"));
    sink_plan(sink, 404, "");
    sink_plan(sink, 200, "");
    sink_plan(sink, SINK_HOLD, "");

    const char *channel = start_stream_of(wire, client);
    act(wire, client, "UpdateStream", channel, ",\"health\":\"STARVING\"");
    sink_expect(sink, 3);
    struct reply reply = list(wire, client, "");

    assert_string_equal(states(wire, reply),
                        "REFUSED 1 404, DELIVERED 1 200, PENDING 0 0");
    const char *shown = url_of(wire, sink, "/***");
    assert_json(reply, "targets",
                "[{\"target\":\"%s\",\"deliveredCount\":1,\"pendingCount\":1,"
                "\"refusedCount\":1,\"droppedCount\":0,\"lostCount\":0,"
                "\"lastDelivered\":{\"eventId\":\"%s\",\"time\":\"%s\",\"status\":200},"
                "\"lastError\":{\"eventId\":\"%s\",\"time\":\"%s\",\"status\":404,"
                "\"reason\":\"status 404\"}}]",
                shown, reply_string(reply, "deliveries.1.eventId"),
                reply_string(reply, "deliveries.1.time"),
                reply_string(reply, "deliveries.0.eventId"),
                reply_string(reply, "deliveries.0.time"));
    assert_json(reply, "deliveries.2",
                "{\"eventId\":\"%s\",\"detailType\":\"IVS Stream Health Change\","
                "\"eventName\":\"Starvation Start\",\"target\":\"%s\","
                "\"state\":\"PENDING\",\"attempts\":0," OWNER "}",
                reply_string(reply, "deliveries.2.eventId"), shown);
    struct reply events = http_post(client, "/_ivs-local/ListEvents", "{}").reply;
    for (int i = 0; i < 3; i++)
        assert_string_equal(
            reply_string(events, wire_printf(wire, "events.%d.id", i)),
            reply_string(reply, wire_printf(wire, "deliveries.%d.eventId", i)));
    sink_free(sink);
}

/* The list after a target gave these responses and has another request. */
static struct reply list_after(struct wire *wire, struct sink *sink, const int *statuses,
                               size_t count)
{
    struct http_client *client = serve(wire, ":memory:", url_of(wire, sink, "/"));

    for (size_t i = 0; i < count; i++)
        sink_plan(sink, statuses[i], "");
    sink_plan(sink, SINK_HOLD, "");
    start_stream_of(wire, client);
    sink_expect(sink, count + 1);
    return list(wire, client, "");
}

static void the_failures_of_an_event_are_counted(void **state)
{
    struct wire *wire = *state;
    struct sink *sink = sink_new();

    struct reply reply = list_after(wire, sink, (const int[]){503, 429}, 2);

    assert_string_equal(states(wire, reply), "PENDING 2 429, PENDING 0 0");
    assert_string_equal(reply_string(reply, "deliveries.0.reason"), "status 429");
    assert_string_equal(reply_string(reply, "targets.0.lastError.eventId"),
                        reply_string(reply, "deliveries.0.eventId"));
    assert_int_equal(reply_int(reply, "targets.0.pendingCount"), 2);
    sink_free(sink);
}

static void a_delivered_event_has_no_reason_any_more(void **state)
{
    struct wire *wire = *state;
    struct sink *sink = sink_new();

    struct reply reply = list_after(wire, sink, (const int[]){503, 429, 200}, 3);

    assert_string_equal(states(wire, reply), "DELIVERED 3 200, PENDING 0 0");
    assert_false(reply_has(reply, "deliveries.0.reason"));
    assert_false(reply_has(reply, "targets.0.lastError"));
    sink_free(sink);
}

/* A server with two targets, of which one refuses all three events and the other one got
 * two. */
struct pair {
    struct sink *good, *bad;
    struct http_client *client;
};

static struct pair serve_pair(struct wire *wire)
{
    struct pair pair = {.good = sink_new(), .bad = sink_new()};
    const char *args[] = {
        "--port=0", "--db=:memory:",
        wire_printf(wire, "--events-to=%s", url_of(wire, pair.good, "/good")),
        wire_printf(wire, "--events-to=%s", url_of(wire, pair.bad, "")), NULL};
    struct program *program = wire_run(wire, args);

    pair.client = wire_connect_to(wire, program_port(program));
    sink_plan(pair.good, 200, "");
    sink_plan(pair.good, 200, "");
    sink_plan(pair.good, SINK_HOLD, "");
    for (int i = 0; i < 3; i++)
        sink_plan(pair.bad, 400, "");
    sink_plan(pair.bad, SINK_HOLD, "");
    const char *channel = start_stream_of(wire, pair.client);
    act(wire, pair.client, "UpdateStream", channel, ",\"health\":\"STARVING\"");
    act(wire, pair.client, "UpdateStream", channel, ",\"health\":\"HEALTHY\"");
    sink_expect(pair.good, 3);
    sink_expect(pair.bad, 4);
    return pair;
}

static void end_pair(const struct pair *pair)
{
    sink_free(pair->good);
    sink_free(pair->bad);
}

static void the_list_is_filtered_by_target_event_and_state(void **state)
{
    struct wire *wire = *state;
    struct pair pair = serve_pair(wire);
    const char *good = url_of(wire, pair.good, "/good"),
               *bad = url_of(wire, pair.bad, "");

    struct reply of_good =
        list(wire, pair.client, wire_printf(wire, "\"target\":\"%s\"", good));
    struct reply of_shown =
        list(wire, pair.client,
             wire_printf(wire, "\"target\":\"%s\"", url_of(wire, pair.good, "/***")));
    struct reply of_bad =
        list(wire, pair.client, wire_printf(wire, "\"target\":\"%s\"", bad));
    struct reply refused = list(wire, pair.client, "\"state\":\"REFUSED\"");
    struct reply pending = list(wire, pair.client, "\"state\":\"PENDING\"");
    struct reply of_event =
        list(wire, pair.client,
             wire_printf(wire, "\"eventId\":\"%s\"",
                         reply_string(of_good, "deliveries.0.eventId")));
    struct reply of_nothing = list(wire, pair.client, "\"eventId\":\"none\"");

    assert_string_equal(states(wire, of_good),
                        "DELIVERED 1 200, DELIVERED 1 200, PENDING 0 0, PENDING 0 0");
    assert_int_equal(reply_count(of_good, "targets"), 1);
    assert_string_equal(states(wire, of_shown), states(wire, of_good));
    assert_string_equal(reply_string(of_bad, "targets.0.target"), bad);
    assert_int_equal(reply_int(of_bad, "targets.0.refusedCount"), 3);
    assert_string_equal(states(wire, refused),
                        "REFUSED 1 400, REFUSED 1 400, REFUSED 1 400");
    assert_string_equal(states(wire, pending), "PENDING 0 0, PENDING 0 0, PENDING 0 0");
    assert_int_equal(reply_count(of_event, "deliveries"), 2);
    assert_int_equal(reply_count(of_event, "targets"), 2);
    assert_int_equal(reply_count(of_nothing, "deliveries"), 0);
    end_pair(&pair);
}

static void the_pages_of_the_list_are_the_whole_list(void **state)
{
    struct wire *wire = *state;
    struct pair pair = serve_pair(wire);
    const char *all = states(wire, list(wire, pair.client, ""));
    const char *pages = "", *more = "";
    int count = 0;

    do {
        struct reply page =
            list(wire, pair.client, wire_printf(wire, "\"maxResults\":3%s", more));
        pages = wire_printf(wire, "%s%s%s", pages, count++ > 0 ? ", " : "",
                            states(wire, page));
        more = reply_has(page, "nextToken") ? wire_printf(wire, ",\"nextToken\":\"%s\"",
                                                          reply_string(page, "nextToken"))
                                            : "";
    } while (more[0] != '\0');

    assert_int_equal(count, 3);
    assert_string_equal(pages, all);
    end_pair(&pair);
}

static void an_unknown_target_is_refused_with_the_targets(void **state)
{
    struct wire *wire = *state;
    struct pair pair = serve_pair(wire);
    const char *good = url_of(wire, pair.good, "/***"), *bad = url_of(wire, pair.bad, "");
    bool good_first = strcmp(good, bad) < 0;

    struct reply reply = http_post(pair.client, "/_ivs-local/ListDeliveries",
                                   "{\"target\":\"http://127.0.0.1:1/\"}")
                             .reply;

    assert_error_says(reply, 400, "ValidationException",
                      wire_printf(wire,
                                  "ListDeliveries.target is not a target. The targets "
                                  "are %s, %s",
                                  good_first ? good : bad, good_first ? bad : good));
    end_pair(&pair);
}

static void a_target_that_fits_two_must_be_named_in_full(void **state)
{
    struct wire *wire = *state;
    struct sink *sink = sink_new();
    const char *a = url_of(wire, sink, "/a"), *b = url_of(wire, sink, "/b");
    const char *args[] = {"--port=0",
                          "--db=:memory:", wire_printf(wire, "--events-to=%s", a),
                          wire_printf(wire, "--events-to=%s", b), NULL};
    struct http_client *client =
        wire_connect_to(wire, program_port(wire_run(wire, args)));

    struct reply both =
        http_post(client, "/_ivs-local/ListDeliveries",
                  wire_printf(wire, "{\"target\":\"%s\"}", url_of(wire, sink, "/***")))
            .reply;
    struct reply one = list(wire, client, wire_printf(wire, "\"target\":\"%s\"", b));

    assert_error_begins(both, 400, "ValidationException",
                        "ListDeliveries.target fits several targets; ");
    assert_int_equal(reply_count(one, "targets"), 1);
    sink_free(sink);
}

static void without_targets_the_list_is_empty(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    start_stream_of(wire, client);

    assert_json(list(wire, client, ""), "",
                "{\"targets\":[],\"deliveries\":[]," OWNER "}");
    assert_error_says(http_post(client, "/_ivs-local/ListDeliveries",
                                "{\"target\":\"http://127.0.0.1:1/\"}")
                          .reply,
                      400, "ValidationException",
                      "ListDeliveries.target: there are no targets; --events-to adds "
                      "them");
}

static void an_account_sees_its_own_deliveries_only(void **state)
{
    struct wire *wire = *state;
    struct sink *sink = sink_new();
    struct http_client *client = serve(wire, ":memory:", url_of(wire, sink, "/"));
    sink_plan(sink, 200, "");
    sink_plan(sink, SINK_HOLD, "");
    start_stream_of(wire, client);
    sink_expect(sink, 2);

    assert_true(http_send_request(client, "POST", "/_ivs-local/ListDeliveries",
                                  OTHER_ACCOUNT, "{}", 2));
    struct reply theirs = http_expect(client).reply;

    assert_success(theirs, 200);
    assert_int_equal(reply_count(theirs, "deliveries"), 0);
    assert_int_equal(reply_int(theirs, "targets.0.deliveredCount"), 0);
    assert_int_equal(reply_int(theirs, "targets.0.pendingCount"), 0);
    assert_false(reply_has(theirs, "targets.0.lastDelivered"));
    struct reply of_all = list(wire, client, "\"allAccounts\":true");
    assert_string_equal(states(wire, of_all), "DELIVERED 1 200, PENDING 0 0");
    assert_int_equal(reply_int(of_all, "targets.0.deliveredCount"), 1);
    assert_int_equal(reply_int(of_all, "targets.0.pendingCount"), 1);
    assert_true(reply_has(of_all, "targets.0.lastDelivered"));
    sink_free(sink);
}

static void the_list_survives_a_restart_but_no_reset(void **state)
{
    struct wire *wire = *state;
    struct sink *sink = sink_new();
    const char *db = wire_path(wire, "ivs.db"), *url = url_of(wire, sink, "/");
    sink_plan(sink, 410, "");
    sink_plan(sink, SINK_HOLD, "");
    struct program *program = wire_serve(wire, db, "--events-to", url);
    start_stream_of(wire, wire_connect_to(wire, program_port(program)));
    sink_expect(sink, 2);
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);
    sink_plan(sink, SINK_HOLD, "");

    struct http_client *client = serve(wire, db, url);
    sink_expect(sink, 3);
    struct reply reply = list(wire, client, "");
    assert_success(http_post(client, "/_ivs-local/Reset", "{}").reply, 204);

    assert_string_equal(states(wire, reply), "REFUSED 1 410, PENDING 0 0");
    struct reply after = list(wire, client, "");
    assert_int_equal(reply_count(after, "deliveries"), 0);
    assert_int_equal(reply_int(after, "targets.0.refusedCount"), 0);
    sink_free(sink);
}

static void an_event_that_a_fault_dropped_is_listed_as_dropped(void **state)
{
    struct wire *wire = *state;
    struct sink *sink = sink_new();
    struct program *program =
        wire_serve(wire, ":memory:", "--events-to", url_of(wire, sink, "/"));
    struct http_client *client = wire_connect_to(wire, program_port(program));
    sink_plan(sink, 200, "");
    sink_plan(sink, SINK_HOLD, "");
    struct reply fault =
        http_post(client, "/_ivs-local/PutFault",
                  "{\"delivery\":\"DROP\",\"eventName\":\"Stream Start\"}")
            .reply;
    assert_success(fault, 200);

    const char *channel = start_stream_of(wire, client);
    act(wire, client, "UpdateStream", channel, ",\"health\":\"STARVING\"");
    sink_expect(sink, 2);
    struct reply reply = list(wire, client, "");

    assert_string_equal(states(wire, reply), "DELIVERED 1 200, DROPPED 0 0, PENDING 0 0");
    assert_string_equal(reply_string(reply, "deliveries.1.reason"),
                        wire_printf(wire, "fault %s", reply_string(fault, "faultId")));
    assert_int_equal(reply_int(reply, "targets.0.droppedCount"), 1);
    assert_false(reply_has(reply, "targets.0.lastError"));
    assert_non_null(strstr(sink_request(sink, 1).body, "Starvation Start"));
    struct reply faults = http_post(client, "/_ivs-local/ListFaults", "{}").reply;
    assert_int_equal(reply_int(faults, "faults.0.struck"), 1);
    program_expect(program, PROGRAM_ERR,
                   wire_printf(wire,
                               "event=\"fault applied\" name=\"Stream Start\" fault=%s",
                               reply_string(fault, "faultId")));
    sink_free(sink);
}

static struct reply resend(struct wire *wire, struct http_client *client,
                           const char *event_id, const char *members)
{
    return http_post(client, "/_ivs-local/ResendEvent",
                     wire_printf(wire, "{\"eventId\":\"%s\"%s}", event_id, members))
        .reply;
}

static void a_refused_event_is_sent_again_on_request(void **state)
{
    struct wire *wire = *state;
    struct sink *sink = sink_new();
    struct http_client *client = serve(wire, ":memory:", url_of(wire, sink, "/"));
    sink_plan(sink, 404, "");
    sink_plan(sink, 200, "");
    sink_plan(sink, 200, "");
    start_stream_of(wire, client);
    sink_expect(sink, 2);
    const char *id = reply_string(list(wire, client, ""), "deliveries.0.eventId");
    sink_plan(sink, 200, "");
    sink_plan(sink, SINK_HOLD, "");

    struct reply reply = resend(wire, client, id, "");
    sink_expect(sink, 3);

    assert_success(reply, 200);
    assert_json(reply, "deliveries",
                "[{\"eventId\":\"%s\",\"detailType\":\"IVS Stream State Change\","
                "\"eventName\":\"Session Created\",\"target\":\"%s\","
                "\"state\":\"PENDING\",\"attempts\":0," OWNER "}]",
                id, url_of(wire, sink, "/"));
    assert_string_equal(sink_request(sink, 2).body, sink_request(sink, 0).body);
    /* The next event shows that this one is noted. */
    start_stream_of(wire, client);
    sink_expect(sink, 5);
    assert_string_equal(states(wire, list(wire, client, "\"maxResults\":2")),
                        "DELIVERED 1 200, DELIVERED 1 200");
    sink_free(sink);
}

static void an_event_is_resent_before_those_that_wait(void **state)
{
    struct wire *wire = *state;
    struct sink *sink = sink_new();
    struct http_client *client = serve(wire, ":memory:", url_of(wire, sink, "/"));
    sink_plan(sink, 200, "");
    sink_plan(sink, 503, "");
    sink_plan(sink, SINK_HOLD, "");
    const char *channel = start_stream_of(wire, client);
    sink_expect(sink, 3);
    const char *id = reply_string(list(wire, client, ""), "deliveries.0.eventId");

    /* The response to the second event is still missing, and there is a third one. */
    act(wire, client, "UpdateStream", channel, ",\"health\":\"STARVING\"");
    assert_success(resend(wire, client, id, ""), 200);
    assert_int_equal(reply_int(list(wire, client, ""), "targets.0.pendingCount"), 3);
    sink_release(sink);
    sink_expect(sink, 5);

    assert_string_equal(sink_request(sink, 3).body, sink_request(sink, 0).body);
    assert_non_null(strstr(sink_request(sink, 4).body, "Starvation Start"));
    sink_free(sink);
}

static void an_event_is_resent_to_one_target_or_to_all(void **state)
{
    struct wire *wire = *state;
    struct pair pair = serve_pair(wire);
    const char *id = reply_string(list(wire, pair.client, ""), "deliveries.0.eventId");

    struct reply one =
        resend(wire, pair.client, id,
               wire_printf(wire, ",\"target\":\"%s\"", url_of(wire, pair.bad, "")));
    struct reply all = resend(wire, pair.client, id, "");

    assert_success(one, 200);
    assert_success(all, 200);
    /* The other one still shows that it was delivered before. */
    assert_int_equal(reply_count(one, "deliveries"), 1);
    assert_string_equal(reply_string(one, "deliveries.0.target"),
                        url_of(wire, pair.bad, ""));
    assert_int_equal(reply_count(all, "deliveries"), 2);
    sink_release(pair.good);
    sink_release(pair.bad);
    sink_expect(pair.good, 5);
    sink_expect(pair.bad, 5);
    assert_string_equal(sink_request(pair.good, 3).body, sink_request(pair.good, 0).body);
    assert_string_equal(sink_request(pair.bad, 4).body, sink_request(pair.bad, 0).body);
    end_pair(&pair);
}

static void an_event_to_resend_survives_a_restart(void **state)
{
    struct wire *wire = *state;
    struct sink *sink = sink_new();
    const char *db = wire_path(wire, "ivs.db"), *url = url_of(wire, sink, "/");
    sink_plan(sink, 200, "");
    sink_plan(sink, SINK_HOLD, "");
    struct program *program = wire_serve(wire, db, "--events-to", url);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    start_stream_of(wire, client);
    sink_expect(sink, 2);
    assert_success(resend(wire, client,
                          reply_string(list(wire, client, ""), "deliveries.0.eventId"),
                          ""),
                   200);
    struct http_answer metrics =
        http_call(client, "GET", "/_ivs-local/metrics", "", NULL);
    assert_true(metrics_value(metrics, "ivs_local_events_pending") == 2);
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);

    (void)serve(wire, db, url);
    sink_expect(sink, 4);

    assert_string_equal(sink_request(sink, 2).body, sink_request(sink, 0).body);
    assert_string_equal(sink_request(sink, 3).body, sink_request(sink, 1).body);
    sink_free(sink);
}

static void what_cannot_be_resent_is_refused(void **state)
{
    struct wire *wire = *state;
    struct pair pair = serve_pair(wire);
    struct http_client *without_targets = wire_connect_to(
        wire, program_port(wire_serve(wire, ":memory:", "--log-level", "error")));
    const char *id = reply_string(list(wire, pair.client, ""), "deliveries.0.eventId");

    assert_error_says(resend(wire, pair.client, "none", ""), 404,
                      "ResourceNotFoundException", "Event: none not found");
    assert_error_begins(
        resend(wire, pair.client, id, ",\"target\":\"http://127.0.0.1:1/\""), 400,
        "ValidationException", "ResendEvent.target is not a target. The targets are ");
    start_stream_of(wire, without_targets);
    const char *stored = reply_string(
        http_post(without_targets, "/_ivs-local/ListEvents", "{}").reply, "events.0.id");
    assert_error_begins(resend(wire, without_targets, stored, ""), 400,
                        "ValidationException",
                        "ResendEvent.target: there are no targets; ");
    assert_true(http_send_request(
        pair.client, "POST", "/_ivs-local/ResendEvent", OTHER_ACCOUNT,
        wire_printf(wire, "{\"eventId\":\"%s\"}", id), strlen(id) + 14));
    assert_error(http_expect(pair.client).reply, 404, "ResourceNotFoundException");
    end_pair(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(what_a_target_got_refused_and_is_owed_is_listed),
        wire_test_without_server(the_failures_of_an_event_are_counted),
        wire_test_without_server(a_delivered_event_has_no_reason_any_more),
        wire_test_without_server(the_list_is_filtered_by_target_event_and_state),
        wire_test_without_server(the_pages_of_the_list_are_the_whole_list),
        wire_test_without_server(an_unknown_target_is_refused_with_the_targets),
        wire_test_without_server(a_target_that_fits_two_must_be_named_in_full),
        wire_test(without_targets_the_list_is_empty),
        wire_test_without_server(an_account_sees_its_own_deliveries_only),
        wire_test_without_server(the_list_survives_a_restart_but_no_reset),
        wire_test_without_server(an_event_that_a_fault_dropped_is_listed_as_dropped),
        wire_test_without_server(a_refused_event_is_sent_again_on_request),
        wire_test_without_server(an_event_is_resent_before_those_that_wait),
        wire_test_without_server(an_event_is_resent_to_one_target_or_to_all),
        wire_test_without_server(an_event_to_resend_survives_a_restart),
        wire_test_without_server(what_cannot_be_resent_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
