#include "api/arrivals.h"

#include "base/deadline.h"
#include "base/memory.h"
#include "data/topics.h"

#include <pthread.h>
#include <stdlib.h>

struct arrivals {
    struct store *store;
    pthread_mutex_t lock; /* for everything below */
    pthread_cond_t changed;
    uint64_t commits;
    uint64_t replacements;
    size_t waiting;
    bool stopping;
};

static void count_commit(void *context, uint32_t topics)
{
    struct arrivals *arrivals = context;

    (void)topics;
    pthread_mutex_lock(&arrivals->lock);
    arrivals->commits++;
    pthread_cond_broadcast(&arrivals->changed);
    pthread_mutex_unlock(&arrivals->lock);
}

/* The listeners are called later, which wakes the calls that wait. */
static void count_replacement(void *context, struct txn *txn)
{
    struct arrivals *arrivals = context;

    (void)txn;
    pthread_mutex_lock(&arrivals->lock);
    arrivals->replacements++;
    pthread_mutex_unlock(&arrivals->lock);
}

struct arrivals *arrivals_new(struct store *store)
{
    struct arrivals *arrivals = mem_zalloc(sizeof(*arrivals));

    arrivals->store = store;
    pthread_mutex_init(&arrivals->lock, NULL);
    deadline_cond_init(&arrivals->changed);
    store_add_mirror(store, count_replacement, arrivals);
    store_add_listener(store, TOPIC_EVENTS, count_commit, arrivals);
    return arrivals;
}

void arrivals_free(struct arrivals *arrivals)
{
    if (arrivals == NULL)
        return;
    store_remove_listener(arrivals->store, arrivals);
    store_remove_mirror(arrivals->store, arrivals);
    pthread_cond_destroy(&arrivals->changed);
    pthread_mutex_destroy(&arrivals->lock);
    free(arrivals);
}

bool arrivals_enter(struct arrivals *arrivals)
{
    pthread_mutex_lock(&arrivals->lock);
    bool has_room = arrivals->waiting < ARRIVALS_MAX_WAITING;
    arrivals->waiting += has_room;
    pthread_mutex_unlock(&arrivals->lock);
    return has_room;
}

void arrivals_leave(struct arrivals *arrivals)
{
    pthread_mutex_lock(&arrivals->lock);
    arrivals->waiting--;
    pthread_mutex_unlock(&arrivals->lock);
}

size_t arrivals_waiting(struct arrivals *arrivals)
{
    pthread_mutex_lock(&arrivals->lock);
    size_t waiting = arrivals->waiting;
    pthread_mutex_unlock(&arrivals->lock);
    return waiting;
}

uint64_t arrivals_commits(struct arrivals *arrivals)
{
    pthread_mutex_lock(&arrivals->lock);
    uint64_t commits = arrivals->commits;
    pthread_mutex_unlock(&arrivals->lock);
    return commits;
}

uint64_t arrivals_replacements(struct arrivals *arrivals)
{
    pthread_mutex_lock(&arrivals->lock);
    uint64_t replacements = arrivals->replacements;
    pthread_mutex_unlock(&arrivals->lock);
    return replacements;
}

bool arrivals_wait(struct arrivals *arrivals, uint64_t seen, const struct timespec *until)
{
    int code = 0;

    pthread_mutex_lock(&arrivals->lock);
    while (!arrivals->stopping && arrivals->commits == seen && code == 0)
        code = pthread_cond_timedwait(&arrivals->changed, &arrivals->lock, until);
    bool goes_on = !arrivals->stopping;
    pthread_mutex_unlock(&arrivals->lock);
    return goes_on;
}

void arrivals_stop(struct arrivals *arrivals)
{
    if (arrivals == NULL)
        return;
    pthread_mutex_lock(&arrivals->lock);
    arrivals->stopping = true;
    pthread_cond_broadcast(&arrivals->changed);
    pthread_mutex_unlock(&arrivals->lock);
}
