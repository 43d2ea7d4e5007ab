/*
 * Waiting for events: a call that needs events which are not there yet waits here, and
 * the next commit that wrote some wakes it.
 */
#ifndef API_ARRIVALS_H
#define API_ARRIVALS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/attrs.h"
#include "store/store.h"

/* How many calls may wait at the same time. Fewer than the threads for calls that take
 * long, so that those which cause the events are never kept out. */
enum { ARRIVALS_MAX_WAITING = 48 };

struct arrivals;

/* Listens to the commits of the store, which must outlive it. */
struct arrivals *arrivals_new(struct store *store) NODISCARD;

/* No call may wait. NULL is fine. */
void arrivals_free(struct arrivals *arrivals);

/* Counts a call that is going to wait. False: there are too many. */
bool arrivals_enter(struct arrivals *arrivals) NODISCARD;
void arrivals_leave(struct arrivals *arrivals);

/* How many calls wait. */
size_t arrivals_waiting(struct arrivals *arrivals);

/* The number of commits that wrote events so far. */
uint64_t arrivals_commits(struct arrivals *arrivals);

/* How often a snapshot has replaced the events, which changes only while the store is
 * held by the thread that restores it. */
uint64_t arrivals_replacements(struct arrivals *arrivals);

/* Waits for a commit after the first `seen` of them, but not longer than until a time of
 * deadline_after_ms(). No transaction of this thread may be open. False: the program is
 * to end. */
bool arrivals_wait(struct arrivals *arrivals, uint64_t seen,
                   const struct timespec *until) NODISCARD;

/* Ends all waiting at once, and that of calls to come. NULL is fine. */
void arrivals_stop(struct arrivals *arrivals);

#endif
