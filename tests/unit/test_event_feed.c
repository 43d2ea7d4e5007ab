/*
 * The feed of events for those who watch: from which event on, and what it says about
 * streams; and the beats, which are sent without any event.
 */
#include "api/event_feed.h"

#include "base/json.h"
#include "data/event.h"
#include "store/snapshot.h"
#include "store/txn.h"
#include "support/entries.h"
#include "support/host.h"

#include <string.h>

#include "support/cmocka_all.h"

enum { LONG_MS = 60 * 60 * 1000, SHORT_MS = 1 };

static const struct scope home = {.account = "000000000000", .region = "us-east-1"};

struct fixture {
    struct host *host;
    struct store *store;
    struct hub *hub;
    struct event_feed *feed;
};

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct fixture *fixture = context;
    const struct watch_filter filter = {.kinds = (1U << WATCH_KINDS) - 1};
    struct txn *txn AUTO(txn_abandon) =
        txn_begin(fixture->store, request->arena, TXN_READ);
    struct watcher *watcher = hub_open(fixture->hub, &filter, NULL);

    response->status = event_feed_begin(fixture->feed, txn) == DB_DONE ? 200 : 500;
    http_respond_stream(response, watcher_stream(watcher));
}

static struct fixture *start(int64_t beat_ms)
{
    static struct fixture fixture;
    const char *why = NULL;

    json_init();
    fixture.host = host_new();
    fixture.store = store_open(":memory:", host_arena(fixture.host), &why);
    assert_non_null(fixture.store);
    fixture.hub = hub_new(0, LONG_MS);
    fixture.feed = event_feed_new(fixture.store, fixture.hub, beat_ms);
    assert_int_equal(event_feed_run(fixture.feed), 0);
    host_start(fixture.host, &(struct http_options){.body_limit = 1000,
                                                    .handler = handle,
                                                    .context = &fixture});
    return &fixture;
}

static int setup(void **state)
{
    *state = start(LONG_MS);
    return 0;
}

static int setup_beating(void **state)
{
    *state = start(SHORT_MS);
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    host_stop(fixture->host, HOST_LONG_GRACE_MS);
    event_feed_free(fixture->feed);
    hub_free(fixture->hub);
    store_close(fixture->store);
    host_free(fixture->host);
    return 0;
}

/* Writes an event of the channel x, `times` times in one transaction. */
static void write_events(struct fixture *fixture, const char *name, int times)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin(fixture->store, arena, TXN_WRITE);
    const struct event event = {
        .detail_type = "IVS Stream State Change",
        .resource_arn = "x",
        .envelope = arena_printf(
            arena,
            "{\"account\":\"%s\",\"region\":\"%s\",\"time\":\"now\",\"detail\":"
            "{\"event_name\":\"%s\",\"channel_name\":\"lobby\",\"stream_id\":\"st-1\"}}",
            home.account, home.region, name)};

    for (int i = 0; i < times; i++)
        assert_int_equal(event_insert(txn, home, &event), DB_DONE);
    assert_int_equal(txn_commit(&txn), DB_DONE);
}

static struct http_client *watch(struct fixture *fixture)
{
    struct http_client *client = host_connect(fixture->host);

    assert_int_equal(entries_request(client, "/", "").reply.status, 200);
    return client;
}

static void events_are_told_from_the_beginning_of_watching(void **state)
{
    struct fixture *fixture = *state;
    write_events(fixture, "Session Created", 1);

    struct http_client *client = watch(fixture);
    write_events(fixture, "Session Ended", 1);

    (void)entries_expect(client, "event", "\"Session Ended\"");
}

static void a_second_client_repeats_nothing_for_the_first(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *first = watch(fixture);
    write_events(fixture, "Session Created", 1);
    (void)entries_expect(first, "event", "\"Session Created\"");

    struct http_client *second = watch(fixture);
    write_events(fixture, "Session Ended", 1);

    (void)entries_expect(first, "event", "\"Session Ended\"");
    (void)entries_expect(second, "event", "\"Session Ended\"");
}

static void more_events_than_are_read_at_once_are_told(void **state)
{
    struct fixture *fixture = *state;
    struct http_client *client = watch(fixture);

    write_events(fixture, "Session Created", 250);
    write_events(fixture, "Session Ended", 1);

    for (int i = 0; i < 250; i++)
        (void)entries_expect(client, "event", "\"Session Created\"");
    (void)entries_expect(client, "event", "\"Session Ended\"");
}

static void an_event_says_what_happened_to_its_stream(void **state)
{
    static const char *const rows[][2] = {
        {"Stream Start",     "STARTED"  },
        {"Stream Failure",   "FAILED"   },
        {"Stream End",       "ENDED"    },
        {"Starvation Start", "STARVING" },
        {"Starvation End",   "RECOVERED"},
    };
    struct fixture *fixture = *state;
    struct http_client *client = watch(fixture);

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        write_events(fixture, rows[i][0], 1);
        (void)entries_expect(client, "event", rows[i][0]);
        struct entry entry = entries_expect(client, "stream", rows[i][1]);
        assert_non_null(strstr(entry.data,
                               "\"time\":\"now\",\"account\":\"000000000000\","
                               "\"region\":\"us-east-1\",\"channelArn\":\"x\","
                               "\"channelName\":\"lobby\",\"streamId\":\"st-1\"}"));
    }
}

static void after_a_restored_snapshot_only_new_events_are_told(void **state)
{
    struct fixture *fixture = *state;
    struct arena *arena = host_arena(fixture->host);
    const char *why;
    write_events(fixture, "Session Created", 2);
    assert_int_equal(snapshot_save(fixture->store, "two", 0, arena, &why), SNAPSHOT_DONE);
    struct http_client *client = watch(fixture);
    write_events(fixture, "Session Ended", 5);
    for (int i = 0; i < 5; i++)
        (void)entries_expect(client, "event", "\"Session Ended\"");

    assert_int_equal(snapshot_restore(fixture->store, "two", NULL, arena, &why),
                     SNAPSHOT_DONE);
    write_events(fixture, "Recording Start", 1); /* its number was used before */

    (void)entries_expect(client, "event", "\"Recording Start\"");
}

static void those_who_watch_are_sent_beats(void **state)
{
    struct http_client *client = watch(*state);
    static const char expected[] = "retry: 1000\nid: 1\n\n:\n\n:\n\n:\n\n";

    const char *bytes = http_receive_bytes(client, sizeof(expected) - 1);

    assert_non_null(bytes);
    assert_memory_equal(bytes, expected, sizeof(expected) - 1);
}

#define FEED_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEED_TEST(events_are_told_from_the_beginning_of_watching),
        FEED_TEST(a_second_client_repeats_nothing_for_the_first),
        FEED_TEST(more_events_than_are_read_at_once_are_told),
        FEED_TEST(an_event_says_what_happened_to_its_stream),
        FEED_TEST(after_a_restored_snapshot_only_new_events_are_told),
        cmocka_unit_test_setup_teardown(those_who_watch_are_sent_beats, setup_beating,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
