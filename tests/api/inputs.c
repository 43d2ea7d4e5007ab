#include "inputs.h"

#include "base/buf.h"
#include "base/bug.h"
#include "base/json.h"

#include <stdio.h>
#include <string.h>

/* Numbers that a double cannot hold exactly are not sent. */
#define EXACT_MAX (INT64_C(1) << 53)

enum { TARGET_BYTES = 100 * 1024, KEY_BYTES = 160 };

void place_walk(const struct place *at,
                void (*visit)(void *context, const struct place *at), void *context)
{
    struct place below = {.up = at};

    if (at->kind != PLACE_INPUT)
        visit(context, at);
    switch (at->shape->type) {
    case SHAPE_STRUCTURE:
        below.kind = PLACE_MEMBER;
        for (const struct member *m = at->shape->members; m->name != NULL; m++) {
            below.member = m;
            below.shape = m->shape;
            place_walk(&below, visit, context);
        }
        break;
    case SHAPE_MAP:
        below.kind = PLACE_KEY;
        below.shape = at->shape->key;
        place_walk(&below, visit, context);
        below.kind = PLACE_VALUE;
        below.shape = at->shape->item;
        place_walk(&below, visit, context);
        break;
    case SHAPE_LIST:
        below.kind = PLACE_ELEMENT;
        below.shape = at->shape->item;
        place_walk(&below, visit, context);
        break;
    default:
        break;
    }
}

static const char *example_of(const struct shape *shape)
{
    if (shape->values != NULL)
        return shape->values[0];
    return shape->pattern != NULL ? shape->pattern->example : "a";
}

/* The `index`-th key for a map. */
static void key_text(const struct shape *map, int64_t index, char out[KEY_BYTES])
{
    snprintf(out, KEY_BYTES, "%s", example_of(map->key));
    if (index > 0)
        snprintf(out, KEY_BYTES, "%s%d", example_of(map->key), (int)index);
}

const char *place_name(struct arena *arena, const struct operation *op,
                       const struct place *at)
{
    char key[KEY_BYTES];

    if (at->kind == PLACE_INPUT)
        return op->name;
    const char *up = place_name(arena, op, at->up);
    switch (at->kind) {
    case PLACE_MEMBER:
        return arena_printf(arena, "%s.%s", up, at->member->name);
    case PLACE_ELEMENT:
        return arena_printf(arena, "%s[0]", up);
    case PLACE_KEY:
        return arena_printf(arena, "%s key", up);
    case PLACE_VALUE:
        key_text(at->up->shape, 0, key);
        return arena_printf(arena, "%s.%s", up, key);
    case PLACE_INPUT:
        break;
    }
    BUG("place kind %d", (int)at->kind);
}

static bool is_bound(const struct place *at, unsigned flags)
{
    for (; at->kind != PLACE_INPUT; at = at->up) {
        if (at->kind == PLACE_MEMBER && (at->member->flags & flags) != 0)
            return true;
    }
    return false;
}

bool place_is_in_uri(const struct place *at)
{
    return is_bound(at, IN_PATH | IN_QUERY);
}

bool place_is_in_path(const struct place *at)
{
    return is_bound(at, IN_PATH);
}

const char *input_text(struct arena *arena, const struct shape *shape, int64_t length)
{
    const char *example = example_of(shape);
    size_t known = strlen(example);
    char *text = arena_alloc(arena, (size_t)length + 1);

    for (size_t i = 0; i < (size_t)length; i++)
        text[i] = example[i < known ? i : known - 1];
    return text;
}

static cJSON *valid(const struct shape *shape)
{
    cJSON *value;

    switch (shape->type) {
    case SHAPE_STRING:
        return cJSON_CreateString(example_of(shape));
    case SHAPE_TIMESTAMP:
        return cJSON_CreateString("2030-01-01T00:00:00Z");
    case SHAPE_BOOLEAN:
        return cJSON_CreateTrue();
    case SHAPE_INTEGER:
    case SHAPE_NUMBER:
        return cJSON_CreateNumber(shape->min < -EXACT_MAX ? 0 : (double)shape->min);
    case SHAPE_LIST:
    case SHAPE_MAP:
        return input_entries(shape, shape->min);
    case SHAPE_DOCUMENT:
        return cJSON_CreateObject();
    case SHAPE_STRUCTURE:
        value = cJSON_CreateObject();
        for (const struct member *m = shape->members; m->name != NULL; m++) {
            if (m->flags & REQUIRED)
                cJSON_AddItemToObject(value, m->name, valid(m->shape));
        }
        return value;
    }
    BUG("shape type %d", (int)shape->type);
}

