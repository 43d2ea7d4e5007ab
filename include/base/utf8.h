/*
 * Text from external input is UTF-8, and AWS counts its length in Unicode characters.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"

/* Whether the bytes are well-formed UTF-8: no overlong form, no surrogate. */
bool utf8_valid(const char *bytes, size_t length) NODISCARD;

/* How many bytes at the beginning are well-formed UTF-8. */
size_t utf8_valid_length(const char *bytes, size_t length) NODISCARD;

/* Whether the byte of a valid text is not the first one of a character. */
bool utf8_continues(char byte) NODISCARD;

/* The state of a check of text that arrives in pieces. Initially all zero. */
struct utf8_check {
    unsigned char missing;   /* bytes that the last character is still missing */
    unsigned char low, high; /* the range of the next one */
};

/* Checks the next piece. Returns false as soon as the text cannot be well-formed,
 * whatever follows; no further piece may be checked then. */
bool utf8_check_piece(struct utf8_check *check, const char *bytes,
                      size_t length) NODISCARD;

/* Whether the text is complete: it does not end within a character. */
bool utf8_check_ends(const struct utf8_check *check) NODISCARD;

/* The number of characters of a valid text. */
size_t utf8_chars(const char *text) NODISCARD;

/* How many of the first `max_bytes` bytes of a valid text form whole characters. */
size_t utf8_prefix(const char *text, size_t max_bytes) NODISCARD;

/* Whether every character is a letter, a number or a separator (the Unicode categories
 * L, N and Z), or one of the ASCII characters in `others`. */
bool utf8_all_words_or(const char *text, const char *others) NODISCARD;

#endif
