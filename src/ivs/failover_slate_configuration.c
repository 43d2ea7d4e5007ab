#include "data/failover_slate_configuration.h"

#include "api/page.h"
#include "common/list.h"
#include "common/quota.h"
#include "common/tags.h"
#include "common/views.h"
#include "ivs_internal.h"
#include "rules_internal.h"
#include "shapes_internal.h"

/* Fidelity: ivs-slate-1 */
enum {
    DEFAULT_ACTIVATION_SECONDS = 3,
    DEFAULT_MIN_DISPLAY_SECONDS = 3,
    DEFAULT_MAX_DISPLAY_SECONDS = 60,
};

static const struct shape activation = {.type = SHAPE_INTEGER, .min = 3, .max = 5};
static const struct shape min_display = {.type = SHAPE_INTEGER, .min = 3, .max = 10};
static const struct shape max_display = {.type = SHAPE_INTEGER, .min = 60, .max = 180};
static const char *const states[] = {"CREATING", "CREATE_FAILED", "CREATED", "UPDATING",
                                     NULL};
static const struct shape state = {.type = SHAPE_STRING, .values = states};

static const struct member configuration_members[] = {
    {"arn",                        &ivs_failover_slate_configuration_arn, REQUIRED},
    {"name",                       &common_name,                          0       },
    {"activationThresholdSeconds", &activation,                           0       },
    {"minSlateDisplaySeconds",     &min_display,                          0       },
    {"maxSlateDisplaySeconds",     &max_display,                          0       },
    {"state",                      &state,                                REQUIRED},
    {"tags",                       &ivs_tags,                             0       },
    MEMBERS_END
};
const struct shape ivs_failover_slate_configuration = STRUCT_OF(configuration_members);

static const struct member create_in[] = {
    {"name",                       &common_name, 0},
    {"activationThresholdSeconds", &activation,  0},
    {"minSlateDisplaySeconds",     &min_display, 0},
    {"maxSlateDisplaySeconds",     &max_display, 0},
    {"tags",                       &ivs_tags,    0},
    MEMBERS_END
};
static const struct member update_in[] = {
    {"arn",                        &ivs_failover_slate_configuration_arn, REQUIRED},
    {"name",                       &common_name,                          0       },
    {"activationThresholdSeconds", &activation,                           0       },
    {"minSlateDisplaySeconds",     &min_display,                          0       },
    {"maxSlateDisplaySeconds",     &max_display,                          0       },
    MEMBERS_END
};
static const struct member one_arn[] = {
    {"arn", &ivs_failover_slate_configuration_arn, REQUIRED},
    MEMBERS_END
};
static const struct member one_configuration[] = {
    {"failoverSlateConfiguration", &ivs_failover_slate_configuration, REQUIRED},
    MEMBERS_END
};
const struct shape ivs_failover_slate_configuration_create_in = STRUCT_OF(create_in);
const struct shape ivs_failover_slate_configuration_create_out =
    STRUCT_OF(one_configuration);
const struct shape ivs_failover_slate_configuration_update_in = STRUCT_OF(update_in);
const struct shape ivs_failover_slate_configuration_update_out =
    STRUCT_OF(one_configuration);
const struct shape ivs_failover_slate_configuration_get_in = STRUCT_OF(one_arn);
const struct shape ivs_failover_slate_configuration_get_out =
    STRUCT_OF(one_configuration);
const struct shape ivs_failover_slate_configuration_delete_in = STRUCT_OF(one_arn);
const struct shape ivs_failover_slate_configuration_delete_out =
    STRUCT_OF(common_nothing);

/* A configuration in a list has the same members as a single one. */
static const struct shape summaries = LIST_OF(ivs_failover_slate_configuration);
static const struct member list_out[] = {
    {"failoverSlateConfigurations", &summaries,         REQUIRED},
    {"nextToken",                   &common_next_token, 0       },
    MEMBERS_END
};
const struct shape ivs_failover_slate_configuration_list_in = STRUCT_OF(common_page_in);
const struct shape ivs_failover_slate_configuration_list_out = STRUCT_OF(list_out);

/* Merges the members of the input into the configuration, which is then in
 * `settling_state` for a while. */
