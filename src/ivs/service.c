#include "ivs/service.h"

#include "common/headers.h"
#include "events/publish.h"
#include "ivs_internal.h"

/* The rates are from the service quotas page. Fidelity: ivs-throttling-1 */
#define OP(Name, METHOD, uri, status, access, rate, handler)                             \
    OPERATION_ROW(ivs, Name, METHOD, uri, status, access, handler, rate)
#define OP_TODO OPERATION_ROW_TODO

static const struct operation operations[] = {
#include "operations.def"
};

const struct service ivs_service = {
    .name = "ivs",
    .title = "Amazon IVS Low-Latency Streaming",
    .signing_name = "ivs",
    .host_label = "ivs",
    .event_source = EVENT_SOURCE_IVS,
    .headers = common_headers,
    .error_member = "exceptionMessage", /* Fidelity: common-errors-1 */
    .emulated = true,
    .quotas = ivs_quotas,
    .operations = operations,
    .count = COUNT_OF(operations),
};
