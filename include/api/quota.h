/*
 * The service quotas of a service, as data.
 */
#ifndef API_QUOTA_H
#define API_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

/* How many of a resource an account may have in a region. */
struct quota {
    const char *table; /* that the resource is stored in; it is counted under this name */
    const char *plural; /* of the resource, for messages */
    int64_t most;
    bool fixed; /* AWS raises it for nobody, so --quotas off does not lift it */
};

#define QUOTAS_END                                                                       \
    {                                                                                    \
        NULL, NULL, 0, false                                                             \
    }

#endif
