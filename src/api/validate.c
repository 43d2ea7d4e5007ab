#include "api/validate.h"

#include "base/bug.h"
#include "base/nearest.h"
#include "base/timestamp.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* The position in the input: a chain from the current value up to the root. */
struct place {
    const struct place *up; /* NULL at the root */
    const char *name;       /* of a member, or a map's key */
    int index;              /* of a list's element, if there is no name */
};

static const char *place_text(struct arena *arena, const struct place *place)
{
    if (place->up == NULL)
        return place->name;
    const char *up = place_text(arena, place->up);
    if (place->name == NULL)
        return arena_printf(arena, "%s[%d]", up, place->index);
    return arena_join(arena, up, ".", place->name, NULL);
}

static bool is_whole(double number)
{
    /* The bounds are powers of two, so they and the casts are exact. */
    /* cppcheck-suppress incorrectLogicOperator ; it cannot read such numbers */
    return number >= -0x1p63 && number < 0x1p63 && floor(number) == number;
}

static bool is_timestamp(const cJSON *value)
{
    int64_t time_ms;

    return cJSON_IsString(value) && timestamp_parse(value->valuestring, &time_ms) == 0;
}

/* Returns the JSON type that a value should have, or NULL if it has it. */
static const char *expected_type(const struct shape *shape, const cJSON *value)
{
    switch (shape->type) {
    case SHAPE_STRING:
        return cJSON_IsString(value) ? NULL : "a string";
    case SHAPE_TIMESTAMP:
        return is_timestamp(value) ? NULL : "a timestamp";
    case SHAPE_BOOLEAN:
        return cJSON_IsBool(value) ? NULL : "a boolean";
    case SHAPE_INTEGER:
        return cJSON_IsNumber(value) && is_whole(value->valuedouble) ? NULL
                                                                     : "an integer";
    case SHAPE_NUMBER:
        return cJSON_IsNumber(value) ? NULL : "a number";
    case SHAPE_LIST:
        return cJSON_IsArray(value) ? NULL : "a list";
    case SHAPE_MAP:
        return cJSON_IsObject(value) ? NULL : "a map";
    case SHAPE_STRUCTURE:
    case SHAPE_DOCUMENT:
        return cJSON_IsObject(value) ? NULL : "an object";
    }
    BUG("shape type %d", (int)shape->type);
}

static const char *find_wrong_type(struct arena *arena, const struct place *at,
                                   const struct shape *shape, cJSON *value);

/* Returns the first member with that name that is not null and removes all others, so
 * that what is validated is what is used. */
static cJSON *only_member(cJSON *object, const char *name)
{
    cJSON *kept = NULL;

    for (cJSON *child = object->child, *next; child != NULL; child = next) {
        next = child->next;
        if (strcmp(child->string, name) != 0)
            continue;
        if (kept == NULL && !cJSON_IsNull(child))
            kept = child;
        else
            cJSON_Delete(cJSON_DetachItemViaPointer(object, child));
    }
    return kept;
}

static const char *member_types(struct arena *arena, const struct place *at,
                                const struct shape *shape, cJSON *value)
{
    for (const struct member *m = shape->members; m->name != NULL; m++) {
        struct place below = {.up = at, .name = m->name};
        cJSON *child = only_member(value, m->name);
        const char *fault =
            child != NULL ? find_wrong_type(arena, &below, m->shape, child) : NULL;
        if (fault != NULL)
            return fault;
    }
    return NULL;
}

static const char *find_wrong_type(struct arena *arena, const struct place *at,
                                   const struct shape *shape, cJSON *value)
{
    const char *expected = expected_type(shape, value);
    const char *fault = NULL;
    struct place below = {.up = at};
    cJSON *child;

    if (expected != NULL)
        return arena_printf(arena, "%s must be %s", place_text(arena, at), expected);
    switch (shape->type) {
    case SHAPE_STRUCTURE:
        return member_types(arena, at, shape, value);
    case SHAPE_LIST:
    case SHAPE_MAP:
        cJSON_ArrayForEach(child, value) {
            below.name = child->string;
            fault = find_wrong_type(arena, &below, shape->item, child);
            if (fault != NULL)
                return fault;
            below.index++;
        }
        return NULL;
    default:
        return NULL;
    }
}

/* Returns "between 1 and 50", "at least 1" or "at most 50"; `max` 0 means none. */
static const char *bounds_text(struct arena *arena, int64_t min, int64_t max)
{
    if (min > 0 && max > 0)
        return arena_printf(arena, "between %" PRId64 " and %" PRId64, min, max);
    if (max > 0)
        return arena_printf(arena, "at most %" PRId64, max);
    return arena_printf(arena, "at least %" PRId64, min);
}

static bool out_of_bounds(const struct shape *shape, int64_t size)
{
    return size < shape->min || (shape->max > 0 && size > shape->max);
}

static bool is_one_of(const char *const *values, const char *text)
{
    for (; *values != NULL; values++) {
        if (strcmp(*values, text) == 0)
            return true;
    }
    return false;
}

static const char *values_text(struct arena *arena, const char *const *values)
{
    const char *text = *values;

    while (*++values != NULL)
        text = arena_printf(arena, "%s, %s", text, *values);
    return text;
}

/* The texts of violated constraints. Fidelity: common-errors-5 */
static const char *string_fault(struct arena *arena, const char *place,
                                const struct shape *shape, const char *text)
{
    if (out_of_bounds(shape, (int64_t)utf8_chars(text)))
        return arena_printf(arena, "%s must have a length of %s", place,
                            bounds_text(arena, shape->min, shape->max));
    if (shape->pattern != NULL && !shape->pattern->matches(shape->pattern, text))
        return arena_printf(arena, "%s does not match pattern %s", place,
                            shape->pattern->text);
    if (shape->values != NULL && !(shape->or_empty && text[0] == '\0') &&
        !is_one_of(shape->values, text))
        return arena_printf(arena, "%s must be one of %s", place,
                            values_text(arena, shape->values));
    return NULL;
}

