/*
 * The delivery of events: every event that was written goes to every target, each target
 * with a thread of its own, in the order of the events, until the target has taken it.
 *
 * How far a target has got is noted in the database after each event. So an event may
 * come twice, after a crash, and is never lost.
 */
#ifndef EVENTS_DELIVERY_H
#define EVENTS_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "store/store.h"

/* Between two attempts for one event: at first, doubled each time, at most. There is no
 * last attempt. Fidelity: common-delivery-5 */
enum { DELIVERY_RETRY_FIRST_MS = 100, DELIVERY_RETRY_MOST_MS = 30000 };

/*
 * Whether this names a target: http://host[:port][/path] or the same with https, which
 * gets each event's envelope; or eventbridge+http://host[:port] or the same with https,
 * where PutEvents is called.
 */
bool delivery_takes_target(const char *url);

struct delivery;

/*
 * Begins to send to the targets, which delivery_takes_target(), and listens to what is
 * committed to the store. A target named twice is one; one that was never named before
 * begins with the events from now on. An event that is written also ends a wait for the
 * next attempt, though not its first DELIVERY_RETRY_FIRST_MS.
 *
 * NULL if that is impossible: *why is one line for the user. The store must outlive the
 * delivery.
 */
struct delivery *delivery_start(struct store *store, const char *const *urls,
                                size_t count, const char **why) NODISCARD;

/* Ends all sending at once; what is under way is sent again after the next start. NULL
 * is fine. */
void delivery_stop(struct delivery *delivery);

#endif
