/*
 * ListDeliveries, ResendEvent: what became of the events at each target of --events-to.
 */
#include "data/event_delivery.h"

#include "api/page.h"
#include "base/timestamp.h"
#include "control_internal.h"
#include "events/delivery.h"
#include "events/detail_types.h"

#include <string.h>

enum { DEFAULT_PAGE = 100, MAX_PAGE = 1000, URL_MAX_CHARS = 2048 };

static const struct shape next_token = {.type = SHAPE_STRING, .max = 1024};
static const struct shape max_results = {
    .type = SHAPE_INTEGER, .min = 1, .max = MAX_PAGE};
static const struct shape event_id = {.type = SHAPE_STRING, .min = 1, .max = 64};
static const struct shape target_url = {
    .type = SHAPE_STRING, .min = 1, .max = URL_MAX_CHARS, .secret = true};
static const struct shape state = {.type = SHAPE_STRING, .values = delivery_state_names};

static const struct member list_in[] = {
    {"target",     &target_url,  0},
    {"eventId",    &event_id,    0},
    {"state",      &state,       0},
    {"maxResults", &max_results, 0},
    {"nextToken",  &next_token,  0},
    LIST_SCOPE_IN,
    MEMBERS_END
};
const struct shape control_deliveries_list_in = STRUCT_OF(list_in);

static const struct member last_members[] = {
    {"eventId", &shape_string,    REQUIRED},
    {"time",    &shape_timestamp, REQUIRED}, /* by the machine's clock, as all below */
    {"status",  &shape_long,      0       }, /* of the response, if there was one */
    {"reason",  &shape_string,    0       }, /* why it failed */
    MEMBERS_END
};
static const struct shape last = STRUCT_OF(last_members);
static const struct member target_members[] = {
    {"target",         &shape_string, REQUIRED},
    {"deliveredCount", &shape_long,   REQUIRED},
    {"pendingCount",   &shape_long,   REQUIRED},
    {"refusedCount",   &shape_long,   REQUIRED},
    {"droppedCount",   &shape_long,   REQUIRED}, /* by faults */
  /* Of all accounts: deleted because the target was down for too long. */
    {"lostCount",      &shape_long,   REQUIRED},
    {"lastDelivered",  &last,         0       },
    {"lastError",      &last,         0       },
    MEMBERS_END
};
static const struct shape target = STRUCT_OF(target_members);
static const struct shape targets = LIST_OF(target);
static const struct member delivery_members[] = {
    {"eventId",    &shape_string,    REQUIRED},
    {"detailType", &shape_string,    REQUIRED},
    {"eventName",  &shape_string,    0       },
    {"target",     &shape_string,    REQUIRED},
    {"state",      &state,           REQUIRED},
    {"attempts",   &shape_long,      REQUIRED},
    {"time",       &shape_timestamp, 0       }, /* of the last attempt */
    {"status",     &shape_long,      0       },
    {"reason",     &shape_string,    0       },
    {"account",    &shape_string,    REQUIRED}, /* of the event */
    {"region",     &shape_string,    REQUIRED},
    MEMBERS_END
};
static const struct shape delivery = STRUCT_OF(delivery_members);
static const struct shape deliveries = LIST_OF(delivery);
static const struct member list_out[] = {
    {"targets",    &targets,    REQUIRED},
    {"deliveries", &deliveries, REQUIRED},
    {"nextToken",  &next_token, 0       },
    LIST_SCOPE_OUT,
    MEMBERS_END
};
const struct shape control_deliveries_list_out = STRUCT_OF(list_out);

static const struct member resend_in[] = {
    {"eventId", &event_id,   REQUIRED},
    {"target",  &target_url, 0       },
    SCOPE_IN, MEMBERS_END
};
const struct shape control_event_resend_in = STRUCT_OF(resend_in);

static const struct member resend_out[] = {
    {"deliveries", &deliveries, REQUIRED},
    SCOPE_OUT, MEMBERS_END
};
const struct shape control_event_resend_out = STRUCT_OF(resend_out);

/* The open targets, in the order of their URLs. */
struct open_targets {
    struct event_target *rows;
    size_t count;
};

static int read_targets(struct call *call, struct open_targets *out)
{
    out->rows = arena_alloc(call->arena, EVENT_TARGETS_MAX * sizeof(*out->rows));
    return call_db(call, event_targets_list(call->txn, out->rows, &out->count));
}

