/*
 * What the models of the API have in common: the constraints of a shape as members of
 * JSON.
 */
#ifndef CONTROL_CONSTRAINTS_INTERNAL_H
#define CONTROL_CONSTRAINTS_INTERNAL_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "api/shape.h"

/* Adds the bounds of the size of a string, list or map, where there are any. */
void constraints_add_size(cJSON *to, const struct shape *shape, const char *min,
                          const char *max);

/* Adds the bounds of a number. */
void constraints_add_range(cJSON *to, const struct shape *shape, const char *min,
                           const char *max);

/* Whether every 64-bit integer is in the range of the shape. */
bool constraints_are_unbounded(const struct shape *shape);

/* Adds the list `enum`, if the shape of a string has values. */
void constraints_add_values(cJSON *to, const struct shape *shape);

/* Adds the list `required`, if the shape of a structure has required members. */
void constraints_add_required(cJSON *to, const struct shape *shape);

#endif
