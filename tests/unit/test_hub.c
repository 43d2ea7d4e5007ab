/*
 * Those who watch: who gets which entry, which entries are kept, and what becomes of a
 * client that is too slow.
 */
#include "watch/hub.h"

#include "base/json.h"
#include "http/stream.h"
#include "support/entries.h"
#include "support/host.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/cmocka_all.h"

enum {
    FIRST_ID = 1000,
    LONG_LINGER_MS = 60 * 60 * 1000,
    BIG_BYTES = 7000,
    MANY = 5000, /* so many of these are more than the buffers of a connection hold */
};

static const struct scope here = {.account = "000000000000", .region = "us-east-1"};
static const struct scope there = {.account = "000000000000", .region = "eu-west-1"};

struct fixture {
    struct host *host;
    struct hub *hub;
};

/* The target says what is watched: /all, /here, /faults; X-Last is the last id. */
static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct fixture *fixture = context;
    struct watch_filter filter = {.kinds = (1U << WATCH_KINDS) - 1};

    if (strcmp(request->target, "/here") == 0)
        filter.scope = &here;
    if (strcmp(request->target, "/faults") == 0)
        filter.kinds = 1U << WATCH_FAULT;
    struct watcher *watcher =
        hub_open(fixture->hub, &filter, http_request_header(request, "X-Last"));
    response->status = watcher != NULL ? 200 : 503;
    if (watcher != NULL)
        http_respond_stream(response, watcher_stream(watcher));
}

static void start(struct fixture *fixture, int64_t linger_ms)
{
    fixture->hub = hub_new(FIRST_ID, linger_ms);
    fixture->host = host_new();
    host_start(fixture->host, &(struct http_options){.body_limit = 1000,
                                                     .handler = handle,
                                                     .context = fixture});
}

static int setup(void **state)
{
    static struct fixture fixture;

    json_init();
    start(&fixture, LONG_LINGER_MS);
    *state = &fixture;
    return 0;
}

static int setup_forgetful(void **state)
{
    static struct fixture fixture;

    json_init();
    start(&fixture, 0);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    host_free(fixture->host);
    hub_free(fixture->hub);
    return 0;
}

static void watch_since(struct http_client *client, const char *target, const char *id)
{
    char header[64] = "";

    if (id != NULL)
        snprintf(header, sizeof(header), "X-Last: %s\r\n", id);
    assert_int_equal(entries_request(client, target, header).reply.status, 200);
}

static struct http_client *watch(struct fixture *fixture, const char *target)
{
    struct http_client *client = host_connect(fixture->host);

    watch_since(client, target, NULL);
    return client;
}

static void publish(struct fixture *fixture, enum watch_kind kind, struct scope scope,
                    const char *text)
{
    cJSON *entry AUTO(json_done) = cJSON_CreateString(text);

    hub_publish(fixture->hub, kind, scope, entry);
}

static void an_entry_is_an_event_with_an_id_and_one_line_of_data(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *client = host_connect(fixture->host);
    static const char expected[] = "retry: 1000\nid: 1001\n\n"
                                   "event: clock\nid: 1002\ndata: \"a\\nb\"\n\n";

    watch_since(client, "/all", NULL);
    publish(fixture, WATCH_CLOCK, here, "a\nb");

    const char *bytes = http_receive_bytes(client, sizeof(expected) - 1);
    assert_non_null(bytes);
    assert_memory_equal(bytes, expected, sizeof(expected) - 1);
}

static void entries_go_to_those_who_watch_their_scope_and_kind(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *all = watch(fixture, "/all");
    struct http_client *own = watch(fixture, "/here");
    struct http_client *faults = watch(fixture, "/faults");

    publish(fixture, WATCH_REQUEST, there, "1");
    publish(fixture, WATCH_FAULT, there, "2");
    publish(fixture, WATCH_EVENT, here, "3");
    publish(fixture, WATCH_FAULT, here, "4");
    hub_publish_gap(fixture->hub, &there, "RESET");
    hub_publish_gap(fixture->hub, NULL, "RESTORED");

    (void)entries_expect(all, "request", "1");
    (void)entries_expect(all, "fault", "2");
    (void)entries_expect(all, "event", "3");
    (void)entries_expect(all, "fault", "4");
    (void)entries_expect(all, "gap", "{\"reason\":\"RESET\"}");
    (void)entries_expect(all, "gap", "{\"reason\":\"RESTORED\"}");
    (void)entries_expect(own, "event", "3");
    (void)entries_expect(own, "fault", "4");
    (void)entries_expect(own, "gap", "{\"reason\":\"RESTORED\"}");
    (void)entries_expect(faults, "fault", "2");
    (void)entries_expect(faults, "fault", "4");
    (void)entries_expect(faults, "gap", "{\"reason\":\"RESET\"}");
}

