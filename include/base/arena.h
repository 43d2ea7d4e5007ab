/*
 * Memory that is freed all at once. A request's strings, rows and scratch memory live in
 * its arena and are freed together when the request ends; no part is freed separately.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/attrs.h"

struct arena;

struct arena *arena_new(void) NODISCARD;

/* Frees the arena and everything in it. NULL is fine. */
void arena_free(struct arena *arena);

/* Frees everything except the first chunk, which is reused: earlier contents are gone. */
void arena_reset(struct arena *arena);

/* For AUTO(). */
void arena_done(struct arena **arena);

/* Zeroed memory, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size) NODISCARD;

/* The same, but the contents are undefined. */
void *arena_take(struct arena *arena, size_t size) NODISCARD;

char *arena_strdup(struct arena *arena, const char *text) NODISCARD;

/* Copies `length` bytes and ends them with a zero byte. */
char *arena_strndup(struct arena *arena, const char *text, size_t length) NODISCARD;

/* Concatenates the texts up to a NULL: cheaper than arena_printf(). */
char *arena_join(struct arena *arena, const char *first, ...) NODISCARD SENTINEL;

char *arena_printf(struct arena *arena, const char *format, ...) NODISCARD PRINTF(2, 3);
char *arena_vprintf(struct arena *arena, const char *format, va_list args) NODISCARD
    PRINTF(2, 0);

#endif
