/*
 * Values by the shape tables: valid ones, nearly valid ones and broken ones.
 */
#ifndef TESTS_FUZZ_VALUES_H
#define TESTS_FUZZ_VALUES_H

#include "api/shape.h"
#include "base/arena.h"
#include "base/attrs.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The same seed gives the same numbers. */
struct dice {
    uint64_t state;
};

/* A number below `sides`. */
size_t dice_roll(struct dice *dice, size_t sides);

/* True once in `sides` calls. */
bool dice_hit(struct dice *dice, size_t sides);

/*
 * A value of the shape for the member of that name (of a list's element: the list's).
 * Mostly valid: it may be at a bound or a step beyond it, out of an enum, or of another
 * JSON type. The caller deletes it.
 */
cJSON *value_random(struct dice *dice, const struct shape *shape,
                    const char *name) NODISCARD;

/* Changes one thing in a value of the shape, or in a value within. */
void value_change(struct dice *dice, const struct shape *shape, const char *name,
                  cJSON *value);

/* A text for a member of that shape, such as a label in a path. It is static or in the
 * arena. */
const char *value_text(struct dice *dice, struct arena *arena, const struct shape *shape,
                       const char *name) NODISCARD;

#endif
