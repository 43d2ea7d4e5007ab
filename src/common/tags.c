#include "common/tags.h"

#include "base/json.h"
#include "data/resource.h"

#include <string.h>
#include <strings.h>

enum { TAGS_PER_RESOURCE = 50 };

/* Keys with this prefix, in any case, are reserved for AWS. Fidelity: common-tags-2 */
static bool is_reserved(const char *key)
{
    return strncasecmp(key, "aws:", 4) == 0;
}

static int check_keys(struct call *call, const cJSON *tags)
{
    const cJSON *tag;

    cJSON_ArrayForEach(tag, tags) {
        if (is_reserved(tag->string))
            return call_fail_about(
                call, &ERR_VALIDATION, (struct error_details){.member = "tags"},
                "%s.tags key %s is reserved: it begins with aws:", call->op->name,
                tag->string);
    }
    return 0;
}

/* Copies all tags of `more` to `tags`; an existing key is overwritten. */
static void merge_tags(cJSON *tags, const cJSON *more)
{
    const cJSON *tag;

    cJSON_ArrayForEach(tag, more) {
        cJSON_DeleteItemFromObjectCaseSensitive(tags, tag->string);
        cJSON_AddStringToObject(tags, tag->string, tag->valuestring);
    }
}

const char *tags_of_input(struct call *call)
{
    const cJSON *given = in_item(call, "tags");

    if (check_keys(call, given) != 0)
        return NULL;
    cJSON *tags AUTO(json_done) = cJSON_CreateObject();
    merge_tags(tags, given);
    return json_text(call->arena, tags);
}

/* An ARN must be of a kind that the service knows. Fidelity: common-tags-5 */
static int check_kind(struct call *call, const char *arn)
{
    const struct resource *resource = resource_of_arn(call->emu->registry, arn);

    if (resource != NULL && resource->tagged &&
        strcmp(resource->service, call->service->name) == 0)
        return 0;
    return call_fail_about(
        call, &ERR_VALIDATION, (struct error_details){.member = "resourceArn"},
        "%s.resourceArn does not name a kind of resource that has tags", call->op->name);
}

/* Reads the stored text of the resource's tags. */
static int load_tags(struct call *call, const char *arn, const char **out)
{
    if (check_kind(call, arn) != 0)
        return -1;
    return call_found(
        call, resource_find_tags(call->txn, call->emu->registry, call->scope, arn, out),
        arn);
}

int tags_list(struct call *call)
{
    const char *text;

    if (load_tags(call, in_string(call, "resourceArn"), &text) != 0)
        return -1;
    json_add_stored(call->out, "tags", text);
    return 0;
}

static int save_tags(struct call *call, const char *arn, const cJSON *tags)
{
    if (cJSON_GetArraySize(tags) > TAGS_PER_RESOURCE)
        return call_fail_about(
            call, &ERR_VALIDATION,
            (struct error_details){.member = "tags"}, /* Fidelity: common-tags-3 */
            "%s.tags must leave the resource with at most %d tags", call->op->name,
            TAGS_PER_RESOURCE);
    return call_db(call,
                   resource_replace_tags(call->txn, call->emu->registry, call->scope, arn,
                                         json_text(call->arena, tags)));
}

int tags_add(struct call *call)
{
    const char *arn = in_string(call, "resourceArn");
    const cJSON *more = in_item(call, "tags");
    const char *text;

    if (check_keys(call, more) != 0 || load_tags(call, arn, &text) != 0)
        return -1;
    cJSON *tags AUTO(json_done) = json_stored(text);
    merge_tags(tags, more);
    return save_tags(call, arn, tags);
}

int tags_remove(struct call *call)
{
    const char *arn = in_string(call, "resourceArn");
    const char *text;
    const cJSON *key;

    if (load_tags(call, arn, &text) != 0)
        return -1;
    cJSON *tags AUTO(json_done) = json_stored(text);
    /* A key that does not exist is not an error. Fidelity: common-tags-4 */
    cJSON_ArrayForEach(key, in_item(call, "tagKeys")) {
        cJSON_DeleteItemFromObjectCaseSensitive(tags, key->valuestring);
    }
    return save_tags(call, arn, tags);
}
