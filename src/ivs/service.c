#include "ivs/service.h"

#include "ivs_internal.h"

#define OP(Name, METHOD, uri, status, access, handler)                                   \
    {#Name,                                                                              \
     #METHOD,                                                                            \
     uri,                                                                                \
     status,                                                                             \
     access,                                                                             \
     &ivs_##handler##_in,                                                                \
     &ivs_##handler##_out,                                                               \
     ivs_##handler},
#define OP_TODO(Name, METHOD, uri)                                                       \
    {#Name, #METHOD, uri, 501, NO_STORE, &shape_empty, &shape_empty, NULL},

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
