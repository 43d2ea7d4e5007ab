#include "watch/hub.h"

#include "base/bug.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "base/text.h"
#include "http/allowance.h"
#include "http/stream.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for the lines of a frame without its data. */
enum { LINES_BYTES = 64 };

/* A gap is for those who watch any kind. */
#define ALL_KINDS ((1U << WATCH_KINDS) - 1)

/* The name of its event. */
#define GAP "gap"

/* Of an id: so many always fit into 64 bits. */
enum { ID_MAX_DIGITS = 19 };

static const char beat[] = ":\n\n";

const char *const watch_kind_names[WATCH_KINDS] = {"request", "event", "stream", "fault",
                                                   "clock"};

/* A copy of a scope. */
struct own_scope {
    bool is_all;
    char account[SCOPE_ACCOUNT_CHARS + 1];
    char region[SCOPE_REGION_MAX_CHARS + 1];
};

/* An entry that is kept. */
struct recent {
    struct recent *next;
    uint64_t id;
    unsigned kinds; /* the bit of its kind, or ALL_KINDS */
    struct own_scope scope;
    size_t length;
    char frame[];
};

struct watcher {
    struct hub *hub;
    struct watcher *next;
    struct own_scope scope;
    unsigned kinds;
    struct http_stream *stream;
};

struct hub {
    int64_t linger_ms;
    struct allowance *places;
    atomic_bool watched;  /* changed under the lock */
    pthread_mutex_t lock; /* for everything below */
    struct watcher *first;
    uint64_t period;
    uint64_t last_id;    /* of the newest entry */
    uint64_t kept_since; /* all entries after the one with this id are kept */
    struct recent *oldest;
    struct recent **end; /* where to link the next one */
    size_t recent_count;
    size_t recent_bytes;
    int64_t left_at_ms; /* when the last watcher left */
    bool ended;
};

static void copy_scope(struct own_scope *to, const struct scope *from)
{
    *to = (struct own_scope){.is_all = from == NULL};
    if (from == NULL)
        return;
    text_copy(to->account, sizeof(to->account), from->account);
    text_copy(to->region, sizeof(to->region), from->region);
}

static bool scopes_meet(const struct own_scope *a, const struct own_scope *b)
{
    return a->is_all || b->is_all ||
           (strcmp(a->account, b->account) == 0 && strcmp(a->region, b->region) == 0);
}

struct hub *hub_new(uint64_t first_id, int64_t linger_ms)
{
    struct hub *hub = mem_zalloc(sizeof(*hub));

    hub->linger_ms = linger_ms;
    hub->places = allowance_new(HUB_MAX_WATCHERS, "clients that watch");
    hub->last_id = first_id;
    hub->kept_since = first_id;
    hub->end = &hub->oldest;
    atomic_init(&hub->watched, false);
    pthread_mutex_init(&hub->lock, NULL);
    return hub;
}

/* Drops the oldest entry that is kept. The lock is held, as below. */
static void drop_oldest(struct hub *hub)
{
    struct recent *recent = hub->oldest;

    hub->oldest = recent->next;
    if (hub->oldest == NULL)
        hub->end = &hub->oldest;
    hub->recent_count--;
    hub->recent_bytes -= recent->length;
    hub->kept_since = recent->id;
    free(recent);
}

static void drop_recent(struct hub *hub)
{
    while (hub->oldest != NULL)
        drop_oldest(hub);
}

void hub_free(struct hub *hub)
{
    if (hub == NULL)
        return;
    if (hub->first != NULL)
        BUG("a hub is freed while somebody watches");
    drop_recent(hub);
    allowance_free(hub->places);
    pthread_mutex_destroy(&hub->lock);
    free(hub);
}

bool hub_is_watched(const struct hub *hub)
{
    return atomic_load_explicit(&hub->watched, memory_order_relaxed);
}

uint64_t hub_period(struct hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    uint64_t period = hub->period;
    pthread_mutex_unlock(&hub->lock);
    return period;
}

