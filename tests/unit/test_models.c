/*
 * How shapes are written in a service model of botocore and in OpenAPI: a service with
 * one operation that has everything a shape can have.
 */
#include "control/models.h"

#include "api/errors.h"
#include "base/json.h"

#include <string.h>

#include "support/cmocka_all.h"

static const struct pattern letters = {
    .text = "[a-z]+", .matches = pattern_chars, .chars = "a-z", .example = "a"};
static const struct shape name = {
    .type = SHAPE_STRING, .min = 1, .max = 8, .pattern = &letters};
static const struct shape secret = {.type = SHAPE_STRING, .secret = true};
static const char *const colours[] = {"RED", "GREEN", NULL};
static const struct shape colour = {
    .type = SHAPE_STRING, .values = colours, .or_empty = true};
static const struct shape few = {.type = SHAPE_INTEGER, .min = -1, .max = 5};
/* It cannot be a double. */
static const struct shape many = {
    .type = SHAPE_INTEGER, .min = 0, .max = INT64_C(9007199254740993)};
static const struct shape part = {.type = SHAPE_NUMBER, .max = 1};
static const struct shape names = {.type = SHAPE_LIST, .max = 3, .item = &name};
static const struct shape counts = {
    .type = SHAPE_MAP, .min = 1, .max = 9, .key = &name, .item = &few};
static const struct member box_members[] = {
    {"name", &name, REQUIRED},
    {"more", &few,  0       },
    MEMBERS_END
};
static const struct shape box = STRUCT_OF(box_members);
static const struct shape boxes = LIST_OF(box);

static const struct member in_members[] = {
    {"plain",  &shape_string,    REQUIRED},
    {"secret", &secret,          0       },
    {"colour", &colour,          0       },
    {"few",    &few,             0       },
    {"many",   &many,            0       },
    {"any",    &shape_long,      0       },
    {"part",   &part,            0       },
    {"is-it",  &shape_boolean,   0       },
    {"when",   &shape_timestamp, 0       },
    {"names",  &names,           0       },
    {"counts", &counts,          0       },
    {"boxes",  &boxes,           0       },
    {"free",   &shape_document,  0       },
    MEMBERS_END
};
static const struct shape in = STRUCT_OF(in_members);

static int put(struct call *call)
{
    (void)call;
    return 0;
}

static const struct operation operations[] = {
    {"PutBox", "POST", "/PutBox", 204, NO_STORE, {0}, &in, &shape_empty, put},
};
static const struct service depot = {
    .name = "depot", .title = "Depot", .operations = operations, .count = 1};

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    json_init();
    arena = arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* The test fails unless the member has this text, which uses ' for ". */
static void assert_member(const cJSON *object, const char *member, const char *expected)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, member);
    char *text = arena_strdup(arena, expected);

    for (char *c = text; *c != '\0'; c++) {
        if (*c == '\'')
            *c = '"';
    }
    if (found == NULL)
        fail_msg("there is no %s in %s", member, json_text(arena, object));
    assert_string_equal(json_text(arena, found), text);
}

struct expected {
    const char *name;
    const char *json;
};

static void botocore_gets_every_kind_of_shape(void **state)
{
    static const struct expected members[] = {
        {"plain",  "{'shape':'String'}"             },
        {"secret", "{'shape':'PutBoxRequestSecret'}"},
        {"any",    "{'shape':'Long'}"               },
        {"is-it",  "{'shape':'Boolean'}"            },
        {"when",   "{'shape':'Timestamp'}"          },
        {"boxes",  "{'shape':'PutBoxRequestBoxes'}" },
        {"free",   "{'shape':'Document'}"           },
    };
    static const struct expected shapes[] = {
        {"String",                   "{'type':'string'}"                                },
        {"Long",                     "{'type':'long'}"                                  },
        {"Boolean",                  "{'type':'boolean'}"                               },
        {"Timestamp",                "{'type':'timestamp','timestampFormat':'iso8601'}" },
        {"Document",                 "{'type':'structure','members':{},'document':true}"},
        {"PutBoxRequestSecret",      "{'type':'string','sensitive':true}"               },
        {"PutBoxRequestColour",      "{'type':'string','enum':['','RED','GREEN']}"      },
        {"PutBoxRequestFew",         "{'type':'integer','min':-1,'max':5}"              },
        {"PutBoxRequestMany",        "{'type':'long','min':0,'max':9007199254740993}"   },
        {"PutBoxRequestPart",        "{'type':'double','min':0,'max':1}"                },
        {"PutBoxRequestNames",
         "{'type':'list','member':{'shape':'PutBoxRequestNamesItem'},'max':3}"          },
        {"PutBoxRequestNamesItem",
         "{'type':'string','min':1,'max':8,'pattern':'[a-z]+'}"                         },
        {"PutBoxRequestCounts",
         "{'type':'map','key':{'shape':'PutBoxRequestCountsKey'},"
         "'value':{'shape':'PutBoxRequestCountsValue'},'min':1,'max':9}"                },
        {"PutBoxRequestCountsKey",
         "{'type':'string','min':1,'max':8,'pattern':'[a-z]+'}"                         },
        {"PutBoxRequestCountsValue", "{'type':'integer','min':-1,'max':5}"              },
        {"PutBoxRequestBoxes",
         "{'type':'list','member':{'shape':'PutBoxRequestBoxesStructure'}}"             },
    };
    cJSON *model AUTO(json_done) = cJSON_CreateObject();

    (void)state;
    botocore_model_write(&depot, arena, model);

    const cJSON *all = cJSON_GetObjectItemCaseSensitive(model, "shapes");
    const cJSON *input = cJSON_GetObjectItemCaseSensitive(all, "PutBoxRequest");
    for (size_t i = 0; i < COUNT_OF(shapes); i++)
        assert_member(all, shapes[i].name, shapes[i].json);
    assert_member(input, "type", "'structure'");
    assert_member(input, "required", "['plain']");
    for (size_t i = 0; i < COUNT_OF(members); i++)
        assert_member(cJSON_GetObjectItemCaseSensitive(input, "members"), members[i].name,
                      members[i].json);
}

