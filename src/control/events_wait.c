/*
 * WaitForEvents: responds when the events that a test names have been written, or says
 * which have not.
 */
#include "base/arn.h"
#include "base/deadline.h"
#include "base/json.h"
#include "control_internal.h"
#include "data/event.h"
#include "events/detail_types.h"

#include <inttypes.h>
#include <string.h>

enum {
    EXPECTATIONS_MAX = 20,
    COUNT_MAX = 1000, /* of the events of all expectations together */
    TIMEOUT_DEFAULT_S = 10,
    TIMEOUT_MAX_S = 300,
    READ_AT_ONCE = 100, /* events in one transaction */
};

static const struct shape name = {.type = SHAPE_STRING, .min = 1, .max = 128};
static const struct shape event_id = {.type = SHAPE_STRING, .min = 1, .max = 64};
static const struct shape count = {.type = SHAPE_INTEGER, .min = 1, .max = COUNT_MAX};
static const struct shape timeout = {.type = SHAPE_INTEGER, .max = TIMEOUT_MAX_S};
static const struct member expectation_members[] = {
    {"detailType",  &name,  0},
    {"eventName",   &name,  0},
    {"resourceArn", &name,  0},
    {"count",       &count, 0},
    MEMBERS_END
};
static const struct shape expectation = STRUCT_OF(expectation_members);
static const struct shape expectations = {
    .type = SHAPE_LIST, .min = 1, .max = EXPECTATIONS_MAX, .item = &expectation};
static const struct member in_members[] = {
    {"events",         &expectations, REQUIRED},
    {"timeoutSeconds", &timeout,      0       },
    {"afterEventId",   &event_id,     0       },
    SCOPE_IN,
    MEMBERS_END
};
const struct shape control_events_wait_in = STRUCT_OF(in_members);

static const struct member out_members[] = {
    {"events", &control_envelopes, REQUIRED},
    SCOPE_OUT, MEMBERS_END
};
const struct shape control_events_wait_out = STRUCT_OF(out_members);

/* What a test expects, and what has come of it. */
struct expected {
    const cJSON *given;
    struct scope scope;
    struct event_filter filter;
    const char *event_name; /* NULL: any */
    size_t count;
    size_t received;
    const char **envelopes; /* of those that came, in the call's arena */
    int64_t after;          /* the place of the last event that was looked at */
};

struct wait {
    struct call *call;
    struct expected all[EXPECTATIONS_MAX];
    size_t count;
    uint64_t replacements; /* of the events, when they were last looked at from the
                            * beginning */
};

/* Reads the account and region of the ARN, where its events are. */
static int read_scope(struct call *call, size_t index, struct expected *out)
{
    struct scope scope;

    if (arn_scope(call->arena, out->filter.resource_arn, &scope) != 0)
        return call_fail(call, &ERR_VALIDATION,
                         "WaitForEvents.events[%zu].resourceArn must be an ARN", index);
    if (strcmp(in_string_or(call, "account", scope.account), scope.account) != 0 ||
        strcmp(in_string_or(call, "region", scope.region), scope.region) != 0)
        return call_fail(call, &ERR_VALIDATION,
                         "WaitForEvents.account or region contradicts "
                         "events[%zu].resourceArn",
                         index);
    out->scope = scope;
    return 0;
}

static int read_expectation(struct call *call, size_t index, const cJSON *given,
                            struct expected *out)
{
    const cJSON *number = cJSON_GetObjectItemCaseSensitive(given, "count");

    *out = (struct expected){
        .given = given,
        .scope = call->scope,
        .filter = {.detail_type = json_string_or(given, "detailType", NULL),
                   .resource_arn = json_string_or(given, "resourceArn", NULL)},
        .event_name = json_string_or(given, "eventName", NULL),
        .count = number != NULL ? (size_t)number->valuedouble : 1,
    };
    if (out->filter.detail_type == NULL && out->event_name == NULL &&
        out->filter.resource_arn == NULL)
        return call_fail(call, &ERR_VALIDATION,
                         "WaitForEvents.events[%zu] requires detailType, eventName or "
                         "resourceArn",
                         index);
    if (out->filter.resource_arn != NULL && read_scope(call, index, out) != 0)
        return -1;
    out->envelopes = arena_alloc(call->arena, out->count * sizeof(*out->envelopes));
    return check_event_names(
        call, arena_printf(call->arena, "WaitForEvents.events[%zu]", index),
        out->filter.detail_type, out->event_name);
}

