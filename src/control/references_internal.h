/*
 * References in the inputs of a seed: ${name.path} in a string takes a value from an
 * earlier answer.
 */
#ifndef CONTROL_REFERENCES_INTERNAL_H
#define CONTROL_REFERENCES_INTERNAL_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"

enum {
    /* How many references a seed may have, and what all they stand for may weigh: a short
     * input must not become an endless one. */
    REFERENCES_MAX = 10000,
    REFERENCES_MAX_BYTES = 1024 * 1024,
};

struct references {
    struct arena *arena;
    cJSON *answers; /* an object: what they refer to, by name */
    size_t count;   /* of references so far */
    size_t bytes;   /* that they stand for */
    const char *why;
};

/*
 * A copy of the value with its references replaced. A string that is one reference and
 * nothing else becomes the value whatever its type; inside a longer string a text, a
 * number or a boolean is written out. $${ stands for ${ itself. Like all JSON of a
 * call it lives in the call's arena. NULL: `why` is a sentence.
 */
cJSON *references_resolve(struct references *references, const cJSON *value) NODISCARD;

#endif