/* Whether entries are still to be kept; ends that if nobody came back in time. */
static bool continue_recording(struct hub *hub)
{
    if (!hub_is_watched(hub) || hub->ended)
        return false;
    if (hub->first != NULL || monotonic_ms() - hub->left_at_ms < hub->linger_ms)
        return true;
    drop_recent(hub);
    atomic_store(&hub->watched, false);
    return false;
}

static void begin_recording(struct hub *hub)
{
    if (hub_is_watched(hub))
        return;
    hub->last_id++; /* what happened meanwhile was missed */
    hub->kept_since = hub->last_id;
    hub->period++;
    atomic_store(&hub->watched, true);
}

static bool is_for(const struct watcher *watcher, const struct recent *recent)
{
    return (watcher->kinds & recent->kinds) != 0 &&
           scopes_meet(&watcher->scope, &recent->scope);
}

/* A client that is too slow is disconnected by this, and removed when that is done. */
static void send_to(const struct watcher *watcher, const struct recent *recent)
{
    (void)http_stream_write(watcher->stream, recent->frame, recent->length);
}

/* Keeps the entry, which the hub owns from then on. */
static void keep_recent(struct hub *hub, struct recent *recent)
{
    *hub->end = recent;
    hub->end = &recent->next;
    hub->recent_count++;
    hub->recent_bytes += recent->length;
    while (hub->recent_count > HUB_RECENT_ENTRIES ||
           hub->recent_bytes > HUB_RECENT_MAX_BYTES)
        drop_oldest(hub);
}

static struct recent *new_entry(uint64_t id, const char *event, unsigned kinds,
                                const struct scope *scope, const char *json)
{
    size_t room = LINES_BYTES + strlen(json);
    struct recent *entry = mem_zalloc(sizeof(*entry) + room);

    entry->id = id;
    entry->kinds = kinds;
    copy_scope(&entry->scope, scope);
    int length = snprintf(entry->frame, room, "event: %s\nid: %" PRIu64 "\ndata: %s\n\n",
                          event, id, json);
    if (length < 0 || (size_t)length >= room)
        BUG("the name of an event is too long: %s", event);
    entry->length = (size_t)length;
    return entry;
}

/* Sends an entry to those it is for, and keeps it. */
static void publish(struct hub *hub, const char *event, unsigned kinds,
                    const struct scope *scope, const cJSON *json)
{
    if (!hub_is_watched(hub))
        return;
    char *text = json_print(json);
    pthread_mutex_lock(&hub->lock);
    if (continue_recording(hub)) {
        struct recent *entry = new_entry(++hub->last_id, event, kinds, scope, text);
        for (const struct watcher *w = hub->first; w != NULL; w = w->next) {
            if (is_for(w, entry))
                send_to(w, entry);
        }
        keep_recent(hub, entry);
    }
    pthread_mutex_unlock(&hub->lock);
    free(text);
}

void hub_publish(struct hub *hub, enum watch_kind kind, struct scope scope,
                 const cJSON *entry)
{
    publish(hub, watch_kind_names[kind], 1U << kind, &scope, entry);
}

static cJSON *gap_json(const char *reason)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "reason", reason);
    return json;
}

void hub_publish_gap(struct hub *hub, const struct scope *scope, const char *reason)
{
    cJSON *json AUTO(json_done) = gap_json(reason);

    publish(hub, GAP, ALL_KINDS, scope, json);
}

/* Whether all entries since this one are kept. */
static bool has_since(const struct hub *hub, uint64_t id)
{
    return id >= hub->kept_since && id <= hub->last_id;
}

static bool read_id(const char *text, uint64_t *out)
{
    size_t length = strlen(text);

    if (length == 0 || length > ID_MAX_DIGITS ||
        text_span(text, TEXT_DIGITS, "") != length)
        return false;
    *out = strtoull(text, NULL, 10);
    return true;
}

static void send_text(const struct watcher *watcher, const char *text)
{
    (void)http_stream_write(watcher->stream, text, strlen(text));
}

/* Tells a client since when it gets entries, so that it can connect again before it has
 * received any. */
