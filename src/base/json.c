#include "base/json.h"

#include "base/log.h"
#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

cJSON *json_read(const char *text, size_t length, const char **why)
{
    if (!json_check(text, length, why))
        return NULL;
    cJSON *tree = cJSON_ParseWithLength(text, length);
    if (tree == NULL)
        *why = "The body contains a number that is too long";
    return tree;
}

const char *json_reason_with_place(struct arena *arena, const char *text, size_t length,
                                   const char *why)
{
    struct json_place place;

    if (!json_fault_place(text, length, &place))
        return why;
    return arena_printf(arena, "%s (line %zu, column %zu)", why, place.line,
                        place.column);
}

cJSON *json_stored(const char *text)
{
    cJSON *tree = cJSON_Parse(text);
    char quoted[LOG_QUOTED_BYTES];

    if (tree != NULL)
        return tree;
    log_error("stored text is not JSON", "text=%s", log_quoted(text, quoted));
    return cJSON_CreateObject();
}

void json_done(cJSON **tree)
{
    cJSON_Delete(*tree);
}

bool json_has(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name) != NULL;
}

const char *json_string_or(const cJSON *object, const char *name, const char *absent)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsString(item) ? item->valuestring : absent;
}

int json_depth(const cJSON *tree)
{
    const cJSON *child;
    int deepest = 0;

    if (!cJSON_IsArray(tree) && !cJSON_IsObject(tree))
        return 0;
    cJSON_ArrayForEach(child, tree) {
        int depth = json_depth(child);
        if (depth > deepest)
            deepest = depth;
    }
    return deepest + 1;
}

bool json_holds_text(const cJSON *tree, const char *text)
{
    const cJSON *child;

    if (cJSON_IsString(tree))
        return strcmp(tree->valuestring, text) == 0;
    cJSON_ArrayForEach(child, tree) {
        if (json_holds_text(child, text))
            return true;
    }
    return false;
}

void json_remove_all(cJSON *object, const char *name)
{
    for (cJSON *child = object->child, *next; child != NULL; child = next) {
        next = child->next;
        if (strcmp(child->string, name) == 0)
            cJSON_Delete(cJSON_DetachItemViaPointer(object, child));
    }
}

const char *json_text(struct arena *arena, const cJSON *value)
{
    char *printed = json_print(value);
    const char *text = arena_strdup(arena, printed);

    free(printed);
    return text;
}

void json_add_text(cJSON *object, const char *name, const char *text)
{
    cJSON_AddItemToObjectCS(object, name, cJSON_CreateStringReference(text));
}

void json_add_stored(cJSON *object, const char *name, const char *text)
{
    cJSON_AddRawToObject(object, name, text);
}

/* The library's allocator has no context parameter, so the arena is stored per thread. */
static _Thread_local struct arena *home;

struct arena *json_use_arena(struct arena *arena)
{
    struct arena *before = home;

    home = arena;
    return before;
}

static void *allocate_node(size_t size)
{
    return home != NULL ? arena_take(home, size) : mem_alloc(size);
}

static void free_node(void *memory)
{
    if (home == NULL)
        free(memory);
}

void json_init(void)
{
    cJSON_Hooks hooks = {.malloc_fn = allocate_node, .free_fn = free_node};

    cJSON_InitHooks(&hooks);
}
