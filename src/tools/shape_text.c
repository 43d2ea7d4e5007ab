#include "shape_text_internal.h"

#include "base/bug.h"

#include <inttypes.h>

static const char *with_bounds(struct arena *arena, const char *kind,
                               const struct shape *shape, const char *of)
{
    if (shape->min > 0 && shape->min == shape->max)
        return arena_printf(arena, "%s, %" PRId64 " %s", kind, shape->min, of);
    if (shape->min > 0 && shape->max > 0)
        return arena_printf(arena, "%s, %" PRId64 " to %" PRId64 " %s", kind, shape->min,
                            shape->max, of);
    if (shape->min > 0)
        return arena_printf(arena, "%s, at least %" PRId64 " %s", kind, shape->min, of);
    if (shape->max > 0)
        return arena_printf(arena, "%s, at most %" PRId64 " %s", kind, shape->max, of);
    return kind;
}

static const char *values_text(struct arena *arena, const char *const *values)
{
    const char *text = arena_join(arena, "`", *values, "`", NULL);

    for (values++; *values != NULL; values++)
        text = arena_join(arena, text, values[1] != NULL ? ", `" : " or `", *values, "`",
                          NULL);
    return text;
}

static const char *string_text(struct arena *arena, const struct shape *shape)
{
    if (shape->values != NULL)
        return values_text(arena, shape->values);
    const char *text = with_bounds(arena, "string", shape, "characters");
    if (shape->pattern == NULL)
        return text;
    return arena_join(arena, text, ", pattern `", shape->pattern->text, "`", NULL);
}

static const char *with_range(struct arena *arena, const char *kind,
                              const struct shape *shape)
{
    if (shape->min == INT64_MIN && shape->max == INT64_MAX)
        return kind;
    return arena_printf(arena, "%s, %" PRId64 " to %" PRId64, kind, shape->min,
                        shape->max);
}

/* Adds the description of what a list or a map has. */
static const char *with_item(struct arena *arena, const char *text, const char *each,
                             const struct shape *item)
{
    return arena_join(arena, text, "; each", each, ": ", shape_text(arena, item), NULL);
}

const char *shape_text(struct arena *arena, const struct shape *shape)
{
    switch (shape->type) {
    case SHAPE_STRING:
        return string_text(arena, shape);
    case SHAPE_BOOLEAN:
        return "boolean";
    case SHAPE_INTEGER:
        return with_range(arena, "integer", shape);
    case SHAPE_NUMBER:
        return with_range(arena, "number", shape);
    case SHAPE_TIMESTAMP:
        return "timestamp";
    case SHAPE_LIST:
        return with_item(arena, with_bounds(arena, "list", shape, "elements"), "",
                         shape->item);
    case SHAPE_MAP:
        return with_item(arena, with_bounds(arena, "map", shape, "entries"), " value",
                         shape->item);
    case SHAPE_STRUCTURE:
        return "structure";
    case SHAPE_DOCUMENT:
        return "any JSON object";
    }
    BUG("shape type %d", (int)shape->type);
}

const struct shape *shape_structure(const struct shape *shape)
{
    while (shape->item != NULL)
        shape = shape->item;
    return shape->members != NULL && shape->members->name != NULL ? shape : NULL;
}
