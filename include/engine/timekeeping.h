/*
 * Moving the clock of an account and region. How far it was moved is in the database, as
 * the times stored there are by that clock, and in memory, where every call reads it.
 */
#ifndef ENGINE_TIMEKEEPING_H
#define ENGINE_TIMEKEEPING_H

#include <stdint.h>

#include "base/attrs.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/scope.h"
#include "store/store.h"

/* Nobody can be further ahead: a hundred years. */
#define TIMEKEEPING_MAX_OFFSET_MS (INT64_C(36525) * 24 * 3600 * 1000)

struct timekeeping {
    struct store *store;
    struct clock *clock;
    struct ids *ids; /* for what comes due */
};

enum timekeeping_outcome {
    TIMEKEEPING_DONE,
    TIMEKEEPING_TOO_FAR,
    TIMEKEEPING_TOO_MANY, /* clocks are moved already */
    TIMEKEEPING_FAILED,   /* the database did; it is in the log */
};

/* Reads into memory what is in the database, and again whenever a snapshot replaces it.
 * -1: the database failed, which is in the log. */
int timekeeping_start(const struct timekeeping *t) NODISCARD;

/* Moves a clock forward and lets everything happen that is due by then. */
enum timekeeping_outcome timekeeping_advance(const struct timekeeping *t,
                                             struct scope scope, int64_t by_ms) NODISCARD;

/* Puts a clock back to the machine's time. What has happened stays as it is. -1: the
 * database failed, which is in the log. */
int timekeeping_reset(const struct timekeeping *t, struct scope scope) NODISCARD;

#endif
