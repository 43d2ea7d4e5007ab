/*
 * SHA-256 and HMAC-SHA-256.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"

enum { DIGEST_SHA256_BYTES = 32 };

void digest_sha256(const void *bytes, size_t length,
                   unsigned char out[DIGEST_SHA256_BYTES]);

void digest_hmac_sha256(const void *key, size_t key_length, const void *bytes,
                        size_t length, unsigned char out[DIGEST_SHA256_BYTES]);

/* Two lower-case hexadecimal digits for each byte. */
const char *digest_hex(struct arena *arena, const unsigned char *bytes,
                       size_t length) NODISCARD;

/* Whether both are equal, found out in a time that does not tell where they differ. */
bool digest_equal(const void *a, const void *b, size_t length);

#endif
