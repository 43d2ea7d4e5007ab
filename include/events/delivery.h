/*
 * The delivery of events: every event is sent to every target, by one thread per target,
 * in the order of the events, until the target has accepted it. Only faults change that:
 * one is applied to a delivery at most once, before its first attempt.
 *
 * Each attempt, and the progress of the target, is recorded in the database. So an event
 * may arrive twice, after a crash, and is never lost.
 */
#ifndef EVENTS_DELIVERY_H
#define EVENTS_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "faults/faults.h"
#include "store/store.h"

/* The delays between two attempts for one event: the first, doubled each time, and the
 * maximum. There is no last attempt. Fidelity: common-delivery-5 */
enum { DELIVERY_RETRY_FIRST_MS = 100, DELIVERY_RETRY_MAX_MS = 30000 };

/* The time after which an event that a fault reorders is sent even if no event of its
 * account and region comes next. */
enum { DELIVERY_REORDER_MAX_MS = 1000 };

/*
 * Whether this is the URL of a target: http://host[:port][/path] or the same with https,
 * which receives each event's envelope; or eventbridge+http://host[:port] or the same
 * with https, where PutEvents is called.
 */
bool delivery_takes_target(const char *url);

/* A target's URL as it is shown: *** stands for its path, which may be a secret. */
const char *delivery_target_shown(struct arena *arena, const char *url) NODISCARD;

struct delivery;

/*
 * Starts sending to the targets, which delivery_takes_target() must accept, and listens
 * to commits of the store. Duplicate targets count once; a target that was never named
 * before receives the events from now on. A new event also ends a wait for the next
 * attempt, but not its first DELIVERY_RETRY_FIRST_MS.
 *
 * Returns NULL if that is impossible: *why is one line for the user. The store and the
 * faults must outlive the delivery.
 */
struct delivery *delivery_start(struct store *store, struct faults *faults,
                                const char *const *urls, size_t count,
                                const char **why) NODISCARD;

/* Stops all sending immediately; events in flight are sent again after the next start.
 * NULL is accepted. */
void delivery_stop(struct delivery *delivery);

#endif
