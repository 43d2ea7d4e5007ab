#include "api/dispatch.h"

#include "api/announce.h"
#include "api/route.h"
#include "api/validate.h"
#include "base/bug.h"
#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/utf8.h"
#include "guard_internal.h"
#include "unserved_internal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The status of a gateway that cannot reach the service. */
enum { GATEWAY_STATUS = 503 };

static int find_operation(struct call *call)
{
    if (call->op == NULL)
        call_route(call);
    return refuse_unserved(call);
}

static cJSON *query_list(const struct call *call, const char *name)
{
    cJSON *list = NULL;

    for (size_t i = 0; i < call->uri.query_count; i++) {
        if (strcmp(call->uri.query[i].name, name) != 0)
            continue;
        if (list == NULL)
            list = cJSON_CreateArray();
        cJSON_AddItemToArray(list, cJSON_CreateString(call->uri.query[i].value));
    }
    return list;
}

/* A member that has one value: the first of that name. */
static cJSON *query_text(const struct call *call, const struct member *member)
{
    for (size_t i = 0; i < call->uri.query_count; i++) {
        const char *value = call->uri.query[i].value;
        if (strcmp(call->uri.query[i].name, member->name) != 0)
            continue;
        if (member->shape->type == SHAPE_BOOLEAN && strcmp(value, "true") == 0)
            return cJSON_CreateTrue();
        if (member->shape->type == SHAPE_BOOLEAN && strcmp(value, "false") == 0)
            return cJSON_CreateFalse();
        return cJSON_CreateString(value);
    }
    return NULL;
}

/* The value of a member in the query; NULL: absent. */
static cJSON *query_value(const struct call *call, const struct member *member)
{
    switch (member->shape->type) {
    case SHAPE_LIST:
        return query_list(call, member->name);
    case SHAPE_STRING:
    case SHAPE_BOOLEAN:
        return query_text(call, member);
    case SHAPE_INTEGER:
    case SHAPE_NUMBER:
    case SHAPE_TIMESTAMP:
    case SHAPE_MAP:
    case SHAPE_STRUCTURE:
    case SHAPE_DOCUMENT:
        break;
    }
    BUG("query member %s has an unsupported type", member->name);
}

/* Adds the members that are bound to the URI. They override those of the body. */
static void bind_uri(struct call *call)
{
    for (const struct member *m = call->op->in->members; m->name != NULL; m++) {
        if ((m->flags & (IN_PATH | IN_QUERY)) == 0)
            continue;
        json_remove_all(call->in, m->name);
        if (m->flags & IN_PATH) {
            cJSON_AddStringToObject(call->in, m->name, call->label);
            continue;
        }
        cJSON *value = query_value(call, m);
        if (value != NULL)
            cJSON_AddItemToObject(call->in, m->name, value);
    }
}

/* A member that is ignored by mistake would be worse in a test than an error. In a seed
 * this is true for the operations of AWS, too. */
static bool refuses_unknown_members(const struct call *call)
{
    return !call->service->emulated || call->whole != NULL;
}

/* Validates the input, an object, against the operation's shape.
 * Fidelity: common-errors-6 */
static int validate_input(struct call *call)
{
    const char *name = call->op->name;
    const struct error_kind *kind = &ERR_SERIALIZATION;
    const char *fault = validate_types(call->arena, name, call->op->in, call->in);

    if (fault == NULL) {
        kind = &ERR_VALIDATION;
        if (refuses_unknown_members(call))
            fault = validate_closed(call->arena, name, call->op->in, call->in);
        if (fault == NULL)
            fault = validate_constraints(call->arena, name, call->op->in, call->in);
    }
    if (fault == NULL)
        return 0;
    const struct error_details details = {
        .member = validate_member_of(call->arena, name, fault)};
    return call_fail_about(call, kind, details, "%s", fault);
}

/* Reads the body as JSON, since a fault may be for the resource that it names. Returns
 * NULL and sets *why if it is not JSON. */
static cJSON *read_body(const struct call *call, const char **why)
{
    if (call->body_too_large)
        return NULL;
    return call->body_length > 0 ? json_read(call->body, call->body_length, why)
                                 : cJSON_CreateObject();
}

static int check_input(struct call *call, const char *why)
{
    if (call->body_too_large)
        return call_fail_too_large(call);
    if (call->in == NULL && !call->service->emulated)
        why = json_reason_with_place(call->arena, call->body, call->body_length, why);
    if (call->in == NULL)
        return call_fail(call, &ERR_SERIALIZATION, "%s", why);
    if (!cJSON_IsObject(call->in))
        return call_fail(call, &ERR_SERIALIZATION, "The body must be a JSON object");
    bind_uri(call);
    return validate_input(call);
}

/* A response that violates its own shape is a bug, or was made of data that another
 * program has changed. The first test that sees it finds it. */
