#include "listeners_internal.h"

#include "base/bug.h"

void listeners_init(struct listeners *listeners)
{
    pthread_mutexattr_t attributes;

    listeners->count = 0;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&listeners->lock, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

void listeners_done(struct listeners *listeners)
{
    pthread_mutex_destroy(&listeners->lock);
}

static void lock_listeners(struct listeners *listeners)
{
    if (pthread_mutex_lock(&listeners->lock) != 0)
        BUG("a commit listener commits, or adds or removes listeners");
}

static void unlock_listeners(struct listeners *listeners)
{
    pthread_mutex_unlock(&listeners->lock);
}

void listeners_add(struct listeners *listeners, const struct listener *listener)
{
    lock_listeners(listeners);
    if (listeners->count == LISTENERS_MAX)
        BUG("more than %d commit listeners", LISTENERS_MAX);
    listeners->all[listeners->count++] = *listener;
    unlock_listeners(listeners);
}

void listeners_remove(struct listeners *listeners, const void *context)
{
    size_t kept = 0;

    lock_listeners(listeners);
    for (size_t i = 0; i < listeners->count; i++) {
        if (listeners->all[i].context != context)
            listeners->all[kept++] = listeners->all[i];
    }
    listeners->count = kept;
    unlock_listeners(listeners);
}

void listeners_notify(struct listeners *listeners, uint32_t topics)
{
    if (topics == 0)
        return;
    lock_listeners(listeners);
    for (size_t i = 0; i < listeners->count; i++) {
        const struct listener *listener = &listeners->all[i];
        if ((listener->topics & topics) != 0)
            listener->notify(listener->context, topics);
    }
    unlock_listeners(listeners);
}
