/*
 * GET /_ivs-local/model.json: the control API as a service model of botocore.
 */
#include "base/buf.h"
#include "base/bug.h"
#include "base/json.h"
#include "constraints_internal.h"
#include "control/documentation.h"
#include "control/models.h"
#include "control_internal.h"

/* Of a sentence with its markup. */
enum { HTML_MAX_BYTES = 8192 };

static const struct member no_members[] = {MEMBERS_END};
static const struct member out_members[] = {
    {"version",       &shape_string,   REQUIRED},
    {"metadata",      &shape_document, REQUIRED},
    {"documentation", &shape_string,   REQUIRED},
    {"operations",    &shape_document, REQUIRED},
    {"shapes",        &shape_document, REQUIRED},
    MEMBERS_END
};
const struct shape control_model_in = STRUCT_OF(no_members);
const struct shape control_model_out = STRUCT_OF(out_members);

/* A model that is being made. */
struct model {
    struct arena *arena;
    cJSON *shapes;
};

/* Returns the text as HTML, in which what is between ` is code. */
static const char *html_of(struct arena *arena, const char *text)
{
    bool is_code = false;
    struct buf html AUTO(buf_done);

    buf_init(&html, HTML_MAX_BYTES);
    buf_text(&html, "<p>");
    for (; *text != '\0'; text++) {
        if (*text != '`') {
            buf_add(&html, text, 1);
            continue;
        }
        is_code = !is_code;
        buf_text(&html, is_code ? "<code>" : "</code>");
    }
    buf_text(&html, "</p>");
    return arena_strdup(arena, html.bytes);
}

static void add_documentation(struct model *model, cJSON *to, const char *text,
                              const char *fallback)
{
    if (text[0] == '\0')
        return;
    if (fallback != NULL)
        text = arena_join(model->arena, text, " Default: `", fallback, "`.", NULL);
    cJSON_AddStringToObject(to, "documentation", html_of(model->arena, text));
}

/* Adds the shape, unless it is there, and returns it. */
static cJSON *add_shape(struct model *model, const char *name, const char *type)
{
    cJSON *shape = cJSON_GetObjectItemCaseSensitive(model->shapes, name);

    if (shape != NULL)
        return shape;
    shape = cJSON_AddObjectToObject(model->shapes, name);
    cJSON_AddStringToObject(shape, "type", type);
    return shape;
}

/* Adds a shape that all its users share. Returns its name. */
static const char *add_shared(struct model *model, const char *name, const char *type)
{
    (void)add_shape(model, name, type);
    return name;
}

static const char *add_timestamp(struct model *model)
{
    cJSON *shape = add_shape(model, "Timestamp", "timestamp");

    if (!json_has(shape, "timestampFormat"))
        cJSON_AddStringToObject(shape, "timestampFormat", "iso8601");
    return "Timestamp";
}

static const char *add_document(struct model *model)
{
    cJSON *shape = add_shape(model, "Document", "structure");

    if (!json_has(shape, "document")) {
        cJSON_AddObjectToObject(shape, "members");
        cJSON_AddTrueToObject(shape, "document");
    }
    return "Document";
}

static const char *add_string(struct model *model, const char *name,
                              const struct shape *shape)
{
    if (shape->min == 0 && shape->max == 0 && shape->pattern == NULL &&
        shape->values == NULL && !shape->secret)
        return add_shared(model, "String", "string");
    cJSON *json = add_shape(model, name, "string");
    constraints_add_size(json, shape, "min", "max");
    if (shape->pattern != NULL)
        cJSON_AddStringToObject(json, "pattern", shape->pattern->text);
    constraints_add_values(json, shape);
    if (shape->secret)
        cJSON_AddTrueToObject(json, "sensitive");
    return name;
}

static const char *add_number(struct model *model, const char *name, const char *type,
                              const struct shape *shape)
{
    constraints_add_range(add_shape(model, name, type), shape, "min", "max");
    return name;
}

static const char *add_integer(struct model *model, const char *name,
                               const struct shape *shape)
{
    bool is_small = shape->min >= INT32_MIN && shape->max <= INT32_MAX;

    if (constraints_are_unbounded(shape))
        return add_shared(model, "Long", "long");
    return add_number(model, name, is_small ? "integer" : "long", shape);
}

static const char *add_value(struct model *model, const char *structure,
                             const char *member, const struct shape *shape);

