/*
 * Shared code of the batch operations.
 */
#include "rules_internal.h"

/* Adds an error for an ARN that was not found; `errors` is created if needed. */
static cJSON *add_not_found(struct call *call, const char *member, const char *arn)
{
    cJSON *errors = cJSON_GetObjectItemCaseSensitive(call->out, "errors");
    cJSON *error = cJSON_CreateObject();

    if (errors == NULL)
        errors = cJSON_AddArrayToObject(call->out, "errors");
    cJSON_AddItemToArray(errors, error);
    json_add_text(error, member, arn);
    json_add_text(error, "code", "404"); /* Fidelity: ivs-batch-1 */
    json_add_text(error, "message",
                  arena_printf(call->arena, "Resource: %s not found", arn));
    return error;
}

void ivs_batch_not_found(struct call *call, const char *arn)
{
    add_not_found(call, "arn", arn);
}

void ivs_batch_viewer_not_found(struct call *call, const char *channel_arn,
                                const char *viewer_id)
{
    cJSON *error = add_not_found(call, "channelArn", channel_arn);

    json_add_text(error, "viewerId", viewer_id);
}
