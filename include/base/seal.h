/*
 * Authenticated encryption of short texts that others keep for us and must neither read
 * nor change: AES-256-GCM (NIST SP 800-38D).
 */
#ifndef BASE_SEAL_H
#define BASE_SEAL_H

#include <stddef.h>

#include "base/attrs.h"

enum {
    SEAL_KEY_BYTES = 32,
    SEAL_NONCE_BYTES = 12, /* at the beginning of what is sealed */
    SEAL_TAG_BYTES = 16,
    SEAL_OVERHEAD_BYTES = SEAL_NONCE_BYTES + SEAL_TAG_BYTES,
};

/* Encrypts `length` bytes. `out` has room for SEAL_OVERHEAD_BYTES more. The nonce must be
 * another one each time, and random if others seal with the same key. */
void seal_close(const unsigned char key[SEAL_KEY_BYTES],
                const unsigned char nonce[SEAL_NONCE_BYTES], const void *bytes,
                size_t length, unsigned char *out);

/* Decrypts `length` bytes. `out` has room for SEAL_OVERHEAD_BYTES less. -1, and `out` is
 * undefined: they were not sealed with this key, or were changed. */
int seal_open(const unsigned char key[SEAL_KEY_BYTES], const unsigned char *sealed,
              size_t length, unsigned char *out) NODISCARD;

#endif
