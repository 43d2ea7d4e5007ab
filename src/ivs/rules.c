/*
 * Checks that several kinds of resources share.
 */
#include "rules_internal.h"

int ivs_check_unused(struct call *call, enum channel_filter by, const char *arn)
{
    switch (channel_exists(call->txn, call->scope, by, arn)) {
    case DB_ROW:
        return call_fail(call, &ERR_CONFLICT, /* Fidelity: common-errors-4 */
                         "Resource: %s is in use by a channel", arn);
    case DB_NONE:
        return 0;
    case DB_DONE:
    case DB_ERROR:
        break;
    }
    return call_fail_internal(call);
}
