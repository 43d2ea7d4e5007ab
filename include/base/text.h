/*
 * Small questions about strings.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

bool text_starts_with(const char *text, const char *prefix);
bool text_ends_with(const char *text, const char *suffix);

enum text_kinds { TEXT_DIGITS = 1, TEXT_LOWER = 2, TEXT_UPPER = 4 };

/* How many characters from the first on are of these kinds, of ASCII, or among `others`:
 * strspn(), which makes itself a table at each call, takes ten times as long. */
size_t text_span(const char *text, unsigned kinds, const char *others);

/* Copies as much as there is room for, and ends it with a zero byte. */
void text_copy(char *to, size_t room, const char *from);

#endif
