/*
 * The thread that runs actions when they are due, on the emulator's clock.
 */
#ifndef ENGINE_SCHEDULER_H
#define ENGINE_SCHEDULER_H

#include "base/attrs.h"
#include "base/clock.h"
#include "base/ids.h"
#include "store/store.h"

struct scheduler;

/* Starts the thread and listens to commits of the store. The arguments must outlive the
 * scheduler. */
struct scheduler *scheduler_start(struct store *store, struct clock *clock,
                                  struct ids *ids) NODISCARD;

/* Stops the thread. NULL is accepted. */
void scheduler_stop(struct scheduler *scheduler);

#endif