cJSON *input_entries(const struct shape *shape, int64_t count)
{
    cJSON *value = shape->type == SHAPE_LIST ? cJSON_CreateArray() : cJSON_CreateObject();
    char key[KEY_BYTES];

    for (int64_t i = 0; i < count; i++) {
        if (shape->type == SHAPE_LIST) {
            cJSON_AddItemToArray(value, valid(shape->item));
        } else {
            key_text(shape, i, key);
            cJSON_AddItemToObject(value, key, valid(shape->item));
        }
    }
    return value;
}

/* What surrounds the place, with `value` in it. */
static cJSON *around(const struct place *at, cJSON *value)
{
    char key[KEY_BYTES];
    cJSON *outer;

    switch (at->kind) {
    case PLACE_MEMBER:
        outer = valid(at->up->shape);
        cJSON_DeleteItemFromObjectCaseSensitive(outer, at->member->name);
        if (value != NULL)
            cJSON_AddItemToObject(outer, at->member->name, value);
        return outer;
    case PLACE_ELEMENT:
        outer = input_entries(at->up->shape, at->up->shape->min);
        cJSON_DeleteItemFromArray(outer, 0);
        cJSON_InsertItemInArray(outer, 0, value);
        return outer;
    case PLACE_KEY:
        outer = cJSON_CreateObject();
        cJSON_AddItemToObject(outer, value->valuestring, valid(at->up->shape->item));
        cJSON_Delete(value);
        return outer;
    case PLACE_VALUE:
        outer = cJSON_CreateObject();
        key_text(at->up->shape, 0, key);
        cJSON_AddItemToObject(outer, key, value);
        return outer;
    case PLACE_INPUT:
        break;
    }
    BUG("nothing is around the whole input");
}

cJSON *input_with(const struct place *at, cJSON *value)
{
    for (; at->kind != PLACE_INPUT; at = at->up)
        value = around(at, value);
    return value != NULL ? value : valid(at->shape);
}

static void add_encoded(struct buf *target, const char *text)
{
    for (; *text != '\0'; text++)
        buf_printf(target, "%%%02X", (unsigned)(unsigned char)*text);
}

/* Adds a value to the query. Returns what separates the next one from it. */
static const char *add_pair(struct buf *target, const char *separator, const char *name,
                            const cJSON *value)
{
    buf_printf(target, "%s%s=", separator, name);
    add_encoded(target, cJSON_IsString(value) ? value->valuestring
                        : cJSON_IsTrue(value) ? "true"
                                              : "false");
    return "&";
}

const char *input_target(struct arena *arena, const struct operation *op, cJSON *input)
{
    struct buf target AUTO(buf_done);
    const char *separator = "?";
    const cJSON *element;

    buf_init(&target, TARGET_BYTES);
    buf_add(&target, op->uri, strcspn(op->uri, "{"));
    for (const struct member *m = op->in->members; m->name != NULL; m++) {
        if ((m->flags & (IN_PATH | IN_QUERY)) == 0)
            continue;
        cJSON *bound AUTO(json_done) =
            cJSON_DetachItemFromObjectCaseSensitive(input, m->name);
        if (m->flags & IN_PATH)
            add_encoded(&target, bound->valuestring);
        if ((m->flags & IN_QUERY) == 0)
            continue;
        if (cJSON_IsString(bound) || cJSON_IsBool(bound))
            separator = add_pair(&target, separator, m->name, bound);
        cJSON_ArrayForEach(element, bound)
            separator = add_pair(&target, separator, m->name, element);
    }
    if (target.overflow)
        BUG("the target of %s is too long", op->name);
    return arena_strdup(arena, target.bytes);
}
