/*
 * ListRequests: the last calls of an account and region.
 */
#include "api/page.h"
#include "api/request_json.h"
#include "base/secret.h"
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
    LIST_SCOPE_IN,
    MEMBERS_END
};
const struct shape control_requests_list_in = STRUCT_OF(in_members);

static const struct member request_members[] = {
    {"requestId",      &shape_string,    REQUIRED},
    {"time",           &shape_timestamp, REQUIRED},
    {"method",         &shape_string,    REQUIRED},
    {"path",           &shape_string,    REQUIRED},
    {"service",        &shape_string,    0       },
    {"operation",      &shape_string,    0       },
    {"caller",         &shape_string,    0       }, /* an access key id */
    {"origin",         &shape_string,    0       }, /* of the web page that made it */
    {"account",        &shape_string,    REQUIRED},
    {"region",         &shape_string,    REQUIRED},
    {"status",         &shape_long,      REQUIRED},
    {"error",          &shape_string,    0       },
    {"faultId",        &shape_string,    0       },
    {"refused",        &shape_boolean,   0       }, /* before anybody knew the caller */
    {"durationMicros", &shape_long,      REQUIRED},
    {"input",          &shape_document,  0       },
    {"output",         &shape_document,  0       },
    MEMBERS_END
};
static const struct shape request = STRUCT_OF(request_members);
static const struct shape requests = LIST_OF(request);
static const struct member out_members[] = {
    {"requests",  &requests,   REQUIRED},
    {"nextToken", &next_token, 0       },
    LIST_SCOPE_OUT,
    MEMBERS_END
};
const struct shape control_requests_list_out = STRUCT_OF(out_members);

/* Replaces the child by a text, even if its type is another. */
static void replace_value(cJSON *parent, cJSON *child, const char *text)
{
    cJSON *hidden = cJSON_CreateString(text);

    hidden->string = child->string;
    child->string = NULL;
    cJSON_ReplaceItemViaPointer(parent, child, hidden);
}

/* Returns the shape of a child, or NULL if the shape does not define it. */
static const struct shape *inner_shape(const struct shape *shape, const cJSON *child)
{
    const struct member *known;

    if (shape->members == NULL)
        return shape->item;
    known = child->string != NULL ? shape_member(shape, child->string) : NULL;
    return known != NULL ? known->shape : NULL;
}

/* Masks what looks like a secret in a text. */
static void mask_text(struct arena *arena, cJSON *parent, cJSON *child)
{
    const char *shown = secret_hide(arena, child->valuestring);

    if (shown != child->valuestring)
        replace_value(parent, child, shown);
}

/* Masks a name that contains a secret, in a map or an unknown member. */
static void mask_name(struct arena *arena, cJSON *child)
{
    const char *shown = child->string != NULL ? secret_hide(arena, child->string) : NULL;

    if (shown != child->string)
        child->string = arena_strdup(arena, shown);
}

/*
 * Masks what the shape marks as secret, wherever a request contains it, and what the
 * shape does not know but its name says to be secret. In all other texts, which may be a
 * secret in the wrong member, it masks what looks like one. `shape` is NULL for what is
 * unknown.
 */
static void mask_secrets(struct arena *arena, cJSON *value, const struct shape *shape)
{
    cJSON *next;

    for (cJSON *child = value->child; child != NULL; child = next) {
        const struct shape *inner = shape != NULL ? inner_shape(shape, child) : NULL;
        bool is_secret = inner != NULL
                             ? inner->secret
                             : child->string != NULL && secret_is_name(child->string);
        next = child->next;
        mask_name(arena, child);
        if (is_secret)
            replace_value(value, child, SECRET_HIDDEN);
        else if (cJSON_IsString(child))
            mask_text(arena, value, child);
        else
            mask_secrets(arena, child, inner);
    }
}

/* How deep a body is in the response: in an entry of the list of the output. */
enum { BODY_LEVEL = 3 };

/* Adds a body. It is omitted if it is not a JSON object, because its secrets cannot be
 * located, and if the response would be nested deeper than JSON may be. */
static void add_body(struct arena *arena, cJSON *json, const char *name,
                     struct request_body body, const struct shape *shape)
{
    const char *why;
    cJSON *value = body.bytes != NULL ? json_read(body.bytes, body.length, &why) : NULL;

    if (value == NULL || !cJSON_IsObject(value) ||
        json_depth(value) > JSON_MAX_DEPTH - BODY_LEVEL) {
        cJSON_Delete(value);
        return;
    }
    mask_secrets(arena, value, shape);
    cJSON_AddItemToObject(json, name, value);
}

static cJSON *entry_json(struct call *call, const struct request_entry *entry)
{
    cJSON *json = request_json(call->arena, entry);

    if (entry->op != NULL) {
        add_body(call->arena, json, "input", entry->input, entry->op->in);
        add_body(call->arena, json, "output", entry->output, entry->op->out);
    }
    return json;
}

int control_requests_list(struct call *call)
{
    struct request_query query = {
        .scope = control_is_for_all(call) ? NULL : &call->scope,
        .operation = in_string(call, "operation"),
        .errors_only = in_bool_or(call, "errorsOnly", false),
    };
    const char *filter =
        arena_printf(call->arena, "%s %d %d", in_string_or(call, "operation", ""),
                     query.errors_only, query.scope == NULL);
    struct page page;

    if (check_operation_name(call, query.operation) != 0 ||
        page_open(call, REQUEST_LOG_ENTRIES, filter, &page) != 0)
        return -1;
    query.after = page.after;
    struct request_entry *entries =
        arena_alloc(call->arena, (page.limit + 1) * sizeof(*entries));
    size_t count = request_log_read(call->emu->requests, &query, page.limit + 1,
                                    call->arena, entries);

    cJSON *list = cJSON_AddArrayToObject(call->out, "requests");
    for (size_t i = 0; i < count && i < page.limit; i++)
        cJSON_AddItemToArray(list, entry_json(call, &entries[i]));
    if (count > page.limit)
        page_more(call, &page, entries[page.limit - 1].number);
    return 0;
}
