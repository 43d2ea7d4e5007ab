/*
 * What the batch operations share.
 */
#include "rules_internal.h"

void ivs_batch_not_found(struct call *call, const char *arn)
{
    cJSON *errors = cJSON_GetObjectItemCaseSensitive(call->out, "errors");
    cJSON *error = cJSON_CreateObject();

    if (errors == NULL)
        errors = cJSON_AddArrayToObject(call->out, "errors");
    cJSON_AddItemToArray(errors, error);
    cJSON_AddStringToObject(error, "arn", arn);
    cJSON_AddStringToObject(error, "code", "404"); /* Fidelity: batch-1 */
    cJSON_AddStringToObject(error, "message",
                            arena_printf(call->arena, "Resource: %s not found", arn));
}