static int read_expectations(struct wait *wait)
{
    struct call *call = wait->call;
    const cJSON *given;
    size_t in_all = 0;

    cJSON_ArrayForEach(given, in_item(call, "events")) {
        struct expected *expected = &wait->all[wait->count];
        if (read_expectation(call, wait->count, given, expected) != 0)
            return -1;
        in_all += expected->count;
        wait->count++;
    }
    return in_all <= COUNT_MAX
               ? 0
               : call_fail(call, &ERR_VALIDATION,
                           "WaitForEvents.events expects %zu events in all; at most %d "
                           "are possible",
                           in_all, COUNT_MAX);
}

/* Finds the event after which others count, in the scopes of the expectations. */
static enum db_result find_after(struct wait *wait, struct txn *txn, int64_t *seq)
{
    const char *id = in_string(wait->call, "afterEventId");
    enum db_result found = DB_NONE;
    struct event event;

    *seq = 0;
    if (id == NULL)
        return DB_ROW;
    for (size_t i = 0; i < wait->count && found == DB_NONE; i++)
        found = event_find(txn, &wait->all[i].scope, id, &event);
    if (found == DB_ROW)
        *seq = event.seq;
    return found;
}

/* Begins to look at the events from the first that counts. */
static int begin_look(struct wait *wait)
{
    struct call *call = wait->call;
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = NULL;
    int64_t after;

    if (resets_begin(call->emu->resets, call->scope, arena, TXN_READ, &txn) != 0)
        return call_fail_internal(call);
    wait->replacements = arrivals_replacements(call->emu->arrivals);
    enum db_result found = find_after(wait, txn, &after);
    txn_abandon(&txn);
    if (found == DB_ERROR)
        return call_fail_internal(call);
    if (found == DB_NONE)
        return call_fail(call, &ERR_NOT_FOUND, "Event: %s not found",
                         in_string(call, "afterEventId"));
    for (size_t i = 0; i < wait->count; i++) {
        wait->all[i].received = 0;
        wait->all[i].after = after;
    }
    return 0;
}

static bool has_name(const struct event *event, const char *event_name)
{
    const struct detail_type *type = detail_type_find(event->detail_type);
    cJSON *envelope AUTO(json_done) = json_stored(event->envelope);
    const char *actual =
        type != NULL ? detail_type_event_name(
                           type, cJSON_GetObjectItemCaseSensitive(envelope, "detail"))
                     : NULL;

    return actual != NULL && strcmp(actual, event_name) == 0;
}

static void take_event(struct wait *wait, struct expected *expected,
                       const struct event *event)
{
    expected->after = event->seq;
    if (expected->received < expected->count &&
        (expected->event_name == NULL || has_name(event, expected->event_name)))
        expected->envelopes[expected->received++] =
            arena_strdup(wait->call->arena, event->envelope);
}

/* Reads some of the events that were not looked at. DB_DONE: that was all. DB_ROW: there
 * may be more. DB_NONE: a snapshot has replaced those that were looked at. */
static enum db_result read_some(struct wait *wait, struct expected *expected,
                                struct arena *arena)
{
    struct emulator *emu = wait->call->emu;
    struct event *rows = arena_alloc(arena, READ_AT_ONCE * sizeof(*rows));
    struct txn *txn AUTO(txn_abandon) = NULL;
    size_t row_count;

    if (resets_begin(emu->resets, expected->scope, arena, TXN_READ, &txn) != 0)
        return DB_ERROR;
    if (arrivals_replacements(emu->arrivals) != wait->replacements)
        return DB_NONE;
    if (event_list(txn, &expected->scope, &expected->filter, expected->after,
                   READ_AT_ONCE, rows, &row_count) == DB_ERROR)
        return DB_ERROR;
    txn_abandon(&txn);
    for (size_t i = 0; i < row_count; i++)
        take_event(wait, expected, &rows[i]);
    return row_count == READ_AT_ONCE ? DB_ROW : DB_DONE;
}

/* The same with memory that lasts only as long. */
static enum db_result read_aside(struct wait *wait, struct expected *expected)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct arena *json_before = json_use_arena(arena);
    enum db_result left = read_some(wait, expected, arena);

    json_use_arena(json_before);
    return left;
}

/* Looks at the events that were not looked at yet. */
static enum db_result look_for(struct wait *wait, struct expected *expected)
{
    enum db_result left = DB_ROW;