static void nothing_is_made_or_kept_before_anybody_watches(void **state)
{
    struct fixture *fixture = *state;

    assert_false(hub_is_watched(fixture->hub));
    publish(fixture, WATCH_REQUEST, here, "early");
    struct http_client *client = host_connect(fixture->host);
    watch_since(client, "/all", "1000");

    /* Nobody can say whether something happened before. */
    (void)entries_expect(client, "gap", "{\"reason\":\"MISSED\"}");
    assert_true(hub_is_watched(fixture->hub));
    publish(fixture, WATCH_REQUEST, here, "late");
    (void)entries_expect(client, "request", "late");
}

static void a_client_that_comes_back_gets_what_it_missed(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *first = watch(fixture, "/here");
    publish(fixture, WATCH_REQUEST, here, "1");
    struct entry last = entries_expect(first, "request", "1");
    host_disconnect(fixture->host, first);

    publish(fixture, WATCH_REQUEST, here, "2");
    publish(fixture, WATCH_REQUEST, there, "3");
    publish(fixture, WATCH_FAULT, here, "4");
    struct http_client *again = host_connect(fixture->host);
    watch_since(again, "/here", last.id);
    publish(fixture, WATCH_REQUEST, here, "5");

    (void)entries_expect(again, "request", "2");
    last = entries_expect(again, "fault", "4");
    (void)entries_expect(again, "request", "5");
    struct http_client *third = host_connect(fixture->host);
    watch_since(third, "/here", last.id);
    (void)entries_expect(third, "request", "5");
}

static void an_id_that_the_server_did_not_give_is_a_gap(void **state)
{
    static const char *const ids[] = {"999", "1002", "99999999999999999999", "-1", "x"};
    struct fixture *fixture = *state;
    struct http_client *first = watch(fixture, "/all"); /* at 1001 */

    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        struct http_client *client = host_connect(fixture->host);
        watch_since(client, "/all", ids[i]);
        struct entry gap = entries_expect(client, "gap", "{\"reason\":\"MISSED\"}");
        assert_string_equal(gap.id, "1001");
    }
    publish(fixture, WATCH_REQUEST, here, "1");
    (void)entries_expect(first, "request", "1");
}

static void only_so_many_entries_are_kept(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *first = watch(fixture, "/faults"); /* at 1001 */
    struct http_client *second = host_connect(fixture->host);
    struct http_client *third = host_connect(fixture->host);

    for (int i = 0; i <= HUB_RECENT_ENTRIES; i++)
        publish(fixture, WATCH_REQUEST, here, "1");
    watch_since(second, "/all", "1001");
    watch_since(third, "/all", "1002");
    publish(fixture, WATCH_FAULT, here, "end");

    (void)entries_expect(second, "gap", "{\"reason\":\"MISSED\"}");
    (void)entries_expect(second, "fault", "end");
    for (int i = 0; i < HUB_RECENT_ENTRIES; i++)
        (void)entries_expect(third, "request", "1");
    (void)entries_expect(third, "fault", "end");
    (void)entries_expect(first, "fault", "end");
}

static void only_so_many_bytes_are_kept(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *first = watch(fixture, "/faults"); /* at 1001 */
    struct http_client *second = host_connect(fixture->host);
    char text[BIG_BYTES + 1];

    memset(text, 'a', BIG_BYTES);
    text[BIG_BYTES] = '\0';
    for (int i = 0; i <= HUB_RECENT_MAX_BYTES / BIG_BYTES; i++)
        publish(fixture, WATCH_REQUEST, here, text);
    watch_since(second, "/all", "1001");
    publish(fixture, WATCH_FAULT, here, "end");

    (void)entries_expect(second, "gap", "{\"reason\":\"MISSED\"}");
    (void)entries_expect(second, "fault", "end");
    (void)entries_expect(first, "fault", "end");
}

