#include "data/logging_configuration.h"

#include "api/page.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "chat/chat.h"
#include "common/list.h"
#include "common/quota.h"
#include "common/tags.h"
#include "data/room.h"
#include "ivschat_internal.h"
#include "shapes_internal.h"

#include <string.h>

enum { CONFIGURATIONS_PER_PAGE = 50 };

static const struct pattern log_group_name_pattern = {
    .text = "[\\.\\-_/#A-Za-z0-9]+",
    .matches = pattern_chars,
    .chars = "._/#A-Za-z0-9-",
    .example = "/chat/demo",
};
static const struct shape log_group_name = {
    .type = SHAPE_STRING, .min = 1, .max = 512, .pattern = &log_group_name_pattern};
static const struct member cloud_watch_logs_members[] = {
    {"logGroupName", &log_group_name, REQUIRED},
    MEMBERS_END
};
static const struct shape cloud_watch_logs = STRUCT_OF(cloud_watch_logs_members);

static const struct pattern delivery_stream_name_pattern = {
    .text = "[a-zA-Z0-9_.-]+",
    .matches = pattern_chars,
    .chars = "a-zA-Z0-9_.-",
    .example = "demo-stream",
};
static const struct shape delivery_stream_name = {
    .type = SHAPE_STRING, .min = 1, .max = 64, .pattern = &delivery_stream_name_pattern};
static const struct member firehose_members[] = {
    {"deliveryStreamName", &delivery_stream_name, REQUIRED},
    MEMBERS_END
};
static const struct shape firehose = STRUCT_OF(firehose_members);

static const struct member destination_members[] = {
    {"s3",             &common_s3_destination, 0},
    {"cloudWatchLogs", &cloud_watch_logs,      0},
    {"firehose",       &firehose,              0},
    MEMBERS_END
};
static const struct shape destination = STRUCT_OF(destination_members);

/* The kinds of destination, and the member of each that has its name. */
static const struct {
    const char *kind;
    const char *name;
} destinations[] = {
    {"s3",             "bucketName"        },
    {"cloudWatchLogs", "logGroupName"      },
    {"firehose",       "deliveryStreamName"},
};

static const char *const states[] = {
    "CREATING", "CREATE_FAILED", "DELETING", "DELETE_FAILED",
    "UPDATING", "UPDATE_FAILED", "ACTIVE",   NULL};
static const struct shape state = {.type = SHAPE_STRING, .values = states};
static const char *const active[] = {"ACTIVE", NULL};
static const struct shape state_of_change = {.type = SHAPE_STRING, .values = active};

/* clang-format off */
#define CONFIGURATION_MEMBERS(state_shape)                                               \
    {"arn", &ivschat_logging_configuration_arn, 0},                                      \
    {"id", &ivschat_id, 0},                                                              \
    {"createTime", &shape_timestamp, 0},                                                 \
    {"updateTime", &shape_timestamp, 0},                                                 \
    {"name", &common_name, 0},                                                           \
    {"destinationConfiguration", &destination, 0},                                       \
    {"state", &(state_shape), 0},                                                        \
    {"tags", &ivschat_tags, 0},                                                          \
    MEMBERS_END
/* clang-format on */

static const struct member configuration_members[] = {CONFIGURATION_MEMBERS(state)};
static const struct member changed_members[] = {CONFIGURATION_MEMBERS(state_of_change)};

static const struct member create_in[] = {
    {"name",                     &common_name,  0       },
    {"destinationConfiguration", &destination,  REQUIRED},
    {"tags",                     &ivschat_tags, 0       },
    MEMBERS_END
};
static const struct member update_in[] = {
    {"identifier",               &ivschat_logging_configuration_arn, REQUIRED},
    {"name",                     &common_name,                       0       },
    {"destinationConfiguration", &destination,                       0       },
    MEMBERS_END
};
static const struct member one_identifier[] = {
    {"identifier", &ivschat_logging_configuration_arn, REQUIRED},
    MEMBERS_END
};
const struct shape ivschat_logging_configuration_create_in = STRUCT_OF(create_in);
const struct shape ivschat_logging_configuration_create_out = STRUCT_OF(changed_members);
const struct shape ivschat_logging_configuration_update_in = STRUCT_OF(update_in);
const struct shape ivschat_logging_configuration_update_out = STRUCT_OF(changed_members);
const struct shape ivschat_logging_configuration_get_in = STRUCT_OF(one_identifier);
const struct shape ivschat_logging_configuration_get_out =
    STRUCT_OF(configuration_members);
