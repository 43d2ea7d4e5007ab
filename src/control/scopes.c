/*
 * ListScopes: the accounts and regions in use; and the warning for calls about another
 * one.
 */
#include "base/buf.h"
#include "base/log.h"
#include "base/memory.h"
#include "control_internal.h"
#include "data/clock.h"
#include "data/event.h"
#include "data/resource.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_LISTED = 10000, /* scopes in a response */
    MAX_IN_WARNING = 5, /* scopes in a warning */
    WARNING_BYTES = 2048,
};

static const struct member list_in[] = {LIST_SCOPE_IN, MEMBERS_END};
static const struct shape resources = {
    .type = SHAPE_MAP, .key = &shape_string, .item = &shape_long};
static const struct member scope_members[] = {
    {"requests",      &shape_long, REQUIRED}, /* that ListRequests has */
    {"events",        &shape_long, REQUIRED}, /* that ListEvents has */
    {"faults",        &shape_long, REQUIRED},
    {"offsetSeconds", &shape_long, REQUIRED}, /* of the clock */
    {"resources",     &resources,  REQUIRED}, /* by kind */
    SCOPE_OUT,
    MEMBERS_END
};
static const struct shape scope_shape = STRUCT_OF(scope_members);
static const struct shape scopes_shape = LIST_OF(scope_shape);
static const struct member list_out[] = {
    {"scopes",    &scopes_shape,  REQUIRED},
    {"truncated", &shape_boolean, REQUIRED}, /* there are more */
    MEMBERS_END
};
const struct shape control_scopes_list_in = STRUCT_OF(list_in);
const struct shape control_scopes_list_out = STRUCT_OF(list_out);

/* A number about a scope. */
struct entry {
    struct scope scope;
    const char *member;   /* of the response */
    const char *resource; /* of the member `resources`; NULL: of another one */
    int64_t number;
};

struct entries {
    struct arena *arena;
    struct entry *list; /* from malloc() */
    size_t count, capacity;
};

static void add_entry(struct entries *entries, struct scope scope, const char *member,
                      const char *resource, int64_t number)
{
    if (entries->count == entries->capacity) {
        entries->capacity = entries->capacity * 2 + 64;
        entries->list =
            mem_realloc(entries->list, entries->capacity * sizeof(*entries->list));
    }
    entries->list[entries->count++] = (struct entry){
        .scope = {arena_strdup(entries->arena, scope.account),
                  arena_strdup(entries->arena, scope.region)},
        .member = member,
        .resource = resource,
        .number = number,
    };
}

static void add_requests(void *context, struct scope scope, int64_t count)
{
    add_entry(context, scope, "requests", NULL, count);
}

static void add_events(void *context, struct scope scope, int64_t count)
{
    add_entry(context, scope, "events", NULL, count);
}

static void add_clock(void *context, struct scope scope, int64_t offset_ms)
{
    add_entry(context, scope, "offsetSeconds", NULL, offset_ms / 1000);
}

static void add_resources(void *context, struct scope scope, const char *counted_as,
                          int64_t count)
{
    add_entry(context, scope, "resources", counted_as, count);
}

static void add_faults(struct entries *entries, struct faults *faults)
{
    struct fault *list;
    size_t count = faults_list(faults, NULL, entries->arena, &list);

    for (size_t i = 0; i < count; i++)
        add_entry(entries, list[i].scope, "faults", NULL, 1);
}

static int compare_scopes(const struct scope *a, const struct scope *b)
{
    int order = strcmp(a->account, b->account);

    return order != 0 ? order : strcmp(a->region, b->region);
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *one = a, *other = b;
    int order = compare_scopes(&one->scope, &other->scope);

    if (order == 0)
        order = strcmp(one->member, other->member);
    if (order == 0 && one->resource != NULL && other->resource != NULL)
        order = strcmp(one->resource, other->resource);
    return order;
}

/* What makes a scope one that is in use: calls and resources. */
static enum db_result collect_use(const struct call *call, struct txn *txn,
                                  struct entries *entries)
{
    request_log_each_scope(call->emu->requests, add_requests, entries);
    return resource_count_each_scope(txn, add_resources, entries);
}

static enum db_result collect_all(const struct call *call, struct entries *entries)
{
    add_faults(entries, call->emu->faults);
    if (collect_use(call, call->txn, entries) == DB_ERROR ||
        event_count_each(call->txn, add_events, entries) == DB_ERROR)
        return DB_ERROR;
    return clock_offset_each(call->txn, add_clock, entries);
}

static void sort_entries(struct entries *entries)
{
    if (entries->count > 1)
        qsort(entries->list, entries->count, sizeof(*entries->list), compare_entries);
}

