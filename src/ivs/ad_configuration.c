#include "data/ad_configuration.h"

#include "api/page.h"
#include "common/list.h"
#include "common/quota.h"
#include "common/tags.h"
#include "data/channel.h"
#include "ivs_internal.h"
#include "rules_internal.h"
#include "shapes_internal.h"

#include <string.h>

/* The value of a configuration that was created without one. Fidelity: ivs-ads-2 */
#define NO_POST_ROLL "{\"enabled\":false,\"durationSeconds\":15}"

static const struct arn_kind media_tailor_arn_kind = {"mediatailor",
                                                      "playbackConfiguration"};
static const struct pattern media_tailor_arn_pattern = {
    .text = "arn:aws:mediatailor:[a-z0-9-]+:[0-9]+:playbackConfiguration/[a-zA-Z0-9-]+",
    .matches = pattern_arn,
    .arn = &media_tailor_arn_kind,
    .example = "arn:aws:mediatailor:us-east-1:000000000000:playbackConfiguration/ads",
};
static const struct shape media_tailor_arn = {
    .type = SHAPE_STRING, .max = 128, .pattern = &media_tailor_arn_pattern};
static const struct member media_tailor_members[] = {
    {"playbackConfigurationArn", &media_tailor_arn, 0},
    MEMBERS_END
};
static const struct shape media_tailor = STRUCT_OF(media_tailor_members);
static const struct shape media_tailor_list = {
    .type = SHAPE_LIST, .min = 1, .max = 3, .item = &media_tailor};

static const struct shape duration = {.type = SHAPE_INTEGER, .min = 1, .max = 300};
static const struct member post_roll_members[] = {
    {"enabled",         &shape_boolean, REQUIRED},
    {"durationSeconds", &duration,      REQUIRED},
    MEMBERS_END
};
static const struct shape post_roll = STRUCT_OF(post_roll_members);

static const struct member configuration_members[] = {
    {"arn",                               &ivs_ad_configuration_arn, REQUIRED},
    {"name",                              &common_name,              0       },
    {"mediaTailorPlaybackConfigurations", &media_tailor_list,        REQUIRED},
    {"postRollConfiguration",             &post_roll,                0       },
    {"tags",                              &ivs_tags,                 0       },
    MEMBERS_END
};
static const struct shape configuration_shape = STRUCT_OF(configuration_members);

static const struct member create_in[] = {
    {"name",                              &common_name,       0       },
    {"mediaTailorPlaybackConfigurations", &media_tailor_list, REQUIRED},
    {"postRollConfiguration",             &post_roll,         0       },
    {"tags",                              &ivs_tags,          0       },
    MEMBERS_END
};
static const struct member update_in[] = {
    {"arn",                               &ivs_ad_configuration_arn, REQUIRED},
    {"name",                              &common_name,              0       },
    {"mediaTailorPlaybackConfigurations", &media_tailor_list,        0       },
    {"postRollConfiguration",             &post_roll,                0       },
    MEMBERS_END
};
static const struct member changed_configuration[] = {
    {"adConfiguration", &configuration_shape, REQUIRED},
    MEMBERS_END
};
static const struct member one_arn[] = {
    {"arn", &ivs_ad_configuration_arn, REQUIRED},
    MEMBERS_END
};
static const struct member one_configuration[] = {
    {"adConfiguration", &configuration_shape, 0},
    MEMBERS_END
};
const struct shape ivs_ad_configuration_create_in = STRUCT_OF(create_in);
const struct shape ivs_ad_configuration_create_out = STRUCT_OF(changed_configuration);
const struct shape ivs_ad_configuration_update_in = STRUCT_OF(update_in);
const struct shape ivs_ad_configuration_update_out = STRUCT_OF(changed_configuration);
const struct shape ivs_ad_configuration_get_in = STRUCT_OF(one_arn);
const struct shape ivs_ad_configuration_get_out = STRUCT_OF(one_configuration);
const struct shape ivs_ad_configuration_delete_in = STRUCT_OF(one_arn);
const struct shape ivs_ad_configuration_delete_out = STRUCT_OF(common_nothing);

/* A configuration in a list has the same members as a single one. */
static const struct shape summaries = LIST_OF(configuration_shape);
static const struct member list_out[] = {
    {"adConfigurations", &summaries,         REQUIRED},
    {"nextToken",        &common_next_token, 0       },
    MEMBERS_END
};
const struct shape ivs_ad_configuration_list_in = STRUCT_OF(common_page_in);
const struct shape ivs_ad_configuration_list_out = STRUCT_OF(list_out);

static cJSON *configuration_json(const struct ad_configuration *configuration)
{
    cJSON *json = cJSON_CreateObject();

    json_add_text(json, "arn", configuration->arn);
    json_add_text(json, "name", configuration->name);
    json_add_stored(json, "mediaTailorPlaybackConfigurations",
                    configuration->media_tailor_playback_configurations);
    json_add_stored(json, "postRollConfiguration",
                    configuration->post_roll_configuration);
    json_add_stored(json, "tags", configuration->tags);
    return json;
}

/* An entry without a configuration has no meaning. Fidelity: ivs-ads-1 */
static int check_entries(struct call *call)
{
    const cJSON *entry;
    int index = 0;

    cJSON_ArrayForEach(entry, in_item(call, "mediaTailorPlaybackConfigurations")) {
        if (!json_has(entry, "playbackConfigurationArn"))
            return call_fail(call, &ERR_VALIDATION,
                             "%s.mediaTailorPlaybackConfigurations[%d]."
                             "playbackConfigurationArn is a required attribute",
                             call->op->name, index);
        index++;
    }
    return 0;
}

