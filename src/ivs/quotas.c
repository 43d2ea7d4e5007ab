/*
 * The adjustable service quotas, per account and region. Fidelity: quotas-1
 */
#include "base/bug.h"
#include "data/scope_state.h"
#include "rules_internal.h"

#include <inttypes.h>
#include <string.h>

static const struct {
    const char *resource; /* the table it is stored in */
    const char *plural;
    int64_t most;
} quotas[] = {
    {"channel",                 "channels",                 5000},
    {"recording_configuration", "recording configurations", 20  },
};

int ivs_check_quota(struct call *call, const char *resource)
{
    size_t i = 0;
    int64_t count;

    if (!call->emu->settings.quotas)
        return 0;
    while (i < COUNT_OF(quotas) && strcmp(quotas[i].resource, resource) != 0)
        i++;
    if (i == COUNT_OF(quotas))
        BUG("no quota for %s", resource);
    if (call_db(call, resource_count(call->txn, call->scope, resource, &count)) != 0)
        return -1;
    if (count < quotas[i].most)
        return 0;
    /* Fidelity: errors-4 */
    return call_fail(call, &ERR_QUOTA,
                     "Service quota exceeded: %" PRId64 " %s per region", quotas[i].most,
                     quotas[i].plural);
}
