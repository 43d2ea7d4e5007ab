#include "lock_internal.h"

void lock_init(struct store_lock *lock)
{
    pthread_mutex_init(&lock->mutex, NULL);
    pthread_cond_init(&lock->taken, NULL);
    atomic_init(&lock->waiting, 0);
}

void lock_done(struct store_lock *lock)
{
    pthread_cond_destroy(&lock->taken);
    pthread_mutex_destroy(&lock->mutex);
}

void lock_take(struct store_lock *lock)
{
    if (pthread_mutex_trylock(&lock->mutex) != 0) {
        atomic_fetch_add(&lock->waiting, 1);
        pthread_mutex_lock(&lock->mutex);
        atomic_fetch_sub(&lock->waiting, 1);
    }
    lock->turns++;
    if (lock->giving_way > 0)
        pthread_cond_broadcast(&lock->taken);
}

bool lock_is_awaited(const struct store_lock *lock)
{
    return atomic_load(&lock->waiting) > 0;
}

void lock_take_for_step(struct store_lock *lock)
{
    pthread_mutex_lock(&lock->mutex);

    const uint64_t turns = lock->turns;
    lock->giving_way++;
    /* Whoever waits takes the lock while this thread waits for the condition. */
    while (lock_is_awaited(lock) && lock->turns == turns)
        pthread_cond_wait(&lock->taken, &lock->mutex);
    lock->giving_way--;
}

void lock_release(struct store_lock *lock)
{
    pthread_mutex_unlock(&lock->mutex);
}
