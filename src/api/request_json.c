#include "api/request_json.h"

#include "base/timestamp.h"

cJSON *request_json(struct arena *arena, const struct request_entry *entry)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "requestId", entry->request_id);
    cJSON_AddStringToObject(json, "time", timestamp_text(arena, entry->time_ms));
    cJSON_AddStringToObject(json, "method", entry->method);
    cJSON_AddStringToObject(json, "path", entry->path);
    if (entry->op != NULL) {
        cJSON_AddStringToObject(json, "service", entry->service->name);
        cJSON_AddStringToObject(json, "operation", entry->op->name);
    }
    if (entry->caller[0] != '\0')
        cJSON_AddStringToObject(json, "caller", entry->caller);
    if (entry->origin != NULL)
        cJSON_AddStringToObject(json, "origin", entry->origin);
    cJSON_AddStringToObject(json, "account", entry->account);
    cJSON_AddStringToObject(json, "region", entry->region);
    cJSON_AddNumberToObject(json, "status", entry->status);
    if (entry->error_name != NULL)
        cJSON_AddStringToObject(json, "error", entry->error_name);
    if (entry->fault_id[0] != '\0')
        cJSON_AddStringToObject(json, "faultId", entry->fault_id);
    if (entry->refused)
        cJSON_AddTrueToObject(json, "refused");
    cJSON_AddNumberToObject(json, "durationMicros", (double)entry->duration_us);
    return json;
}