static void add_reference(cJSON *to, const char *name, const char *shape)
{
    cJSON_AddStringToObject(cJSON_AddObjectToObject(to, name), "shape", shape);
}

/* The names of what is in a list or a map are those of the list or the map with a word
 * added, except for structures. */
static const char *add_item(struct model *model, const char *structure,
                            const char *member, const char *word,
                            const struct shape *shape)
{
    if (shape->type != SHAPE_STRUCTURE)
        member = arena_join(model->arena, member, "-", word, NULL);
    return add_value(model, structure, member, shape);
}

static const char *add_list(struct model *model, const char *structure,
                            const char *member, const struct shape *shape)
{
    const char *name = documentation_value(model->arena, structure, member);
    cJSON *json = add_shape(model, name, "list");

    add_reference(json, "member",
                  add_item(model, structure, member, "item", shape->item));
    constraints_add_size(json, shape, "min", "max");
    return name;
}

static const char *add_map(struct model *model, const char *structure, const char *member,
                           const struct shape *shape)
{
    const char *name = documentation_value(model->arena, structure, member);
    cJSON *json = add_shape(model, name, "map");

    add_reference(json, "key", add_item(model, structure, member, "key", shape->key));
    add_reference(json, "value",
                  add_item(model, structure, member, "value", shape->item));
    constraints_add_size(json, shape, "min", "max");
    return name;
}

static void add_members(struct model *model, const char *name, const struct shape *shape,
                        cJSON *json)
{
    cJSON *members = cJSON_AddObjectToObject(json, "members");

    constraints_add_required(json, shape);
    for (const struct member *m = shape->members; m->name != NULL; m++) {
        struct member_documentation documented = documentation_of_member(name, m->name);
        cJSON *member = cJSON_AddObjectToObject(members, m->name);
        cJSON_AddStringToObject(member, "shape",
                                add_value(model, name, m->name, m->shape));
        if ((m->flags & IN_QUERY) != 0) {
            cJSON_AddStringToObject(member, "location", "querystring");
            cJSON_AddStringToObject(member, "locationName", m->name);
        }
        add_documentation(model, member, documented.text, documented.fallback);
    }
}

/* Returns its name. */
static const char *add_structure(struct model *model, const char *name,
                                 const struct shape *shape)
{
    if (!json_has(model->shapes, name))
        add_members(model, name, shape, add_shape(model, name, "structure"));
    return name;
}

/* Adds the shape of a member, and returns its name. */
static const char *add_value(struct model *model, const char *structure,
                             const char *member, const struct shape *shape)
{
    const char *name = documentation_value(model->arena, structure, member);

    switch (shape->type) {
    case SHAPE_STRING:
        return add_string(model, name, shape);
    case SHAPE_BOOLEAN:
        return add_shared(model, "Boolean", "boolean");
    case SHAPE_INTEGER:
        return add_integer(model, name, shape);
    case SHAPE_NUMBER:
        return add_number(model, name, "double", shape);
    case SHAPE_TIMESTAMP:
        return add_timestamp(model);
    case SHAPE_LIST:
        return add_list(model, structure, member, shape);
    case SHAPE_MAP:
        return add_map(model, structure, member, shape);
    case SHAPE_STRUCTURE:
        return add_structure(
            model, documentation_structure(model->arena, structure, member), shape);
    case SHAPE_DOCUMENT:
        return add_document(model);
    }
    BUG("shape type %d", (int)shape->type);
}

static void add_error(struct model *model, cJSON *errors, const struct error_kind *kind)
{
    cJSON *reference = cJSON_CreateObject();

    cJSON_AddStringToObject(reference, "shape", kind->name);
    cJSON_AddItemToArray(errors, reference);
    if (json_has(model->shapes, kind->name))
        return;
    cJSON *json = add_shape(model, kind->name, "structure");
    add_reference(cJSON_AddObjectToObject(json, "members"), "message",
                  add_shared(model, "String", "string"));
    cJSON *error = cJSON_AddObjectToObject(json, "error");
    cJSON_AddNumberToObject(error, "httpStatusCode", kind->status);
    cJSON_AddBoolToObject(error, "senderFault", kind->status < 500);
    cJSON_AddTrueToObject(json, "exception");
    if (kind->status >= 500)
        cJSON_AddTrueToObject(json, "fault");
    add_documentation(model, json, kind->text, NULL);
}

