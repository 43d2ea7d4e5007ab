/*
 * Tells those who watch the server of the events that are written, and of what they say
 * about streams. A thread reads them after their commit, and rests while nobody
 * watches.
 */
#ifndef API_EVENT_FEED_H
#define API_EVENT_FEED_H

#include <stdint.h>

#include "base/attrs.h"
#include "store/txn.h"
#include "watch/hub.h"

/* How often those who watch are sent something in any case. */
enum { EVENT_FEED_BEAT_MS = 15 * 1000 };

struct event_feed;

/* Both must outlive it. A beat is sent to all who watch every `beat_ms`. */
struct event_feed *event_feed_new(struct store *store, struct hub *hub,
                                  int64_t beat_ms) NODISCARD;

/* NULL is fine. */
void event_feed_free(struct event_feed *feed);

/* Starts its thread, before anybody watches. Returns -1 if there is none. */
int event_feed_run(struct event_feed *feed) NODISCARD;

/* Somebody has begun to watch, and is told of the events that are written after this
 * transaction. DB_DONE: done. */
enum db_result event_feed_begin(struct event_feed *feed, struct txn *txn) NODISCARD;

#endif
