/*
 * Inputs of the dispatcher's target: one or more calls separated by the byte 0xff, which
 * no valid text contains. A call is the operation's name, with or without its service, a
 * space, and the body. Where the path has a {label}, the body follows on a second line,
 * and the first is what the target has in the label's place, with the query:
 *
 *     TagResource <channel 0>
 *     {"tags":{"team":"blue"}}
 *
 * A name that ends with @ is called from another account. <channel 0> stands for the
 * newest channel whose ARN was seen in an answer: see seen.h.
 */
#ifndef TESTS_FUZZ_CALLS_H
#define TESTS_FUZZ_CALLS_H

#include "api/service.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_CALLS = 16, INPUT_MAX_BYTES = 64 * 1024, MAX_OPERATIONS = 1000 };

/* Strings belong to the arena. */
struct fuzz_call {
    const struct operation *op;
    bool foreign;      /* from another account */
    const char *label; /* NULL: the path has none */
    const char *body;
    size_t body_length;
};

/* The operations of all services as one sequence; an index beyond its end wraps
 * around. */
const struct operation *operation_at(size_t index);

/* Splits an input into calls. Returns their number: at most MAX_CALLS. Any bytes make
 * calls: an unknown word stands for an operation as well, so that an input survives a
 * change of the name. */
size_t calls_read(struct arena *arena, const uint8_t *data, size_t size,
                  struct fuzz_call out[MAX_CALLS]) NODISCARD;

/* Writes them as an input. */
void calls_print(const struct fuzz_call *calls, size_t count, struct buf *out);

#endif
