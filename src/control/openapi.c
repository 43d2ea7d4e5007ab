/*
 * GET /_ivs-local/openapi.json: the control API as a document of OpenAPI 3.1, whose
 * schemas are in JSON Schema 2020-12.
 */
#include "base/bug.h"
#include "base/json.h"
#include "base/version.h"
#include "constraints_internal.h"
#include "control/documentation.h"
#include "control/models.h"
#include "control_internal.h"

#include <string.h>

#define SCHEMAS "#/components/schemas/"
#define JSON_TYPE "application/json"
#define PLAIN_TYPE "text/plain"
#define STREAM_TYPE "text/event-stream"

static const struct member no_members[] = {MEMBERS_END};
static const struct shape servers = LIST_OF(shape_document);
static const struct member out_members[] = {
    {"openapi",    &shape_string,   REQUIRED},
    {"info",       &shape_document, REQUIRED},
    {"servers",    &servers,        REQUIRED},
    {"paths",      &shape_document, REQUIRED},
    {"components", &shape_document, REQUIRED},
    MEMBERS_END
};
const struct shape control_openapi_in = STRUCT_OF(no_members);
const struct shape control_openapi_out = STRUCT_OF(out_members);

/* A document that is being made. */
struct document {
    struct arena *arena;
    cJSON *schemas;
};

static void add_reference(struct document *document, cJSON *schema, const char *name)
{
    cJSON_AddStringToObject(schema, "$ref",
                            arena_join(document->arena, SCHEMAS, name, NULL));
}

static void add_string(struct document *document, cJSON *schema,
                       const struct shape *shape)
{
    cJSON_AddStringToObject(schema, "type", "string");
    constraints_add_size(schema, shape, "minLength", "maxLength");
    if (shape->pattern != NULL) /* AWS means the whole string */
        cJSON_AddStringToObject(
            schema, "pattern",
            arena_join(document->arena, "^(?:", shape->pattern->text, ")$", NULL));
    constraints_add_values(schema, shape);
    if (shape->secret)
        cJSON_AddStringToObject(schema, "format", "password");
}

static void add_number(cJSON *schema, const char *type, const struct shape *shape)
{
    cJSON_AddStringToObject(schema, "type", type);
    if (constraints_are_unbounded(shape))
        cJSON_AddStringToObject(schema, "format", "int64");
    else
        constraints_add_range(schema, shape, "minimum", "maximum");
}

static void add_structure(struct document *document, const char *name,
                          const struct shape *shape, bool is_input);

/* Adds the schema of a value. `structure` and `member` name what it is, or is in. */
static void add_value(struct document *document, cJSON *schema, const char *structure,
                      const char *member, const struct shape *shape, bool is_input)
{
    switch (shape->type) {
    case SHAPE_STRING:
        add_string(document, schema, shape);
        return;
    case SHAPE_BOOLEAN:
        cJSON_AddStringToObject(schema, "type", "boolean");
        return;
    case SHAPE_INTEGER:
        add_number(schema, "integer", shape);
        return;
    case SHAPE_NUMBER:
        add_number(schema, "number", shape);
        return;
    case SHAPE_TIMESTAMP:
        cJSON_AddStringToObject(schema, "type", "string");
        cJSON_AddStringToObject(schema, "format", "date-time");
        return;
    case SHAPE_LIST:
        cJSON_AddStringToObject(schema, "type", "array");
        constraints_add_size(schema, shape, "minItems", "maxItems");
        add_value(document, cJSON_AddObjectToObject(schema, "items"), structure, member,
                  shape->item, is_input);
        return;
    case SHAPE_MAP:
        cJSON_AddStringToObject(schema, "type", "object");
        constraints_add_size(schema, shape, "minProperties", "maxProperties");
        add_value(document, cJSON_AddObjectToObject(schema, "propertyNames"), structure,
                  member, shape->key, is_input);
        add_value(document, cJSON_AddObjectToObject(schema, "additionalProperties"),
                  structure, member, shape->item, is_input);
        return;
    case SHAPE_STRUCTURE:
        structure = documentation_structure(document->arena, structure, member);
        add_structure(document, structure, shape, is_input);
        add_reference(document, schema, structure);
        return;
    case SHAPE_DOCUMENT:
        cJSON_AddStringToObject(schema, "type", "object");
        return;
    }
    BUG("shape type %d", (int)shape->type);
}

