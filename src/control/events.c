/*
 * ListEvents: the events that EventBridge would receive.
 */
#include "data/event.h"

#include "api/page.h"
#include "control_internal.h"

enum { DEFAULT_PAGE = 100, MAX_PAGE = 1000 };

static const struct shape next_token = {.type = SHAPE_STRING, .max = 1024};
static const struct shape max_results = {
    .type = SHAPE_INTEGER, .min = 1, .max = MAX_PAGE};
static const struct shape filter_text = {.type = SHAPE_STRING, .min = 1, .max = 128};
static const struct member in_members[] = {
    {"maxResults",  &max_results, 0},
    {"nextToken",   &next_token,  0},
    {"detailType",  &filter_text, 0},
    {"resourceArn", &filter_text, 0},
    LIST_SCOPE_IN,
    MEMBERS_END
};
const struct shape control_events_list_in = STRUCT_OF(in_members);

/* The detail depends on the detail-type: see the user guide. */
static const struct shape resources = LIST_OF(shape_string);
static const struct member envelope_members[] = {
    {"version",     &shape_string,    REQUIRED},
    {"id",          &shape_string,    REQUIRED},
    {"detail-type", &shape_string,    REQUIRED},
    {"source",      &shape_string,    REQUIRED},
    {"account",     &shape_string,    REQUIRED},
    {"time",        &shape_timestamp, REQUIRED},
    {"region",      &shape_string,    REQUIRED},
    {"resources",   &resources,       REQUIRED},
    {"detail",      &shape_document,  REQUIRED},
    MEMBERS_END
};
static const struct shape envelope = STRUCT_OF(envelope_members);
const struct shape control_envelopes = LIST_OF(envelope);
static const struct member out_members[] = {
    {"events",    &control_envelopes, REQUIRED},
    {"nextToken", &next_token,        0       },
    LIST_SCOPE_OUT,
    MEMBERS_END
};
const struct shape control_events_list_out = STRUCT_OF(out_members);

int control_events_list(struct call *call)
{
    const struct event_filter filter = {
        .detail_type = in_string(call, "detailType"),
        .resource_arn = in_string(call, "resourceArn"),
    };
    bool all = control_is_for_all(call);
    const char *key =
        arena_printf(call->arena, "%s\n%s\n%d", in_string_or(call, "detailType", ""),
                     in_string_or(call, "resourceArn", ""), all);
    struct event *rows;
    struct page page;
    size_t count;

    if (check_event_names(call, "ListEvents", filter.detail_type, NULL) != 0)
        return -1;
    if (page_open(call, DEFAULT_PAGE, key, &page) != 0)
        return -1;
    rows = arena_alloc(call->arena, (page.limit + 1) * sizeof(*rows));
    if (call_db(call, event_list(call->txn, all ? NULL : &call->scope, &filter,
                                 page.after, page.limit + 1, rows, &count)) != 0)
        return -1;
    cJSON *list = cJSON_AddArrayToObject(call->out, "events");
    for (size_t i = 0; i < count && i < page.limit; i++)
        cJSON_AddItemToArray(list, cJSON_CreateRaw(rows[i].envelope));
    if (count > page.limit)
        page_more(call, &page, rows[page.limit - 1].seq);
    return 0;
}
