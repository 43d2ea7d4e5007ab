#include "api/call.h"

#include "base/bug.h"
#include "base/timestamp.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void call_init(struct call *call, struct emulator *emu, struct arena *arena)
{
    *call = (struct call){
        .emu = emu,
        .arena = arena,
        .method = "",
        .uri.path = "",
        .body = "",
        .label = "",
        .caller = "",
        .signed_for = "",
        .host = "",
        .scope = emu->settings.default_scope,
    };
    ids_uuid(emu->request_ids, call->request_id);
}

void call_init_part(struct call *part, struct call *whole)
{
    *part = (struct call){
        .emu = whole->emu,
        .arena = whole->arena,
        .method = "",
        .uri.path = "",
        .body = "",
        .host = whole->host,
        .scope = whole->scope,
        .label = "",
        .caller = whole->caller,
        .signed_for = whole->signed_for,
        .now_ms = whole->now_ms,
        .txn = whole->txn,
        .whole = whole,
    };
    memcpy(part->request_id, whole->request_id, sizeof(part->request_id));
}

void call_done(struct call *call)
{
    free(call->response);
    call->response = NULL;
    watcher_free(call->watcher);
    call->watcher = NULL;
}

/* A scope, or all scopes, whose in-memory state is dropped with the commit. */
struct forgotten {
    struct emulator *emu;
    bool all;
    struct scope scope;
};

static void forget_in_memory(void *context)
{
    const struct forgotten *forgotten = context;

    emulator_forget(forgotten->emu, forgotten->all ? NULL : &forgotten->scope);
}

void call_forget(struct call *call, const struct scope *scope)
{
    struct forgotten *forgotten = arena_alloc(call->arena, sizeof(*forgotten));

    *forgotten = (struct forgotten){.emu = call->emu, .all = scope == NULL};
    if (scope != NULL)
        forgotten->scope = *scope;
    txn_on_commit(call->txn, forget_in_memory, forgotten);
}

static int record_error(struct call *call, const struct error_kind *kind,
                        struct error_details details, const char *format, va_list args)
    PRINTF(4, 0);

static int record_error(struct call *call, const struct error_kind *kind,
                        struct error_details details, const char *format, va_list args)
{
    if (call->error != NULL)
        return -1;
    call->error_message = arena_vprintf(call->arena, format, args);
    call->error_details = details;
    call->error = kind;
    return -1;
}

int call_fail(struct call *call, const struct error_kind *kind, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    record_error(call, kind, (struct error_details){0}, format, args);
    va_end(args);
    return -1;
}

int call_fail_about(struct call *call, const struct error_kind *kind,
                    struct error_details details, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    record_error(call, kind, details, format, args);
    va_end(args);
    return -1;
}

/* Why the database failed: for callers of the control API, who operate the server. */
static const char *database_failure(struct call *call)
{
    if (call->service == NULL || call->service->emulated)
        return NULL;
    return call->txn != NULL ? txn_failure(call->txn)
                             : store_failure(call->emu->store, call->arena);
}

int call_fail_internal(struct call *call)
{
    const char *why = database_failure(call);

    return why != NULL ? call_fail(call, &ERR_INTERNAL, "%s: %s", ERR_INTERNAL.text, why)
                       : call_fail(call, &ERR_INTERNAL, "%s", ERR_INTERNAL.text);
}

int call_fail_too_large(struct call *call)
{
    return call_fail(call, &ERR_TOO_LARGE, "The body is larger than %d bytes",
                     CALL_BODY_MAX_BYTES);
}

int call_fail_not_found(struct call *call, const char *arn)
{
    /* Fidelity: common-errors-2 */
    return call_fail_about(call, &ERR_NOT_FOUND, (struct error_details){.arn = arn},
                           "Resource: %s not found", arn);
}

int call_found(struct call *call, enum db_result result, const char *arn)
{
    switch (result) {
    case DB_ROW:
        return 0;
    case DB_NONE:
        return call_fail_not_found(call, arn);
    case DB_DONE:
    case DB_ERROR:
        break;
    }
    return call_fail_internal(call);
}

int call_db(struct call *call, enum db_result result)
{
    return result == DB_ERROR ? call_fail_internal(call) : 0;
}

const cJSON *in_item(const struct call *call, const char *name)
{
    if (shape_member(call->op->in, name) == NULL)
        BUG("%s has no input member %s", call->op->name, name);
    return cJSON_GetObjectItemCaseSensitive(call->in, name);
}

bool in_has(const struct call *call, const char *name)
{
    return in_item(call, name) != NULL;
}

const char *in_string_or(const struct call *call, const char *name, const char *absent)
{
    const cJSON *item = in_item(call, name);

    return item != NULL ? item->valuestring : absent;
}

const char *in_string(const struct call *call, const char *name)
{
    return in_string_or(call, name, NULL);
}

bool in_bool_or(const struct call *call, const char *name, bool absent)
{
    const cJSON *item = in_item(call, name);

    return item != NULL ? cJSON_IsTrue(item) : absent;
}

int64_t in_time_ms_or(const struct call *call, const char *name, int64_t absent)
{
    const char *text = in_string(call, name);
    int64_t time_ms;

    if (text == NULL)
        return absent;
    if (timestamp_parse(text, &time_ms) != 0)
        BUG("%s.%s was not validated: %s", call->op->name, name, text);
    return time_ms;
}

int64_t in_int_or(const struct call *call, const char *name, int64_t absent)
{
    const cJSON *item = in_item(call, name);

    return item != NULL ? (int64_t)item->valuedouble : absent;
}

double in_number_or(const struct call *call, const char *name, double absent)
{
    const cJSON *item = in_item(call, name);

    return item != NULL ? item->valuedouble : absent;
}