const struct shape ivschat_logging_configuration_delete_in = STRUCT_OF(one_identifier);
const struct shape ivschat_logging_configuration_delete_out = STRUCT_OF(common_nothing);

static const struct shape summary = STRUCT_OF(configuration_members);
static const struct shape summaries = LIST_OF(summary);
static const struct member list_in[] = {
    {"nextToken",  &ivschat_next_token,    0},
    {"maxResults", &common_max_results_50, 0},
    MEMBERS_END
};
static const struct member list_out[] = {
    {"loggingConfigurations", &summaries,          REQUIRED},
    {"nextToken",             &ivschat_next_token, 0       },
    MEMBERS_END
};
const struct shape ivschat_logging_configuration_list_in = STRUCT_OF(list_in);
const struct shape ivschat_logging_configuration_list_out = STRUCT_OF(list_out);

/* A change of a configuration, and how it ends: in the state `done`, or in `failed` if
 * the destination's name has the suffix. Fidelity: ivschat-logging-3 */
struct transition {
    const char *state;
    const char *done;
    const char *failing_suffix;
    const char *failed;
};

static const struct transition creation = {"CREATING", "ACTIVE", "-create-failed",
                                           "CREATE_FAILED"};
static const struct transition update = {"UPDATING", "ACTIVE", "-update-failed",
                                         "UPDATE_FAILED"};
static const struct transition deletion = {"DELETING", "DELETED", "-delete-failed",
                                           "DELETE_FAILED"};

static void begin_transition(const struct call *call,
                             struct logging_configuration *configuration,
                             const struct transition *transition)
{
    bool fails =
        text_ends_with(configuration->destination_name, transition->failing_suffix);

    configuration->updated_at_ms = call->now_ms;
    configuration->transition = transition->state;
    configuration->settles_at_ms = call->now_ms + call->emu->settings.transitions_ms;
    configuration->settled_state = fails ? transition->failed : transition->done;
}

static const char *name_of_destination(const char *kind)
{
    for (size_t i = 0; i < COUNT_OF(destinations); i++) {
        if (strcmp(destinations[i].kind, kind) == 0)
            return destinations[i].name;
    }
    return "name"; /* the schema excludes this */
}

static void add_configuration(cJSON *out, struct arena *arena,
                              const struct logging_configuration *configuration,
                              const char *shown_state)
{
    const char *kind = configuration->destination_kind;

    json_add_text(out, "arn", configuration->arn);
    json_add_text(out, "id", configuration->id);
    json_add_text(out, "createTime",
                  timestamp_ms_text(arena, configuration->created_at_ms));
    json_add_text(out, "updateTime",
                  timestamp_ms_text(arena, configuration->updated_at_ms));
    if (configuration->name[0] != '\0') /* Fidelity: ivschat-logging-1 */
        json_add_text(out, "name", configuration->name);
    cJSON *target = cJSON_AddObjectToObject(out, "destinationConfiguration");
    json_add_text(cJSON_AddObjectToObject(target, kind), name_of_destination(kind),
                  configuration->destination_name);
    json_add_text(out, "state", shown_state);
    json_add_stored(out, "tags", configuration->tags);
}

/* Responds to a change, whose result the model knows only as ACTIVE. */
static void respond_changed(struct call *call,
                            const struct logging_configuration *configuration)
{
    add_configuration(call->out, call->arena, configuration, "ACTIVE");
}

static cJSON *row_json(const struct call *call, const void *row)
{
    cJSON *json = cJSON_CreateObject();

    add_configuration(json, call->arena, row,
                      logging_configuration_state(row, call->now_ms));
    return json;
}

static int load_configuration(struct call *call, struct logging_configuration *out)
{
    const char *arn = in_string(call, "identifier");

    return call_found(call, logging_configuration_find(call->txn, call->scope, arn, out),
                      arn);
}

/* Takes the destination of the input, of which there must be exactly one.
 * Fidelity: ivschat-logging-4 */
static int take_destination(struct call *call,
                            struct logging_configuration *configuration)
{
    const cJSON *given = in_item(call, "destinationConfiguration");
    size_t count = 0;

    for (size_t i = 0; i < COUNT_OF(destinations); i++) {
        const cJSON *one = cJSON_GetObjectItemCaseSensitive(given, destinations[i].kind);
        if (one == NULL)
            continue;
        configuration->destination_kind = destinations[i].kind;
        configuration->destination_name = json_string_or(one, destinations[i].name, "");
        count++;
    }
    if (given == NULL || count == 1)
        return 0;
    return call_fail_about(
        call, &ERR_VALIDATION,
        (struct error_details){.member = "destinationConfiguration"},
        "%s.destinationConfiguration must have exactly one of s3, cloudWatchLogs, "
        "firehose",
        call->op->name);
}

