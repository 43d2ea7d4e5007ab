/*
 * Tags of any resource, by ARN.
 */
#include "data/resource.h"

#include "ivs_internal.h"
#include "rules_internal.h"
#include "shapes_internal.h"

#include <strings.h>

enum { TAGS_PER_RESOURCE = 50 };

static const struct member list_in[] = {
    {"resourceArn", &ivs_resource_arn, REQUIRED | IN_PATH},
    MEMBERS_END
};
const struct shape ivs_tags_list_in = STRUCT_OF(list_in);
static const struct member list_out[] = {
    {"tags", &ivs_tags, REQUIRED},
    MEMBERS_END
};
const struct shape ivs_tags_list_out = STRUCT_OF(list_out);

static const struct member nothing[] = {MEMBERS_END};

static const struct member add_in[] = {
    {"resourceArn", &ivs_resource_arn, REQUIRED | IN_PATH},
    {"tags",        &ivs_tags,         REQUIRED          },
    MEMBERS_END
};
const struct shape ivs_tags_add_in = STRUCT_OF(add_in);
const struct shape ivs_tags_add_out = STRUCT_OF(nothing);

static const struct shape tag_key_list = {
    .type = SHAPE_LIST, .max = 50, .item = &ivs_tag_key};
static const struct member remove_in[] = {
    {"resourceArn", &ivs_resource_arn, REQUIRED | IN_PATH },
    {"tagKeys",     &tag_key_list,     REQUIRED | IN_QUERY},
    MEMBERS_END
};
const struct shape ivs_tags_remove_in = STRUCT_OF(remove_in);
const struct shape ivs_tags_remove_out = STRUCT_OF(nothing);

/* Keys that begin so, in any case, are AWS's own. Fidelity: tags-2 */
static bool is_reserved(const char *key)
{
    return strncasecmp(key, "aws:", 4) == 0;
}

static int check_keys(struct call *call, const cJSON *tags)
{
    const cJSON *tag;

    cJSON_ArrayForEach(tag, tags) {
        if (is_reserved(tag->string))
            return call_fail(call, &ERR_VALIDATION,
                             "%s.tags key %s is reserved: it begins with aws:",
                             call->op->name, tag->string);
    }
    return 0;
}

/* Puts every tag of `more` into `tags`; the last one of a key stays. */
static void merge(cJSON *tags, const cJSON *more)
{
    const cJSON *tag;

    cJSON_ArrayForEach(tag, more) {
        cJSON_DeleteItemFromObjectCaseSensitive(tags, tag->string);
        cJSON_AddStringToObject(tags, tag->string, tag->valuestring);
    }
}

const char *ivs_input_tags(struct call *call)
{
    const cJSON *given = in_item(call, "tags");

    if (check_keys(call, given) != 0)
        return NULL;
    cJSON *tags AUTO(json_done) = cJSON_CreateObject();
    merge(tags, given);
    return json_text(call->arena, tags);
}

/* Reads the stored text of the resource's tags. */
static int load(struct call *call, const char *arn, const char **out)
{
    return call_found(
        call, resource_find_tags(call->txn, call->emu->registry, call->scope, arn, out),
        arn);
}

int ivs_tags_list(struct call *call)
{
    const char *text;

    if (load(call, in_string(call, "resourceArn"), &text) != 0)
        return -1;
    json_add_stored(call->out, "tags", text);
    return 0;
}

static int save(struct call *call, const char *arn, const cJSON *tags)
{
    if (cJSON_GetArraySize(tags) > TAGS_PER_RESOURCE)
        return call_fail(call, &ERR_VALIDATION, /* Fidelity: tags-3 */
                         "%s.tags must leave the resource with at most %d tags",
                         call->op->name, TAGS_PER_RESOURCE);
    return call_db(call,
                   resource_replace_tags(call->txn, call->emu->registry, call->scope, arn,
                                         json_text(call->arena, tags)));
}

int ivs_tags_add(struct call *call)
{
    const char *arn = in_string(call, "resourceArn");
    const cJSON *more = in_item(call, "tags");
    const char *text;

    if (check_keys(call, more) != 0 || load(call, arn, &text) != 0)
        return -1;
    cJSON *tags AUTO(json_done) = json_stored(text);
    merge(tags, more);
    return save(call, arn, tags);
}

int ivs_tags_remove(struct call *call)
{
    const char *arn = in_string(call, "resourceArn");
    const char *text;
    const cJSON *key;

    if (load(call, arn, &text) != 0)
        return -1;
    cJSON *tags AUTO(json_done) = json_stored(text);
    /* A key that is not there is no error. Fidelity: tags-4 */
    cJSON_ArrayForEach(key, in_item(call, "tagKeys")) {
        cJSON_DeleteItemFromObjectCaseSensitive(tags, key->valuestring);
    }
    return save(call, arn, tags);
}
