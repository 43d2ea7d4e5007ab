/*
 * The service quotas of a service, as data.
 */
#ifndef API_QUOTA_H
#define API_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

/* The maximum number of a resource that an account may have in a region. */
struct quota {
    const char *table;  /* of the resource, which the registry must count */
    const char *plural; /* name of the resource, for messages */
    int64_t most;
    bool fixed; /* AWS never raises it, so --quotas off does not lift it */
};

#define QUOTAS_END                                                                       \
    {                                                                                    \
        NULL, NULL, 0, false                                                             \
    }

#endif
