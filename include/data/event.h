/*
 * Events, as stored, each in the form in which EventBridge would deliver it; and how many
 * of them each target has received.
 */
#ifndef DATA_EVENT_H
#define DATA_EVENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

/* Strings belong to the transaction's arena; no member is NULL. */
struct event {
    int64_t seq; /* place in the order of all scopes' events; set by the database */
    const char *detail_type;
    const char *resource_arn; /* "": the event is about the whole account */
    const char *envelope;     /* JSON */
};

/*
 * How many events are kept, across all scopes: the latest ones. Of those before, the ones
 * that an open target has not received yet are kept as well, but not beyond a second
 * limit, which bounds the database while a target is down.
 */
enum { EVENTS_KEPT = 50000, EVENTS_PENDING_MAX = 100000 };

/* DB_DONE: done. The seq of the argument is ignored. Deletes the oldest events when there
 * are too many. */
enum db_result event_insert(struct txn *txn, struct scope scope,
                            const struct event *event) NODISCARD;

/* What a list can be filtered by; NULL matches everything. */
struct event_filter {
    const char *detail_type;
    const char *resource_arn;
};

/*
 * Reads up to `limit` of the events of the scope, or of all scopes for NULL, that come
 * after `after`, oldest first, into the array `out`, and their number into *count.
 * DB_DONE, or DB_ERROR.
 */
enum db_result event_list(struct txn *txn, const struct scope *scope,
                          const struct event_filter *filter, int64_t after, size_t limit,
                          struct event *out, size_t *count) NODISCARD;

/* The same for all scopes and without a filter. */
enum db_result event_list_all(struct txn *txn, int64_t after, size_t limit,
                              struct event *out, size_t *count) NODISCARD;

/* Reads the event with that id, of one scope or, for NULL, of any. DB_ROW; DB_NONE: there
 * is none. */
enum db_result event_find(struct txn *txn, const struct scope *scope,
                          const char *event_id, struct event *out) NODISCARD;

/* Reads the first event of all scopes after `after` that is to be sent to the target
 * again, of those up to its progress or up to `taken`. DB_ROW; DB_NONE: there is none. */
enum db_result event_next_again(struct txn *txn, const char *url, int64_t after,
                                int64_t taken, struct event *out) NODISCARD;

/* Reads the first event of all scopes after `after` that is still to be delivered to the
 * target. DB_ROW; DB_NONE: there is none. */
enum db_result event_next(struct txn *txn, const char *url, int64_t after,
                          struct event *out) NODISCARD;

/* Calls `each` with the number of events that are stored for each scope. DB_DONE:
 * done. */
enum db_result event_count_each(struct txn *txn,
                                void (*each)(void *context, struct scope scope,
                                             int64_t count),
                                void *context) NODISCARD;

/* Reads the place of the last event of all scopes, 0 if there is none. DB_DONE: done. */
enum db_result event_last_seq(struct txn *txn, int64_t *seq) NODISCARD;

/* Marks all targets as closed, but remembers which events they have received: for the
 * start of the server, which then opens the targets that it sends events to. DB_DONE:
 * done. */
enum db_result event_targets_close(struct txn *txn) NODISCARD;

struct event_progress {
    int64_t delivered_seq; /* it is done with the events up to this one */
    int64_t dropped;       /* events that were deleted before it received them, ever */
};

/*
 * Opens a target and reads its progress. A new target begins with the events that are
 * written from now on. DB_DONE: done.
 */
enum db_result event_target_open(struct txn *txn, const char *url,
                                 struct event_progress *out) NODISCARD;

/* Moves the progress of a target to the event before the first one that is still to be
 * delivered to it, according to its deliveries (data/event_delivery.h). Without such an
 * event it moves to the last one, or to `done_seq`, an event that the target is done with
 * although it may have been deleted meanwhile; 0: none. DB_DONE: done. */
enum db_result event_target_advance(struct txn *txn, const char *url,
                                    int64_t done_seq) NODISCARD;

/* An open target. */
struct event_target {
    const char *url;
    int64_t dropped; /* as above */
};

/* How many targets the server sends to at most. */
enum { EVENT_TARGETS_MAX = 64 };

/* Reads the open targets, by URL, into the array `out` of EVENT_TARGETS_MAX, and their
 * number into *count. DB_DONE, or DB_ERROR. */
enum db_result event_targets_list(struct txn *txn, struct event_target *out,
                                  size_t *count) NODISCARD;

/* Reads the progress of an open target. DB_DONE: done. */
enum db_result event_target_read(struct txn *txn, const char *url,
                                 struct event_progress *out) NODISCARD;

/*
 * Called when the restored state is about to replace the present one. Events of the
 * restored state that have been delivered are not delivered again, and the same targets
 * stay open; what is known of the deliveries of these events is kept. New events may
 * reuse the seq of events that the restored state does not have. DB_DONE: done.
 */
enum db_result event_targets_carry_over(struct txn *now, struct txn *restored) NODISCARD;

/* The deliveries of all open targets together. */
struct event_backlog {
    int64_t pending; /* for each target, the events that it has yet to receive */
    int64_t dropped; /* for each target, the events that it will never receive */
};

/* DB_DONE: done. */
enum db_result event_backlog_read(struct txn *txn, struct event_backlog *out) NODISCARD;

#endif
