/*
 * Text from outside is UTF-8, and AWS counts its lengths in Unicode characters.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"

/* Whether the bytes are well-formed UTF-8: no overlong form, no surrogate. */
bool utf8_valid(const char *bytes, size_t length) NODISCARD;

/* A check of text that comes in pieces. All zero: nothing came yet. */
struct utf8_check {
    unsigned char missing;   /* bytes that the last character still lacks */
    unsigned char low, high; /* what the next of them may be */
};

/* Checks the next piece. False as soon as nothing that follows could make the text
 * well-formed; the check is over then. */
bool utf8_check_piece(struct utf8_check *check, const char *bytes,
                      size_t length) NODISCARD;

/* Whether the text may end here. */
bool utf8_check_ends(const struct utf8_check *check) NODISCARD;

/* The number of characters of a valid text. */
size_t utf8_chars(const char *text) NODISCARD;

/* How many of the first `most` bytes of a valid text make up whole characters. */
size_t utf8_prefix(const char *text, size_t most) NODISCARD;

/* Whether every character is a letter, a number or a separator (the Unicode categories
 * L, N and Z), or one of the ASCII characters in `others`. */
bool utf8_all_words_or(const char *text, const char *others) NODISCARD;

#endif
