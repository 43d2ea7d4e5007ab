#include "warned_internal.h"

#include "base/arena.h"
#include "base/memory.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct warned {
    pthread_mutex_t lock;
    struct arena *arena;
    const char *names[WARNED_MAX];
    size_t count;
};

struct warned *warned_new(void)
{
    struct warned *warned = mem_zalloc(sizeof(*warned));

    pthread_mutex_init(&warned->lock, NULL);
    warned->arena = arena_new();
    return warned;
}

void warned_free(struct warned *warned)
{
    if (warned == NULL)
        return;
    pthread_mutex_destroy(&warned->lock);
    arena_free(warned->arena);
    free(warned);
}

static bool has_name(const struct warned *warned, const char *name)
{
    for (size_t i = 0; i < warned->count; i++) {
        if (strcmp(warned->names[i], name) == 0)
            return true;
    }
    return false;
}

bool warned_is_new(struct warned *warned, const char *name)
{
    pthread_mutex_lock(&warned->lock);
    bool is_new = warned->count < WARNED_MAX && !has_name(warned, name);
    if (is_new)
        warned->names[warned->count++] = arena_strdup(warned->arena, name);
    pthread_mutex_unlock(&warned->lock);
    return is_new;
}
