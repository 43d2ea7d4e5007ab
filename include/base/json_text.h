/*
 * Strict checks of JSON text, without parsing it into a tree.
 */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attrs.h"

enum { JSON_MAX_DEPTH = 64 };

/*
 * Whether the text is one JSON value. False if it is not JSON by RFC 8259, is not UTF-8,
 * is nested deeper than JSON_MAX_DEPTH, or has the character U+0000 or a lone surrogate
 * in a string: *why is then a sentence that says which.
 */
bool json_check(const char *text, size_t length, const char **why) NODISCARD;

/*
 * Where a text that json_check() rejects is wrong: the line and the column, in
 * characters, both from 1. False if json_check() accepts it.
 */
struct json_place {
    size_t line, column;
};
bool json_fault_place(const char *text, size_t length, struct json_place *out) NODISCARD;

/* "object", "array" or "other"; NULL if json_check() would return false. */
const char *json_kind(const char *text, size_t length) NODISCARD;

#endif
