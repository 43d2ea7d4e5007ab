/*
 * Inputs made from shapes: valid ones, and ones with a given value at a given place.
 */
#ifndef TESTS_API_INPUTS_H
#define TESTS_API_INPUTS_H

#include "api/service.h"
#include "base/arena.h"
#include "base/attrs.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

enum place_kind {
    PLACE_INPUT, /* the whole input */
    PLACE_MEMBER,
    PLACE_ELEMENT, /* the first of a list */
    PLACE_KEY,     /* the entry of a map */
    PLACE_VALUE,   /* the entry of a map */
};

/* A place in an operation's input: a chain of places up to the whole input. */
struct place {
    const struct place *up;
    enum place_kind kind;
    const struct shape *shape;   /* of what is there */
    const struct member *member; /* of a PLACE_MEMBER */
};

/* Calls `visit` for every place below `at`, parents first. */
void place_walk(const struct place *at,
                void (*visit)(void *context, const struct place *at), void *context);

/* How a message names the place, such as CreateChannel.tags.team. */
const char *place_name(struct arena *arena, const struct operation *op,
                       const struct place *at) NODISCARD;

/* Whether the value is in the URI, so that it is always a string. */
bool place_is_in_uri(const struct place *at);
bool place_is_in_path(const struct place *at);

/* A text of `length` characters that matches the pattern if any of that length can. */
const char *input_text(struct arena *arena, const struct shape *shape,
                       int64_t length) NODISCARD;

/* A list or a map with that number of valid entries. The caller deletes it. */
cJSON *input_entries(const struct shape *shape, int64_t count) NODISCARD;

/*
 * An input whose required members are present and valid, with `value` at the place, or
 * nothing there if it is NULL. Takes ownership of the value; the caller deletes the
 * input.
 */
cJSON *input_with(const struct place *at, cJSON *value) NODISCARD;

/* The target to send the input to. Members that belong in the target are removed from the
 * input. */
const char *input_target(struct arena *arena, const struct operation *op,
                         cJSON *input) NODISCARD;

#endif
