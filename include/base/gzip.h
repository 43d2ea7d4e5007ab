/*
 * Compression in the format gzip (RFC 1952).
 */
#ifndef BASE_GZIP_H
#define BASE_GZIP_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"

/* The bytes as one compressed member without a name and a time, so that the same bytes
 * give the same result, and its length. */
const char *gzip_compress(struct arena *arena, const char *bytes, size_t length,
                          size_t *out_length) NODISCARD;

#endif
