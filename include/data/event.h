/*
 * Events, as stored: each in the form in which EventBridge would deliver it, and how far
 * each place that events are sent to has got.
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
    const char *resource_arn; /* "": of the whole account */
    const char *envelope;     /* JSON */
};

/* How many events are kept, of all scopes: those that came last, and those that an open
 * target has not got yet. */
enum { EVENTS_KEPT = 50000 };

/* DB_DONE: done. The seq in the argument is not looked at. Forgets the oldest events when
 * there are too many. */
enum db_result event_insert(struct txn *txn, struct scope scope,
                            const struct event *event) NODISCARD;

/* What a list may be narrowed by; NULL: anything. */
struct event_filter {
    const char *detail_type;
    const char *resource_arn;
};

/*
 * Reads up to `limit` of the scope's events that come after `after`, oldest first, into
 * the array `out`, and their number into *count. DB_DONE, or DB_ERROR.
 */
enum db_result event_list(struct txn *txn, struct scope scope,
                          const struct event_filter *filter, int64_t after, size_t limit,
                          struct event *out, size_t *count) NODISCARD;

/* The same over all scopes: what is to be delivered after `after`. */
enum db_result event_list_all(struct txn *txn, int64_t after, size_t limit,
                              struct event *out, size_t *count) NODISCARD;

/* Forgets which targets are open, but not how far they got: for a start of the server,
 * which opens those it is to send events to. DB_DONE: done. */
enum db_result event_targets_close(struct txn *txn) NODISCARD;

/*
 * Opens a target, and reads the seq of the last event that it has got into *out. A target
 * that was never seen begins with the events that come from now on. DB_DONE: done.
 */
enum db_result event_target_open(struct txn *txn, const char *url,
                                 int64_t *out) NODISCARD;

/* Notes that the target has got all events up to `seq`. DB_DONE: done. */
enum db_result event_target_advance(struct txn *txn, const char *url,
                                    int64_t seq) NODISCARD;

/* Reads the seq of the last event that an open target has got. DB_DONE: done. */
enum db_result event_target_read(struct txn *txn, const char *url,
                                 int64_t *out) NODISCARD;

/*
 * When an earlier state takes the place of the one that is: what was delivered stays
 * delivered, of the events that the earlier one has, and the same targets are open.
 * Events that are written from then on may have the places of ones that are no more.
 * DB_DONE: done.
 */
enum db_result event_targets_carry(struct txn *now, struct txn *restored) NODISCARD;

/* How many deliveries are still to come: of each open target, the events that it has not
 * got. DB_DONE: done. */
enum db_result event_pending(struct txn *txn, int64_t *out) NODISCARD;

#endif
