#include "base/arena.h"

#include "base/memory.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Enough for nearly every request, so that one malloc serves it. */
enum { FIRST_CHUNK_BYTES = 4096, NEXT_CHUNK_BYTES = 16384 };

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
    /* The arena itself is the first piece cut from its first chunk. */
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

void arena_done(struct arena **arena)
{
    arena_free(*arena);
}

/* Room for `size` bytes, contents undefined. */
static void *take(struct arena *arena, size_t size)
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
    return memset(take(arena, size), 0, size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy = take(arena, length + 1);

    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;

    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    char *text = take(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
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