static int check_response(struct call *call)
{
#ifdef IVS_LOCAL_CHECK_RESPONSES
    const struct operation *op = call->op;
    const char *why = NULL;
    cJSON *response = json_read(call->response, strlen(call->response), &why);

    if (response != NULL)
        why = validate_types(call->arena, op->name, op->out, response);
    if (why == NULL)
        why = validate_constraints(call->arena, op->name, op->out, response);
    if (why == NULL)
        why = validate_closed(call->arena, op->name, op->out, response);
    if (why != NULL) {
        char reason[LOG_QUOTED_BYTES], quoted[LOG_QUOTED_BYTES];
        log_error("invalid response", "operation=%s reason=%s response=%s", op->name,
                  log_quoted(why, reason), log_quoted(call->response, quoted));
        return call_fail_internal(call);
    }
#else
    (void)call;
#endif
    return 0;
}

static int print_response(struct call *call)
{
    if (call->watcher != NULL)
        return 0;
    if (call->text != NULL) {
        size_t size = strlen(call->text) + 1;
        call->response = mem_alloc(size);
        memcpy(call->response, call->text, size);
        return 0;
    }
    call->response = json_print(call->out);
    return check_response(call);
}

static int choose_scope(struct call *call)
{
    return call->service->choose_scope != NULL ? call->service->choose_scope(call) : 0;
}

static int run_handler(struct call *call)
{
    call->out = cJSON_CreateObject();
    if (call->op->handle(call) != 0)
        return -1;
    if (call->service->complete != NULL)
        call->service->complete(call);
    return 0;
}

/* The kind of the transaction that the dispatcher begins for an operation with this
 * access. False: none. */
static bool needs_transaction(enum access access, enum txn_kind *kind)
{
    *kind = access == READ ? TXN_READ : TXN_WRITE;
    return access == READ || access == WRITE || access == WRITE_MUCH;
}

/* A GET of the control API is about the server, not about the scope of its caller. */
static bool works_on_scope(const struct call *call)
{
    return call->service->emulated || strcmp(call->op->method, "GET") != 0;
}

/* Begins a transaction in which the caller's scope is not partly reset. */
static int begin_in_scope(struct call *call, enum txn_kind kind, struct txn **txn)
{
    if (!works_on_scope(call)) {
        *txn = txn_begin(call->emu->store, call->arena, kind);
        return 0;
    }
    return resets_begin(call->emu->resets, call->scope, call->arena, kind, txn) == 0
               ? 0
               : call_fail_internal(call);
}

static int run_in_transaction(struct call *call)
{
    struct txn *txn AUTO(txn_abandon) = NULL;
    enum txn_kind kind;

    if (!needs_transaction(call->op->access, &kind))
        return run_handler(call);
    if (begin_in_scope(call, kind, &txn) != 0)
        return -1;
    call->txn = txn;
    int outcome = run_handler(call);
    call->txn = NULL;
    if (outcome != 0 && !call->keep_changes)
        return -1; /* AUTO rolls back */
    if (txn_commit(&txn) != DB_ERROR)
        return outcome;
    call->error = NULL; /* its changes were not committed */
    return call_fail_internal(call);
}

static int process_call(struct call *call)
{
    const char *why = NULL;

    if (call->error != NULL || find_operation(call) != 0)
        return -1;
    call->in = read_body(call, &why);
    if (guard(call) != 0 || check_input(call, why) != 0 || choose_scope(call) != 0)
        return -1;
    return run_in_transaction(call);
}

static void respond_error(struct call *call)
{
    const char *member = call->service != NULL ? call->service->error_member : NULL;
    cJSON *body = cJSON_CreateObject();

    cJSON_AddStringToObject(body, "__type", call->error->name);
    cJSON_AddStringToObject(body, "message", call->error_message);
    if (member != NULL)
        cJSON_AddStringToObject(body, member, call->error_message);
    if (call->service != NULL && call->service->add_error_members != NULL)
        call->service->add_error_members(call, body);
    call->response = json_print(body);
    call->status = call->error->status;
}

static int respond_success(struct call *call)
{
    int printed = print_response(call);

    call->status = call->op->status;
    if (call->status == 204 && call->text == NULL && call->out->child != NULL)
        call->status = 200;
    if (printed != 0 || call->status == 204) {
        free(call->response);
        call->response = NULL;
    }
    return printed;
}

static void respond_failure(struct call *call)
{
    if (call->error != NULL)
        respond_error(call);
    else /* a fault prevents the call from running */
        call->status = call->fault->connection == FAULT_GATEWAY ? GATEWAY_STATUS : 0;
}

static int64_t since_us(const struct timespec *start)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)(now.tv_sec - start->tv_sec) * 1000000 +
           (now.tv_nsec - start->tv_nsec) / 1000;
}

static void copy_cut(char *out, size_t size, const char *text)
{
    size_t length = utf8_prefix(text, size - 1);

    memcpy(out, text, length);
    out[length] = '\0';
}

/* The path without secrets. The path of an operation is a constant and has none. */
static const char *shown_path(const struct call *call)
{
    if (call->op != NULL && strcmp(call->uri.path, call->op->uri) == 0)
        return call->uri.path;
    return secret_hide_in_path(call->arena, call->uri.path);
}

