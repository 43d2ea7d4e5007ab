/*
 * GET /_ivs-local/watch: which entries arrive for what happens, to whom, and who is
 * refused.
 */
#include "support/entries.h"
#include "support/wire.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "support/cmocka_all.h"

#define WATCH "/_ivs-local/watch"
#define ELSEWHERE                                                                        \
    "Authorization: AWS4-HMAC-SHA256 "                                                   \
    "Credential=123456789012/20210407/eu-west-1/ivs/aws4_request, "                      \
    "SignedHeaders=host, Signature=0\r\n"

static void watch_with(struct http_client *client, const char *target,
                       const char *headers)
{
    struct http_answer answer = entries_request(client, target, headers);

    assert_int_equal(answer.reply.status, 200);
    assert_header(&answer, "Content-Type", "text/event-stream");
    assert_non_null(strstr(http_header(&answer, "Cache-Control"), "no-store"));
}

static struct http_client *watch(struct wire *wire, const char *target)
{
    struct http_client *client = wire_connect(wire);

    watch_with(client, target, "");
    return client;
}

static struct http_answer control(struct http_client *client, const char *operation,
                                  const char *body)
{
    char target[64];

    snprintf(target, sizeof(target), "/_ivs-local/%s", operation);
    struct http_answer answer = http_post(client, target, body);
    assert_null(answer.reply.error);
    return answer;
}

static void create_elsewhere(struct http_client *client, const char *name)
{
    char body[64];

    snprintf(body, sizeof(body), "{\"name\":\"%s\"}", name);
    assert_success(http_call(client, "POST", "/CreateChannel", ELSEWHERE, body).reply,
                   200);
}

