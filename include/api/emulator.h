/*
 * What everything hangs from: one emulator is one server's state.
 */
#ifndef API_EMULATOR_H
#define API_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/request_log.h"
#include "api/service.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/scope.h"
#include "store/store.h"

/* What the options say about how the services behave. */
struct settings {
    struct scope default_scope; /* of callers that name none */
    bool quotas;                /* enforce the adjustable service quotas */
    bool aws_urls;              /* URLs look like the real ones */
    int64_t transitions_ms;     /* how long CREATING and its like last */
};

/* Made and taken apart by the app; the members are owned by it. */
struct emulator {
    struct settings settings;
    struct store *store;
    struct clock *clock;
    struct ids *ids;
    struct request_log *requests;
    const struct service *const *services; /* ends with NULL */
};

#endif
