/*
 * Inputs made from shapes: valid ones, and ones with a chosen value at a chosen place.
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
    PLACE_KEY,     /* the one of a map */
    PLACE_VALUE,   /* the one of a map */
};

/* A place in an operation's input: a chain up to the whole of it. */
struct place {
    const struct place *up;
    enum place_kind kind;
    const struct shape *shape;   /* of what is there */
    const struct member *member; /* of a PLACE_MEMBER */
};

/* Calls `visit` for every place below `at`, outer ones first. */
void place_walk(const struct place *at,
                void (*visit)(void *context, const struct place *at), void *context);

/* How a message names the place, such as CreateChannel.tags.team. */
const char *place_name(struct arena *arena, const struct operation *op,
                       const struct place *at) NODISCARD;

/* Whether the value comes with the URI, so that it is a string whatever we do. */
bool place_is_in_uri(const struct place *at);
bool place_is_in_path(const struct place *at);

/* A text of `length` characters that keeps the pattern if any of that length can. */
const char *input_text(struct arena *arena, const struct shape *shape,
                       int64_t length) NODISCARD;

/* A list or a map with so many valid entries. The caller deletes it. */
cJSON *input_entries(const struct shape *shape, int64_t count) NODISCARD;

/*
 * An input whose required members are there and valid, with `value` at the place, or
 * nothing there for NULL. Takes the value; the caller deletes the input.
 */
cJSON *input_with(const struct place *at, cJSON *value) NODISCARD;

/* The target to send the input to. Members that belong there are taken out of it. */
const char *input_target(struct arena *arena, const struct operation *op,
                         cJSON *input) NODISCARD;

#endif