/* Adds the output of a response in plain text: one member, which is the whole body. */
static void add_plain(struct model *model, const char *name, const char *member)
{
    cJSON *json = add_shape(model, name, "structure");

    add_reference(cJSON_AddObjectToObject(json, "members"), member,
                  add_shared(model, "String", "string"));
    cJSON_AddStringToObject(json, "payload", member);
}

/* The same for a response that does not end: clients read it piece by piece. */
static void add_stream(struct model *model, const char *name, const char *member)
{
    const char *body = documentation_value(model->arena, name, member);

    cJSON_AddTrueToObject(add_shape(model, body, "blob"), "streaming");
    cJSON *json = add_shape(model, name, "structure");
    add_reference(cJSON_AddObjectToObject(json, "members"), member, body);
    cJSON_AddStringToObject(json, "payload", member);
}

static void add_output(struct model *model, cJSON *json, const struct operation *op,
                       const struct operation_documentation *documented)
{
    const char *name = documentation_response(model->arena, op);

    if (documented->streams)
        add_stream(model, name, documented->plain);
    else if (documented->plain != NULL)
        add_plain(model, name, documented->plain);
    else if (op->out->members->name != NULL)
        add_structure(model, name, op->out);
    else
        return;
    add_reference(json, "output", name);
}

static void add_operation(struct model *model, cJSON *json, const struct operation *op)
{
    struct operation_documentation documented = documentation_of_operation(op->name);
    cJSON *http;

    cJSON_AddStringToObject(json, "name", op->name);
    http = cJSON_AddObjectToObject(json, "http");
    cJSON_AddStringToObject(http, "method", op->method);
    cJSON_AddStringToObject(http, "requestUri", op->uri);
    cJSON_AddNumberToObject(http, "responseCode", op->status);
    if (op->in->members->name != NULL) {
        const char *name = documentation_request(model->arena, op);
        add_structure(model, name, op->in);
        add_reference(json, "input", name);
    }
    add_output(model, json, op, &documented);
    cJSON *errors = cJSON_AddArrayToObject(json, "errors");
    for (int i = 0; documented.errors[i] != NULL; i++)
        add_error(model, errors, documented.errors[i]);
    for (int i = 0; documented_errors[i] != NULL; i++)
        add_error(model, errors, documented_errors[i]);
    add_documentation(model, json, documented.text, NULL);
}

static void add_metadata(const struct service *service, cJSON *metadata)
{
    cJSON *protocols;

    cJSON_AddStringToObject(metadata, "apiVersion", CONTROL_API_VERSION);
    /* Without an endpoint URL, calls go to a host name that does not exist. */
    cJSON_AddStringToObject(metadata, "endpointPrefix", "ivs-local");
    cJSON_AddStringToObject(metadata, "protocol", "rest-json");
    protocols = cJSON_AddArrayToObject(metadata, "protocols");
    cJSON_AddItemToArray(protocols, cJSON_CreateString("rest-json"));
    cJSON_AddStringToObject(metadata, "serviceFullName", service->title);
    /* The URL may be in AWS_ENDPOINT_URL_IVS_LOCAL, which is made of this. */
    cJSON_AddStringToObject(metadata, "serviceId", "IVS Local");
    cJSON_AddStringToObject(metadata, "signatureVersion", "v4");
    /* The control API accepts a signature for any service. */
    cJSON_AddStringToObject(metadata, "signingName", "ivs-local");
    cJSON_AddStringToObject(metadata, "uid", "ivs-local-" CONTROL_API_VERSION);
}

void botocore_model_write(const struct service *service, struct arena *arena, cJSON *out)
{
    struct model model = {.arena = arena};

    cJSON_AddStringToObject(out, "version", "2.0");
    add_metadata(service, cJSON_AddObjectToObject(out, "metadata"));
    add_documentation(&model, out, documentation_of_service, NULL);
    cJSON *operations = cJSON_AddObjectToObject(out, "operations");
    model.shapes = cJSON_AddObjectToObject(out, "shapes");
    for (size_t i = 0; i < service->count; i++) {
        const struct operation *op = &service->operations[i];
        add_operation(&model, cJSON_AddObjectToObject(operations, op->name), op);
    }
}

int control_model(struct call *call)
{
    botocore_model_write(call->service, call->arena, call->out);
    return 0;
}
