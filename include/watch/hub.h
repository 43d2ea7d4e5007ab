/*
 * Those who watch the server live: entries about what happens go to the clients that
 * watch their kind and scope, as server-sent events (WHATWG HTML, section 9.2). Recent
 * entries are kept for clients that connect again. While nobody watches, publishing costs
 * next to nothing and nothing is kept.
 */
#ifndef WATCH_HUB_H
#define WATCH_HUB_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/scope.h"

struct http_stream;

enum watch_kind {
    WATCH_REQUEST, /* a call was made */
    WATCH_EVENT,   /* an event was written */
    WATCH_STREAM,  /* a stream started, ended or changed its health */
    WATCH_FAULT,   /* a fault was put, deleted or applied to a call */
    WATCH_CLOCK,   /* a clock was moved or reset */
};

enum { WATCH_KINDS = WATCH_CLOCK + 1 };

/* The names of the kinds, in the order of the enum. */
extern const char *const watch_kind_names[WATCH_KINDS];

enum {
    HUB_MAX_WATCHERS = 64,
    HUB_UNSENT_MAX_BYTES = 512 * 1024, /* of a client; a slower one is disconnected */
    HUB_RECENT_ENTRIES = 1000,         /* are kept at most */
    HUB_RECENT_MAX_BYTES = 256 * 1024, /* all of them together */
    HUB_LINGER_MS = 60 * 1000,         /* how long entries are kept for those who left */
    HUB_RETRY_MS = 1000, /* after which a client whose connection ended connects again */
};

struct hub;
struct watcher;

/* Entries get ids from `first_id` on, which should be higher than those of earlier
 * servers. They are kept for `linger_ms` after the last watcher left. */
struct hub *hub_new(uint64_t first_id, int64_t linger_ms) NODISCARD;

/* No watcher may be left. NULL is fine. */
void hub_free(struct hub *hub);

/* Whether entries go anywhere: otherwise they need not be made. Any thread. */
bool hub_is_watched(const struct hub *hub);

/* How often watching has begun, after nobody watched. */
uint64_t hub_period(struct hub *hub);

/* Sends an entry to those who watch. Never blocks. Any thread. */
void hub_publish(struct hub *hub, enum watch_kind kind, struct scope scope,
                 const cJSON *entry);

/*
 * Tells those who watch the scope, or all for NULL, that things changed without entries
 * about each, so that they must read again what they need. `reason` is RESET, RESTORED or
 * MISSED.
 */
void hub_publish_gap(struct hub *hub, const struct scope *scope, const char *reason);

struct watch_filter {
    const struct scope *scope; /* NULL: all */
    unsigned kinds;            /* a bit for each */
};

/*
 * Begins to collect entries for a client. With the id of the last entry that it has
 * (NULL: none) it also gets those since; if they are no longer kept, it is told of a gap.
 * Returns NULL if too many watch, or if the hub has ended.
 */
struct watcher *hub_open(struct hub *hub, const struct watch_filter *filter,
                         const char *last_id) NODISCARD;

/* The body of the response to the client, one reference of which the caller owns. The
 * watcher belongs to the stream from then on. */
struct http_stream *watcher_stream(struct watcher *watcher) NODISCARD;

/* Frees a watcher whose stream was not taken. NULL is fine. */
void watcher_free(struct watcher *watcher);

/* Sends a comment to all watchers, so that whatever is between server and client sees
 * that the connections are in use. */
void hub_beat(struct hub *hub);

/* Ends all streams: no further ones can be opened. NULL is fine. */
void hub_end(struct hub *hub);

#endif
