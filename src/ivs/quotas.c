/*
 * The service quotas, per account and region. Fidelity: ivs-quotas-1, ivs-quotas-2
 */
#include "ivs_internal.h"

const struct quota ivs_quotas[] = {
    {"channel",                      "channels",                      5000, false},
    {"recording_configuration",      "recording configurations",      20,   false},
    {"ad_configuration",             "ad configurations",             20,   true },
    {"failover_slate_configuration", "failover slate configurations", 20,   false},
    {"playback_key_pair",            "playback key pairs",            3,    true },
    {"playback_restriction_policy",  "playback restriction policies", 3,    true },
    QUOTAS_END
};
