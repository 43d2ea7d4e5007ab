#include "references_internal.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Longer references are truncated in messages. */
enum { SHOWN_MAX_BYTES = 200 };

/* `path` is the text between the braces. */
static int refuse_reference(struct references *references, const char *path,
                            const char *format)
{
    const char *shown =
        arena_strndup(references->arena, path, utf8_prefix(path, SHOWN_MAX_BYTES));

    references->why = arena_printf(references->arena, "${%s} %s", shown, format);
    return -1;
}

/* Returns the member or element with that name, or NULL. */
static const cJSON *find_child(const cJSON *from, const char *name)
{
    size_t digits = strspn(name, "0123456789");

    if (cJSON_IsObject(from))
        return cJSON_GetObjectItemCaseSensitive(from, name);
    /* Nine digits fit an int, and no list is that long. */
    if (!cJSON_IsArray(from) || digits == 0 || digits > 9 || name[digits] != '\0')
        return NULL;
    return cJSON_GetArrayItem(from, (int)strtol(name, NULL, 10));
}

static const cJSON *find_value(const struct references *references, const char *path)
{
    const cJSON *at = references->responses;

    while (at != NULL) {
        size_t length = strcspn(path, ".");
        at = find_child(at, arena_strndup(references->arena, path, length));
        if (path[length] == '\0')
            return at;
        path += length + 1;
    }
    return NULL;
}

/* Finds the value that a reference refers to, within the limits. Returns -1 if it is
 * refused. */
static int look_up(struct references *references, const char *path, const cJSON **value,
                   const char **text)
{
    *value = find_value(references, path);
    if (*value == NULL)
        return refuse_reference(references, path,
                                "refers to nothing in an earlier response");
    *text = json_text(references->arena, *value);
    references->bytes += strlen(*text);
    if (++references->count > REFERENCES_MAX || references->bytes > REFERENCES_MAX_BYTES)
        return refuse_reference(references, path,
                                "exceeds the limits on references in one seed");
    return 0;
}

/* Writes the value of a reference inside a longer string. */
static int write_value(struct references *references, const char *path, struct buf *out)
{
    const cJSON *value;
    const char *text;

    if (look_up(references, path, &value, &text) != 0)
        return -1;
    if (cJSON_IsObject(value) || cJSON_IsArray(value))
        return refuse_reference(
            references, path,
            "is not a string, number or boolean, so it must be the whole string");
    buf_text(out, cJSON_IsString(value) ? value->valuestring : text);
    return 0;
}

/* Returns the end of the reference that begins at `open`, or NULL. */
static const char *closing_brace(struct references *references, const char *open)
{
    const char *end = strchr(open, '}');

    if (end == NULL)
        references->why =
            "A ${ has no closing }; write $${ for the characters themselves";
    return end;
}

static int write_string(struct references *references, const char *text, struct buf *out)
{
    for (const char *open; (open = strstr(text, "${")) != NULL;) {
        bool literal = open > text && open[-1] == '$';
        buf_add(out, text, (size_t)(open - text) - literal);
        if (literal) {
            buf_text(out, "${");
            text = open + 2;
            continue;
        }
        const char *end = closing_brace(references, open);
        if (end == NULL)
            return -1;
        const char *path =
            arena_strndup(references->arena, open + 2, (size_t)(end - open) - 2);
        if (write_value(references, path, out) != 0)
            return -1;
        text = end + 1;
    }
    buf_text(out, text);
    return 0;
}

/* Returns the reference that is the whole text, or NULL. */
static const char *only_reference(struct references *references, const char *text)
{
    size_t length = strlen(text);

    if (strncmp(text, "${", 2) != 0 || strchr(text, '}') != text + length - 1)
        return NULL;
    return arena_strndup(references->arena, text + 2, length - 3);
}

/* Returns a copy without the name that the value had. */
static cJSON *copy_of(const cJSON *value)
{
    cJSON *copy = cJSON_Duplicate(value, true);

    copy->string = NULL;
    return copy;
}

static cJSON *resolve_string(struct references *references, const char *text)
{
    const char *path = only_reference(references, text);
    const cJSON *value;
    const char *printed;
    struct buf out AUTO(buf_done);

    buf_init(&out, strlen(text) + REFERENCES_MAX_BYTES);
    if (path != NULL)
        return look_up(references, path, &value, &printed) == 0 ? copy_of(value) : NULL;
    return write_string(references, text, &out) == 0 ? cJSON_CreateString(out.bytes)
                                                     : NULL;
}

cJSON *references_resolve(struct references *references, const cJSON *value)
{
    const cJSON *child;

    if (cJSON_IsString(value))
        return resolve_string(references, value->valuestring);
    if (!cJSON_IsObject(value) && !cJSON_IsArray(value))
        return copy_of(value);
    cJSON *copy = cJSON_IsObject(value) ? cJSON_CreateObject() : cJSON_CreateArray();
    cJSON_ArrayForEach(child, value) {
        cJSON *resolved = references_resolve(references, child);
        if (resolved == NULL)
            return NULL;
        if (cJSON_IsObject(copy))
            cJSON_AddItemToObject(copy, child->string, resolved);
        else
            cJSON_AddItemToArray(copy, resolved);
    }
    return copy;
}
