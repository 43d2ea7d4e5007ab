#include "control/service.h"

#include "common/headers.h"
#include "control_internal.h"

#define OP(Name, METHOD, uri, status, access, handler)                                   \
    OPERATION_ROW(control, Name, METHOD, uri, status, access, handler, ANY_RATE)

static const struct operation operations[] = {
#include "operations.def"
};

int check_operation_name(struct call *call, const char *name)
{
    const char *fault = name != NULL
                            ? operation_name_fault(call->emu->services, name, call->arena)
                            : NULL;

    return fault == NULL ? 0
                         : call_fail(call, &ERR_VALIDATION, "%s.operation: %s",
                                     call->op->name, fault);
}

void control_add_error_members(const struct call *call, cJSON *body)
{
    if (call->error == &ERR_EVENTS_MISSING)
        cJSON_AddItemReferenceToObject(
            body, "missing", cJSON_GetObjectItemCaseSensitive(call->out, "missing"));
}

const struct service control_service = {
    .name = "control",
    .title = "The control API of IVS Local",
    .headers = common_headers,
    .choose_scope = control_choose_scope,
    .complete = control_name_scope,
    .add_error_members = control_add_error_members,
    .operations = operations,
    .count = COUNT_OF(operations),
};
