/*
 * Reset: deletes everything that was created, in one transaction if it is part of a seed.
 */
#include "control_internal.h"
#include "data/resource.h"

static const struct member in_members[] = {
    {"allAccounts", &shape_boolean, 0},
    MEMBERS_END
};
const struct shape control_reset_in = STRUCT_OF(in_members);

static const struct member out_members[] = {MEMBERS_END};
const struct shape control_reset_out = STRUCT_OF(out_members);

int control_reset(struct call *call)
{
    bool all = in_bool_or(call, "allAccounts", false);
    const struct scope *scope = all ? NULL : &call->scope;

    if (call->txn == NULL)
        return resets_run(call->emu->resets, scope) == 0 ? 0 : call_fail_internal(call);
    if (call_db(call, registry_reset(call->txn, call->emu->registry, scope)) != 0)
        return -1;
    call_forget(call, all ? FORGET_ALL : FORGET_SCOPE);
    return 0;
}
