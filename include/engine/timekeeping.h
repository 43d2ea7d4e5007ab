/*
 * Moving the clock of an account and region. The offset is in the database, because the
 * times stored there are by that clock, and in memory, where every call reads it.
 */
#ifndef ENGINE_TIMEKEEPING_H
#define ENGINE_TIMEKEEPING_H

#include <stdint.h>

#include "base/attrs.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/scope.h"
#include "store/store.h"

/* The maximum offset: a hundred years. */
#define TIMEKEEPING_MAX_OFFSET_MS (INT64_C(36525) * 24 * 3600 * 1000)

struct timekeeping {
    struct store *store;
    struct clock *clock;
    struct ids *ids; /* for actions that become due */
};

enum timekeeping_outcome {
    TIMEKEEPING_DONE,
    TIMEKEEPING_TOO_FAR,
    TIMEKEEPING_TOO_MANY, /* too many clocks have already been moved */
    TIMEKEEPING_FAILED,   /* the database failed, which is logged */
};

/* Reads the offsets from the database, and again whenever a snapshot replaces the state.
 * Returns -1 if the database failed, which is logged. */
int timekeeping_start(const struct timekeeping *t) NODISCARD;

/* Moves a clock forward and runs everything that is due by then. */
enum timekeeping_outcome timekeeping_advance(const struct timekeeping *t,
                                             struct scope scope, int64_t by_ms) NODISCARD;

/* Resets a clock to the machine's time. What has happened is not undone. Returns -1 if
 * the database failed, which is logged. */
int timekeeping_reset(const struct timekeeping *t, struct scope scope) NODISCARD;

#endif
