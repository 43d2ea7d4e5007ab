#include "base/memory.h"

#include "base/bug.h"

#include <stdlib.h>

static void *require_memory(void *memory, size_t size)
{
    if (memory == NULL)
        BUG("out of memory (%zu bytes)", size);
    return memory;
}

/* malloc(0) may return NULL, which would look like exhaustion: ask for one byte. */
static size_t at_least_one(size_t size)
{
    return size > 0 ? size : 1;
}

void *mem_alloc(size_t size)
{
    return require_memory(malloc(at_least_one(size)), size);
}

void *mem_zalloc(size_t size)
{
    return require_memory(calloc(1, at_least_one(size)), size);
}

void *mem_realloc(void *old, size_t size)
{
    return require_memory(realloc(old, at_least_one(size)), size);
}
