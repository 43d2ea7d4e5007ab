/*
 * The members that the errors of this service have besides the message.
 */
#include "base/json.h"
#include "ivschat_internal.h"

#include <string.h>

/* The id of the resource that the error is about, or of the account if it is about none.
 * Fidelity: ivschat-errors-2 */
static const char *resource_id(const struct call *call)
{
    const char *arn = call->error_details.arn;
    const char *slash = arn != NULL ? strrchr(arn, '/') : NULL;

    return slash != NULL ? slash + 1 : call->scope.account;
}

static void add_resource(const struct call *call, cJSON *body)
{
    json_add_text(body, "resourceId", resource_id(call));
    json_add_text(body, "resourceType", "ROOM"); /* Fidelity: ivschat-errors-3 */
}

/* Fidelity: ivschat-errors-1 */
static void add_reason(const struct call *call, cJSON *body)
{
    const char *member = call->error_details.member;

    if (member == NULL) {
        json_add_text(body, "reason", "OTHER");
        return;
    }
    json_add_text(body, "reason", "FIELD_VALIDATION_FAILED");
    cJSON *fields = cJSON_AddArrayToObject(body, "fieldList");
    cJSON *field = cJSON_CreateObject();
    cJSON_AddItemToArray(fields, field);
    json_add_text(field, "name", member);
    json_add_text(field, "message", call->error_message);
}

void ivschat_add_error_members(const struct call *call, cJSON *body)
{
    const struct error_kind *error = call->error;
    bool has_limit = error == &ERR_QUOTA || error == &ERR_THROTTLING;

    if (error == &ERR_VALIDATION)
        add_reason(call, body);
    if (has_limit || error == &ERR_NOT_FOUND || error == &ERR_CONFLICT)
        add_resource(call, body);
    if (has_limit)
        cJSON_AddNumberToObject(body, "limit", (double)call->error_details.limit);
}
