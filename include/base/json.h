/*
 * JSON on its way in and out.
 *
 * The library that builds the tree is lenient (it takes invalid UTF-8, cuts strings at
 * \u0000, recurses a thousand levels), so what comes from outside gets a strict reading
 * first.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"

enum { JSON_MAX_DEPTH = 64 };

/*
 * Parses one JSON value that fills the text. NULL if the text is not JSON by RFC 8259,
 * is not UTF-8, is nested deeper than JSON_MAX_DEPTH, or has the character U+0000 or a
 * lone surrogate in a string: *why is then a sentence about it. The caller deletes the
 * tree.
 */
cJSON *json_read(const char *text, size_t length, const char **why) NODISCARD;

/* A value from JSON text that this program stored itself. The caller deletes it. */
cJSON *json_stored(const char *text) NODISCARD;

/* Deletes a tree. For AUTO(). */
void json_done(cJSON **tree);

/* Members of an object that is known to be valid; NULL counts as an empty object. */
bool json_has(const cJSON *object, const char *name);
const char *json_string_or(const cJSON *object, const char *name, const char *absent);

/* Whether a string of the tree, at whatever depth, is this text. NULL is an empty tree.
 */
bool json_holds_text(const cJSON *tree, const char *text);

/* Deletes every member of that name, in one pass. */
void json_remove_all(cJSON *object, const char *name);

/* The text of a value, in the arena. */
const char *json_text(struct arena *arena, const cJSON *value) NODISCARD;

/* Adds a string. Neither name nor text is copied: they must live as long as the tree, as
 * what is static and what is in a call's arena does. */
void json_add_text(cJSON *object, const char *name, const char *text);

/* Adds a member whose text was stored by this program: it is printed as it stands. */
void json_add_stored(cJSON *object, const char *name, const char *text);

/* The text of a value, from malloc(). */
char *json_print(const cJSON *value) NODISCARD;

/* Makes the JSON library's memory ours, which never runs out silently. Call once, before
 * any other use of JSON. */
void json_init(void);

/*
 * From now on the JSON that this thread makes lives in the arena, and deleting it does
 * nothing: building and dropping a tree then costs little. NULL: back to malloc(). What
 * was made before must not be deleted meanwhile. Answers what was set before.
 */
struct arena *json_live_in(struct arena *arena);

#endif
