#include "data/room.h"

#include "api/page.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "chat/chat.h"
#include "common/list.h"
#include "common/quota.h"
#include "common/tags.h"
#include "data/logging_configuration.h"
#include "ivschat_internal.h"
#include "rules_internal.h"
#include "shapes_internal.h"

#include <string.h>

enum { DEFAULT_MESSAGE_RATE = 10, DEFAULT_MESSAGE_LENGTH = 500, ROOMS_PER_PAGE = 50 };

static const struct shape message_rate = {.type = SHAPE_INTEGER, .min = 1, .max = 100};
static const struct shape message_length = {.type = SHAPE_INTEGER, .min = 1, .max = 500};

enum { LAMBDA_ACCOUNT_DIGITS = 12 };

/* arn:aws:lambda:<region>:<12 digits>:function:<anything but a line end>, or "" */
static bool matches_lambda_arn(const struct pattern *pattern, const char *value)
{
    static const char function[] = ":function:";

    if (value[0] == '\0')
        return true;
    if (!text_starts_with(value, pattern->prefix))
        return false;
    value += strlen(pattern->prefix);
    size_t region = text_span(value, TEXT_LOWER | TEXT_DIGITS, "-");
    if (region == 0 || value[region] != ':')
        return false;
    value += region + 1;
    if (text_span(value, TEXT_DIGITS, "") != LAMBDA_ACCOUNT_DIGITS)
        return false;
    value += LAMBDA_ACCOUNT_DIGITS;
    if (!text_starts_with(value, function))
        return false;
    value += strlen(function);
    return value[0] != '\0' && value[strcspn(value, "\r\n")] == '\0';
}

static const struct pattern lambda_arn_pattern = {
    .text = "$|^arn:aws:lambda:[a-z0-9-]+:[0-9]{12}:function:.+.*",
    .matches = matches_lambda_arn,
    .prefix = "arn:aws:lambda:",
    .example = "arn:aws:lambda:us-east-1:000000000000:function:review",
};
static const struct shape lambda_arn = {
    .type = SHAPE_STRING, .max = 170, .pattern = &lambda_arn_pattern};

static const char *const results[] = {"ALLOW", "DENY", NULL};
static const struct shape fallback_result = {.type = SHAPE_STRING, .values = results};
static const struct member review_handler_members[] = {
    {"uri",            &lambda_arn,      0},
    {"fallbackResult", &fallback_result, 0},
    MEMBERS_END
};
static const struct shape review_handler = STRUCT_OF(review_handler_members);

static const struct shape logging_list = {.type = SHAPE_LIST,
                                          .max = ROOM_LOGGING_CONFIGURATIONS_MAX,
                                          .item = &ivschat_logging_configuration_arn};

static const struct member room_members[] = {
    {"arn",                             &ivschat_room_arn, 0},
    {"id",                              &ivschat_id,       0},
    {"name",                            &common_name,      0},
    {"createTime",                      &shape_timestamp,  0},
    {"updateTime",                      &shape_timestamp,  0},
    {"maximumMessageRatePerSecond",     &message_rate,     0},
    {"maximumMessageLength",            &message_length,   0},
    {"messageReviewHandler",            &review_handler,   0},
    {"tags",                            &ivschat_tags,     0},
    {"loggingConfigurationIdentifiers", &logging_list,     0},
    MEMBERS_END
};

static const struct member create_in[] = {
    {"name",                            &common_name,    0},
    {"maximumMessageRatePerSecond",     &message_rate,   0},
    {"maximumMessageLength",            &message_length, 0},
    {"messageReviewHandler",            &review_handler, 0},
    {"tags",                            &ivschat_tags,   0},
    {"loggingConfigurationIdentifiers", &logging_list,   0},
    MEMBERS_END
};
static const struct member update_in[] = {
    {"identifier",                      &ivschat_room_arn, REQUIRED},
    {"name",                            &common_name,      0       },
    {"maximumMessageRatePerSecond",     &message_rate,     0       },
    {"maximumMessageLength",            &message_length,   0       },
    {"messageReviewHandler",            &review_handler,   0       },
    {"loggingConfigurationIdentifiers", &logging_list,     0       },
    MEMBERS_END
};
static const struct member one_identifier[] = {
    {"identifier", &ivschat_room_arn, REQUIRED},
    MEMBERS_END
};
const struct shape ivschat_room_create_in = STRUCT_OF(create_in);
const struct shape ivschat_room_create_out = STRUCT_OF(room_members);
const struct shape ivschat_room_update_in = STRUCT_OF(update_in);
const struct shape ivschat_room_update_out = STRUCT_OF(room_members);
const struct shape ivschat_room_get_in = STRUCT_OF(one_identifier);
const struct shape ivschat_room_get_out = STRUCT_OF(room_members);
const struct shape ivschat_room_delete_in = STRUCT_OF(one_identifier);
const struct shape ivschat_room_delete_out = STRUCT_OF(common_nothing);