static void apply_input(struct call *call, const char *settling_state,
                        struct failover_slate_configuration *configuration)
{
    configuration->name = in_string_or(call, "name", configuration->name);
    configuration->activation_threshold_seconds = in_int_or(
        call, "activationThresholdSeconds", configuration->activation_threshold_seconds);
    configuration->min_display_seconds =
        in_int_or(call, "minSlateDisplaySeconds", configuration->min_display_seconds);
    configuration->max_display_seconds =
        in_int_or(call, "maxSlateDisplaySeconds", configuration->max_display_seconds);
    configuration->settling_state = settling_state;
    configuration->settles_at_ms = call->now_ms + call->emu->settings.transitions_ms;
}

static int add_configuration(struct call *call,
                             const struct failover_slate_configuration *configuration)
{
    cJSON_AddItemToObject(call->out, "failoverSlateConfiguration",
                          failover_slate_configuration_json(configuration, call->now_ms));
    return 0;
}

int ivs_failover_slate_configuration_create(struct call *call)
{
    const char *id = ids_alnum(call->emu->ids, call->arena, IDS_RESOURCE_CHARS);
    struct failover_slate_configuration configuration = {
        .arn = arn_format(call->arena, &failover_slate_configuration_arn_kind,
                          call->scope, id),
        .id = id,
        .name = "",
        .activation_threshold_seconds = DEFAULT_ACTIVATION_SECONDS,
        .min_display_seconds = DEFAULT_MIN_DISPLAY_SECONDS,
        .max_display_seconds = DEFAULT_MAX_DISPLAY_SECONDS,
        .tags = tags_of_input(call),
    };

    if (configuration.tags == NULL ||
        quota_check(call, "failover_slate_configuration") != 0)
        return -1;
    apply_input(call, "CREATING", &configuration);
    if (call_db(call, failover_slate_configuration_insert(call->txn, call->scope,
                                                          &configuration)) != 0)
        return -1;
    return add_configuration(call, &configuration);
}

static int load_configuration(struct call *call, const char *arn,
                              struct failover_slate_configuration *out)
{
    return call_found(
        call, failover_slate_configuration_find(call->txn, call->scope, arn, out), arn);
}

int ivs_failover_slate_configuration_update(struct call *call)
{
    struct failover_slate_configuration configuration;

    if (load_configuration(call, in_string(call, "arn"), &configuration) != 0)
        return -1;
    apply_input(call, "UPDATING", &configuration);
    if (call_db(call, failover_slate_configuration_update(call->txn, call->scope,
                                                          &configuration)) != 0)
        return -1;
    return add_configuration(call, &configuration);
}

int ivs_failover_slate_configuration_get(struct call *call)
{
    struct failover_slate_configuration configuration;

    if (load_configuration(call, in_string(call, "arn"), &configuration) != 0)
        return -1;
    return add_configuration(call, &configuration);
}

static cJSON *row_json(const struct call *call, const void *row)
{
    return failover_slate_configuration_json(row, call->now_ms);
}

int ivs_failover_slate_configuration_list(struct call *call)
{
    struct failover_slate_configuration *rows;
    struct page page;
    size_t count;

    if (page_open(call, 100, "", &page) != 0)
        return -1;
    rows = arena_alloc(call->arena, (page.limit + 1) * sizeof(*rows));
    if (call_db(call,
                failover_slate_configuration_list(call->txn, call->scope, page.after,
                                                  page.limit + 1, rows, &count)) != 0)
        return -1;
    list_respond(call, &page, "failoverSlateConfigurations",
                 &(struct list_rows){rows, sizeof(*rows), count}, row_json);
    return 0;
}

int ivs_failover_slate_configuration_delete(struct call *call)
{
    const char *arn = in_string(call, "arn");
    struct failover_slate_configuration configuration;

    if (load_configuration(call, arn, &configuration) != 0 ||
        ivs_check_unused(call, CHANNEL_BY_FAILOVER_SLATE_CONFIGURATION, arn) != 0)
        return -1;
    return call_db(call,
                   failover_slate_configuration_delete(call->txn, call->scope, arn));
}
