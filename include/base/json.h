/*
 * Parsing and printing of JSON.
 *
 * The library that builds the tree is lenient (it accepts invalid UTF-8, truncates
 * strings at \u0000, recurses a thousand levels), so external input is checked strictly
 * first.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/json_text.h"

/* Parses one JSON value that fills the text. NULL if json_check() rejects it, or if it
 * has a number that is too long: *why is then a sentence that says which. The caller
 * deletes the tree. */
cJSON *json_read(const char *text, size_t length, const char **why) NODISCARD;

/* A reason of json_read(), with the line and column if json_check() gave it, in the
 * arena. */
const char *json_reason_with_place(struct arena *arena, const char *text, size_t length,
                                   const char *why) NODISCARD;

/*
 * Parses JSON text that this program stored itself. Another program may have changed it
 * since: text that is not JSON is logged, and an empty object takes its place. The caller
 * deletes the value.
 */
cJSON *json_stored(const char *text) NODISCARD;

/* Deletes a tree. For AUTO(). */
void json_done(cJSON **tree);

/* Whether the object has a member of that name; NULL counts as an empty object. */
bool json_has(const cJSON *object, const char *name);

/* The string that is the member of that name; `absent` if it has none. */
const char *json_string_or(const cJSON *object, const char *name, const char *absent);

/* How many objects and arrays are inside each other, as JSON_MAX_DEPTH counts them: 0 for
 * a string, 1 for an empty object. */
int json_depth(const cJSON *tree);

/* Whether any string in the tree, at any depth, equals this text. NULL is an empty
 * tree. */
bool json_holds_text(const cJSON *tree, const char *text);

/* Deletes every member of that name, in one pass. */
void json_remove_all(cJSON *object, const char *name);

/* The text of a value, in the arena. */
const char *json_text(struct arena *arena, const cJSON *value) NODISCARD;

/* Adds a string. Neither name nor text is copied: both must live as long as the tree, as
 * static strings and strings in a call's arena do. */
void json_add_text(cJSON *object, const char *name, const char *text);

/* Adds a member whose JSON text was stored by this program; it is printed unchanged. */
void json_add_stored(cJSON *object, const char *name, const char *text);

/* The text of a value, from malloc(). */
char *json_print(const cJSON *value) NODISCARD;

/* Makes the JSON library use our allocator, which aborts when memory is exhausted. Call
 * it once, before any other use of JSON. */
void json_init(void);

/*
 * From now on, the JSON that this thread creates lives in the arena and deleting it does
 * nothing, so that building and dropping a tree is cheap. NULL: back to malloc(). JSON
 * that was created before must not be deleted in the meantime. Returns the previous
 * arena.
 */
struct arena *json_use_arena(struct arena *arena);

#endif
