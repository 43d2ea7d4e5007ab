#include "base/clock.h"

#include "base/memory.h"
#include "base/timestamp.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A scope whose clock is ahead. */
struct moved {
    char account[SCOPE_ACCOUNT_CHARS + 1];
    char region[SCOPE_REGION_MAX_CHARS + 1];
    int64_t offset_ms;
};

struct clock {
    bool stopped;
    _Atomic int64_t offset_ms; /* of a stopped clock: the time it shows */

    pthread_rwlock_t lock;
    struct moved *moved;       /* under the lock */
    atomic_size_t moved_count; /* changed under the lock; read without it to see if 0 */
};

struct clock *clock_new(void)
{
    struct clock *clock = mem_zalloc(sizeof(*clock));

    pthread_rwlock_init(&clock->lock, NULL);
    return clock;
}

struct clock *clock_new_stopped(int64_t now_ms)
{
    struct clock *clock = clock_new();

    clock->stopped = true;
    atomic_store(&clock->offset_ms, now_ms);
    return clock;
}

void clock_free(struct clock *clock)
{
    if (clock == NULL)
        return;
    pthread_rwlock_destroy(&clock->lock);
    free(clock->moved);
    free(clock);
}

/* What the clock shows, not clamped to the years of the API. */
static int64_t shown_ms(struct clock *clock)
{
    int64_t offset_ms = atomic_load(&clock->offset_ms);
    struct timespec now;

    if (clock->stopped)
        return offset_ms;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + offset_ms;
}

void clock_done(struct clock **clock)
{
    clock_free(*clock);
}

int64_t clock_now_ms(struct clock *clock)
{
    return timestamp_clamp_ms(shown_ms(clock));
}

void clock_advance(struct clock *clock, int64_t by_ms)
{
    atomic_fetch_add(&clock->offset_ms, by_ms);
}

/* The index of the scope among those moved, or their count. Call it under the lock. */
static size_t find_moved(const struct clock *clock, struct scope scope)
{
    size_t at = 0;

    while (at < clock->moved_count &&
           !scope_equals(
               (struct scope){clock->moved[at].account, clock->moved[at].region}, scope))
        at++;
    return at;
}

int64_t clock_offset_ms(struct clock *clock, struct scope scope)
{
    if (atomic_load(&clock->moved_count) == 0)
        return 0;
    pthread_rwlock_rdlock(&clock->lock);
    size_t at = find_moved(clock, scope);
    int64_t offset_ms = at < clock->moved_count ? clock->moved[at].offset_ms : 0;
    pthread_rwlock_unlock(&clock->lock);
    return offset_ms;
}

int64_t clock_scope_ms(struct clock *clock, struct scope scope)
{
    return timestamp_clamp_ms(shown_ms(clock) + clock_offset_ms(clock, scope));
}

bool clock_has_room(struct clock *clock, struct scope scope)
{
    pthread_rwlock_rdlock(&clock->lock);
    bool fits = find_moved(clock, scope) < CLOCK_MAX_MOVED;
    pthread_rwlock_unlock(&clock->lock);
    return fits;
}

int clock_move(struct clock *clock, struct scope scope, int64_t offset_ms)
{
    pthread_rwlock_wrlock(&clock->lock);
    size_t at = find_moved(clock, scope);
    bool fits = at < CLOCK_MAX_MOVED;
    if (fits && at == clock->moved_count) {
        clock->moved = mem_realloc(clock->moved, (at + 1) * sizeof(*clock->moved));
        clock->moved[at] = (struct moved){0};
        strncpy(clock->moved[at].account, scope.account, SCOPE_ACCOUNT_CHARS);
        strncpy(clock->moved[at].region, scope.region, SCOPE_REGION_MAX_CHARS);
        atomic_fetch_add(&clock->moved_count, 1);
    }
    if (fits)
        clock->moved[at].offset_ms = offset_ms;
    pthread_rwlock_unlock(&clock->lock);
    return fits ? 0 : -1;
}

void clock_forget(struct clock *clock, const struct scope *scope)
{
    pthread_rwlock_wrlock(&clock->lock);
    size_t at = scope != NULL ? find_moved(clock, *scope) : 0;
    if (scope == NULL) {
        atomic_store(&clock->moved_count, 0);
    } else if (at < clock->moved_count) {
        atomic_fetch_sub(&clock->moved_count, 1);
        clock->moved[at] = clock->moved[clock->moved_count];
    }
    pthread_rwlock_unlock(&clock->lock);
}

void clock_swap_offsets(struct clock *clock, struct clock *other)
{
    pthread_rwlock_wrlock(&clock->lock);
    struct moved *moved = clock->moved;
    size_t count = clock->moved_count;
    clock->moved = other->moved;
    atomic_store(&clock->moved_count, other->moved_count);
    pthread_rwlock_unlock(&clock->lock);
    other->moved = moved;
    atomic_store(&other->moved_count, count);
}
