/*
 * ListMessages, ListConnections: what the clients of a chat room got, and who they are.
 */
#include "chat/chat.h"

#include "api/page.h"
#include "base/json.h"
#include "base/timestamp.h"
#include "chat/token.h"
#include "control_internal.h"
#include "data/room.h"

enum { DEFAULT_PAGE = 100, MAX_PAGE = CHAT_HISTORY_FRAMES };

static const struct shape arn = {.type = SHAPE_STRING, .min = 1, .max = 128};
static const struct shape next_token = {.type = SHAPE_STRING, .max = 1024};
static const struct shape max_results = {
    .type = SHAPE_INTEGER, .min = 1, .max = MAX_PAGE};
static const struct member list_in[] = {
    {"roomIdentifier", &arn,         REQUIRED},
    {"maxResults",     &max_results, 0       },
    {"nextToken",      &next_token,  0       },
    SCOPE_IN,
    MEMBERS_END
};
const struct shape control_messages_list_in = STRUCT_OF(list_in);
const struct shape control_connections_list_in = STRUCT_OF(list_in);

static const struct shape messages = LIST_OF(shape_document);
static const struct member messages_out[] = {
    {"messages",  &messages,   REQUIRED},
    {"nextToken", &next_token, 0       },
    SCOPE_OUT,
    MEMBERS_END
};
const struct shape control_messages_list_out = STRUCT_OF(messages_out);

static const struct shape capability = {.type = SHAPE_STRING,
                                        .values = chat_capability_names};
static const struct shape capabilities = LIST_OF(capability);
static const struct shape attributes = {
    .type = SHAPE_MAP, .key = &shape_string, .item = &shape_string};
static const struct member connection_members[] = {
    {"connectionId",          &shape_string,    REQUIRED},
    {"userId",                &shape_string,    REQUIRED},
    {"attributes",            &attributes,      REQUIRED},
    {"capabilities",          &capabilities,    REQUIRED},
    {"address",               &shape_string,    REQUIRED},
    {"connectTime",           &shape_timestamp, REQUIRED},
    {"sessionExpirationTime", &shape_timestamp, REQUIRED},
    MEMBERS_END
};
static const struct shape connection = STRUCT_OF(connection_members);
static const struct shape connections = LIST_OF(connection);
static const struct member connections_out[] = {
    {"connections", &connections, REQUIRED},
    {"nextToken",   &next_token,  0       },
    SCOPE_OUT,
    MEMBERS_END
};
const struct shape control_connections_list_out = STRUCT_OF(connections_out);

/* Opens a page of a list about the room of the input, which must exist. */
static int open_page(struct call *call, struct page *out)
{
    const char *room_arn = in_string(call, "roomIdentifier");
    struct room room;

    if (call_found(call, room_find(call->txn, call->scope, room_arn, &room), room_arn) !=
        0)
        return -1;
    return page_open(call, DEFAULT_PAGE, room_arn, out);
}

int control_messages_list(struct call *call)
{
    struct chat_frame *frames;
    struct page page;

    if (open_page(call, &page) != 0)
        return -1;
    size_t count = chat_list_frames(call->emu->chat, in_string(call, "roomIdentifier"),
                                    page.after, page.limit + 1, call->arena, &frames);
    cJSON *list = cJSON_AddArrayToObject(call->out, "messages");
    for (size_t i = 0; i < count && i < page.limit; i++)
        cJSON_AddItemToArray(list, cJSON_CreateRaw(frames[i].text));
    if (count > page.limit)
        page_more(call, &page, frames[page.limit - 1].number);
    return 0;
}

static cJSON *connection_json(struct arena *arena,
                              const struct chat_connection_view *view)
{
    cJSON *json = cJSON_CreateObject();

    json_add_text(json, "connectionId", view->id);
    json_add_text(json, "userId", view->user_id);
    json_add_stored(json, "attributes", view->attributes);
    cJSON *may = cJSON_AddArrayToObject(json, "capabilities");
    for (unsigned i = 0; i < CHAT_CAPABILITIES; i++) {
        if (view->capabilities & (1U << i))
            cJSON_AddItemToArray(may, cJSON_CreateString(chat_capability_names[i]));
    }
    json_add_text(json, "address", view->address);
    json_add_text(json, "connectTime", timestamp_text(arena, view->connected_ms));
    json_add_text(json, "sessionExpirationTime",
                  timestamp_text(arena, view->session_expires_ms));
    return json;
}

int control_connections_list(struct call *call)
{
    struct chat_connection_view *views;
    struct page page;

    if (open_page(call, &page) != 0)
        return -1;
    size_t count =
        chat_list_connections(call->emu->chat, in_string(call, "roomIdentifier"),
                              page.after, page.limit + 1, call->arena, &views);
    cJSON *list = cJSON_AddArrayToObject(call->out, "connections");
    for (size_t i = 0; i < count && i < page.limit; i++)
        cJSON_AddItemToArray(list, connection_json(call->arena, &views[i]));
    if (count > page.limit)
        page_more(call, &page, views[page.limit - 1].number);
    return 0;
}
