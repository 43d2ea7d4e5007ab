#include "data/playback_key_pair.h"

#include "api/page.h"
#include "base/public_key.h"
#include "common/list.h"
#include "common/quota.h"
#include "common/tags.h"
#include "ivs_internal.h"
#include "rules_internal.h"
#include "shapes_internal.h"

static const struct member pair_members[] = {
    {"arn",         &ivs_playback_key_pair_arn, 0},
    {"name",        &common_name,               0},
    {"fingerprint", &shape_string,              0},
    {"tags",        &ivs_tags,                  0},
    MEMBERS_END
};
static const struct shape pair_shape = STRUCT_OF(pair_members);

static const struct member import_in[] = {
    {"publicKeyMaterial", &shape_string, REQUIRED},
    {"name",              &common_name,  0       },
    {"tags",              &ivs_tags,     0       },
    MEMBERS_END
};
static const struct member one_arn[] = {
    {"arn", &ivs_playback_key_pair_arn, REQUIRED},
    MEMBERS_END
};
static const struct member one_pair[] = {
    {"keyPair", &pair_shape, 0},
    MEMBERS_END
};
const struct shape ivs_playback_key_pair_import_in = STRUCT_OF(import_in);
const struct shape ivs_playback_key_pair_import_out = STRUCT_OF(one_pair);
const struct shape ivs_playback_key_pair_get_in = STRUCT_OF(one_arn);
const struct shape ivs_playback_key_pair_get_out = STRUCT_OF(one_pair);
const struct shape ivs_playback_key_pair_delete_in = STRUCT_OF(one_arn);
const struct shape ivs_playback_key_pair_delete_out = STRUCT_OF(common_nothing);

static const struct member summary_members[] = {
    {"arn",  &ivs_playback_key_pair_arn, 0},
    {"name", &common_name,               0},
    {"tags", &ivs_tags,                  0},
    MEMBERS_END
};
static const struct shape summary = STRUCT_OF(summary_members);
static const struct shape summaries = LIST_OF(summary);
static const struct member list_out[] = {
    {"keyPairs",  &summaries,         REQUIRED},
    {"nextToken", &common_next_token, 0       },
    MEMBERS_END
};
const struct shape ivs_playback_key_pair_list_in = STRUCT_OF(common_page_in);
const struct shape ivs_playback_key_pair_list_out = STRUCT_OF(list_out);

static cJSON *summary_json(const struct playback_key_pair *pair)
{
    cJSON *json = cJSON_CreateObject();

    json_add_text(json, "arn", pair->arn);
    json_add_text(json, "name", pair->name);
    json_add_stored(json, "tags", pair->tags);
    return json;
}

static cJSON *full_json(const struct playback_key_pair *pair)
{
    cJSON *json = summary_json(pair);

    json_add_text(json, "fingerprint", pair->fingerprint);
    return json;
}

/* Fidelity: ivs-key-1 */
static int read_key(struct call *call, const char *pem, const char **fingerprint)
{
    const char *why = public_key_read(call->arena, pem, fingerprint);

    if (why == NULL)
        return 0;
    return call_fail(call, &ERR_VALIDATION, "%s.publicKeyMaterial %s", call->op->name,
                     why);
}

/* A scope has a key only once, whatever its name. Fidelity: ivs-key-2 */
static int check_new(struct call *call, const char *fingerprint)
{
    struct playback_key_pair pair;

    switch (playback_key_pair_find_by_fingerprint(call->txn, call->scope, fingerprint,
                                                  &pair)) {
    case DB_ROW:
        return call_fail(call, &ERR_CONFLICT, /* Fidelity: common-errors-4 */
                         "The key with the fingerprint %s is already imported: %s",
                         fingerprint, pair.arn);
    case DB_NONE:
        return 0;
    case DB_DONE:
    case DB_ERROR:
        break;
    }
    return call_fail_internal(call);
}

int ivs_playback_key_pair_import(struct call *call)
{
    const char *id = ids_alnum(call->emu->ids, call->arena, IDS_RESOURCE_CHARS);
    struct playback_key_pair pair = {
        .arn = arn_format(call->arena, &playback_key_pair_arn_kind, call->scope, id),
        .id = id,
        .name = in_string_or(call, "name", ""),
        .public_key = in_string(call, "publicKeyMaterial"),
    };

    if (read_key(call, pair.public_key, &pair.fingerprint) != 0 ||
        (pair.tags = tags_of_input(call)) == NULL ||
        check_new(call, pair.fingerprint) != 0 ||
        quota_check(call, "playback_key_pair") != 0 ||
        call_db(call, playback_key_pair_insert(call->txn, call->scope, &pair)) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "keyPair", full_json(&pair));
    return 0;
}

static int load_key_pair(struct call *call, const char *arn,
                         struct playback_key_pair *out)
{
    return call_found(call, playback_key_pair_find(call->txn, call->scope, arn, out),
                      arn);
}

int ivs_playback_key_pair_get(struct call *call)
{
    struct playback_key_pair pair;

    if (load_key_pair(call, in_string(call, "arn"), &pair) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "keyPair", full_json(&pair));
    return 0;
}

static cJSON *row_json(const struct call *call, const void *row)
{
    (void)call;
    return summary_json(row);
}

int ivs_playback_key_pair_list(struct call *call)
{
    struct playback_key_pair *rows;
    struct page page;
    size_t count;

    if (page_open(call, 100, "", &page) != 0)
        return -1;
    rows = arena_alloc(call->arena, (page.limit + 1) * sizeof(*rows));
    if (call_db(call, playback_key_pair_list(call->txn, call->scope, page.after,
                                             page.limit + 1, rows, &count)) != 0)
        return -1;
    list_respond(call, &page, "keyPairs", &(struct list_rows){rows, sizeof(*rows), count},
                 row_json);
    return 0;
}

int ivs_playback_key_pair_delete(struct call *call)
{
    const char *arn = in_string(call, "arn");
    struct playback_key_pair pair;

    if (load_key_pair(call, arn, &pair) != 0)
        return -1;
    return call_db(call, playback_key_pair_delete(call->txn, call->scope, arn));
}
