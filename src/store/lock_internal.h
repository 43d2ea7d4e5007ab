/*
 * The lock of a store, which lets a long task give way to others.
 */
#ifndef STORE_LOCK_INTERNAL_H
#define STORE_LOCK_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct store_lock {
    pthread_mutex_t mutex;
    atomic_uint waiting; /* threads that wait in lock_take() */
    pthread_cond_t taken;
    uint64_t turns; /* how often lock_take() took it; under the mutex, like the next */
    unsigned giving_way; /* threads that wait for another turn */
};

void lock_init(struct store_lock *lock);
void lock_done(struct store_lock *lock);

void lock_take(struct store_lock *lock);

/*
 * The same for one step of a task that takes the lock many times: a thread that already
 * waits in lock_take() takes it first. A mutex alone would let a thread that releases it
 * take it again at once, however many others wait.
 */
void lock_take_for_step(struct store_lock *lock);

/* Whether a thread waits in lock_take(). */
bool lock_is_awaited(const struct store_lock *lock);

void lock_release(struct store_lock *lock);

#endif