static bool is_target(struct call *call, const struct event_target *row, const char *name)
{
    return strcmp(row->url, name) == 0 ||
           strcmp(delivery_target_shown(call->arena, row->url), name) == 0;
}

/* Refuses a target that does not exist, or of which only the visible part is given and
 * fits several. */
static int fail_target(struct call *call, const struct open_targets *open, size_t matches)
{
    const char *names = "";

    for (size_t i = 0; i < open->count; i++)
        names = arena_printf(call->arena, "%s%s%s", names, i > 0 ? ", " : "",
                             delivery_target_shown(call->arena, open->rows[i].url));
    if (open->count == 0)
        return call_fail(call, &ERR_VALIDATION,
                         "%s.target: there are no targets; --events-to adds them",
                         call->op->name);
    return call_fail(call, &ERR_VALIDATION,
                     matches == 0 ? "%s.target is not a target. The targets are %s"
                                  : "%s.target fits several targets; give the whole URL. "
                                    "The targets are %s",
                     call->op->name, names);
}

/* Reads the target that the call is restricted to: *url is "" if it is not. */
static int read_target(struct call *call, const struct open_targets *open,
                       const char **url)
{
    const char *name = in_string(call, "target");
    size_t matches = 0;

    *url = "";
    for (size_t i = 0; name != NULL && i < open->count; i++) {
        if (strcmp(open->rows[i].url, name) == 0) {
            *url = open->rows[i].url;
            return 0;
        }
        if (is_target(call, &open->rows[i], name)) {
            *url = open->rows[i].url;
            matches++;
        }
    }
    return name == NULL || matches == 1 ? 0 : fail_target(call, open, matches);
}

static void add_attempt(struct call *call, cJSON *json,
                        const struct delivery_attempt *attempt)
{
    if (attempt->time_ms != 0)
        cJSON_AddStringToObject(json, "time",
                                timestamp_text(call->arena, attempt->time_ms));
    if (attempt->status != 0)
        cJSON_AddNumberToObject(json, "status", (double)attempt->status);
    if (attempt->reason[0] != '\0')
        cJSON_AddStringToObject(json, "reason", attempt->reason);
}

static void add_last(struct call *call, cJSON *json, const char *member,
                     const struct event_delivery *row)
{
    if (row->event_id[0] == '\0')
        return;
    cJSON *added = cJSON_AddObjectToObject(json, member);
    cJSON_AddStringToObject(added, "eventId", row->event_id);
    add_attempt(call, added, &row->last);
}

static int add_target(struct call *call, cJSON *list, const struct scope *scope,
                      const struct event_target *row)
{
    static const char *const names[] = {
        [DELIVERY_PENDING] = "pendingCount",
        [DELIVERY_DELIVERED] = "deliveredCount",
        [DELIVERY_REFUSED] = "refusedCount",
        [DELIVERY_DROPPED] = "droppedCount",
    };
    struct delivery_totals totals;

    if (call_db(call, event_delivery_totals(call->txn, scope, row->url, &totals)) != 0)
        return -1;
    cJSON *json = cJSON_CreateObject();
    cJSON_AddItemToArray(list, json);
    cJSON_AddStringToObject(json, "target", delivery_target_shown(call->arena, row->url));
    for (size_t i = 0; i < COUNT_OF(names); i++)
        cJSON_AddNumberToObject(json, names[i], (double)totals.count[i]);
    cJSON_AddNumberToObject(json, "lostCount", (double)row->dropped);
    add_last(call, json, "lastDelivered", &totals.last_delivered);
    add_last(call, json, "lastError", &totals.last_failed);
    return 0;
}

static cJSON *delivery_json(struct call *call, const struct event_delivery *row)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *envelope AUTO(json_done) = json_stored(row->event.envelope);
    const struct detail_type *type = detail_type_find(row->event.detail_type);
    const char *name =
        type != NULL ? detail_type_event_name(
                           type, cJSON_GetObjectItemCaseSensitive(envelope, "detail"))
                     : NULL;

    cJSON_AddStringToObject(json, "eventId", row->event_id);
    cJSON_AddStringToObject(json, "detailType", row->event.detail_type);
    if (name != NULL)
        cJSON_AddStringToObject(json, "eventName", name);
    cJSON_AddStringToObject(json, "target", delivery_target_shown(call->arena, row->url));
    cJSON_AddStringToObject(json, "state", delivery_state_names[row->last.state]);
    cJSON_AddNumberToObject(json, "attempts", (double)row->last.attempts);
    add_attempt(call, json, &row->last);
    cJSON_AddStringToObject(json, "account", row->scope.account);
    cJSON_AddStringToObject(json, "region", row->scope.region);
    return json;
}

