/*
 * What was decided about the events that a target is not done with: when each may be
 * sent, and how often. For the worker of one target only. It is not stored: after a
 * restart the events are sent without delay.
 */
#ifndef EVENTS_PLANS_INTERNAL_H
#define EVENTS_PLANS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/scope.h"

/* How many events are held back at most. The events after them wait as well. */
enum { PLANS_MAX = 100 };

struct plan {
    int64_t seq; /* of the event */
    char account[SCOPE_ACCOUNT_CHARS + 1];
    char region[SCOPE_REGION_MAX_CHARS + 1];
    int64_t not_before_ms; /* of monotonic_ms() */
    bool swaps;            /* it may also be sent after the next event of its scope */
    int sends;             /* how often it is still to be accepted */
};

struct plans {
    struct plan items[PLANS_MAX];
    size_t count;
};

/* Returns the plan of an event, or NULL. It is valid until a plan is removed. */
struct plan *plans_find(struct plans *plans, int64_t seq);

/* Adds the plan to send an event once and now. There must be room. */
struct plan *plans_add(struct plans *plans, int64_t seq, struct scope scope);

/* Removes the plan of an event that is done, if there is one, and lets those that wait
 * for the next event of its scope go. */
void plans_finish(struct plans *plans, int64_t seq);

/* Removes the plan of an event that does not exist any more. */
void plans_drop(struct plans *plans, int64_t seq);

/* Whether an event of the scope waits for the next one. */
bool plans_has_swap(const struct plans *plans, struct scope scope);

/* Whether the event is held back at this time. */
bool plan_is_held(const struct plan *plan, int64_t now_ms);

/* Returns the first of the events up to `seq` that may be sent now; 0: none. */
int64_t plans_first_due(const struct plans *plans, int64_t seq, int64_t now_ms);

/* Returns how long it takes until the next event is not held back any more; negative:
 * none is. */
int64_t plans_wait_ms(const struct plans *plans, int64_t now_ms);

#endif
