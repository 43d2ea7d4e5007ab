/*
 * Public keys that no other call has.
 */
#ifndef TESTS_SUPPORT_FRESH_KEY_H
#define TESTS_SUPPORT_FRESH_KEY_H

#include "base/arena.h"
#include "base/attrs.h"

/* A new ECDSA key on the curve P-384, as PEM in the arena. It is another one in every
 * run. */
const char *fresh_public_key(struct arena *arena) NODISCARD;

#endif
