/*
 * The service quotas, per account and region. Fidelity: quotas-1, quotas-2
 */
#include "base/bug.h"
#include "data/resource.h"
#include "rules_internal.h"

#include <inttypes.h>
#include <string.h>

static const struct quota {
    const char *resource; /* the table it is stored in */
    const char *plural;
    int64_t most;
    bool fixed; /* AWS raises it for nobody, so --quotas off does not lift it */
} quotas[] = {
    {"channel",                      "channels",                      5000, false},
    {"recording_configuration",      "recording configurations",      20,   false},
    {"ad_configuration",             "ad configurations",             20,   true },
    {"failover_slate_configuration", "failover slate configurations", 20,   false},
    {"playback_key_pair",            "playback key pairs",            3,    true },
    {"playback_restriction_policy",  "playback restriction policies", 3,    true },
};

static const struct quota *quota_of(const char *resource)
{
    for (size_t i = 0; i < COUNT_OF(quotas); i++) {
        if (strcmp(quotas[i].resource, resource) == 0)
            return &quotas[i];
    }
    BUG("no quota for %s", resource);
}

int ivs_check_quota(struct call *call, const char *resource)
{
    const struct quota *quota = quota_of(resource);
    int64_t count;

    if (!quota->fixed && !call->emu->settings.quotas)
        return 0;
    if (call_db(call, resource_count(call->txn, call->scope, resource, &count)) != 0)
        return -1;
    if (count < quota->most)
        return 0;
    return ivs_fail_quota(call, quota->most,
                          arena_printf(call->arena, "%s per region", quota->plural));
}

int ivs_fail_quota(struct call *call, int64_t most, const char *of_what)
{
    /* Fidelity: errors-4 */
    return call_fail(call, &ERR_QUOTA, "Service quota exceeded: %" PRId64 " %s", most,
                     of_what);
}