static const struct member summary_members[] = {
    {"arn",                             &ivschat_room_arn, 0},
    {"id",                              &ivschat_id,       0},
    {"name",                            &common_name,      0},
    {"messageReviewHandler",            &review_handler,   0},
    {"createTime",                      &shape_timestamp,  0},
    {"updateTime",                      &shape_timestamp,  0},
    {"tags",                            &ivschat_tags,     0},
    {"loggingConfigurationIdentifiers", &logging_list,     0},
    MEMBERS_END
};
static const struct shape summary = STRUCT_OF(summary_members);
static const struct shape summaries = LIST_OF(summary);
static const struct member list_in[] = {
    {"name",                           &common_name,                       0},
    {"nextToken",                      &ivschat_next_token,                0},
    {"maxResults",                     &common_max_results_50,             0},
    {"messageReviewHandlerUri",        &lambda_arn,                        0},
    {"loggingConfigurationIdentifier", &ivschat_logging_configuration_arn, 0},
    MEMBERS_END
};
static const struct member list_out[] = {
    {"rooms",     &summaries,          REQUIRED},
    {"nextToken", &ivschat_next_token, 0       },
    MEMBERS_END
};
const struct shape ivschat_room_list_in = STRUCT_OF(list_in);
const struct shape ivschat_room_list_out = STRUCT_OF(list_out);

/* The members that both views of a room begin with. What was never set is left out.
 * Fidelity: ivschat-room-1 */
static void add_names(cJSON *out, const struct room *room)
{
    json_add_text(out, "arn", room->arn);
    json_add_text(out, "id", room->id);
    if (room->name[0] != '\0')
        json_add_text(out, "name", room->name);
}

static void add_times(cJSON *out, struct arena *arena, const struct room *room)
{
    json_add_text(out, "createTime", timestamp_ms_text(arena, room->created_at_ms));
    json_add_text(out, "updateTime", timestamp_ms_text(arena, room->updated_at_ms));
}

/* A handler that was removed is shown without a URI. Fidelity: ivschat-room-2 */
static void add_review_handler(cJSON *out, const struct room *room)
{
    if (!room->has_message_review_handler)
        return;
    cJSON *handler = cJSON_AddObjectToObject(out, "messageReviewHandler");
    json_add_text(handler, "uri", room->message_review_handler_uri);
    json_add_text(handler, "fallbackResult", room->fallback_result);
}

/* The members that both views end with. */
static void add_tags_and_logging(cJSON *out, const struct room *room)
{
    json_add_stored(out, "tags", room->tags);
    if (room->logging_configuration_count == 0)
        return;
    cJSON *list = cJSON_AddArrayToObject(out, "loggingConfigurationIdentifiers");
    for (size_t i = 0; i < room->logging_configuration_count; i++)
        cJSON_AddItemToArray(list,
                             cJSON_CreateString(room->logging_configuration_arns[i]));
}

static void respond_room(struct call *call, const struct room *room)
{
    cJSON *out = call->out;

    add_names(out, room);
    add_times(out, call->arena, room);
    cJSON_AddNumberToObject(out, "maximumMessageRatePerSecond",
                            (double)room->maximum_message_rate_per_second);
    cJSON_AddNumberToObject(out, "maximumMessageLength",
                            (double)room->maximum_message_length);
    add_review_handler(out, room);
    add_tags_and_logging(out, room);
}

static cJSON *room_summary_json(const struct call *call, const void *row)
{
    const struct room *room = row;
    cJSON *json = cJSON_CreateObject();

    add_names(json, room);
    add_review_handler(json, room);
    add_times(json, call->arena, room);
    add_tags_and_logging(json, room);
    return json;
}

static int load_room(struct call *call, struct room *out)
{
    return ivschat_load_room(call, in_string(call, "identifier"), out);
}

/* Checks that a room can refer to the logging configuration: it exists and is not being
 * deleted. Fidelity: ivschat-room-3 */
static int check_logging(struct call *call, const char *arn)
{
    struct logging_configuration configuration;

    if (call_found(
            call, logging_configuration_find(call->txn, call->scope, arn, &configuration),
            arn) != 0)
        return -1;
    if (strcmp(logging_configuration_state(&configuration, call->now_ms), "DELETING") ==
        0)
        return call_fail_not_found(call, arn);
    return 0;
}

static bool room_refers_to_logging(const struct room *room, const char *logging_arn)
{
    for (size_t i = 0; i < room->logging_configuration_count; i++) {
        if (strcmp(room->logging_configuration_arns[i], logging_arn) == 0)
            return true;
    }
    return false;
}

/* Takes the logging configurations of the input, each once. Fidelity: ivschat-room-4 */
static int take_logging(struct call *call, struct room *room)
{
    const cJSON *list = in_item(call, "loggingConfigurationIdentifiers");
    const cJSON *item;

    if (list == NULL)
        return 0;
    room->logging_configuration_count = 0;
    cJSON_ArrayForEach(item, list) {
        const char *arn = item->valuestring;
        if (check_logging(call, arn) != 0)
            return -1;
        if (!room_refers_to_logging(room, arn))
            room->logging_configuration_arns[room->logging_configuration_count++] = arn;
    }
    return 0;
}

