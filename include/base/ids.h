/*
 * The source of identifiers and secrets. One generator serves the whole emulator, so that
 * a test can fix its seed and get the same identifiers again.
 */
#ifndef BASE_IDS_H
#define BASE_IDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"

enum {
    IDS_RESOURCE_CHARS = 12, /* of every resource id, the last part of an ARN */
    IDS_UUID_BYTES = 37,     /* 36 characters and the closing zero */
};

struct ids;

/* A generator of random bytes of the system: nothing that it has given lets anyone
 * predict the rest. */
struct ids *ids_new(void) NODISCARD;

/* A generator that repeats itself for the same seed. Its output is predictable to anyone
 * who knows the seed, or sees enough identifiers: for tests alone. */
struct ids *ids_new_seeded(uint64_t seed) NODISCARD;

void ids_free(struct ids *ids);

/* `length` characters of [0-9A-Za-z]. Safe from any thread, like ids_uuid(). */
const char *ids_alnum(struct ids *ids, struct arena *arena, size_t length) NODISCARD;

/* A number in the range from 0 up to but not including 1. */
double ids_fraction(struct ids *ids) NODISCARD;

/* A random (version 4) UUID in lower case. */
void ids_uuid(struct ids *ids, char out[IDS_UUID_BYTES]);

#endif
