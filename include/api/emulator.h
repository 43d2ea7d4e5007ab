/*
 * The state of one server, from which everything else is reached.
 */
#ifndef API_EMULATOR_H
#define API_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/arrivals.h"
#include "api/event_feed.h"
#include "api/health.h"
#include "api/metrics.h"
#include "api/request_log.h"
#include "api/resets.h"
#include "api/service.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/scope.h"
#include "base/throttle.h"
#include "chat/chat.h"
#include "data/resource.h"
#include "faults/faults.h"
#include "store/store.h"
#include "watch/hub.h"

/* The options that control how the services behave. */
struct settings {
    struct scope default_scope; /* of requests that name none */
    bool quotas;                /* enforce the adjustable service quotas */
    bool throttling;            /* enforce the call rates */
    bool aws_urls;              /* use URLs that look like those of AWS */
    int64_t transitions_ms;     /* the duration of states such as CREATING */
};

struct emulator {
    /* Set by the creator, before emulator_init(), and freed by the creator. */
    struct settings settings;
    struct store *store;
    const struct service *const *services;    /* ends with NULL */
    const struct resource_registry *registry; /* of the stored resources */

    /* Set by emulator_init(). Several generators, so that neither polling nor faults nor
     * chat shift the identifiers of resources that a fixed seed gives. */
    struct clock *clock;
    struct ids *ids;         /* for resources and their secrets */
    struct ids *request_ids; /* for requests */
    struct ids *chance;      /* for random outcomes */
    struct ids *message_ids; /* for chat: tokens, messages, events and errors */
    struct faults *faults;
    struct throttle *throttle; /* NULL: calls are not throttled */
    struct request_log *requests;
    struct health *health;
    struct metrics *metrics;
    struct resets *resets;
    struct arrivals *arrivals;
    struct hub *hub; /* of those who watch */
    struct event_feed *feed;
    struct chat *chat; /* not started; NULL: there is no store */
};

/*
 * Creates the emulator's in-memory state, if the store could be opened. The emulator
 * takes ownership of the clock. With a seed, identifiers and random outcomes are
 * reproducible; with NULL they differ each time.
 */
void emulator_init(struct emulator *emu, struct clock *clock, const uint64_t *seed);

/* Drops the in-memory state of the scope, or of all scopes for NULL: requests, faults,
 * clock offsets, chat. */
void emulator_forget(struct emulator *emu, const struct scope *scope);

/* Frees what emulator_init() created. */
void emulator_done(struct emulator *emu);

#endif
