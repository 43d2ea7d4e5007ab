#include "data/stream_key.h"

#include "api/page.h"
#include "common/quota.h"
#include "common/tags.h"
#include "data/channel.h"
#include "ivs_internal.h"
#include "rules_internal.h"
#include "shapes_internal.h"

enum { SECRET_CHARS = 30 }; /* Fidelity: ivs-stream-key-1 */

static const struct member one_arn[] = {
    {"arn", &ivs_stream_key_arn, REQUIRED},
    MEMBERS_END
};
static const struct member one_key[] = {
    {"streamKey", &ivs_stream_key, 0},
    MEMBERS_END
};
static const struct member nothing[] = {MEMBERS_END};

static const struct member create_in[] = {
    {"channelArn", &ivs_channel_arn, REQUIRED},
    {"tags",       &ivs_tags,        0       },
    MEMBERS_END
};
const struct shape ivs_stream_key_create_in = STRUCT_OF(create_in);
const struct shape ivs_stream_key_create_out = STRUCT_OF(one_key);

const struct shape ivs_stream_key_get_in = STRUCT_OF(one_arn);
const struct shape ivs_stream_key_get_out = STRUCT_OF(one_key);

const struct shape ivs_stream_key_delete_in = STRUCT_OF(one_arn);
const struct shape ivs_stream_key_delete_out = STRUCT_OF(nothing);

static const struct shape arn_list = {
    .type = SHAPE_LIST, .min = 1, .max = 50, .item = &ivs_stream_key_arn};
static const struct member batch_get_in[] = {
    {"arns", &arn_list, REQUIRED},
    MEMBERS_END
};
static const struct shape stream_key_list = LIST_OF(ivs_stream_key);
static const struct member batch_get_out[] = {
    {"streamKeys", &stream_key_list,  0},
    {"errors",     &ivs_batch_errors, 0},
    MEMBERS_END
};
const struct shape ivs_stream_key_batch_get_in = STRUCT_OF(batch_get_in);
const struct shape ivs_stream_key_batch_get_out = STRUCT_OF(batch_get_out);

static const struct member list_in[] = {
    {"channelArn", &ivs_channel_arn,       REQUIRED},
    {"nextToken",  &common_next_token,     0       },
    {"maxResults", &common_max_results_50, 0       },
    MEMBERS_END
};
static const struct member summary_members[] = {
    {"arn",        &ivs_stream_key_arn, 0},
    {"channelArn", &ivs_channel_arn,    0},
    {"tags",       &ivs_tags,           0},
    MEMBERS_END
};
static const struct shape summary = STRUCT_OF(summary_members);
static const struct shape summaries = LIST_OF(summary);
static const struct member list_out[] = {
    {"streamKeys", &summaries,         REQUIRED},
    {"nextToken",  &common_next_token, 0       },
    MEMBERS_END
};
const struct shape ivs_stream_key_list_in = STRUCT_OF(list_in);
const struct shape ivs_stream_key_list_out = STRUCT_OF(list_out);

static cJSON *summary_json(const struct stream_key *key)
{
    cJSON *json = cJSON_CreateObject();

    json_add_text(json, "arn", key->arn);
    json_add_text(json, "channelArn", key->channel_arn);
    json_add_stored(json, "tags", key->tags);
    return json;
}

cJSON *ivs_stream_key_json(const struct stream_key *key)
{
    cJSON *json = summary_json(key);

    json_add_text(json, "value", key->value);
    return json;
}

static int load_stream_key(struct call *call, const char *arn, struct stream_key *out)
{
    return call_found(call, stream_key_find(call->txn, call->scope, arn, out), arn);
}

static int check_channel(struct call *call, const char *arn)
{
    struct channel channel;

    return call_found(call, channel_find(call->txn, call->scope, arn, &channel), arn);
}

int ivs_stream_key_make(struct call *call, const char *channel_arn, const char *tags,
                        struct stream_key *out)
{
    struct ids *ids = call->emu->ids;
    const char *id = ids_alnum(ids, call->arena, IDS_RESOURCE_CHARS);

    *out = (struct stream_key){
        .arn = arn_format(call->arena, &stream_key_arn_kind, call->scope, id),
        .id = id,
        .channel_arn = channel_arn,
        .value = arena_printf(call->arena, "sk_%s_%s_%s", call->scope.region, id,
                              ids_alnum(ids, call->arena, SECRET_CHARS)),
        .tags = tags,
    };
    return call_db(call, stream_key_insert(call->txn, call->scope, out));
}

int ivs_stream_key_create(struct call *call)
{
    const char *channel_arn = in_string(call, "channelArn");
    const char *tags = tags_of_input(call);
    struct stream_key key;

    if (tags == NULL || check_channel(call, channel_arn) != 0)
        return -1;
    switch (stream_key_find_by_channel(call->txn, call->scope, channel_arn, &key)) {
    case DB_ROW:
        /* Not adjustable, so --quotas off does not lift it. Fidelity: ivs-stream-key-2 */
        return quota_fail(call, 1, "stream key per channel");
    case DB_DONE:
    case DB_ERROR:
        return call_fail_internal(call);
    case DB_NONE:
        break;
    }
    if (ivs_stream_key_make(call, channel_arn, tags, &key) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "streamKey", ivs_stream_key_json(&key));
    return 0;
}

int ivs_stream_key_get(struct call *call)
{
    struct stream_key key;

    if (load_stream_key(call, in_string(call, "arn"), &key) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "streamKey", ivs_stream_key_json(&key));
    return 0;
}

int ivs_stream_key_batch_get(struct call *call)
{
    cJSON *keys = cJSON_AddArrayToObject(call->out, "streamKeys");
    struct stream_key key;
    const cJSON *arn;

    cJSON_ArrayForEach(arn, in_item(call, "arns")) {
        switch (stream_key_find(call->txn, call->scope, arn->valuestring, &key)) {
        case DB_ROW:
            cJSON_AddItemToArray(keys, ivs_stream_key_json(&key));
            break;
        case DB_NONE:
            ivs_batch_not_found(call, arn->valuestring);
            break;
        case DB_DONE:
        case DB_ERROR:
            return call_fail_internal(call);
        }
    }
    return 0;
}

/* A channel has at most one key, so there is never a second page, and no token is
 * valid. */
int ivs_stream_key_list(struct call *call)
{
    const char *channel_arn = in_string(call, "channelArn");
    struct stream_key key;
    struct page page;

    if (page_open(call, 1, channel_arn, &page) != 0 ||
        check_channel(call, channel_arn) != 0)
        return -1;
    cJSON *keys = cJSON_AddArrayToObject(call->out, "streamKeys");
    switch (stream_key_find_by_channel(call->txn, call->scope, channel_arn, &key)) {
    case DB_ROW:
        cJSON_AddItemToArray(keys, summary_json(&key));
        return 0;
    case DB_NONE:
        return 0;
    case DB_DONE:
    case DB_ERROR:
        break;
    }
    return call_fail_internal(call);
}

int ivs_stream_key_delete(struct call *call)
{
    const char *arn = in_string(call, "arn");
    struct stream_key key;

    if (load_stream_key(call, arn, &key) != 0)
        return -1;
    return call_db(call, stream_key_delete(call->txn, call->scope, arn));
}
