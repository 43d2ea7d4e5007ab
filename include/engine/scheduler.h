/*
 * The thread that lets things happen when they are due, on the emulator's clock.
 */
#ifndef ENGINE_SCHEDULER_H
#define ENGINE_SCHEDULER_H

#include "base/attrs.h"
#include "base/clock.h"
#include "base/ids.h"
#include "store/store.h"

struct scheduler;

/* Begins, and listens to what is committed to the store. What it is given must outlive
 * it. */
struct scheduler *scheduler_start(struct store *store, struct clock *clock,
                                  struct ids *ids) NODISCARD;

/* NULL is fine. */
void scheduler_stop(struct scheduler *scheduler);

#endif
