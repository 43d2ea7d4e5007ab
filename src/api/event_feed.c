#include "api/event_feed.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "base/worker.h"
#include "data/event.h"
#include "data/topics.h"

#include <stdlib.h>
#include <string.h>

enum { READ_AT_ONCE = 100 }; /* events in one transaction */

/* What an event says about its stream. */
static const struct {
    const char *event_name;
    const char *change;
} stream_changes[] = {
    {"Stream Start",     "STARTED"  },
    {"Stream End",       "ENDED"    },
    {"Stream Failure",   "FAILED"   },
    {"Starvation Start", "STARVING" },
    {"Starvation End",   "RECOVERED"},
};

struct event_feed {
    struct store *store;
    struct hub *hub;
    int64_t beat_ms;
    struct worker *worker; /* NULL: it does not run */

    /* Protected by the store's lock. */
    uint64_t period; /* of watching, in which the next is valid */
    int64_t after;   /* the last event that was published */

    int64_t beaten_at_ms; /* used by the worker only */
};

/* A snapshot replaced the events. A failure is logged; the hub tells of the gap. */
static void skip_restored(void *context, struct txn *txn)
{
    struct event_feed *feed = context;

    (void)!event_last_seq(txn, &feed->after);
}

struct event_feed *event_feed_new(struct store *store, struct hub *hub, int64_t beat_ms)
{
    struct event_feed *feed = mem_zalloc(sizeof(*feed));

    feed->store = store;
    feed->hub = hub;
    feed->beat_ms = beat_ms;
    store_add_mirror(store, skip_restored, feed);
    return feed;
}

void event_feed_free(struct event_feed *feed)
{
    if (feed == NULL)
        return;
    store_remove_listener(feed->store, feed);
    worker_stop(feed->worker);
    store_remove_mirror(feed->store, feed);
    free(feed);
}

static const char *stream_change_of(const cJSON *detail)
{
    const char *event_name = json_string_or(detail, "event_name", "");

    for (size_t i = 0; i < COUNT_OF(stream_changes); i++) {
        if (strcmp(stream_changes[i].event_name, event_name) == 0)
            return stream_changes[i].change;
    }
    return NULL;
}

static void copy_text(cJSON *to, const char *name, const cJSON *from, const char *member)
{
    cJSON_AddStringToObject(to, name, json_string_or(from, member, ""));
}

static void publish_stream(struct event_feed *feed, struct scope scope,
                           const struct event *event, const cJSON *envelope)
{
    const cJSON *detail = cJSON_GetObjectItemCaseSensitive(envelope, "detail");
    const char *change = stream_change_of(detail);
    cJSON *entry AUTO(json_done) = cJSON_CreateObject();

    if (change == NULL)
        return;
    cJSON_AddStringToObject(entry, "change", change);
    copy_text(entry, "time", envelope, "time");
    cJSON_AddStringToObject(entry, "account", scope.account);
    cJSON_AddStringToObject(entry, "region", scope.region);
    cJSON_AddStringToObject(entry, "channelArn", event->resource_arn);
    copy_text(entry, "channelName", detail, "channel_name");
    copy_text(entry, "streamId", detail, "stream_id");
    hub_publish(feed->hub, WATCH_STREAM, scope, entry);
}

static void publish_event(struct event_feed *feed, const struct event *event)
{
    cJSON *envelope AUTO(json_done) = json_stored(event->envelope);
    const struct scope scope = {.account = json_string_or(envelope, "account", ""),
                                .region = json_string_or(envelope, "region", "")};

    hub_publish(feed->hub, WATCH_EVENT, scope, envelope);
    publish_stream(feed, scope, event, envelope);
}

/* Reads the next events: none if nobody watches any more, or if that fails, which is
 * logged. */
static size_t read_events(struct event_feed *feed, struct arena *arena,
                          struct event out[READ_AT_ONCE])
{
    struct txn *txn AUTO(txn_abandon) = txn_begin_step(feed->store, arena, TXN_READ);
    size_t count = 0;

    if (feed->period != hub_period(feed->hub) ||
        event_list_all(txn, feed->after, READ_AT_ONCE, out, &count) == DB_ERROR ||
        count == 0)
        return 0;
    feed->after = out[count - 1].seq;
    return count;
}

/* Publishes some of the events. Returns whether there may be more. */
static bool publish_some(struct event_feed *feed)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct event events[READ_AT_ONCE];
    size_t count = read_events(feed, arena, events);

    for (size_t i = 0; i < count; i++)
        publish_event(feed, &events[i]);
    return count == READ_AT_ONCE;
}

/* Sends a beat if it is time. Returns the time until the next one. */
static int64_t beat_in_time(struct event_feed *feed)
{
    int64_t now_ms = monotonic_ms();

    if (now_ms - feed->beaten_at_ms >= feed->beat_ms) {
        feed->beaten_at_ms = now_ms;
        hub_beat(feed->hub);
    }
    return feed->beaten_at_ms + feed->beat_ms - now_ms;
}

static void run_feed(struct worker *worker, void *context)
{
    struct event_feed *feed = context;
    bool goes_on = true;

    while (goes_on) {
        while (hub_is_watched(feed->hub) && publish_some(feed) &&
               worker_should_continue(worker))
            continue;
        goes_on = hub_is_watched(feed->hub) ? worker_rest_for(worker, beat_in_time(feed))
                                            : worker_rest(worker);
    }
}

static void wake_feed(void *context, uint32_t topics)
{
    const struct event_feed *feed = context;

    (void)topics;
    if (hub_is_watched(feed->hub))
        worker_wake(feed->worker);
}

int event_feed_run(struct event_feed *feed)
{
    feed->worker = worker_start(run_feed, feed);
    if (feed->worker == NULL)
        return -1;
    store_add_listener(feed->store, TOPIC_EVENTS, wake_feed, feed);
    return 0;
}

enum db_result event_feed_begin(struct event_feed *feed, struct txn *txn)
{
    uint64_t period = hub_period(feed->hub);

    if (feed->period != period && event_last_seq(txn, &feed->after) == DB_ERROR)
        return DB_ERROR;
    feed->period = period;
    if (feed->worker != NULL) /* for the beats */
        worker_wake(feed->worker);
    return DB_DONE;
}
