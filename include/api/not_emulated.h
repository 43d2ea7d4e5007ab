/*
 * What is known of Amazon IVS but not emulated: not_emulated.def. Calls of it get 501 and
 * a message that names it.
 */
#ifndef API_NOT_EMULATED_H
#define API_NOT_EMULATED_H

#include <stddef.h>

#include "base/arn.h"

/* A service none of whose operations is emulated. */
struct not_emulated {
    const char *title;
    const char *signing_name;
    const char *const *operations; /* their names; POST /<name> calls them */
    size_t operation_count;
    const struct arn_kind *resources; /* which have tags */
    size_t resource_count;
};

extern const struct not_emulated not_emulated_services[];
extern const size_t not_emulated_count;

#endif