static void a_call_arrives_without_its_bodies(void **state)
{
    struct wire *wire = *state;
    struct http_client *watcher = watch(wire, WATCH "?kinds=request");
    struct http_client *client = wire_connect(wire);

    (void)http_call(client, "GET", "/_ivs-local/health", "", NULL); /* is not listed */
    struct http_answer answer = http_post(client, "/GetChannel",
                                          "{\"arn\":\"arn:aws:ivs:us-east-1:000000000000:"
                                          "channel/abcdABCDefgh\"}");

    struct entry entry =
        entries_expect(watcher, "request", "\"operation\":\"GetChannel\"");
    const char *const parts[] = {
        "\"method\":\"POST\",\"path\":\"/GetChannel\",\"service\":\"ivs\"",
        "\"account\":\"000000000000\",\"region\":\"us-east-1\",\"status\":404",
        "\"error\":\"ResourceNotFoundException\"",
        "\"message\":\"Resource: arn:aws:ivs:us-east-1:000000000000:channel/abcdABCDefgh "
        "not found\"",
        "\"durationMicros\":",
        http_header(&answer, "x-amzn-RequestId"),
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        assert_non_null(strstr(entry.data, parts[i]));
    assert_null(strstr(entry.data, "\"input\""));
    assert_null(strstr(entry.data, "\"output\""));
}

static void a_refused_call_arrives(void **state)
{
    struct wire *wire = *state;
    struct http_client *watcher = watch(wire, WATCH);

    (void)http_call(wire_connect(wire), "POST", "/ListChannels",
                    "Origin: https://evil.example\r\n", "{}");

    struct entry entry =
        entries_expect(watcher, "request", "\"error\":\"OriginRefusedException\"");
    assert_non_null(strstr(entry.data, "\"refused\":true"));
}

static void a_secret_in_a_path_is_hidden(void **state)
{
    struct wire *wire = *state;
    struct http_client *watcher = watch(wire, WATCH);

    (void)http_post(wire_connect(wire), "/sk_us-east-1_abcdABCDefgh_secretsecret", "{}");

    struct entry entry = entries_expect(watcher, "request", "\"status\":404");
    assert_null(strstr(entry.data, "secretsecret"));
}

static void a_stream_arrives_with_its_events(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *arn = wire_create_channel(wire, client, "lobby");
    struct http_client *events = watch(wire, WATCH "?kinds=event");
    struct http_client *streams = watch(wire, WATCH "?kinds=stream");
    const char *channel = wire_printf(wire, "{\"channelArn\":\"%s\"}", arn);

    (void)control(client, "StartStream", channel);
    (void)control(
        client, "UpdateStream",
        wire_printf(wire, "{\"channelArn\":\"%s\",\"health\":\"STARVING\"}", arn));
    (void)control(client, "EndStream", channel);

    (void)entries_expect(events, "event", "\"event_name\":\"Session Created\"");
    (void)entries_expect(events, "event", "\"event_name\":\"Stream Start\"");
    (void)entries_expect(events, "event", "\"event_name\":\"Starvation Start\"");
    (void)entries_expect(events, "event", "\"event_name\":\"Session Ended\"");
    (void)entries_expect(events, "event", "\"event_name\":\"Stream End\"");
    struct entry started = entries_expect(streams, "stream", "\"change\":\"STARTED\"");
    assert_non_null(strstr(started.data, arn));
    (void)entries_expect(streams, "stream", "\"change\":\"STARVING\"");
    (void)entries_expect(streams, "stream", "\"change\":\"ENDED\"");
}

static void a_fault_arrives_when_it_is_put_applied_and_deleted(void **state)
{
    struct wire *wire = *state;
    struct http_client *watcher = watch(wire, WATCH "?kinds=fault");
    struct http_client *client = wire_connect(wire);

    struct http_answer put =
        control(client, "PutFault",
                "{\"operation\":\"ListChannels\",\"error\":\"ThrottlingException\"}");
    const char *id =
        wire_printf(wire, "\"faultId\":\"%s\"", reply_string(put.reply, "faultId"));
    (void)http_post(client, "/ListChannels", "{}");
    (void)control(client, "DeleteFault", "{\"all\":true}");

    struct entry entry = entries_expect(watcher, "fault", "\"action\":\"PUT\"");
    assert_non_null(strstr(entry.data, id));
    assert_non_null(strstr(entry.data, "\"operation\":\"ListChannels\","
                                       "\"error\":\"ThrottlingException\""));
    entry = entries_expect(watcher, "fault", "\"action\":\"APPLIED\"");
    assert_non_null(strstr(entry.data, id));
    assert_non_null(strstr(entry.data, "\"service\":\"ivs\","
                                       "\"operation\":\"ListChannels\",\"requestId\":"));
    (void)entries_expect(watcher, "fault", "\"action\":\"DELETED\"");
}

static void a_clock_arrives_when_it_is_moved_and_reset(void **state)
{
    struct wire *wire = *state;
    struct http_client *watcher = watch(wire, WATCH "?kinds=clock,request");
    struct http_client *client = wire_connect(wire);

    (void)control(client, "AdvanceClock", "{\"seconds\":60}");
    (void)control(client, "ResetClock", "{}");

    (void)entries_expect(watcher, "clock", "\"offsetSeconds\":60");
    (void)entries_expect(watcher, "clock", "\"offsetSeconds\":0");
}

static void only_what_is_in_the_scope_arrives(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    struct http_client *own = watch(wire, WATCH);
    struct http_client *named =
        watch(wire, WATCH "?account=123456789012&region=eu-west-1");
    struct http_client *all = watch(wire, WATCH "?allAccounts=true&kinds=request");
    struct http_client *called = wire_connect(wire);
    watch_with(called, WATCH, ELSEWHERE);

    create_elsewhere(client, "hall");
    (void)wire_create_channel(wire, client, "lobby");
    create_elsewhere(client, "gate");

    (void)entries_expect(own, "request", "\"account\":\"000000000000\"");
    (void)entries_expect(all, "request", "\"account\":\"123456789012\"");
    (void)entries_expect(all, "request", "\"account\":\"000000000000\"");
    for (int i = 0; i < 2; i++) {
        (void)entries_expect(named, "request", "\"account\":\"123456789012\"");
        (void)entries_expect(called, "request", "\"region\":\"eu-west-1\"");
    }
}

static void a_reset_and_a_restored_snapshot_are_gaps(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    const char *arn = wire_create_channel(wire, client, "lobby");
    const char *channel = wire_printf(wire, "{\"channelArn\":\"%s\"}", arn);
    (void)control(client, "SaveSnapshot", "{\"name\":\"lobby\"}");
    struct http_client *watcher = watch(wire, WATCH "?kinds=stream");

    (void)control(client, "Reset", "{}");
    (void)control(client, "RestoreSnapshot", "{\"name\":\"lobby\"}");
    (void)control(client, "StartStream", channel);

    (void)entries_expect(watcher, "gap", "{\"reason\":\"RESET\"}");
    (void)entries_expect(watcher, "gap", "{\"reason\":\"RESTORED\"}");
    (void)entries_expect(watcher, "stream", "\"change\":\"STARTED\"");
}

static void a_client_goes_on_after_the_last_entry_it_has(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    struct http_client *first = watch(wire, WATCH);
    (void)wire_create_channel(wire, client, "lobby");
    struct entry last = entries_expect(first, "request", "CreateChannel");
    http_end_sending(first);
    assert_int_equal(wire_count_channels(client), 1);

    struct http_client *by_header = wire_connect(wire);
    watch_with(by_header, WATCH, wire_printf(wire, "Last-Event-ID: %s\r\n", last.id));
    struct http_client *by_query =
        watch(wire, wire_printf(wire, WATCH "?lastEventId=%s", last.id));
    struct http_client *unknown = watch(wire, WATCH "?lastEventId=7");

    (void)entries_expect(by_header, "request", "ListChannels");
    (void)entries_expect(by_query, "request", "ListChannels");
    (void)entries_expect(unknown, "gap", "{\"reason\":\"MISSED\"}");
}

static void what_cannot_be_watched_is_refused_with_the_choices(void **state)
{
    static const struct {
        const char *query;
        const char *error;
        const char *message;
    } rows[] = {
        {"kinds=request,faults",              "ValidationException",
         "Watch.kinds names an unknown kind: \"faults\". Did you mean fault? Valid names "
         "are request, event, stream, fault, clock"                   },
        {"kinds=request,",                    "ValidationException",
         "Watch.kinds names an unknown kind: \"\". Valid names are request, event, "
         "stream, "
         "fault, clock"                                               },
        {"kind=request",                      "ValidationException",
         "Watch has no parameter kind. Did you mean kinds? Valid names are account, "
         "region, allAccounts, kinds, lastEventId"                    },
        {"kinds=request&kinds=event",         "ValidationException",
         "Watch.kinds is given twice"                                 },
        {"allAccounts=true&region=us-east-1", "ValidationException",
         "Watch.allAccounts cannot be combined with account or region"},
        {"allAccounts=yes",                   "SerializationException",
         "Watch.allAccounts must be a boolean"                        },
        {"account=1",                         "ValidationException",
         "Watch.account must have a length of between 12 and 12"      },
    };
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_answer answer = http_call(
            client, "GET", wire_printf(wire, WATCH "?%s", rows[i].query), "", NULL);
        assert_error_says(answer.reply, 400, rows[i].error, rows[i].message);
    }
}

