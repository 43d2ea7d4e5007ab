/*
 * A fast 64-bit hash (FNV-1a) for checksums and derived names. Not for secrets.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

/* The initial value of a hash. */
#define HASH_START UINT64_C(0xcbf29ce484222325)

/* Adds a text and its closing zero, so that ("ab", "c") and ("a", "bc") differ. */
uint64_t hash_text(uint64_t hash, const char *text);

uint64_t hash_number(uint64_t hash, int64_t number);

#endif
