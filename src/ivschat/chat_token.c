/*
 * CreateChatToken.
 */
#include "chat/request.h"
#include "chat/token.h"

#include "api/call.h"
#include "base/json.h"
#include "base/timestamp.h"
#include "data/chat_token.h"
#include "data/room.h"
#include "ivschat_internal.h"
#include "rules_internal.h"
#include "shapes_internal.h"

#include <string.h>

enum { MS_PER_S = 1000, MS_PER_MINUTE = 60 * MS_PER_S, DEFAULT_SESSION_MINUTES = 60 };

static const struct shape capability = {.type = SHAPE_STRING,
                                        .values = chat_capability_names};
static const struct shape capabilities = LIST_OF(capability);
static const struct shape session_duration = {
    .type = SHAPE_INTEGER, .min = 1, .max = 180};
static const struct shape attributes = {
    .type = SHAPE_MAP, .key = &shape_string, .item = &shape_string, .secret = true};
static const struct shape token_text = {.type = SHAPE_STRING, .secret = true};

static const struct member create_in[] = {
    {"roomIdentifier",           &ivschat_room_arn, REQUIRED},
    {"userId",                   &ivschat_user_id,  REQUIRED},
    {"capabilities",             &capabilities,     0       },
    {"sessionDurationInMinutes", &session_duration, 0       },
    {"attributes",               &attributes,       0       },
    MEMBERS_END
};
static const struct member create_out[] = {
    {"token",                 &token_text,      0},
    {"tokenExpirationTime",   &shape_timestamp, 0},
    {"sessionExpirationTime", &shape_timestamp, 0},
    MEMBERS_END
};
const struct shape ivschat_chat_token_create_in = STRUCT_OF(create_in);
const struct shape ivschat_chat_token_create_out = STRUCT_OF(create_out);

static unsigned read_capabilities(const struct call *call)
{
    unsigned may = 0;
    const cJSON *item;

    cJSON_ArrayForEach(item, in_item(call, "capabilities")) {
        for (unsigned i = 0; i < CHAT_CAPABILITIES; i++) {
            if (strcmp(item->valuestring, chat_capability_names[i]) == 0)
                may |= 1U << i;
        }
    }
    return may;
}

static int take_key(struct call *call, unsigned char out[SEAL_KEY_BYTES], int64_t *number)
{
    return call_db(call, chat_key_take(call->txn, call->emu->message_ids, out, number));
}

/* The times are in whole seconds. Fidelity: ivschat-token-2 */
int ivschat_chat_token_create(struct call *call)
{
    int64_t now_ms = call->now_ms / MS_PER_S * MS_PER_S;
    int64_t minutes =
        in_int_or(call, "sessionDurationInMinutes", DEFAULT_SESSION_MINUTES);
    int64_t session_ms = now_ms + minutes * MS_PER_MINUTE;
    int64_t token_ms = now_ms + CHAT_TOKEN_LIFE_MS;
    unsigned char key[SEAL_KEY_BYTES];
    struct room room;
    int64_t number;

    if (ivschat_check_attributes(call, CHAT_ATTRIBUTES_MAX_BYTES) != 0 ||
        ivschat_load_room(call, in_string(call, "roomIdentifier"), &room) != 0 ||
        take_key(call, key, &number) != 0)
        return -1;
    const struct chat_token token = {
        .scope = call->scope,
        .room_arn = room.arn,
        .user_id = in_string(call, "userId"),
        .attributes = ivschat_attributes_text(call, "{}"),
        .capabilities = read_capabilities(call),
        .expires_ms = token_ms < session_ms ? token_ms : session_ms,
        .session_expires_ms = session_ms,
    };
    json_add_text(
        call->out, "token",
        chat_token_write(call->arena, key, number, call->emu->message_ids, &token));
    json_add_text(call->out, "tokenExpirationTime",
                  timestamp_text(call->arena, token.expires_ms));
    json_add_text(call->out, "sessionExpirationTime",
                  timestamp_text(call->arena, token.session_expires_ms));
    return 0;
}