    while (left == DB_ROW && expected->received < expected->count)
        left = read_aside(wait, expected);
    return left;
}

/* The same for all expectations: DB_DONE, or what else look_for() returned. */
static enum db_result look_for_all(struct wait *wait)
{
    enum db_result left = DB_DONE;

    for (size_t i = 0; i < wait->count && (left == DB_DONE || left == DB_ROW); i++)
        left = look_for(wait, &wait->all[i]);
    return left == DB_ROW ? DB_DONE : left;
}

static int look(struct wait *wait)
{
    enum db_result left;

    while ((left = look_for_all(wait)) == DB_NONE) {
        if (begin_look(wait) != 0)
            return -1;
    }
    return call_db(wait->call, left);
}

static bool have_all_come(const struct wait *wait)
{
    for (size_t i = 0; i < wait->count; i++) {
        if (wait->all[i].received < wait->all[i].count)
            return false;
    }
    return true;
}

static int respond_events(const struct wait *wait)
{
    cJSON *list = cJSON_AddArrayToObject(wait->call->out, "events");

    for (size_t i = 0; i < wait->count; i++) {
        for (size_t j = 0; j < wait->all[i].received; j++)
            cJSON_AddItemToArray(list, cJSON_CreateRaw(wait->all[i].envelopes[j]));
    }
    return 0;
}

/* Describes an unmet expectation, as in `events[0] (Stream End): 0 of 1 received`. */
static const char *unmet_text(struct arena *arena, size_t index,
                              const struct expected *expected)
{
    const char *const parts[] = {expected->filter.detail_type, expected->event_name,
                                 expected->filter.resource_arn};
    const char *what = "";

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (parts[i] != NULL)
            what = arena_join(arena, what, what[0] != '\0' ? ", " : "", parts[i], NULL);
    }
    return arena_printf(arena, "events[%zu] (%s): %zu of %zu received", index, what,
                        expected->received, expected->count);
}

static void add_missing(cJSON *list, const struct expected *expected)
{
    cJSON *missing = cJSON_Duplicate(expected->given, true);

    cJSON_AddItemToArray(list, missing);
    cJSON_DeleteItemFromObjectCaseSensitive(missing, "count");
    cJSON_AddNumberToObject(missing, "count", (double)expected->count);
    cJSON_AddNumberToObject(missing, "received", (double)expected->received);
}

static int fail_missing(const struct wait *wait)
{
    struct call *call = wait->call;
    cJSON *list = cJSON_AddArrayToObject(call->out, "missing");
    const char *unmet = "";

    for (size_t i = 0; i < wait->count; i++) {
        const struct expected *expected = &wait->all[i];
        if (expected->received >= expected->count)
            continue;
        unmet = arena_join(call->arena, unmet, unmet[0] != '\0' ? "; " : "",
                           unmet_text(call->arena, i, expected), NULL);
        add_missing(list, expected);
    }
    return call_fail(call, &ERR_EVENTS_MISSING,
                     "Not all expected events came within %" PRId64 " s: %s",
                     in_int_or(call, "timeoutSeconds", TIMEOUT_DEFAULT_S), unmet);
}

/* In real time, whatever the clock of the account and region is. */
static int wait_for_all(struct wait *wait)
{
    struct call *call = wait->call;
    struct arrivals *arrivals = call->emu->arrivals;
    const struct timespec until =
        deadline_after_ms(in_int_or(call, "timeoutSeconds", TIMEOUT_DEFAULT_S) * 1000);

    if (begin_look(wait) != 0)
        return -1;
    for (;;) {
        uint64_t seen = arrivals_commits(arrivals);
        bool last = deadline_is_over(&until);
        if (look(wait) != 0)
            return -1;
        if (have_all_come(wait))
            return respond_events(wait);
        if (last)
            return fail_missing(wait);
        if (!arrivals_wait(arrivals, seen, &until))
            return call_fail(call, &ERR_SERVICE_UNAVAILABLE, "The server stops");
    }
}

int control_events_wait(struct call *call)
{
    struct wait wait = {.call = call};

    if (read_expectations(&wait) != 0)
        return -1;
    if (!arrivals_enter(call->emu->arrivals))
        return call_fail(call, &ERR_SERVICE_UNAVAILABLE,
                         "At most %d calls can wait for events at the same time",
                         ARRIVALS_MAX_WAITING);
    int outcome = wait_for_all(&wait);
    arrivals_leave(call->emu->arrivals);
    return outcome;
}