/* The place of a delivery in the order of the list. */
static int64_t place_of(const struct open_targets *open, const struct event_delivery *row)
{
    int64_t index = 0;

    if (row->event.seq >= INT64_MAX / EVENT_TARGETS_MAX)
        return INT64_MAX; /* another program has changed it */
    while ((size_t)index + 1 < open->count &&
           strcmp(open->rows[index].url, row->url) != 0)
        index++;
    return row->event.seq * EVENT_TARGETS_MAX + index;
}

static int list_page(struct call *call, const struct open_targets *open,
                     const struct delivery_filter *filter, const struct page *page)
{
    struct event_delivery *rows =
        arena_alloc(call->arena, (page->limit + 1) * sizeof(*rows));
    int64_t after_seq = page->after / EVENT_TARGETS_MAX;
    size_t after_target = (size_t)(page->after % EVENT_TARGETS_MAX);
    const char *after_url =
        page->after > 0 && after_target < open->count ? open->rows[after_target].url : "";
    size_t count;

    if (call_db(call, event_delivery_list(call->txn, filter, after_seq, after_url,
                                          page->limit + 1, rows, &count)) != 0)
        return -1;
    cJSON *list = cJSON_AddArrayToObject(call->out, "deliveries");
    for (size_t i = 0; i < count && i < page->limit; i++)
        cJSON_AddItemToArray(list, delivery_json(call, &rows[i]));
    if (count > page->limit)
        page_more(call, page, place_of(open, &rows[page->limit - 1]));
    return 0;
}

int control_deliveries_list(struct call *call)
{
    struct delivery_filter filter = {
        .scope = control_is_for_all(call) ? NULL : &call->scope,
        .event_id = in_string_or(call, "eventId", ""),
        .state = in_string_or(call, "state", ""),
    };
    struct open_targets open;
    struct page page;

    if (read_targets(call, &open) != 0 || read_target(call, &open, &filter.url) != 0)
        return -1;
    const char *key = arena_printf(call->arena, "%s\n%s\n%s\n%d", filter.url,
                                   filter.event_id, filter.state, filter.scope == NULL);
    if (page_open(call, DEFAULT_PAGE, key, &page) != 0)
        return -1;
    cJSON *list = cJSON_AddArrayToObject(call->out, "targets");
    for (size_t i = 0; i < open.count; i++) {
        if (filter.url[0] != '\0' && strcmp(filter.url, open.rows[i].url) != 0)
            continue;
        if (add_target(call, list, filter.scope, &open.rows[i]) != 0)
            return -1;
    }
    return list_page(call, &open, &filter, &page);
}

int control_event_resend(struct call *call)
{
    struct delivery_filter filter = {
        .scope = &call->scope,
        .event_id = in_string(call, "eventId"),
        .state = "",
    };
    struct event_delivery *rows =
        arena_alloc(call->arena, EVENT_TARGETS_MAX * sizeof(*rows));
    struct open_targets open;
    struct event event;
    size_t count;

    if (read_targets(call, &open) != 0 || read_target(call, &open, &filter.url) != 0)
        return -1;
    enum db_result found = event_find(call->txn, filter.scope, filter.event_id, &event);
    if (found == DB_NONE)
        return call_fail(call, &ERR_NOT_FOUND, "Event: %s not found", filter.event_id);
    if (open.count == 0)
        return fail_target(call, &open, 0);
    if (call_db(call, found) != 0 ||
        call_db(call, event_delivery_resend(call->txn, &event, filter.url)) != 0 ||
        call_db(call, event_delivery_list(call->txn, &filter, 0, "", EVENT_TARGETS_MAX,
                                          rows, &count)) != 0)
        return -1;
    cJSON *list = cJSON_AddArrayToObject(call->out, "deliveries");
    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(list, delivery_json(call, &rows[i]));
    return 0;
}