/* The origin up to the first character that is not visible ASCII: no browser sends what
 * follows it (RFC 6454, section 6.2). */
static const char *shown_origin(const struct call *call)
{
    size_t length = 0;

    if (call->origin == NULL)
        return NULL;
    while (call->origin[length] > ' ' && call->origin[length] <= '~')
        length++;
    return secret_hide(call->arena, arena_strndup(call->arena, call->origin, length));
}

/* The bodies of a refused call are not kept: anybody may have sent them, and the response
 * quotes the signature. */
static void log_request(struct call *call, bool was_refused, int64_t duration_us)
{
    bool with_bodies = !was_refused && call->service != NULL;
    struct request_entry entry = {
        .time_ms = call->now_ms,
        .duration_us = duration_us,
        .refused = was_refused,
        .origin = shown_origin(call),
        .op = call->op,
        .service = call->service,
        .error_name = call->error != NULL ? call->error->name : NULL,
        .status = call->status,
    };

    if (with_bodies && call->body_length > 0)
        entry.input = (struct request_body){call->body, call->body_length};
    if (with_bodies && call->response != NULL)
        entry.output = (struct request_body){call->response, strlen(call->response)};
    copy_cut(entry.path, sizeof(entry.path), shown_path(call));
    text_copy(entry.request_id, sizeof(entry.request_id), call->request_id);
    text_copy(entry.method, sizeof(entry.method), call->method);
    text_copy(entry.account, sizeof(entry.account), call->scope.account);
    text_copy(entry.region, sizeof(entry.region), call->scope.region);
    copy_cut(entry.caller, sizeof(entry.caller), secret_hide(call->arena, call->caller));
    if (call->fault != NULL)
        copy_cut(entry.fault_id, sizeof(entry.fault_id), call->fault->id);
    request_log_add(call->emu->requests, &entry);
    announce_request(call, &entry);
}

/* The level of a call's line. Probes make the GETs of the control API every second. */
static enum log_level level_of(const struct call *call)
{
    if (call->op != NULL && !call->service->emulated &&
        strcmp(call->op->method, "GET") == 0)
        return LOG_DEBUG;
    /* The front end has warned of it. */
    return call->error == &ERR_ORIGIN_REFUSED ? LOG_DEBUG : LOG_INFO;
}

/* What was called: the operation, or what no operation matches. */
static const char *subject_pairs(const struct call *call)
{
    char path[LOG_QUOTED_BYTES];

    if (call->op != NULL)
        return arena_printf(call->arena, "service=%s operation=%s", call->service->name,
                            call->op->name);
    return arena_printf(call->arena, "method=%s path=%s", call->method,
                        log_quoted(shown_path(call), path));
}

/* The first line of the message, which may quote the path. */
static const char *error_pairs(const struct call *call)
{
    char message[LOG_QUOTED_BYTES];

    if (call->error == NULL)
        return "";
    const char *line = arena_strndup(call->arena, call->error_message,
                                     strcspn(call->error_message, "\n"));
    return arena_printf(call->arena, " error=%s message=%s", call->error->name,
                        log_quoted(secret_hide_in_path(call->arena, line), message));
}

/* One line per call, as in the access log of any server. Calls that are refused before
 * anybody knew who made them are limited, because nothing else limits who makes them. */
static void log_call(const struct call *call, bool was_refused, int64_t duration_us)
{
    static const char format[] = "%s status=%d%s%s%s " LOG_SCOPE " us=%lld";
    enum log_level level = level_of(call);

    if (!log_writes(level))
        return;
    (was_refused ? log_write : log_each)(
        level, LOG_CALL, format, subject_pairs(call), call->status, error_pairs(call),
        call->fault != NULL ? " fault=" : "", call->fault != NULL ? call->fault->id : "",
        call->scope.account, call->scope.region, (long long)duration_us);
}

void dispatch(struct call *call)
{
    /* The arena frees the JSON as a whole, so none may outlive it. */
    struct arena *json_before = json_use_arena(call->arena);
    struct timespec start;
    bool was_refused = call->error != NULL; /* by the front end */

    clock_gettime(CLOCK_MONOTONIC, &start);
    log_set_request(call->request_id);
    call->now_ms = clock_scope_ms(call->emu->clock, call->scope);
    if (process_call(call) != 0 || respond_success(call) != 0)
        respond_failure(call);
    int64_t duration_us = since_us(&start);
    metrics_count(call->emu->metrics, call->op, call->status, duration_us);
    if (was_refused || call->service == NULL || call->service->emulated)
        log_request(call, was_refused, duration_us);
    log_call(call, was_refused, duration_us);
    log_set_request(NULL);
    json_use_arena(json_before);
}

int dispatch_part(struct call *part)
{
    if (validate_input(part) != 0 || choose_scope(part) != 0 || run_handler(part) != 0)
        return -1;
    return print_response(part);
}
