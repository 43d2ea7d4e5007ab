/*
 * ListRequests: the last calls of an account and region.
 */
#include "api/page.h"
#include "control_internal.h"

static const struct shape operation_name = {.type = SHAPE_STRING, .min = 1, .max = 128};
static const struct shape next_token = {.type = SHAPE_STRING, .max = 1024};
static const struct shape max_results = {
    .type = SHAPE_INTEGER, .min = 1, .max = REQUEST_LOG_ENTRIES};

static const struct member in_members[] = {
    {"maxResults", &max_results,    0},
    {"nextToken",  &next_token,     0},
    {"operation",  &operation_name, 0},
    {"errorsOnly", &shape_boolean,  0},
    MEMBERS_END
};
const struct shape control_requests_list_in = STRUCT_OF(in_members);

static const struct member request_members[] = {
    {"requestId",      &shape_string,    REQUIRED},
    {"time",           &shape_timestamp, REQUIRED},
    {"method",         &shape_string,    REQUIRED},
    {"path",           &shape_string,    REQUIRED},
    {"operation",      &shape_string,    0       },
    {"account",        &shape_string,    REQUIRED},
    {"region",         &shape_string,    REQUIRED},
    {"status",         &shape_long,      REQUIRED},
    {"error",          &shape_string,    0       },
    {"durationMicros", &shape_long,      REQUIRED},
    MEMBERS_END
};
static const struct shape request = STRUCT_OF(request_members);
static const struct shape requests = LIST_OF(request);
static const struct member out_members[] = {
    {"requests",  &requests,   REQUIRED},
    {"nextToken", &next_token, 0       },
    MEMBERS_END
};
const struct shape control_requests_list_out = STRUCT_OF(out_members);

static cJSON *entry_json(struct call *call, const struct request_entry *entry)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "requestId", entry->request_id);
    cJSON_AddStringToObject(json, "time", clock_text(call->arena, entry->time_ms));
    cJSON_AddStringToObject(json, "method", entry->method);
    cJSON_AddStringToObject(json, "path", entry->path);
    if (entry->operation != NULL)
        cJSON_AddStringToObject(json, "operation", entry->operation);
    cJSON_AddStringToObject(json, "account", entry->account);
    cJSON_AddStringToObject(json, "region", entry->region);
    cJSON_AddNumberToObject(json, "status", entry->status);
    if (entry->error_name != NULL)
        cJSON_AddStringToObject(json, "error", entry->error_name);
    cJSON_AddNumberToObject(json, "durationMicros", (double)entry->duration_us);
    return json;
}

int control_requests_list(struct call *call)
{
    struct request_query query = {
        .scope = call->scope,
        .operation = in_string(call, "operation"),
        .errors_only = in_bool_or(call, "errorsOnly", false),
    };
    const char *filter = arena_printf(
        call->arena, "%s %d", in_string_or(call, "operation", ""), query.errors_only);
    struct page page;

    if (page_open(call, REQUEST_LOG_ENTRIES, filter, &page) != 0)
        return -1;
    query.after = page.after;
    struct request_entry *entries =
        arena_alloc(call->arena, (page.limit + 1) * sizeof(*entries));
    size_t count = request_log_read(call->emu->requests, &query, page.limit + 1, entries);

    cJSON *list = cJSON_AddArrayToObject(call->out, "requests");
    for (size_t i = 0; i < count && i < page.limit; i++)
        cJSON_AddItemToArray(list, entry_json(call, &entries[i]));
    if (count > page.limit)
        page_more(call, &page, entries[page.limit - 1].number);
    return 0;
}
