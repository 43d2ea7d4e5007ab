#include "base/arena.h"

#include "base/bug.h"
#include "base/memory.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Large enough for nearly every request, so that one malloc serves it. */
enum { FIRST_CHUNK_BYTES = 8192, NEXT_CHUNK_BYTES = 16384 };

enum { JOIN_MAX_PARTS = 16 };

struct chunk {
    struct chunk *older;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct chunk *newest;
};

static struct chunk *chunk_new(struct chunk *older, size_t size)
{
    struct chunk *chunk = mem_alloc(sizeof(*chunk) + size);

    *chunk = (struct chunk){.older = older, .size = size};
    return chunk;
}

struct arena *arena_new(void)
{
    /* The arena itself is the first allocation in its first chunk. */
    struct chunk *first = chunk_new(NULL, FIRST_CHUNK_BYTES);
    struct arena *arena = (struct arena *)(void *)first->bytes;

    first->used = alignof(max_align_t);
    _Static_assert(sizeof(struct arena) <= alignof(max_align_t),
                   "must fit its first slot");
    arena->newest = first;
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    for (struct chunk *chunk = arena->newest, *older; chunk != NULL; chunk = older) {
        older = chunk->older;
        free(chunk);
    }
}

void arena_reset(struct arena *arena)
{
    struct chunk *chunk = arena->newest;

    for (struct chunk *older; chunk->older != NULL; chunk = older) {
        older = chunk->older;
        free(chunk);
    }
    chunk->used = alignof(max_align_t); /* the arena itself */
    arena->newest = chunk;
}

void arena_done(struct arena **arena)
{
    arena_free(*arena);
}

void *arena_take(struct arena *arena, size_t size)
{
    const size_t unit = alignof(max_align_t);
    size_t padded = (size + unit - 1) / unit * unit;
    struct chunk *chunk = arena->newest;

    if (chunk->size - chunk->used < padded) {
        size_t fresh = padded > NEXT_CHUNK_BYTES ? padded : NEXT_CHUNK_BYTES;
        chunk = arena->newest = chunk_new(chunk, fresh);
    }
    void *piece = chunk->bytes + chunk->used;
    chunk->used += padded;
    return piece;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(arena_take(arena, size), 0, size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_take(arena, length + 1);

    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

char *arena_join(struct arena *arena, const char *first, ...)
{
    size_t lengths[JOIN_MAX_PARTS], size = 1, count = 0;
    va_list parts;

    va_start(parts, first);
    for (const char *part = first; part != NULL; part = va_arg(parts, const char *)) {
        if (count == JOIN_MAX_PARTS)
            BUG("more than %d parts to join", JOIN_MAX_PARTS);
        lengths[count] = strlen(part);
        size += lengths[count++];
    }
    va_end(parts);

    char *text = arena_take(arena, size), *end = text;
    const char *part = first;
    va_start(parts, first);
    for (size_t i = 0; i < count; i++, part = va_arg(parts, const char *)) {
        memcpy(end, part, lengths[i]);
        end += lengths[i];
    }
    va_end(parts);
    *end = '\0';
    return text;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    struct chunk *chunk = arena->newest;
    size_t room = chunk->size - chunk->used;
    char *text = (char *)chunk->bytes + chunk->used;
    va_list again;

    /* Formatted in place; only a text that does not fit there is formatted twice. */
    va_copy(again, args);
    size_t size = (size_t)vsnprintf(text, room, format, args) + 1;
    bool fits = size <= room;
    text = arena_take(arena, size);
    if (!fits)
        vsnprintf(text, size, format, again);
    va_end(again);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}
