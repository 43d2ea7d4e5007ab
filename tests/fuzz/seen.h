/*
 * What answers told: ARNs, stream keys, page tokens and the like, for later calls of an
 * input to name. An input is then good on its own, and a handler that wants what another
 * one made is reached.
 */
#ifndef TESTS_FUZZ_SEEN_H
#define TESTS_FUZZ_SEEN_H

#include "base/arena.h"
#include "base/attrs.h"

#include <cjson/cJSON.h>
#include <stddef.h>

enum { SEEN_MAX = 256 };

/* The newest is the last; when it is full, nothing is added. Strings belong to whoever
 * gave the arena. */
struct seen {
    size_t count;
    struct {
        const char *kind; /* an ARN's type, such as channel, or the name of a member */
        const char *text;
    } values[SEEN_MAX];
};

/* Remembers the strings of an answer. */
void seen_answer(struct seen *seen, struct arena *arena, const cJSON *answer);

/*
 * A copy of the text in which each <kind n> is what was seen of the kind, n back from the
 * newest, begun again behind the oldest. The kind arn is an ARN of any type. What was
 * never seen stays as it is.
 */
const char *seen_fill(const struct seen *seen, struct arena *arena, const char *text,
                      size_t length, size_t *out_length) NODISCARD;

#endif
