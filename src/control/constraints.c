#include "constraints_internal.h"

#include <inttypes.h>
#include <stdio.h>

/* Adds the number exactly: a number of the library is a double. */
static void add_integer(cJSON *to, const char *name, int64_t number)
{
    char text[32];

    snprintf(text, sizeof(text), "%" PRId64, number);
    cJSON_AddRawToObject(to, name, text);
}

void constraints_add_size(cJSON *to, const struct shape *shape, const char *min,
                          const char *max)
{
    if (shape->min > 0)
        add_integer(to, min, shape->min);
    if (shape->max > 0)
        add_integer(to, max, shape->max);
}

void constraints_add_range(cJSON *to, const struct shape *shape, const char *min,
                           const char *max)
{
    add_integer(to, min, shape->min);
    add_integer(to, max, shape->max);
}

bool constraints_are_unbounded(const struct shape *shape)
{
    return shape->min == INT64_MIN && shape->max == INT64_MAX;
}

void constraints_add_values(cJSON *to, const struct shape *shape)
{
    if (shape->values == NULL)
        return;
    cJSON *values = cJSON_AddArrayToObject(to, "enum");
    if (shape->or_empty)
        cJSON_AddItemToArray(values, cJSON_CreateString(""));
    for (const char *const *value = shape->values; *value != NULL; value++)
        cJSON_AddItemToArray(values, cJSON_CreateString(*value));
}

void constraints_add_required(cJSON *to, const struct shape *shape)
{
    cJSON *required = NULL;

    for (const struct member *m = shape->members; m->name != NULL; m++) {
        if ((m->flags & REQUIRED) == 0)
            continue;
        if (required == NULL)
            required = cJSON_AddArrayToObject(to, "required");
        cJSON_AddItemToArray(required, cJSON_CreateString(m->name));
    }
}
