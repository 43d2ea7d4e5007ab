#include "api/access_key.h"

#include <string.h>

#define ID_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"

static bool is_secret(const char *text)
{
    size_t length = strlen(text);

    for (const char *at = text; *at != '\0'; at++) {
        if (*at <= ' ' || *at > '~')
            return false;
    }
    return length >= 1 && length <= ACCESS_KEY_SECRET_MAX_CHARS;
}

bool access_key_is(const char *text)
{
    size_t length = strspn(text, ID_CHARS);

    return length >= 1 && length <= ACCESS_KEY_ID_MAX_CHARS && text[length] == ':' &&
           is_secret(text + length + 1);
}

struct access_key access_key_read(struct arena *arena, const char *text)
{
    size_t length = strcspn(text, ":");

    return (struct access_key){
        .id = arena_strndup(arena, text, length),
        .secret = arena_strdup(arena, text + length + 1),
    };
}

const struct access_key *access_key_find(const struct access_keys *keys, const char *id)
{
    for (size_t i = keys->count; i > 0; i--) {
        if (strcmp(keys->keys[i - 1].id, id) == 0)
            return &keys->keys[i - 1];
    }
    return NULL;
}