/* Adds the schema of a member to an object, under that key. */
static void add_member(struct document *document, cJSON *to, const char *key,
                       const char *structure, const struct member *member, bool is_input)
{
    struct member_documentation documented =
        documentation_of_member(structure, member->name);
    cJSON *schema = cJSON_AddObjectToObject(to, key);

    add_value(document, schema, structure, member->name, member->shape, is_input);
    if (documented.text[0] != '\0')
        cJSON_AddStringToObject(schema, "description", documented.text);
    if (documented.fallback != NULL)
        cJSON_AddItemToObject(schema, "default", json_stored(documented.fallback));
}

/* Adds the schema of a structure, unless it is there. */
static void add_structure(struct document *document, const char *name,
                          const struct shape *shape, bool is_input)
{
    if (json_has(document->schemas, name))
        return;
    cJSON *schema = cJSON_AddObjectToObject(document->schemas, name);
    cJSON_AddStringToObject(schema, "type", "object");
    cJSON *properties = cJSON_AddObjectToObject(schema, "properties");
    for (const struct member *m = shape->members; m->name != NULL; m++)
        add_member(document, properties, m->name, name, m, is_input);
    constraints_add_required(schema, shape);
    /* Of an output, the next version may have more. */
    if (is_input)
        cJSON_AddFalseToObject(schema, "additionalProperties");
}

/* Adds the schema of the body of every error. */
static void add_error_schema(struct document *document)
{
    static const char *const members[] = {"__type", "message"};
    static const char *const texts[] = {"The name of the error.", "Why the call failed."};
    cJSON *schema = cJSON_AddObjectToObject(document->schemas, "Error");

    cJSON_AddStringToObject(schema, "type", "object");
    cJSON *properties = cJSON_AddObjectToObject(schema, "properties");
    cJSON *required = cJSON_AddArrayToObject(schema, "required");
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        cJSON *member = cJSON_AddObjectToObject(properties, members[i]);
        cJSON_AddStringToObject(member, "type", "string");
        cJSON_AddStringToObject(member, "description", texts[i]);
        cJSON_AddItemToArray(required, cJSON_CreateString(members[i]));
    }
}

/* Adds a body of that type. Returns its object for a media type. */
static cJSON *add_content(cJSON *to, const char *media_type)
{
    return cJSON_AddObjectToObject(cJSON_AddObjectToObject(to, "content"), media_type);
}

/* Adds a body of JSON with the schema of that name. Returns its object. */
static cJSON *add_body(struct document *document, cJSON *to, const char *name)
{
    cJSON *body = add_content(to, JSON_TYPE);

    add_reference(document, cJSON_AddObjectToObject(body, "schema"), name);
    return body;
}

/* Whether the schema, which is of a structure, has required members. */
static bool has_required(const struct document *document, const char *name)
{
    return json_has(cJSON_GetObjectItemCaseSensitive(document->schemas, name),
                    "required");
}

/* Adds the members that are in the query. */
static void add_parameters(struct document *document, cJSON *json, const char *name,
                           const struct shape *shape)
{
    cJSON *parameters = cJSON_AddArrayToObject(json, "parameters");

    for (const struct member *m = shape->members; m->name != NULL; m++) {
        cJSON *parameter = cJSON_CreateObject();
        cJSON_AddItemToArray(parameters, parameter);
        cJSON_AddStringToObject(parameter, "name", m->name);
        cJSON_AddStringToObject(parameter, "in", "query");
        add_member(document, parameter, "schema", name, m, true);
    }
}

static void add_request(struct document *document, cJSON *json,
                        const struct operation *op, const char *example)
{
    const char *name = documentation_request(document->arena, op);

    if (op->in->members->name == NULL)
        return;
    if ((op->in->members->flags & IN_QUERY) != 0) { /* then all are */
        add_parameters(document, json, name, op->in);
        return;
    }
    add_structure(document, name, op->in, true);
    cJSON *request = cJSON_AddObjectToObject(json, "requestBody");
    cJSON_AddBoolToObject(request, "required", has_required(document, name));
    cJSON *body = add_body(document, request, name);
    if (example[0] != '\0')
        cJSON_AddItemToObject(body, "example", json_stored(example));
}