/* There is no MediaTailor here: any configuration of the caller's account, in any region,
 * is assumed to exist. Fidelity: ivs-ads-3 */
static int check_media_tailor(struct call *call)
{
    const char *owned = arena_printf(call->arena, ":%s:%s/", call->scope.account,
                                     media_tailor_arn_kind.type);
    const cJSON *entry;

    cJSON_ArrayForEach(entry, in_item(call, "mediaTailorPlaybackConfigurations")) {
        const char *arn = json_string_or(entry, "playbackConfigurationArn", "");
        if (strstr(arn, owned) == NULL)
            return call_fail_not_found(call, arn);
    }
    return 0;
}

static const char *media_tailor_text(struct call *call, const cJSON *given)
{
    cJSON *list AUTO(json_done) = cJSON_CreateArray();
    const cJSON *entry;

    cJSON_ArrayForEach(entry, given) {
        cJSON *copy = cJSON_CreateObject();
        cJSON_AddItemToArray(list, copy);
        json_add_text(copy, "playbackConfigurationArn",
                      json_string_or(entry, "playbackConfigurationArn", ""));
    }
    return json_text(call->arena, list);
}

static const char *post_roll_text(struct call *call, const cJSON *given)
{
    cJSON *copy AUTO(json_done) = cJSON_CreateObject();

    cJSON_AddBoolToObject(
        copy, "enabled",
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(given, "enabled")));
    cJSON_AddNumberToObject(
        copy, "durationSeconds",
        cJSON_GetObjectItemCaseSensitive(given, "durationSeconds")->valuedouble);
    return json_text(call->arena, copy);
}

/* Merges the members of the input into the configuration. */
static void apply_input(struct call *call, struct ad_configuration *configuration)
{
    const cJSON *media_tailors = in_item(call, "mediaTailorPlaybackConfigurations");
    const cJSON *roll = in_item(call, "postRollConfiguration");

    configuration->name = in_string_or(call, "name", configuration->name);
    if (media_tailors != NULL)
        configuration->media_tailor_playback_configurations =
            media_tailor_text(call, media_tailors);
    if (roll != NULL)
        configuration->post_roll_configuration = post_roll_text(call, roll);
}

int ivs_ad_configuration_create(struct call *call)
{
    const char *id = ids_alnum(call->emu->ids, call->arena, IDS_RESOURCE_CHARS);
    struct ad_configuration configuration = {
        .arn = arn_format(call->arena, &ad_configuration_arn_kind, call->scope, id),
        .id = id,
        .name = "",
        .post_roll_configuration = NO_POST_ROLL,
    };

    if (check_entries(call) != 0 || (configuration.tags = tags_of_input(call)) == NULL ||
        check_media_tailor(call) != 0 || quota_check(call, "ad_configuration") != 0)
        return -1;
    apply_input(call, &configuration);
    if (call_db(call, ad_configuration_insert(call->txn, call->scope, &configuration)) !=
        0)
        return -1;
    cJSON_AddItemToObject(call->out, "adConfiguration",
                          configuration_json(&configuration));
    return 0;
}

static int load_configuration(struct call *call, const char *arn,
                              struct ad_configuration *out)
{
    return call_found(call, ad_configuration_find(call->txn, call->scope, arn, out), arn);
}

int ivs_ad_configuration_update(struct call *call)
{
    struct ad_configuration configuration;

    if (check_entries(call) != 0 ||
        load_configuration(call, in_string(call, "arn"), &configuration) != 0 ||
        check_media_tailor(call) != 0)
        return -1;
    apply_input(call, &configuration);
    if (call_db(call, ad_configuration_update(call->txn, call->scope, &configuration)) !=
        0)
        return -1;
    cJSON_AddItemToObject(call->out, "adConfiguration",
                          configuration_json(&configuration));
    return 0;
}

int ivs_ad_configuration_get(struct call *call)
{
    struct ad_configuration configuration;

    if (load_configuration(call, in_string(call, "arn"), &configuration) != 0)
        return -1;
    cJSON_AddItemToObject(call->out, "adConfiguration",
                          configuration_json(&configuration));
    return 0;
}

static cJSON *row_json(const struct call *call, const void *row)
{
    (void)call;
    return configuration_json(row);
}

int ivs_ad_configuration_list(struct call *call)
{
    struct ad_configuration *rows;
    struct page page;
    size_t count;

    if (page_open(call, 100, "", &page) != 0)
        return -1;
    rows = arena_alloc(call->arena, (page.limit + 1) * sizeof(*rows));
    if (call_db(call, ad_configuration_list(call->txn, call->scope, page.after,
                                            page.limit + 1, rows, &count)) != 0)
        return -1;
    list_respond(call, &page, "adConfigurations",
                 &(struct list_rows){rows, sizeof(*rows), count}, row_json);
    return 0;
}

int ivs_ad_configuration_delete(struct call *call)
{
    const char *arn = in_string(call, "arn");
    struct ad_configuration configuration;

    /* Fidelity: ivs-ads-4 */
    if (load_configuration(call, arn, &configuration) != 0 ||
        ivs_check_unused(call, CHANNEL_BY_AD_CONFIGURATION, arn) != 0)
        return -1;
    return call_db(call, ad_configuration_delete(call->txn, call->scope, arn));
}
