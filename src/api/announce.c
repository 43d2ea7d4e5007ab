#include "api/announce.h"

#include "api/request_json.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/timestamp.h"

static bool is_watched(const struct call *call)
{
    return hub_is_watched(call->emu->hub);
}

static void add_scope(cJSON *entry, struct scope scope)
{
    cJSON_AddStringToObject(entry, "account", scope.account);
    cJSON_AddStringToObject(entry, "region", scope.region);
}

void announce_request(const struct call *call, const struct request_entry *entry)
{
    if (!is_watched(call))
        return;
    cJSON *json AUTO(json_done) = request_json(call->arena, entry);
    if (call->error != NULL)
        cJSON_AddStringToObject(json, "message",
                                secret_hide(call->arena, call->error_message));
    hub_publish(call->emu->hub, WATCH_REQUEST, call->scope, json);
}

/* The beginning of an entry about a fault. */
static cJSON *fault_entry(const struct call *call, struct scope scope, const char *action)
{
    cJSON *entry = cJSON_CreateObject();

    cJSON_AddStringToObject(entry, "action", action);
    cJSON_AddStringToObject(entry, "time", timestamp_text(call->arena, call->now_ms));
    add_scope(entry, scope);
    return entry;
}

void announce_fault_put(const struct call *call, struct scope scope, const cJSON *fault)
{
    if (!is_watched(call))
        return;
    cJSON *entry AUTO(json_done) = fault_entry(call, scope, "PUT");
    cJSON_AddStringToObject(entry, "faultId", json_string_or(fault, "faultId", ""));
    cJSON_AddItemToObject(entry, "fault", cJSON_Duplicate(fault, true));
    hub_publish(call->emu->hub, WATCH_FAULT, scope, entry);
}

void announce_fault_deleted(const struct call *call, const char *fault_id)
{
    if (!is_watched(call))
        return;
    cJSON *entry AUTO(json_done) = fault_entry(call, call->scope, "DELETED");
    if (fault_id != NULL)
        cJSON_AddStringToObject(entry, "faultId", fault_id);
    hub_publish(call->emu->hub, WATCH_FAULT, call->scope, entry);
}

void announce_fault_applied(const struct call *call, const char *fault_id)
{
    if (!is_watched(call))
        return;
    cJSON *entry AUTO(json_done) = fault_entry(call, call->scope, "APPLIED");
    cJSON_AddStringToObject(entry, "faultId", fault_id);
    cJSON_AddStringToObject(entry, "service", call->service->name);
    cJSON_AddStringToObject(entry, "operation", call->op->name);
    cJSON_AddStringToObject(entry, "requestId", call->request_id);
    hub_publish(call->emu->hub, WATCH_FAULT, call->scope, entry);
}

void announce_clock(const struct call *call)
{
    struct clock *clock = call->emu->clock;

    if (!is_watched(call))
        return;
    int64_t offset_seconds = clock_offset_ms(clock, call->scope) / 1000;
    cJSON *entry AUTO(json_done) = cJSON_CreateObject();
    add_scope(entry, call->scope);
    cJSON_AddStringToObject(
        entry, "now", timestamp_text(call->arena, clock_scope_ms(clock, call->scope)));
    cJSON_AddNumberToObject(entry, "offsetSeconds", (double)offset_seconds);
    hub_publish(call->emu->hub, WATCH_CLOCK, call->scope, entry);
}
