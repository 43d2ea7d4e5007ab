/*
 * Reset: deletes everything that was created, in one transaction if it is part of a seed.
 */
#include "base/log.h"
#include "control_internal.h"
#include "data/resource.h"

static const struct member in_members[] = {LIST_SCOPE_IN, MEMBERS_END};
const struct shape control_reset_in = STRUCT_OF(in_members);

static const struct member out_members[] = {
    {"warning", &shape_string, 0},
    LIST_SCOPE_OUT, MEMBERS_END
};
const struct shape control_reset_out = STRUCT_OF(out_members);

#define RESET_PAIRS "all_accounts=%s " LOG_SCOPE

static int run_reset(struct call *call, const struct scope *scope)
{
    if (resets_run(call->emu->resets, scope) != 0)
        return call_fail_internal(call);
    log_each(LOG_INFO, "reset", RESET_PAIRS, scope == NULL ? "true" : "false",
             call->scope.account, call->scope.region);
    return 0;
}

int control_reset(struct call *call)
{
    bool all = control_is_for_all(call);
    const struct scope *scope = all ? NULL : &call->scope;

    if (!all && control_warn_if_unused(call) != 0)
        return -1;
    if (call->txn == NULL)
        return run_reset(call, scope);
    if (call_db(call, registry_reset(call->txn, call->emu->registry, scope)) != 0)
        return -1;
    txn_log(call->txn, "reset", RESET_PAIRS, all ? "true" : "false", call->scope.account,
            call->scope.region);
    call_forget(call, scope);
    return 0;
}
