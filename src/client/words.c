/*
 * The input of an operation from the words of the command line.
 */
#include "base/json.h"
#include "client_internal.h"

#include <stdio.h>
#include <string.h>

enum { PATH_MAX_MEMBERS = 8 };

/* The shape of a value; NULL: it is unknown, and the server will say so. */
static const struct shape *inner_shape(const struct shape *shape, const char *name)
{
    const struct member *member =
        shape != NULL && shape->members != NULL ? shape_member(shape, name) : NULL;

    return member != NULL ? member->shape : NULL;
}

static cJSON *read_value(const struct shape *shape, const char *text)
{
    const char *why;
    bool is_text =
        shape != NULL && (shape->type == SHAPE_STRING || shape->type == SHAPE_TIMESTAMP);
    cJSON *value = is_text ? NULL : json_read(text, strlen(text), &why);

    return value != NULL ? value : cJSON_CreateString(text);
}

/* The member of that name, which is an object; it is created if it does not exist. */
static cJSON *enter_member(cJSON *object, const char *name)
{
    cJSON *inner = cJSON_GetObjectItemCaseSensitive(object, name);

    if (inner != NULL && !cJSON_IsObject(inner))
        return NULL;
    return inner != NULL ? inner : cJSON_AddObjectToObject(object, name);
}

int client_set_member(const struct client *client, const struct operation *op,
                      cJSON *input, const char *word)
{
    const char *equals = strchr(word, '=');
    const struct shape *shape = op->in;
    cJSON *object = input;

    if (equals == NULL || equals == word)
        return client_fail(CLIENT_USAGE, "%s must be MEMBER=VALUE", word);
    char *name = arena_strndup(client->arena, word, (size_t)(equals - word));
    for (int depth = 0; depth < PATH_MAX_MEMBERS; depth++) {
        char *dot = strchr(name, '.');
        if (dot != NULL)
            *dot = '\0';
        shape = inner_shape(shape, name);
        if (dot == NULL) {
            json_remove_all(object, name);
            cJSON_AddItemToObject(object, name, read_value(shape, equals + 1));
            return 0;
        }
        object = enter_member(object, name);
        if (object == NULL)
            break;
        name = dot + 1;
    }
    return client_fail(CLIENT_USAGE, "%s does not name a member", word);
}

int client_set_members(const struct client *client, const struct operation *op,
                       cJSON *input, size_t first)
{
    for (size_t i = first; i < client->count; i++) {
        int status = client_set_member(client, op, input, client->words[i]);
        if (status != 0)
            return status;
    }
    return 0;
}
