/*
 * The service quotas, per account and region. Fidelity: ivschat-quotas-1
 */
#include "ivschat_internal.h"

const struct quota ivschat_quotas[] = {
    {"room",                  "rooms",                  50000, false},
    {"logging_configuration", "logging configurations", 10,    false},
    QUOTAS_END
};
