/*
 * The public keys that verify playback tokens: ECDSA on the curve P-384, in PEM (a
 * SubjectPublicKeyInfo).
 */
#ifndef BASE_PUBLIC_KEY_H
#define BASE_PUBLIC_KEY_H

#include "base/arena.h"
#include "base/attrs.h"

/* The maximum size; a key of this kind has about 215 bytes. */
enum { PUBLIC_KEY_PEM_MAX_BYTES = 4096 };

/*
 * Reads a text that must be exactly one such key. Returns NULL and sets *fingerprint to
 * the MD5 of the key's DER form, as pairs of lower-case hexadecimal digits separated by
 * colons. If the text is not valid, returns the rest of an error message that begins with
 * the name of the text, such as "must be a PEM public key". Both are in the arena.
 */
const char *public_key_read(struct arena *arena, const char *pem,
                            const char **fingerprint) NODISCARD;

#endif
