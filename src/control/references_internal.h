/*
 * References in the inputs of a seed: ${name.path} in a string is replaced by a value
 * from an earlier response.
 */
#ifndef CONTROL_REFERENCES_INTERNAL_H
#define CONTROL_REFERENCES_INTERNAL_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"

enum {
    /* Limits on the number of references in a seed and on the total size of their values:
     * a short input must not expand without bound. */
    REFERENCES_MAX = 10000,
    REFERENCES_MAX_BYTES = 1024 * 1024,
};

struct references {
    struct arena *arena;
    cJSON *responses; /* an object: the responses that references refer to, by name */
    size_t count;     /* of references so far */
    size_t bytes;     /* of their values */
    const char *why;
};

/*
 * Returns a copy of the value with its references replaced. A string that is exactly one
 * reference becomes the value, whatever its type; inside a longer string a string, a
 * number or a boolean is inserted. $${ stands for ${ itself. Like all JSON of a call, the
 * copy lives in the call's arena. Returns NULL if a reference is invalid: `why` is a
 * sentence.
 */
cJSON *references_resolve(struct references *references, const cJSON *value) NODISCARD;

#endif