static void a_client_that_does_not_read_is_disconnected_alone(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *slow = host_connect_narrow(fixture->host);
    struct http_client *other = watch(fixture, "/faults");
    char text[BIG_BYTES + 1];
    int received = 0;

    memset(text, 'a', BIG_BYTES);
    text[BIG_BYTES] = '\0';
    watch_since(slow, "/all", NULL);
    for (int i = 0; i < MANY; i++)
        publish(fixture, WATCH_REQUEST, here, text);
    publish(fixture, WATCH_FAULT, here, "end");

    (void)entries_expect(other, "fault", "end");
    while (http_receive_bytes(slow, BIG_BYTES) != NULL)
        received++;
    assert_true(received < MANY);
}

static void when_nobody_came_back_nothing_is_kept(void **state)
{
    struct fixture *fixture = *state;
    uint64_t period = hub_period(fixture->hub);
    struct http_client *first = watch(fixture, "/all");
    assert_true(hub_period(fixture->hub) == period + 1);
    publish(fixture, WATCH_REQUEST, here, "1");
    struct entry last = entries_expect(first, "request", "1");
    host_disconnect(fixture->host, first);
    while (hub_is_watched(fixture->hub)) /* until the server has noticed */
        publish(fixture, WATCH_REQUEST, here, "2");

    struct http_client *again = host_connect(fixture->host);
    watch_since(again, "/all", last.id);

    (void)entries_expect(again, "gap", "{\"reason\":\"MISSED\"}");
    assert_true(hub_period(fixture->hub) == period + 2);
}

static void so_many_can_watch_and_no_more(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *clients[HUB_MAX_WATCHERS];
    int status;

    for (size_t i = 0; i < HUB_MAX_WATCHERS; i++)
        clients[i] = watch(fixture, "/all");
    struct http_answer refused =
        http_call(host_connect(fixture->host), "GET", "/all", "", NULL);
    assert_int_equal(refused.reply.status, 503);

    host_disconnect(fixture->host, clients[0]);
    do /* until the server has noticed */
        status = entries_request(host_connect(fixture->host), "/all", "").reply.status;
    while (status == 503);
    assert_int_equal(status, 200);
}

static void a_beat_is_a_comment(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *client = host_connect(fixture->host);
    static const char expected[] = "retry: 1000\nid: 1001\n\n:\n\n:\n\n";

    watch_since(client, "/all", NULL);
    hub_beat(fixture->hub);
    hub_beat(fixture->hub);

    const char *bytes = http_receive_bytes(client, sizeof(expected) - 1);
    assert_non_null(bytes);
    assert_memory_equal(bytes, expected, sizeof(expected) - 1);
}

static void the_end_of_the_hub_ends_all_streams(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *client = watch(fixture, "/all");
    publish(fixture, WATCH_REQUEST, here, "1");

    hub_end(fixture->hub);
    publish(fixture, WATCH_REQUEST, here, "2");
    hub_beat(fixture->hub);

    (void)entries_expect(client, "request", "1");
    entries_expect_end(client);
    assert_int_equal(
        http_call(host_connect(fixture->host), "GET", "/all", "", NULL).reply.status,
        503);
}

static void a_watcher_whose_stream_was_not_taken_can_be_freed(void **state)
{
    struct fixture *fixture = *state;
    const struct watch_filter filter = {.kinds = 1};

    for (int i = 0; i <= HUB_MAX_WATCHERS; i++) {
        struct watcher *watcher = hub_open(fixture->hub, &filter, NULL);
        assert_non_null(watcher);
        publish(fixture, WATCH_REQUEST, here, "1");
        watcher_free(watcher);
    }
    watcher_free(NULL);
}

#define HUB_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HUB_TEST(an_entry_is_an_event_with_an_id_and_one_line_of_data),
        HUB_TEST(entries_go_to_those_who_watch_their_scope_and_kind),
        HUB_TEST(nothing_is_made_or_kept_before_anybody_watches),
        HUB_TEST(a_client_that_comes_back_gets_what_it_missed),
        HUB_TEST(an_id_that_the_server_did_not_give_is_a_gap),
        HUB_TEST(only_so_many_entries_are_kept),
        HUB_TEST(only_so_many_bytes_are_kept),
        HUB_TEST(a_client_that_does_not_read_is_disconnected_alone),
        cmocka_unit_test_setup_teardown(when_nobody_came_back_nothing_is_kept,
                                        setup_forgetful, teardown),
        HUB_TEST(so_many_can_watch_and_no_more),
        HUB_TEST(a_beat_is_a_comment),
        HUB_TEST(the_end_of_the_hub_ends_all_streams),
        HUB_TEST(a_watcher_whose_stream_was_not_taken_can_be_freed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
