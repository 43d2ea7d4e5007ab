#include "chat/token.h"

#include "base/base64.h"
#include "base/json.h"

#include <string.h>

/* The bytes with which the tokens of AWS begin. Fidelity: ivschat-token-1 */
static const unsigned char beginning[] = {0x01, 0x02, 0x02, 0x00, 0x78};

const char *const chat_capability_names[] = {"SEND_MESSAGE", "DISCONNECT_USER",
                                             "DELETE_MESSAGE", NULL};

/* The content, with short names, because headers are limited. */
static const char *write_content(struct arena *arena, const struct chat_token *token)
{
    cJSON *content AUTO(json_done) = cJSON_CreateObject();

    cJSON_AddStringToObject(content, "account", token->scope.account);
    cJSON_AddStringToObject(content, "region", token->scope.region);
    cJSON_AddStringToObject(content, "room", token->room_arn);
    cJSON_AddStringToObject(content, "user", token->user_id);
    json_add_stored(content, "attributes", token->attributes);
    cJSON_AddNumberToObject(content, "may", token->capabilities);
    cJSON_AddNumberToObject(content, "expires", (double)token->expires_ms);
    cJSON_AddNumberToObject(content, "ends", (double)token->session_expires_ms);
    return json_text(arena, content);
}

/* The number in the first bytes, and random characters. */
static void make_nonce(struct arena *arena, int64_t number, struct ids *ids,
                       unsigned char out[SEAL_NONCE_BYTES])
{
    const uint32_t low = (uint32_t)number;

    memcpy(out, &low, sizeof(low));
    memcpy(out + sizeof(low), ids_alnum(ids, arena, SEAL_NONCE_BYTES - sizeof(low)),
           SEAL_NONCE_BYTES - sizeof(low));
}

const char *chat_token_write(struct arena *arena, const unsigned char key[SEAL_KEY_BYTES],
                             int64_t number, struct ids *ids,
                             const struct chat_token *token)
{
    const char *content = write_content(arena, token);
    size_t length = strlen(content);
    size_t size = sizeof(beginning) + length + SEAL_OVERHEAD_BYTES;
    unsigned char *bytes = arena_alloc(arena, size);
    unsigned char nonce[SEAL_NONCE_BYTES];

    make_nonce(arena, number, ids, nonce);
    memcpy(bytes, beginning, sizeof(beginning));
    seal_close(key, nonce, content, length, bytes + sizeof(beginning));
    return base64url_encode(arena, bytes, size);
}

/* The sealed bytes and their number; NULL: the text has none. */
static const unsigned char *decode_text(struct arena *arena, const char *text,
                                        size_t *length)
{
    size_t chars = strnlen(text, CHAT_TOKEN_MAX_CHARS + 1);
    size_t size = chars / 4 * 3 + (chars % 4) * 3 / 4;

    if (chars > CHAT_TOKEN_MAX_CHARS || size < sizeof(beginning) + SEAL_OVERHEAD_BYTES)
        return NULL;
    unsigned char *bytes = arena_alloc(arena, size);
    if (base64url_decode(text, bytes, size) != 0 ||
        memcmp(bytes, beginning, sizeof(beginning)) != 0)
        return NULL;
    *length = size - sizeof(beginning);
    return bytes + sizeof(beginning);
}

bool chat_token_is_possible(const char *text)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    size_t length;

    return decode_text(arena, text, &length) != NULL;
}

static int64_t read_number(const cJSON *content, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(content, name);

    return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : 0;
}

static const char *read_text(struct arena *arena, const cJSON *content, const char *name)
{
    return arena_strdup(arena, json_string_or(content, name, ""));
}

int chat_token_read(struct arena *arena, const unsigned char key[SEAL_KEY_BYTES],
                    const char *text, struct chat_token *out)
{
    size_t length = 0;
    const unsigned char *sealed = decode_text(arena, text, &length);
    const char *why;

    if (sealed == NULL)
        return -1;
    char *plain = arena_alloc(arena, length - SEAL_OVERHEAD_BYTES + 1);
    if (seal_open(key, sealed, length, (unsigned char *)plain) != 0)
        return -1;
    cJSON *content AUTO(json_done) = json_read(plain, length - SEAL_OVERHEAD_BYTES, &why);
    if (!cJSON_IsObject(content))
        return -1;
    *out = (struct chat_token){
        .id = base64url_encode(arena, sealed, SEAL_NONCE_BYTES),
        .scope = {read_text(arena, content, "account"),
                  read_text(arena, content, "region")},
        .room_arn = read_text(arena, content, "room"),
        .user_id = read_text(arena, content, "user"),
        .attributes =
            json_text(arena, cJSON_GetObjectItemCaseSensitive(content, "attributes")),
        .capabilities = (unsigned)read_number(content, "may"),
        .expires_ms = read_number(content, "expires"),
        .session_expires_ms = read_number(content, "ends"),
    };
    return 0;
}
