/*
 * Watch: a stream of server-sent events about what happens on the server.
 */
#include "base/nearest.h"
#include "base/text.h"
#include "control_internal.h"

#include <string.h>

static const struct shape kinds = {.type = SHAPE_STRING, .min = 1, .max = 128};
static const struct shape entry_id = {.type = SHAPE_STRING, .max = 64};

static const struct member in_members[] = {
    {"account",     &control_account, IN_QUERY},
    {"region",      &control_region,  IN_QUERY},
    {"allAccounts", &shape_boolean,   IN_QUERY},
    {"kinds",       &kinds,           IN_QUERY}, /* separated by commas; absent: all */
    {"lastEventId", &entry_id,        IN_QUERY}, /* like the header Last-Event-ID */
    MEMBERS_END
};
const struct shape control_watch_in = STRUCT_OF(in_members);

static const struct member out_members[] = {MEMBERS_END};
const struct shape control_watch_out = STRUCT_OF(out_members);

/* Those of a presigned request say who the caller is. */
#define SIGNATURE_PREFIX "X-Amz-"

static const char *names_of_members(struct arena *arena, const char *given)
{
    const char *names[COUNT_OF(in_members)];
    size_t count = 0;

    for (; in_members[count].name != NULL; count++)
        names[count] = in_members[count].name;
    return nearest_advice(arena, given, names, count);
}

/* Checks that every parameter of the query is known, and is given once. */
static int check_query(struct call *call)
{
    const struct uri *uri = &call->uri;

    for (size_t i = 0; i < uri->query_count; i++) {
        const char *name = uri->query[i].name;
        if (text_starts_with(name, SIGNATURE_PREFIX))
            continue;
        if (shape_member(call->op->in, name) == NULL)
            return call_fail(call, &ERR_VALIDATION, "Watch has no parameter %s. %s", name,
                             names_of_members(call->arena, name));
        for (size_t j = 0; j < i; j++) {
            if (strcmp(uri->query[j].name, name) == 0)
                return call_fail(call, &ERR_VALIDATION, "Watch.%s is given twice", name);
        }
    }
    return 0;
}

/* Reads the names of kinds into a bit for each. */
static int read_kinds(struct call *call, const char *list, unsigned *out)
{
    unsigned found = 0;

    for (const char *at = list;; at++) {
        const char *kind = arena_strndup(call->arena, at, strcspn(at, ","));
        size_t i = 0;
        while (i < WATCH_KINDS && strcmp(watch_kind_names[i], kind) != 0)
            i++;
        if (i == WATCH_KINDS)
            return call_fail(
                call, &ERR_VALIDATION, "Watch.kinds names an unknown kind: \"%s\". %s",
                kind, nearest_advice(call->arena, kind, watch_kind_names, WATCH_KINDS));
        found |= 1U << i;
        at += strlen(kind);
        if (*at == '\0')
            break;
    }
    *out = found;
    return 0;
}

/* Reads what the client watches: of the scope of the call, unless it names all. */
static int read_filter(struct call *call, struct watch_filter *out)
{
    const char *list = in_string(call, "kinds");
    bool all = control_is_for_all(call);

    *out = (struct watch_filter){.scope = all ? NULL : &call->scope,
                                 .kinds = (1U << WATCH_KINDS) - 1};
    if (all && (in_has(call, "account") || in_has(call, "region")))
        return call_fail(call, &ERR_VALIDATION,
                         "Watch.allAccounts cannot be combined with account or region");
    return list != NULL ? read_kinds(call, list, &out->kinds) : 0;
}

int control_watch(struct call *call)
{
    struct watch_filter filter;

    if (check_query(call) != 0 || read_filter(call, &filter) != 0)
        return -1;
    struct watcher *watcher = hub_open(
        call->emu->hub, &filter, in_string_or(call, "lastEventId", call->last_entry));
    if (watcher == NULL)
        return call_fail(call, &ERR_SERVICE_UNAVAILABLE,
                         "At most %d clients can watch at the same time",
                         HUB_MAX_WATCHERS);
    if (call_db(call, event_feed_begin(call->emu->feed, call->txn)) != 0) {
        watcher_free(watcher);
        return -1;
    }
    call->watcher = watcher;
    return 0;
}
