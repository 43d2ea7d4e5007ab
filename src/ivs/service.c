#include "ivs/service.h"

#include "ivs_internal.h"

#define OP(Name, METHOD, uri, status, access, rate, handler)                             \
    {#Name,                                                                              \
     #METHOD,                                                                            \
     uri,                                                                                \
     status,                                                                             \
     access,                                                                             \
     rate,                                                                               \
     &ivs_##handler##_in,                                                                \
     &ivs_##handler##_out,                                                               \
     ivs_##handler},
#define OP_TODO(Name, METHOD, uri)                                                       \
    {#Name, #METHOD, uri, 501, NO_STORE, {0}, &shape_empty, &shape_empty, NULL},

/* The rates of the service quotas page. Fidelity: throttling-1 */
#define PER_ACCOUNT(calls)                                                               \
    {                                                                                    \
        .per_account = (calls)                                                           \
    }
#define PER_CHANNEL(calls, calls_in_all)                                                 \
    {                                                                                    \
        .per_account = (calls_in_all), .per_resource = (calls), .resource = "channelArn" \
    }

static const struct operation operations[] = {
#include "operations.def"
};

const struct service ivs_service = {
    .name = "ivs",
    .title = "Amazon IVS Low-Latency Streaming",
    .signing_name = "ivs",
    .error_member = "exceptionMessage", /* Fidelity: errors-1 */
    .emulated = true,
    .operations = operations,
    .count = COUNT_OF(operations),
};
