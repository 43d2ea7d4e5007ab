/*
 * Actions that are due at a certain time: a recording ends after its reconnect window, a
 * stream at its maximum duration, a session is deleted when it is old, a logging
 * configuration when its deletion takes no longer. Each kind is a row of the table in
 * src/engine/due.c.
 */
#ifndef ENGINE_DUE_H
#define ENGINE_DUE_H

#include <stdint.h>

#include "base/attrs.h"
#include "base/ids.h"
#include "store/store.h"

/* The database failed, which is logged, or the work is unfinished. Not -1: by the
 * machine's time, actions of a clock that is far ahead may have been due before 1970. */
#define DUE_FAILED INT64_MIN

/*
 * Runs some of the actions that are due by `now_ms`, in order, each at its own time on
 * the clock of its scope: one, and more only while no caller waits for the store. All
 * times here are the machine's. Returns a time that is not later than the one at which
 * the next action is due, INT64_MAX if there is none, or DUE_FAILED.
 *
 * The cost of an action does not depend on how much is stored or due.
 */
int64_t engine_run_some_due(struct store *store, struct ids *ids, int64_t now_ms);

/*
 * Runs all actions that are due by `now_ms`, in order, each at its own time. Returns as
 * the function above; also DUE_FAILED if the program is to end before all have run, which
 * is left to the next start.
 */
int64_t engine_run_due(struct store *store, struct ids *ids, int64_t now_ms);

#endif