static void send_position(const struct watcher *watcher)
{
    char lines[LINES_BYTES];

    snprintf(lines, sizeof(lines), "id: %" PRIu64 "\n\n", watcher->hub->last_id);
    send_text(watcher, lines);
}

static void send_missed(const struct watcher *watcher)
{
    cJSON *json AUTO(json_done) = gap_json("MISSED");
    char *text = json_print(json);
    struct recent *entry = new_entry(watcher->hub->last_id, GAP, ALL_KINDS, NULL, text);

    send_to(watcher, entry);
    free(entry);
    free(text);
}

/* Begins the stream with what the client does not have. */
static void send_first(const struct watcher *watcher, const char *last_id)
{
    const struct hub *hub = watcher->hub;
    char retry[LINES_BYTES];
    uint64_t since;

    snprintf(retry, sizeof(retry), "retry: %d\n", HUB_RETRY_MS);
    send_text(watcher, retry);
    if (last_id == NULL) {
        send_position(watcher);
        return;
    }
    send_text(watcher, "\n");
    if (!read_id(last_id, &since) || !has_since(hub, since)) {
        send_missed(watcher);
        return;
    }
    for (const struct recent *entry = hub->oldest; entry != NULL; entry = entry->next) {
        if (entry->id > since && is_for(watcher, entry))
            send_to(watcher, entry);
    }
}

static void unlink_watcher(struct watcher *watcher)
{
    struct hub *hub = watcher->hub;
    struct watcher **at = &hub->first;

    while (*at != watcher)
        at = &(*at)->next;
    *at = watcher->next;
    if (hub->first == NULL)
        hub->left_at_ms = monotonic_ms();
}

void watcher_free(struct watcher *watcher)
{
    if (watcher == NULL)
        return;
    struct hub *hub = watcher->hub;
    pthread_mutex_lock(&hub->lock);
    unlink_watcher(watcher);
    pthread_mutex_unlock(&hub->lock);
    allowance_give_back(hub->places);
    http_stream_unref(watcher->stream);
    free(watcher);
}

static void end_watcher(void *context, bool complete)
{
    (void)complete;
    watcher_free(context);
}

static struct watcher *new_watcher(struct hub *hub, const struct watch_filter *filter)
{
    struct watcher *watcher = mem_zalloc(sizeof(*watcher));

    watcher->hub = hub;
    watcher->kinds = filter->kinds;
    copy_scope(&watcher->scope, filter->scope);
    watcher->stream = http_stream_new(HUB_UNSENT_MAX_BYTES, end_watcher, watcher);
    return watcher;
}

struct watcher *hub_open(struct hub *hub, const struct watch_filter *filter,
                         const char *last_id)
{
    struct watcher *watcher = NULL;

    if (!allowance_take(hub->places))
        return NULL;
    pthread_mutex_lock(&hub->lock);
    if (!hub->ended) {
        (void)continue_recording(hub); /* what is too old is dropped first */
        begin_recording(hub);
        watcher = new_watcher(hub, filter);
        watcher->next = hub->first;
        hub->first = watcher;
        send_first(watcher, last_id);
    }
    pthread_mutex_unlock(&hub->lock);
    if (watcher == NULL)
        allowance_give_back(hub->places);
    return watcher;
}

struct http_stream *watcher_stream(struct watcher *watcher)
{
    return http_stream_ref(watcher->stream);
}

void hub_beat(struct hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    (void)continue_recording(hub); /* it ends some time after the last watcher left */
    for (const struct watcher *w = hub->first; w != NULL && !hub->ended; w = w->next)
        send_text(w, beat);
    pthread_mutex_unlock(&hub->lock);
}

void hub_end(struct hub *hub)
{
    if (hub == NULL)
        return;
    pthread_mutex_lock(&hub->lock);
    hub->ended = true;
    for (const struct watcher *w = hub->first; w != NULL; w = w->next)
        http_stream_end(w->stream);
    pthread_mutex_unlock(&hub->lock);
}