/* The index after the entries of the same scope as the one at `first`. */
static size_t end_of_scope(const struct entries *entries, size_t first)
{
    size_t end = first + 1;

    while (end < entries->count &&
           compare_scopes(&entries->list[end].scope, &entries->list[first].scope) == 0)
        end++;
    return end;
}

/* The sum of a member in these entries. */
static int64_t sum_of(const struct entries *entries, size_t first, size_t end,
                      const char *member)
{
    int64_t sum = 0;

    for (size_t i = first; i < end; i++) {
        if (strcmp(entries->list[i].member, member) == 0)
            sum += entries->list[i].number;
    }
    return sum;
}

static cJSON *scope_json(const struct entries *entries, size_t first, size_t end)
{
    static const char *const sums[] = {"requests", "events", "faults", "offsetSeconds"};
    cJSON *json = cJSON_CreateObject();

    json_add_text(json, "account", entries->list[first].scope.account);
    json_add_text(json, "region", entries->list[first].scope.region);
    for (size_t i = 0; i < COUNT_OF(sums); i++)
        cJSON_AddNumberToObject(json, sums[i],
                                (double)sum_of(entries, first, end, sums[i]));
    cJSON *by_kind = cJSON_AddObjectToObject(json, "resources");
    for (size_t i = first; i < end; i++) {
        const struct entry *entry = &entries->list[i];
        if (entry->resource != NULL)
            cJSON_AddNumberToObject(by_kind, entry->resource, (double)entry->number);
    }
    return json;
}

static void free_entries(struct entries *entries)
{
    free(entries->list);
}

/* Whether the response is about the scope. All are listed unless the input names an
 * account or a region. */
static bool is_wanted(const struct call *call, const struct scope *scope)
{
    return (!in_has(call, "account") ||
            strcmp(in_string(call, "account"), scope->account) == 0) &&
           (!in_has(call, "region") ||
            strcmp(in_string(call, "region"), scope->region) == 0);
}

int control_scopes_list(struct call *call)
{
    struct entries entries AUTO(free_entries) = {.arena = call->arena};
    cJSON *list = cJSON_AddArrayToObject(call->out, "scopes");
    int listed = 0;

    if (call_db(call, collect_all(call, &entries)) != 0)
        return -1;
    sort_entries(&entries);
    for (size_t first = 0, end; first < entries.count; first = end) {
        end = end_of_scope(&entries, first);
        if (is_wanted(call, &entries.list[first].scope) && listed++ < MAX_LISTED)
            cJSON_AddItemToArray(list, scope_json(&entries, first, end));
    }
    cJSON_AddBoolToObject(call->out, "truncated", listed > MAX_LISTED);
    return 0;
}

/* The warning about the scope of a call that is not in use; NULL: it is in use, or no
 * scope is. */
static const char *describe_use(const struct call *call, const struct entries *entries)
{
    struct buf text AUTO(buf_done);
    int others = 0;

    buf_init(&text, WARNING_BYTES);
    buf_printf(&text, "Account %s has no calls and no resources in %s yet. In use are",
               call->scope.account, call->scope.region);
    for (size_t first = 0, end; first < entries->count; first = end) {
        const struct scope *scope = &entries->list[first].scope;
        end = end_of_scope(entries, first);
        if (compare_scopes(scope, &call->scope) == 0)
            return NULL;
        if (others++ < MAX_IN_WARNING)
            buf_printf(&text, "%s %s in %s", others > 1 ? "," : "", scope->account,
                       scope->region);
    }
    if (others > MAX_IN_WARNING)
        buf_printf(&text, " and %d more (see ListScopes)", others - MAX_IN_WARNING);
    return others > 0 ? arena_strndup(call->arena, text.bytes, text.length) : NULL;
}

/* Reads what is in use, in the transaction of the call or in one of its own. */
static enum db_result read_use(struct call *call, struct entries *entries)
{
    struct txn *own AUTO(txn_abandon) = NULL;

    if (call->txn != NULL)
        return collect_use(call, call->txn, entries);
    own = txn_begin(call->emu->store, call->arena, TXN_READ);
    return collect_use(call, own, entries);
}

int control_warn_if_unused(struct call *call)
{
    struct entries entries AUTO(free_entries) = {.arena = call->arena};
    char quoted[LOG_QUOTED_BYTES];

    if (call_db(call, read_use(call, &entries)) != 0)
        return -1;
    sort_entries(&entries);
    const char *warning = describe_use(call, &entries);
    if (warning == NULL)
        return 0;
    json_add_text(call->out, "warning", warning);
    log_info("call for an account and region that is not in use",
             "operation=%s account=%s region=%s reason=%s", call->op->name,
             call->scope.account, call->scope.region, log_quoted(warning, quoted));
    return 0;
}