/* Takes the members of the handler that are given. Removing it restores the default of
 * the other member. Any well-formed ARN is accepted. Fidelity: ivschat-room-5 */
static void take_review_handler(const struct call *call, struct room *room)
{
    const cJSON *given = in_item(call, "messageReviewHandler");
    const char *uri = json_string_or(given, "uri", NULL);
    const char *fallback = json_string_or(given, "fallbackResult", NULL);

    if (uri == NULL && fallback == NULL)
        return;
    room->has_message_review_handler = true;
    if (uri != NULL)
        room->message_review_handler_uri = uri;
    if (fallback != NULL)
        room->fallback_result = fallback;
    else if (uri[0] == '\0')
        room->fallback_result = "ALLOW";
}

/* Takes the members of the input, except the tags. */
static int take_members(struct call *call, struct room *room)
{
    room->name = in_string_or(call, "name", room->name);
    room->maximum_message_rate_per_second = in_int_or(
        call, "maximumMessageRatePerSecond", room->maximum_message_rate_per_second);
    room->maximum_message_length =
        in_int_or(call, "maximumMessageLength", room->maximum_message_length);
    room->updated_at_ms = call->now_ms;
    take_review_handler(call, room);
    return take_logging(call, room);
}

int ivschat_room_create(struct call *call)
{
    const char *id = ids_alnum(call->emu->ids, call->arena, IDS_RESOURCE_CHARS);
    struct room room = {
        .arn = arn_format(call->arena, &room_arn_kind, call->scope, id),
        .id = id,
        .name = "",
        .maximum_message_rate_per_second = DEFAULT_MESSAGE_RATE,
        .maximum_message_length = DEFAULT_MESSAGE_LENGTH,
        .message_review_handler_uri = "",
        .fallback_result = "ALLOW",
        .created_at_ms = call->now_ms,
        .tags = tags_of_input(call),
    };

    if (room.tags == NULL || take_members(call, &room) != 0 ||
        quota_check(call, "room") != 0 ||
        call_db(call, room_insert(call->txn, call->scope, &room)) != 0)
        return -1;
    respond_room(call, &room);
    return 0;
}

int ivschat_room_get(struct call *call)
{
    struct room room;

    if (load_room(call, &room) != 0)
        return -1;
    respond_room(call, &room);
    return 0;
}

int ivschat_room_update(struct call *call)
{
    struct room room;

    if (load_room(call, &room) != 0 || take_members(call, &room) != 0 ||
        call_db(call, room_update(call->txn, call->scope, &room)) != 0 ||
        call_db(call, chat_note_room(call->emu->chat, call->txn, call->scope, &room)) !=
            0)
        return -1;
    respond_room(call, &room);
    return 0;
}

int ivschat_room_delete(struct call *call)
{
    struct room room;

    if (load_room(call, &room) != 0)
        return -1;
    chat_note_deleted_room(call->emu->chat, call->txn, room.arn);
    return call_db(call, room_delete(call->txn, call->scope, room.arn));
}

/* Reads the filters of the input. An empty one counts as absent, and a logging
 * configuration must exist. Fidelity: ivschat-lists-2 */
static int read_filter(struct call *call, struct room_filter *out)
{
    struct logging_configuration configuration;
    const char *logging = in_string_or(call, "loggingConfigurationIdentifier", "");

    *out = (struct room_filter){
        .name = in_string_or(call, "name", ""),
        .message_review_handler_uri = in_string_or(call, "messageReviewHandlerUri", ""),
        .logging_configuration_arn = logging,
    };
    if (logging[0] == '\0')
        return 0;
    return call_found(
        call, logging_configuration_find(call->txn, call->scope, logging, &configuration),
        logging);
}

/* The text that a page token is bound to. No filter contains a line end. */
static const char *filter_text(struct arena *arena, const struct room_filter *filter)
{
    return arena_join(arena, filter->name, "\n", filter->message_review_handler_uri, "\n",
                      filter->logging_configuration_arn, NULL);
}

/* Fidelity: ivschat-lists-1 */
int ivschat_room_list(struct call *call)
{
    struct room_filter filter;
    struct room *rows;
    struct page page;
    size_t count;

    if (read_filter(call, &filter) != 0 ||
        page_open(call, ROOMS_PER_PAGE, filter_text(call->arena, &filter), &page) != 0)
        return -1;
    rows = arena_alloc(call->arena, (page.limit + 1) * sizeof(*rows));
    if (call_db(call, room_list(call->txn, call->scope, &filter, page.after,
                                page.limit + 1, rows, &count)) != 0)
        return -1;
    list_respond(call, &page, "rooms", &(struct list_rows){rows, sizeof(*rows), count},
                 room_summary_json);
    return 0;
}