/* The destination is not checked: neither whether it exists nor who may write to it.
 * Fidelity: ivschat-logging-2 */
int ivschat_logging_configuration_create(struct call *call)
{
    const char *id = ids_alnum(call->emu->ids, call->arena, IDS_RESOURCE_CHARS);
    struct logging_configuration configuration = {
        .arn = arn_format(call->arena, &logging_configuration_arn_kind, call->scope, id),
        .id = id,
        .name = in_string_or(call, "name", ""),
        .destination_kind = "",
        .destination_name = "",
        .created_at_ms = call->now_ms,
    };

    if (take_destination(call, &configuration) != 0 ||
        (configuration.tags = tags_of_input(call)) == NULL ||
        quota_check(call, "logging_configuration") != 0)
        return -1;
    begin_transition(call, &configuration, &creation);
    if (call_db(call, logging_configuration_insert(call->txn, call->scope,
                                                   &configuration)) != 0)
        return -1;
    respond_changed(call, &configuration);
    return 0;
}

int ivschat_logging_configuration_get(struct call *call)
{
    struct logging_configuration configuration;

    if (load_configuration(call, &configuration) != 0)
        return -1;
    add_configuration(call->out, call->arena, &configuration,
                      logging_configuration_state(&configuration, call->now_ms));
    return 0;
}

/* Fidelity: ivschat-lists-1 */
int ivschat_logging_configuration_list(struct call *call)
{
    struct logging_configuration *rows;
    struct page page;
    size_t count;

    if (page_open(call, CONFIGURATIONS_PER_PAGE, "", &page) != 0)
        return -1;
    rows = arena_alloc(call->arena, (page.limit + 1) * sizeof(*rows));
    if (call_db(call, logging_configuration_list(call->txn, call->scope, page.after,
                                                 page.limit + 1, rows, &count)) != 0)
        return -1;
    list_respond(call, &page, "loggingConfigurations",
                 &(struct list_rows){rows, sizeof(*rows), count}, row_json);
    return 0;
}

static int fail_in_conflict(struct call *call, const char *arn, const char *why)
{
    /* Fidelity: common-errors-4 */
    return call_fail_about(call, &ERR_CONFLICT, (struct error_details){.arn = arn},
                           "Resource: %s is %s", arn, why);
}

/* Loads a configuration in order to change it: no other change may be in progress. */
static int load_settled(struct call *call, struct logging_configuration *out)
{
    if (load_configuration(call, out) != 0)
        return -1;
    const char *now = logging_configuration_state(out, call->now_ms);
    return strcmp(now, out->transition) == 0 ? fail_in_conflict(call, out->arn, now) : 0;
}

static int save_configuration(struct call *call,
                              const struct logging_configuration *configuration)
{
    chat_note_logging(call->emu->chat, call->txn, configuration);
    return call_db(call,
                   logging_configuration_update(call->txn, call->scope, configuration));
}

int ivschat_logging_configuration_update(struct call *call)
{
    struct logging_configuration configuration;

    if (load_settled(call, &configuration) != 0 ||
        take_destination(call, &configuration) != 0)
        return -1;
    configuration.name = in_string_or(call, "name", configuration.name);
    begin_transition(call, &configuration, &update);
    if (save_configuration(call, &configuration) != 0)
        return -1;
    respond_changed(call, &configuration);
    return 0;
}

static int check_unused(struct call *call, const char *arn)
{
    switch (room_exists_with_logging(call->txn, call->scope, arn)) {
    case DB_ROW: /* Fidelity: ivschat-logging-5 */
        return fail_in_conflict(call, arn, "in use by a room");
    case DB_NONE:
        return 0;
    case DB_DONE:
    case DB_ERROR:
        break;
    }
    return call_fail_internal(call);
}

/* Whether the change takes no time and leaves nothing. */
static bool is_deleted_now(const struct call *call,
                           const struct logging_configuration *configuration)
{
    return configuration->settles_at_ms <= call->now_ms &&
           strcmp(configuration->settled_state, "DELETED") == 0;
}

int ivschat_logging_configuration_delete(struct call *call)
{
    struct logging_configuration configuration;

    if (load_settled(call, &configuration) != 0 ||
        check_unused(call, configuration.arn) != 0)
        return -1;
    begin_transition(call, &configuration, &deletion);
    if (!is_deleted_now(call, &configuration))
        return save_configuration(call, &configuration);
    return call_db(
        call, logging_configuration_delete(call->txn, call->scope, configuration.arn));
}
