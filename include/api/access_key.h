/*
 * The access keys whose signatures can be verified.
 */
#ifndef API_ACCESS_KEY_H
#define API_ACCESS_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"

enum { ACCESS_KEY_ID_MAX_CHARS = 128, ACCESS_KEY_SECRET_MAX_CHARS = 128 };

struct access_key {
    const char *id;
    const char *secret;
};

struct access_keys {
    const struct access_key *keys;
    size_t count;
};

/* Whether a text has the form ID:SECRET: letters, digits and _ . - before the first
 * colon, visible ASCII after it, neither of them empty or too long. */
bool access_key_is(const char *text);

/* Parses such a text. */
struct access_key access_key_read(struct arena *arena, const char *text) NODISCARD;

/* Returns the key with that id, or NULL. If several have it, the last one wins. */
const struct access_key *access_key_find(const struct access_keys *keys, const char *id);

#endif
