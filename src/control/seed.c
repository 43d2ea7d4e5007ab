/*
 * Seed: many calls in one, all or nothing. Each can use the responses of earlier ones.
 */
#include "api/dispatch.h"
#include "api/route.h"
#include "base/json.h"
#include "base/log.h"
#include "control_internal.h"
#include "references_internal.h"

#include <string.h>

/* The limits on calls, and on all responses of a seed together. */
enum { SEED_CALLS_MAX = 1000, SEED_RESPONSES_MAX_BYTES = 4 * 1024 * 1024 };

static const struct pattern operation_pattern = {
    .text = "[a-zA-Z:-]+",
    .matches = pattern_chars,
    .chars = "a-zA-Z:-",
    .example = "ListChannels",
};
static const struct shape operation = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = &operation_pattern};
static const struct pattern name_pattern = {
    .text = "[a-zA-Z0-9_-]+",
    .matches = pattern_chars,
    .chars = "a-zA-Z0-9_-",
    .example = "channel",
};
static const struct shape name = {
    .type = SHAPE_STRING, .min = 1, .max = 64, .pattern = &name_pattern};

static const struct member call_members[] = {
    {"operation", &operation,      REQUIRED},
    {"input",     &shape_document, 0       },
    {"as",        &name,           0       },
    MEMBERS_END
};
static const struct shape one_call = STRUCT_OF(call_members);
static const struct shape calls = {
    .type = SHAPE_LIST, .max = SEED_CALLS_MAX, .item = &one_call};
static const struct member in_members[] = {
    {"calls", &calls, REQUIRED},
    SCOPE_IN, MEMBERS_END
};
const struct shape control_seed_in = STRUCT_OF(in_members);

static const struct member result_members[] = {
    {"service",   &shape_string,   REQUIRED},
    {"operation", &operation,      REQUIRED},
    {"as",        &name,           0       },
    {"output",    &shape_document, REQUIRED},
    MEMBERS_END
};
static const struct shape result = STRUCT_OF(result_members);
static const struct shape results = LIST_OF(result);
static const struct member out_members[] = {
    {"results", &results, REQUIRED},
    SCOPE_OUT, MEMBERS_END
};
const struct shape control_seed_out = STRUCT_OF(out_members);

struct seed {
    struct call *whole;
    cJSON *results;
    cJSON *responses; /* by name; the values belong to the results */
    struct references references;
    size_t response_bytes;
};

/* Finds the operation, for the input of the part. An operation that does more than read
 * and write the store cannot be undone with the transaction. */
static int find_operation(struct call *part, const char *wanted)
{
    const char *why = call_route_by_name(part, wanted);

    if (why != NULL)
        return call_fail(part, &ERR_VALIDATION, "%s", why);
    if (part->op->handle == NULL)
        return call_fail(part, &ERR_NOT_IMPLEMENTED,
                         "IVS Local does not implement this operation");
    if (part->op->access == WAITS)
        return call_fail(part, &ERR_VALIDATION,
                         "The operation waits for other calls, so it cannot be used in a "
                         "seed, which keeps them out");
    if (part->op->access != READ && part->op->access != WRITE &&
        part->op->access != STEPS)
        return call_fail(part, &ERR_VALIDATION, "The operation cannot be used in a seed");
    return 0;
}

static int read_input(struct seed *seed, struct call *part, const cJSON *given)
{
    const cJSON *input = cJSON_GetObjectItemCaseSensitive(given, "input");

    part->in = input != NULL ? references_resolve(&seed->references, input)
                             : cJSON_CreateObject();
    return part->in != NULL
               ? 0
               : call_fail(part, &ERR_VALIDATION, "%s", seed->references.why);
}

/* Adds the response to the results, and to what later inputs may refer to. */
static int keep_response(struct seed *seed, struct call *part, const char *as)
{
    const char *why = NULL;

    if (part->text != NULL || part->watcher != NULL)
        return call_fail(part, &ERR_VALIDATION, "The operation cannot be used in a seed");
    seed->response_bytes += strlen(part->response);
    if (seed->response_bytes > SEED_RESPONSES_MAX_BYTES)
        return call_fail(part, &ERR_VALIDATION,
                         "The responses so far have more than %d bytes; seed in several "
                         "steps",
                         SEED_RESPONSES_MAX_BYTES);
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddItemToArray(seed->results, entry);
    cJSON_AddStringToObject(entry, "service", part->service->name);
    cJSON_AddStringToObject(entry, "operation", part->op->name);
    if (as != NULL)
        cJSON_AddStringToObject(entry, "as", as);
    /* Parsed again, so that text that a handler added can be referred to as well. */
    cJSON *output = json_read(part->response, strlen(part->response), &why);
    cJSON_AddItemToObject(entry, "output", output);
    if (as != NULL)
        cJSON_AddItemReferenceToObject(seed->responses, as, output);
    return 0;
}

static int run_part(struct seed *seed, struct call *part, const cJSON *given)
{
    const char *as = json_string_or(given, "as", NULL);

    if (read_input(seed, part, given) != 0 ||
        find_operation(part, json_string_or(given, "operation", NULL)) != 0)
        return -1;
    if (as != NULL && json_has(seed->responses, as))
        return call_fail(part, &ERR_VALIDATION, "An earlier call has the name %s", as);
    if (dispatch_part(part) != 0)
        return -1;
    return keep_response(seed, part, as);
}

static int run_call(struct seed *seed, int index, const cJSON *given)
{
    struct call part AUTO(call_done);

    call_init_part(&part, seed->whole);
    if (run_part(seed, &part, given) == 0)
        return 0;
    return call_fail(seed->whole, part.error, "calls[%d] %s: %s", index,
                     json_string_or(given, "operation", NULL), part.error_message);
}

int control_seed(struct call *call)
{
    cJSON *responses = cJSON_CreateObject();
    struct seed seed = {
        .whole = call,
        .results = cJSON_AddArrayToObject(call->out, "results"),
        .responses = responses,
        .references = {.arena = call->arena, .responses = responses},
    };
    const cJSON *given;
    int index = 0;

    cJSON_ArrayForEach(given, in_item(call, "calls")) {
        if (run_call(&seed, index++, given) != 0)
            return -1;
    }
    txn_log(call->txn, "seed run", "calls=%d " LOG_SCOPE, index, call->scope.account,
            call->scope.region);
    return 0;
}
