/*
 * A thread that works, rests until there is more to do, and ends when it is asked to.
 */
#ifndef BASE_WORKER_H
#define BASE_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attrs.h"

struct worker;

/* What the thread does: it returns soon after one of the functions below told it to. */
typedef void worker_body(struct worker *worker, void *context);

/* NULL: the system has no thread to give. */
struct worker *worker_start(worker_body *body, void *context) NODISCARD;

/* Ends the worker's rest, or its next one if it is not resting. Cheap, from any thread.
 */
void worker_wake(struct worker *worker);

/* Tells the worker to end and does not wait for that: for several that end at once. */
void worker_ask_to_stop(struct worker *worker);

/* Tells the worker to end, waits for that and frees it. NULL is fine. */
void worker_stop(struct worker *worker);

/* For the body alone. False: the worker is to end. */
bool worker_goes_on(struct worker *worker);

/* Rests until somebody wakes the worker. */
bool worker_rest(struct worker *worker) NODISCARD;

/* The same for `most_ms` at most. */
bool worker_rest_for(struct worker *worker, int64_t most_ms) NODISCARD;

/* Rests for the whole time: only the end cuts it short. Who wakes meanwhile ends the next
 * rest. */
bool worker_pause(struct worker *worker, int64_t time_ms) NODISCARD;

#endif
