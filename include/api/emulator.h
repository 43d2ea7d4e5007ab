/*
 * What everything hangs from: one emulator is one server's state.
 */
#ifndef API_EMULATOR_H
#define API_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/metrics.h"
#include "api/request_log.h"
#include "api/service.h"
#include "api/throttle.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/scope.h"
#include "data/resource.h"
#include "faults/faults.h"
#include "store/store.h"

/* What the options say about how the services behave. */
struct settings {
    struct scope default_scope; /* of callers that name none */
    bool quotas;                /* enforce the adjustable service quotas */
    bool throttling;            /* enforce the call rates */
    bool aws_urls;              /* URLs look like the real ones */
    int64_t transitions_ms;     /* how long CREATING and its like last */
};

struct emulator {
    /* Filled in before emulator_init(), and taken apart, by who makes the emulator. */
    struct settings settings;
    struct store *store;
    const struct service *const *services;    /* ends with NULL */
    const struct resource_registry *registry; /* of what is stored */

    /* Of emulator_init(). Three generators, so that neither a poll nor a fault shifts the
     * identifiers of resources that a fixed seed gives. */
    struct clock *clock;
    struct ids *ids;         /* of resources, and their secrets */
    struct ids *request_ids; /* of requests */
    struct ids *dice;        /* of chance */
    struct faults *faults;
    struct throttle *throttle; /* NULL: calls are not throttled */
    struct request_log *requests;
    struct metrics *metrics;
};

/*
 * Makes what an emulator keeps in memory alone. It owns the clock from then on. With a
 * seed, identifiers and dice repeat; NULL: they begin somewhere else each time.
 */
void emulator_init(struct emulator *emu, struct clock *clock, const uint64_t *seed);

/* Forgets what memory alone holds of the scope, or of all for NULL: requests, faults, how
 * far a clock is ahead. */
void emulator_forget(struct emulator *emu, const struct scope *scope);

/* Gives back what emulator_init() made. */
void emulator_done(struct emulator *emu);

#endif