/* Adds the response with that status, with a description. */
static cJSON *add_response(struct document *document, cJSON *responses, int status,
                           const char *description)
{
    cJSON *response =
        cJSON_AddObjectToObject(responses, arena_printf(document->arena, "%d", status));

    cJSON_AddStringToObject(response, "description", description);
    return response;
}

/* Adds the responses of success. A 204 has no body: an operation with that status that
 * has an output returns it with 200, if there is any. */
static void add_success(struct document *document, cJSON *responses,
                        const struct operation *op,
                        const struct operation_documentation *documented)
{
    const char *name = documentation_response(document->arena, op);
    cJSON *response = add_response(document, responses, op->status, "Success.");

    if (documented->plain != NULL) {
        cJSON *body =
            add_content(response, documented->streams ? STREAM_TYPE : PLAIN_TYPE);
        cJSON_AddStringToObject(cJSON_AddObjectToObject(body, "schema"), "type",
                                "string");
        return;
    }
    if (op->out->members->name == NULL)
        return;
    if (op->status == 204)
        response = add_response(document, responses, 200, "Success, with a body.");
    add_structure(document, name, op->out, false);
    (void)add_body(document, response, name);
}

/* Adds an error. Those with the same status are one response. */
static void add_error(struct document *document, cJSON *responses,
                      const struct error_kind *kind)
{
    const char *status = arena_printf(document->arena, "%d", kind->status);
    cJSON *response = cJSON_GetObjectItemCaseSensitive(responses, status);
    const char *text =
        arena_join(document->arena, "`", kind->name, "`: ", kind->text, NULL);

    if (response == NULL) {
        response = add_response(document, responses, kind->status, text);
        (void)add_body(document, response, "Error");
        return;
    }
    const char *before = json_string_or(response, "description", "");
    cJSON_ReplaceItemInObjectCaseSensitive(
        response, "description",
        cJSON_CreateString(arena_join(document->arena, before, "\n\n", text, NULL)));
}

static void add_operation(struct document *document, cJSON *json,
                          const struct operation *op)
{
    struct operation_documentation documented = documentation_of_operation(op->name);

    cJSON_AddStringToObject(json, "operationId", op->name);
    cJSON_AddStringToObject(json, "description", documented.text);
    add_request(document, json, op, documented.example);
    cJSON *responses = cJSON_AddObjectToObject(json, "responses");
    add_success(document, responses, op, &documented);
    for (int i = 0; documented_errors[i] != NULL; i++)
        add_error(document, responses, documented_errors[i]);
    for (int i = 0; documented.errors[i] != NULL; i++)
        add_error(document, responses, documented.errors[i]);
}

/* The name of a method in a path's object. */
static const char *method_key(const struct operation *op)
{
    static const struct {
        const char *method;
        const char *key;
    } keys[] = {
        {"GET",  "get" },
        {"POST", "post"},
    };

    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (strcmp(keys[i].method, op->method) == 0)
            return keys[i].key;
    }
    BUG("method %s of %s", op->method, op->name);
}

void openapi_write(const struct service *service, const char *url, struct arena *arena,
                   cJSON *out)
{
    struct document document = {.arena = arena};
    cJSON *server = cJSON_CreateObject();

    cJSON_AddStringToObject(out, "openapi", "3.1.0");
    cJSON *info = cJSON_AddObjectToObject(out, "info");
    cJSON_AddStringToObject(info, "title", service->title);
    cJSON_AddStringToObject(info, "version", ivs_local_version);
    cJSON_AddStringToObject(info, "description", documentation_of_service);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "servers"), server);
    cJSON_AddStringToObject(server, "url", url);
    cJSON *paths = cJSON_AddObjectToObject(out, "paths");
    document.schemas =
        cJSON_AddObjectToObject(cJSON_AddObjectToObject(out, "components"), "schemas");
    add_error_schema(&document);
    for (size_t i = 0; i < service->count; i++) {
        const struct operation *op = &service->operations[i];
        cJSON *path = cJSON_AddObjectToObject(paths, op->uri);
        add_operation(&document, cJSON_AddObjectToObject(path, method_key(op)), op);
    }
}

int control_openapi(struct call *call)
{
    const char *url = arena_join(call->arena, "http://", call->host, NULL);

    openapi_write(call->service, url, call->arena, call->out);
    return 0;
}
