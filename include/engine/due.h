/*
 * What happens by itself when its time comes: a recording ends after its reconnect
 * window, a stream after its greatest length.
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
 * Lets the next thing happen if it is due by `now_ms`, which is the machine's time as all
 * times here, at the time of the scope's own clock. Answers when it was or is due, or
 * INT64_MAX if nothing is; or DUE_FAILED.
 */
int64_t engine_run_one_due(struct store *store, struct ids *ids, int64_t now_ms);

/*
 * Lets everything happen that is due by `now_ms`, in order, each at its own time.
 * Answers when the next thing is due, or INT64_MAX if nothing is; or DUE_FAILED.
 */
int64_t engine_run_due(struct store *store, struct ids *ids, int64_t now_ms);

#endif
