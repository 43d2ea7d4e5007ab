/*
 * The name that a user probably meant, for messages about unknown names.
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"

/*
 * Returns the name that differs least from what was given: by few characters that are
 * missing, added, replaced or swapped, whatever the case; or else the only one that
 * begins with what was given. NULL: none is near.
 */
const char *nearest_name(const char *given, const char *const *names,
                         size_t count) NODISCARD;

/* Returns sentences that end a message: the nearest name, if there is one, and all
 * names: "Did you mean times? Valid names are operation, error, times". */
const char *nearest_advice(struct arena *arena, const char *given,
                           const char *const *names, size_t count) NODISCARD;

#endif
