/*
 * The list of listeners called after a commit. It has its own lock, so that the store is
 * free while they are called.
 */
#ifndef STORE_LISTENERS_INTERNAL_H
#define STORE_LISTENERS_INTERNAL_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

enum { LISTENERS_MAX = 32 };

struct listener {
    uint32_t topics;
    void (*notify)(void *context, uint32_t topics);
    void *context;
};

struct listeners {
    pthread_mutex_t
        lock; /* held while they are called; no listener waits for the store */
    struct listener all[LISTENERS_MAX];
    size_t count;
};

void listeners_init(struct listeners *listeners);
void listeners_done(struct listeners *listeners);

void listeners_add(struct listeners *listeners, const struct listener *listener);

/* Returns when no call with that context is in progress. */
void listeners_remove(struct listeners *listeners, const void *context);

/* Calls the listeners to any of the topics, in the order in which they were added. */
void listeners_notify(struct listeners *listeners, uint32_t topics);

#endif
