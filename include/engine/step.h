/*
 * The context of a step of a life cycle.
 */
#ifndef ENGINE_STEP_H
#define ENGINE_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ids.h"
#include "base/scope.h"
#include "engine/session_views.h"
#include "store/txn.h"

struct step {
    struct txn *txn; /* for writing */
    struct scope scope;
    struct ids *ids;
    int64_t now_ms;                    /* the time of the step, on the emulator's clock */
    bool quotas;                       /* enforce the adjustable quotas */
    const struct session_views *views; /* for a stream that starts; else NULL */
};

#endif