static void botocore_gets_the_operation_and_its_errors(void **state)
{
    cJSON *model AUTO(json_done) = cJSON_CreateObject();

    (void)state;
    botocore_model_write(&depot, arena, model);

    const cJSON *operation = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(model, "operations"), "PutBox");
    assert_member(operation, "http",
                  "{'method':'POST','requestUri':'/PutBox','responseCode':204}");
    assert_member(operation, "input", "{'shape':'PutBoxRequest'}");
    assert_false(json_has(operation, "output"));
    assert_member(operation, "errors",
                  "[{'shape':'SerializationException'},{'shape':'ValidationException'},"
                  "{'shape':'OriginRefusedException'},"
                  "{'shape':'InternalServerException'}]");
    assert_member(cJSON_GetObjectItemCaseSensitive(model, "shapes"),
                  "InternalServerException",
                  arena_join(arena,
                             "{'type':'structure','members':{'message':{'shape':"
                             "'String'}},'error':{'httpStatusCode':500,"
                             "'senderFault':false},'exception':true,'fault':true,"
                             "'documentation':'<p>",
                             ERR_INTERNAL.text, "</p>'}", NULL));
}

static void openapi_gets_every_kind_of_shape(void **state)
{
    static const struct expected properties[] = {
        {"plain",  "{'type':'string'}"                                        },
        {"secret", "{'type':'string','format':'password'}"                    },
        {"colour", "{'type':'string','enum':['','RED','GREEN']}"              },
        {"few",    "{'type':'integer','minimum':-1,'maximum':5}"              },
        {"many",   "{'type':'integer','minimum':0,'maximum':9007199254740993}"},
        {"any",    "{'type':'integer','format':'int64'}"                      },
        {"part",   "{'type':'number','minimum':0,'maximum':1}"                },
        {"is-it",  "{'type':'boolean'}"                                       },
        {"when",   "{'type':'string','format':'date-time'}"                   },
        {"names",  "{'type':'array','maxItems':3,'items':{'type':'string','minLength':1,"
                  "'maxLength':8,'pattern':'^(?:[a-z]+)$'}}" },
        {"counts",
         "{'type':'object','minProperties':1,'maxProperties':9,'propertyNames':"
         "{'type':'string','minLength':1,'maxLength':8,'pattern':'^(?:[a-z]+)$'},"
         "'additionalProperties':{'type':'integer','minimum':-1,'maximum':5}}"},
        {"boxes",  "{'type':'array','items':{'$ref':'#/components/schemas/"
                  "PutBoxRequestBoxesStructure'}}"           },
        {"free",   "{'type':'object'}"                                        },
    };
    cJSON *document AUTO(json_done) = cJSON_CreateObject();

    (void)state;
    openapi_write(&depot, "http://depot", arena, document);

    const cJSON *schemas = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(document, "components"), "schemas");
    const cJSON *input = cJSON_GetObjectItemCaseSensitive(schemas, "PutBoxRequest");
    assert_member(input, "type", "'object'");
    assert_member(input, "required", "['plain']");
    assert_member(input, "additionalProperties", "false");
    for (size_t i = 0; i < COUNT_OF(properties); i++)
        assert_member(cJSON_GetObjectItemCaseSensitive(input, "properties"),
                      properties[i].name, properties[i].json);
}

static void openapi_gets_the_operation_and_its_responses(void **state)
{
    cJSON *document AUTO(json_done) = cJSON_CreateObject();

    (void)state;
    openapi_write(&depot, "http://depot", arena, document);

    const cJSON *operation = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(
            cJSON_GetObjectItemCaseSensitive(document, "paths"), "/PutBox"),
        "post");
    const cJSON *responses = cJSON_GetObjectItemCaseSensitive(operation, "responses");
    assert_member(document, "servers", "[{'url':'http://depot'}]");
    assert_member(operation, "operationId", "'PutBox'");
    assert_member(operation, "requestBody",
                  "{'required':true,'content':{'application/json':{'schema':"
                  "{'$ref':'#/components/schemas/PutBoxRequest'}}}}");
    assert_member(responses, "204", "{'description':'Success.'}");
    /* Two errors with one status. */
    assert_member(cJSON_GetObjectItemCaseSensitive(responses, "400"), "description",
                  arena_join(arena, "'`SerializationException`: ", ERR_SERIALIZATION.text,
                             "\\n\\n`ValidationException`: ", ERR_VALIDATION.text, "'",
                             NULL));
    assert_true(json_has(responses, "500"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(botocore_gets_every_kind_of_shape),
        cmocka_unit_test(botocore_gets_the_operation_and_its_errors),
        cmocka_unit_test(openapi_gets_every_kind_of_shape),
        cmocka_unit_test(openapi_gets_the_operation_and_its_responses),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
