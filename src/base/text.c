#include "base/text.h"

#include <string.h>

bool text_starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends_with(const char *text, const char *suffix)
{
    size_t length = strlen(text), tail = strlen(suffix);

    return length >= tail && strcmp(text + length - tail, suffix) == 0;
}

static bool is_of(char c, unsigned kinds, const char *others)
{
    if ((c >= 'a' && c <= 'z' && (kinds & TEXT_LOWER) != 0) ||
        (c >= '0' && c <= '9' && (kinds & TEXT_DIGITS) != 0) ||
        (c >= 'A' && c <= 'Z' && (kinds & TEXT_UPPER) != 0))
        return true;
    while (*others != '\0' && *others != c)
        others++;
    return *others != '\0';
}

size_t text_span(const char *text, unsigned kinds, const char *others)
{
    size_t length = 0;

    while (text[length] != '\0' && is_of(text[length], kinds, others))
        length++;
    return length;
}

void text_copy(char *to, size_t room, const char *from)
{
    size_t length = strnlen(from, room - 1);

    memcpy(to, from, length);
    to[length] = '\0';
}
