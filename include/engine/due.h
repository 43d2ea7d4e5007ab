/*
 * What happens when its time comes: a recording ends after its reconnect window, a stream
 * at its maximum length. Each kind is a row of the table in src/engine/due.c.
 */
#ifndef ENGINE_DUE_H
#define ENGINE_DUE_H

#include <stdint.h>

#include "base/attrs.h"
#include "base/ids.h"
#include "store/store.h"

/* The database failed, which is in the log. Not -1: by the machine's time, what a clock
 * far ahead left behind was due before 1970. */
#define DUE_FAILED INT64_MIN

/*
 * Makes the next thing happen if it is due by `now_ms`, at its own time on the clock of
 * its scope. All times here are the machine's. Returns when it was or will be due,
 * INT64_MAX if nothing is, or DUE_FAILED.
 */
int64_t engine_run_one_due(struct store *store, struct ids *ids, int64_t now_ms);

/*
 * Makes everything happen that is due by `now_ms`, in order, each at its own time.
 * Returns when the next thing is due, INT64_MAX if nothing is, or DUE_FAILED.
 */
int64_t engine_run_due(struct store *store, struct ids *ids, int64_t now_ms);

#endif
