/*
 * What became of the events at the targets that they are sent to. It is known as long as
 * the event is stored: see EVENTS_KEPT in data/event.h.
 */
#ifndef DATA_EVENT_DELIVERY_H
#define DATA_EVENT_DELIVERY_H

#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/scope.h"
#include "data/event.h"
#include "store/txn.h"

enum delivery_state {
    DELIVERY_PENDING,   /* not sent yet, or to be sent again */
    DELIVERY_DELIVERED, /* the target accepted it */
    DELIVERY_REFUSED,   /* the target refused it */
    DELIVERY_DROPPED,   /* by a fault */
};
enum { DELIVERY_STATES = DELIVERY_DROPPED + 1 };

/* The names of the states in their order. Ends with NULL. */
extern const char *const delivery_state_names[];

/* The last attempt to deliver an event. */
struct delivery_attempt {
    enum delivery_state state;
    int64_t attempts; /* how many there were; to be noted: how many are added */
    int64_t status;   /* of the response; 0: there was none */
    const char *reason;
    int64_t time_ms; /* by the machine's clock; 0: there was no attempt */
};

/* Notes an attempt at the open target, if the event still exists. DB_DONE, or DB_ERROR.
 */
enum db_result event_delivery_note(struct txn *txn, const char *url,
                                   const struct event *event,
                                   const struct delivery_attempt *attempt) NODISCARD;

/*
 * Has an event sent again to an open target, or to all of them for "". A delivery that is
 * pending anyway stays as it is. DB_DONE, or DB_ERROR.
 */
enum db_result event_delivery_resend(struct txn *txn, const struct event *event,
                                     const char *url) NODISCARD;

/* One event at one target. Strings belong to the transaction's arena. */
struct event_delivery {
    struct event event;
    const char *event_id;
    struct scope scope; /* of the event */
    const char *url;
    struct delivery_attempt last;
};

/* What a list is restricted to; "" and NULL: not restricted. */
struct delivery_filter {
    const struct scope *scope;
    const char *url;
    const char *event_id;
    const char *state; /* its name */
};

/*
 * Reads up to `limit` deliveries to open targets into the array `out`, by event, oldest
 * first, and then by target, and their number into *count: those after the delivery of
 * event number `after_seq` to `after_url`. Events from before a target was first opened
 * are not deliveries to it. DB_DONE, or DB_ERROR.
 */
enum db_result event_delivery_list(struct txn *txn, const struct delivery_filter *filter,
                                   int64_t after_seq, const char *after_url, size_t limit,
                                   struct event_delivery *out, size_t *count) NODISCARD;

/* The deliveries to one target. */
struct delivery_totals {
    int64_t count[DELIVERY_STATES];
    /* The newest events that were delivered, and whose last attempt failed. The id is ""
     * if there is none. */
    struct event_delivery last_delivered;
    struct event_delivery last_failed;
};

/* Reads the totals of an open target, in one scope or, for NULL, in all of them. It
 * counts rows of an index, as many as there are stored events. DB_DONE, or DB_ERROR. */
enum db_result event_delivery_totals(struct txn *txn, const struct scope *scope,
                                     const char *url,
                                     struct delivery_totals *out) NODISCARD;

/* A step of event_targets_carry_over(), after the targets: copies what is known of the
 * deliveries of events that the restored state has as well. Its last event is `last_seq`.
 * DB_DONE, or DB_ERROR. */
enum db_result event_deliveries_carry_over(struct txn *now, struct txn *restored,
                                           int64_t last_seq) NODISCARD;

#endif