static void foreign_web_pages_are_refused(void **state)
{
    static const char *const headers[] = {
        "Origin: https://evil.example\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
    };
    struct wire *wire = *state;
    struct http_client *page = wire_connect(wire);

    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        struct http_answer answer =
            http_call(wire_connect(wire), "GET", WATCH, headers[i], NULL);
        assert_error_answer(&answer, 403, "OriginRefusedException");
    }
    watch_with(page, WATCH, "Origin: http://localhost:3000\r\n");
}

static const char *const verified[] = {"--auth=sigv4", NULL};

static void no_signature_is_needed(void **state)
{
    struct wire *wire = *state;
    struct http_client *watcher = watch(wire, WATCH);

    (void)http_post(wire_connect(wire), "/ListChannels", "{}");

    (void)entries_expect(watcher, "request", "MissingAuthenticationTokenException");
}

static void a_head_gets_the_headers(void **state)
{
    struct wire *wire = *state;
    struct http_client *client = wire_connect(wire);
    struct http_answer answer = {0};

    assert_true(http_send_request(client, "HEAD", WATCH, "", NULL, 0));
    assert_int_equal(http_receive(client, true, &answer), HTTP_ANSWER);

    assert_int_equal(answer.reply.status, 200);
    assert_header(&answer, "Content-Type", "text/event-stream");
}

static void a_seed_cannot_watch(void **state)
{
    struct wire *wire = *state;

    struct http_answer answer = http_post(wire_connect(wire), "/_ivs-local/Seed",
                                          "{\"calls\":[{\"operation\":\"Watch\"}]}");

    assert_error_says(answer.reply, 400, "ValidationException",
                      "calls[0] Watch: The operation cannot be used in a seed");
}

static void a_stop_ends_the_stream(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", "--quotas", "off");
    struct http_client *client = wire_connect_to(wire, program_port(program));
    watch_with(client, WATCH, "");

    program_signal(program, SIGTERM);

    entries_expect_end(client);
    assert_int_equal(program_end(program), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test(a_call_arrives_without_its_bodies),
        wire_test(a_refused_call_arrives),
        wire_test(a_secret_in_a_path_is_hidden),
        wire_test(a_stream_arrives_with_its_events),
        wire_test(a_fault_arrives_when_it_is_put_applied_and_deleted),
        wire_test(a_clock_arrives_when_it_is_moved_and_reset),
        wire_test(only_what_is_in_the_scope_arrives),
        wire_test(a_reset_and_a_restored_snapshot_are_gaps),
        wire_test(a_client_goes_on_after_the_last_entry_it_has),
        wire_test(what_cannot_be_watched_is_refused_with_the_choices),
        wire_test(foreign_web_pages_are_refused),
        wire_test_with(no_signature_is_needed, verified),
        wire_test(a_head_gets_the_headers),
        wire_test(a_seed_cannot_watch),
        wire_test_without_server(a_stop_ends_the_stream),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
