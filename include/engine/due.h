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

/*
 * Lets the next thing happen if it is due by `now_ms`, which is the machine's time as all
 * times here, at the time of the scope's own clock. Answers when it
 * was or is due, or INT64_MAX if nothing is; -1: the database failed, which is in the
 * log.
 */
int64_t engine_run_one_due(struct store *store, struct ids *ids, int64_t now_ms);

/*
 * Lets everything happen that is due by `now_ms`, in order, each at its own time.
 * Answers when the next thing is due, or INT64_MAX if nothing is; -1: the database
 * failed, which is in the log.
 */
int64_t engine_run_due(struct store *store, struct ids *ids, int64_t now_ms);

#endif
