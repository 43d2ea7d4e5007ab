/*
 * Base64 (RFC 4648): with the standard alphabet and padding (section 4), and with the URL
 * alphabet and no padding (section 5).
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"

const char *base64_encode(struct arena *arena, const unsigned char *bytes,
                          size_t length) NODISCARD;

const char *base64url_encode(struct arena *arena, const unsigned char *bytes,
                             size_t length) NODISCARD;

/*
 * Decodes exactly `length` bytes into `out`. -1, and `out` is undefined, if the text does
 * not encode that many bytes or is not their canonical encoding.
 */
int base64_decode(const char *text, unsigned char *out, size_t length) NODISCARD;
int base64url_decode(const char *text, unsigned char *out, size_t length) NODISCARD;

#endif