static bool in_range(const struct shape *shape, double number)
{
    if (shape->type == SHAPE_INTEGER) /* a double would round large bounds */
        return (int64_t)number >= shape->min && (int64_t)number <= shape->max;
    return number >= (double)shape->min && number <= (double)shape->max;
}

static const char *number_fault(struct arena *arena, const char *place,
                                const struct shape *shape, double number)
{
    if (in_range(shape, number))
        return NULL;
    return arena_printf(arena, "%s must be between %" PRId64 " and %" PRId64, place,
                        shape->min, shape->max);
}

static const char *find_broken_constraint(struct arena *arena, const struct place *at,
                                          const struct shape *shape, const cJSON *value);

static const char *member_constraints(struct arena *arena, const struct place *at,
                                      const struct shape *shape, const cJSON *value)
{
    for (const struct member *m = shape->members; m->name != NULL; m++) {
        struct place below = {.up = at, .name = m->name};
        const cJSON *child = cJSON_GetObjectItemCaseSensitive(value, m->name);
        const char *fault = NULL;
        if (child != NULL)
            fault = find_broken_constraint(arena, &below, m->shape, child);
        else if (m->flags & REQUIRED)
            fault = arena_printf(arena, "%s is a required attribute",
                                 place_text(arena, &below));
        if (fault != NULL)
            return fault;
    }
    return NULL;
}

static const char *entry_constraints(struct arena *arena, const struct place *at,
                                     const struct shape *shape, const cJSON *value)
{
    struct place below = {.up = at};
    const cJSON *child;

    if (out_of_bounds(shape, cJSON_GetArraySize(value)))
        return arena_printf(arena, "%s must have %s entries", place_text(arena, at),
                            bounds_text(arena, shape->min, shape->max));
    cJSON_ArrayForEach(child, value) {
        const char *fault = NULL;
        if (shape->type == SHAPE_MAP) {
            const char *place = arena_printf(arena, "%s key", place_text(arena, at));
            fault = string_fault(arena, place, shape->key, child->string);
        }
        below.name = child->string;
        if (fault == NULL)
            fault = find_broken_constraint(arena, &below, shape->item, child);
        if (fault != NULL)
            return fault;
        below.index++;
    }
    return NULL;
}

static const char *find_broken_constraint(struct arena *arena, const struct place *at,
                                          const struct shape *shape, const cJSON *value)
{
    switch (shape->type) {
    case SHAPE_STRING:
        return string_fault(arena, place_text(arena, at), shape, value->valuestring);
    case SHAPE_INTEGER:
    case SHAPE_NUMBER:
        return number_fault(arena, place_text(arena, at), shape, value->valuedouble);
    case SHAPE_LIST:
    case SHAPE_MAP:
        return entry_constraints(arena, at, shape, value);
    case SHAPE_STRUCTURE:
        return member_constraints(arena, at, shape, value);
    case SHAPE_BOOLEAN:
    case SHAPE_TIMESTAMP:
    case SHAPE_DOCUMENT:
        return NULL;
    }
    BUG("shape type %d", (int)shape->type);
}

static const char *unknown_member(struct arena *arena, const struct place *at,
                                  const struct shape *shape, const char *name)
{
    const char *place = place_text(arena, at);
    size_t count = 0;

    while (shape->members[count].name != NULL)
        count++;
    if (count == 0)
        return arena_printf(arena, "%s.%s is unknown. %s has no members", place, name,
                            place);
    const char **names = arena_alloc(arena, count * sizeof(*names));
    for (size_t i = 0; i < count; i++)
        names[i] = shape->members[i].name;
    return arena_printf(arena, "%s.%s is unknown. %s", place, name,
                        nearest_advice(arena, name, names, count));
}

static const char *find_unknown_member(struct arena *arena, const struct place *at,
                                       const struct shape *shape, const cJSON *value)
{
    struct place below = {.up = at};
    const char *fault = NULL;
    const cJSON *child;

    if (shape->type != SHAPE_STRUCTURE && shape->type != SHAPE_LIST)
        return NULL;
    cJSON_ArrayForEach(child, value) {
        const struct shape *inner = shape->item;
        below.name = child->string;
        if (shape->type == SHAPE_STRUCTURE) {
            const struct member *known = shape_member(shape, child->string);
            if (known == NULL)
                return unknown_member(arena, at, shape, child->string);
            inner = known->shape;
        }
        fault = find_unknown_member(arena, &below, inner, child);
        if (fault != NULL)
            return fault;
        below.index++;
    }
    return NULL;
}

const char *validate_types(struct arena *arena, const char *root,
                           const struct shape *shape, cJSON *value)
{
    return find_wrong_type(arena, &(struct place){.name = root}, shape, value);
}

const char *validate_constraints(struct arena *arena, const char *root,
                                 const struct shape *shape, const cJSON *value)
{
    return find_broken_constraint(arena, &(struct place){.name = root}, shape, value);
}

const char *validate_closed(struct arena *arena, const char *root,
                            const struct shape *shape, const cJSON *value)
{
    return find_unknown_member(arena, &(struct place){.name = root}, shape, value);
}

const char *validate_member_of(struct arena *arena, const char *root,
                               const char *sentence)
{
    size_t length = strlen(root);

    if (strncmp(sentence, root, length) != 0 || sentence[length] != '.')
        return NULL;
    const char *member = sentence + length + 1;
    return arena_strndup(arena, member, strcspn(member, " "));
}
