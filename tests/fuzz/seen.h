/*
 * Values from responses: ARNs, stream keys, page tokens and the like, which later calls
 * of an input can name. An input is then valid by itself, and a handler that needs the
 * resource of another call is reached.
 */
#ifndef TESTS_FUZZ_SEEN_H
#define TESTS_FUZZ_SEEN_H

#include "base/arena.h"
#include "base/attrs.h"

#include <cjson/cJSON.h>
#include <stddef.h>

enum { SEEN_MAX = 256 };

/* The newest is the last; when it is full, nothing is added. Strings belong to the owner
 * of the arena. */
struct seen {
    size_t count;
    struct {
        const char *kind; /* an ARN's type, such as channel, or the name of a member */
        const char *text;
    } values[SEEN_MAX];
};

/* Stores the strings of a response. */
void seen_answer(struct seen *seen, struct arena *arena, const cJSON *answer);

/*
 * A copy of the text in which each <kind n> is replaced by the value of that kind that
 * was seen n before the newest, wrapping around after the oldest. The kind arn is an ARN
 * of any type. A kind that was never seen stays unchanged.
 */
const char *seen_fill(const struct seen *seen, struct arena *arena, const char *text,
                      size_t length, size_t *out_length) NODISCARD;

#endif
