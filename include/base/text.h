/*
 * Small helpers for strings.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

bool text_starts_with(const char *text, const char *prefix);
bool text_ends_with(const char *text, const char *suffix);

enum text_kinds { TEXT_DIGITS = 1, TEXT_LOWER = 2, TEXT_UPPER = 4 };

/* How many characters at the beginning are ASCII characters of these kinds or among
 * `others`. strspn() takes ten times as long, because it builds a table at each call. */
size_t text_span(const char *text, unsigned kinds, const char *others);

/* Copies as much as fits into `room` bytes, including a terminating zero byte. */
void text_copy(char *to, size_t room, const char *from);

#endif
