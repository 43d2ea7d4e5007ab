/*
 * A thread that works, sleeps until there is more to do, and ends when it is asked to.
 */
#ifndef BASE_WORKER_H
#define BASE_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attrs.h"

struct worker;

/* What the thread runs. It must return soon after a function below reports that the
 * worker is to end. */
typedef void worker_body(struct worker *worker, void *context);

/* NULL: the system cannot create a thread. */
struct worker *worker_start(worker_body *body, void *context) NODISCARD;

/* Ends the worker's current rest, or its next one if it is not resting. Cheap, from any
 * thread. */
void worker_wake(struct worker *worker);

/* Asks the worker to end and does not wait for it: for ending several at the same
 * time. */
void worker_ask_to_stop(struct worker *worker);

/* Asks the worker to end, waits for it and frees it. NULL is fine. */
void worker_stop(struct worker *worker);

/* For the body only. False: the worker is to end. */
bool worker_should_continue(struct worker *worker);

/* Rests until another thread wakes the worker. False: the worker is to end. */
bool worker_rest(struct worker *worker) NODISCARD;

/* The same, for at most `max_ms`. */
bool worker_rest_for(struct worker *worker, int64_t max_ms) NODISCARD;

/* Rests for the whole time; only a request to end cuts it short. A wake-up in the
 * meantime ends the next rest. */
bool worker_pause(struct worker *worker, int64_t time_ms) NODISCARD;

#endif
