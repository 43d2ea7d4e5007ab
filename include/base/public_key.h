/*
 * The public keys that playback tokens are verified with: ECDSA on the curve P-384, in
 * PEM (a SubjectPublicKeyInfo).
 */
#ifndef BASE_PUBLIC_KEY_H
#define BASE_PUBLIC_KEY_H

#include "base/arena.h"
#include "base/attrs.h"

/* The most that is read; a key of this kind has some 215. */
enum { PUBLIC_KEY_PEM_MAX_BYTES = 4096 };

/*
 * Reads a text that must be one such key and nothing else. NULL, and *fingerprint is
 * set: the MD5 of the key's DER form as pairs of lower-case hexadecimal digits with
 * colons between them. Or what is wrong with the text, as the rest of a sentence that
 * begins with its name, such as "must be a PEM public key". Both are in the arena.
 */
const char *public_key_read(struct arena *arena, const char *pem,
                            const char **fingerprint) NODISCARD;

#endif
