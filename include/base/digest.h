/*
 * SHA-256 and HMAC-SHA-256, and SHA-1 for protocols that still require it.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"

enum { DIGEST_SHA1_BYTES = 20, DIGEST_SHA256_BYTES = 32 };

/* Not secure: for protocols that use it as a checksum. */
void digest_sha1(const void *bytes, size_t length, unsigned char out[DIGEST_SHA1_BYTES]);

void digest_sha256(const void *bytes, size_t length,
                   unsigned char out[DIGEST_SHA256_BYTES]);

void digest_hmac_sha256(const void *key, size_t key_length, const void *bytes,
                        size_t length, unsigned char out[DIGEST_SHA256_BYTES]);

/* A SHA-256 over bytes that arrive in pieces. */
struct digest_stream;

struct digest_stream *digest_stream_new(void) NODISCARD;

void digest_stream_add(struct digest_stream *stream, const void *bytes, size_t length);

/* The SHA-256 of all bytes added so far. Nothing may be added afterwards. */
void digest_stream_end(struct digest_stream *stream,
                       unsigned char out[DIGEST_SHA256_BYTES]);

/* NULL is fine. */
void digest_stream_free(struct digest_stream *stream);

/* For AUTO(). */
void digest_stream_done(struct digest_stream **stream);

/* Two lower-case hexadecimal digits for each byte. */
const char *digest_hex(struct arena *arena, const unsigned char *bytes,
                       size_t length) NODISCARD;

/* Whether both are equal, compared in constant time. */
bool digest_equal(const void *a, const void *b, size_t length);

#endif
