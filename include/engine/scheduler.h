/*
 * The thread that lets things happen when they are due, on the emulator's clock.
 */
#ifndef ENGINE_SCHEDULER_H
#define ENGINE_SCHEDULER_H

#include "base/attrs.h"
#include "base/clock.h"
#include "base/ids.h"
#include "events/delivery.h"
#include "store/store.h"

struct scheduler;

/* What it is given must outlive it. `delivery` hears of the events; NULL: nobody wants
 * them. */
struct scheduler *scheduler_start(struct store *store, struct clock *clock,
                                  struct ids *ids, struct delivery *delivery) NODISCARD;

/* Something may be due earlier than it was, or the clock was moved. Cheap. NULL is fine.
 */
void scheduler_wake(struct scheduler *scheduler);

/* NULL is fine. */
void scheduler_stop(struct scheduler *scheduler);

#endif
