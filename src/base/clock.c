#include "base/clock.h"

#include "base/memory.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct clock {
    bool stopped;
    _Atomic int64_t offset_ms; /* of a stopped clock: the time it shows */
};

struct clock *clock_new(void)
{
    return mem_zalloc(sizeof(struct clock));
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
    free(clock);
}

int64_t clock_now_ms(struct clock *clock)
{
    int64_t offset_ms = atomic_load(&clock->offset_ms);
    struct timespec now;

    if (clock->stopped)
        return offset_ms;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + offset_ms;
}

void clock_advance(struct clock *clock, int64_t by_ms)
{
    atomic_fetch_add(&clock->offset_ms, by_ms);
}

const char *clock_text(struct arena *arena, int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm utc;
    char text[sizeof("-2147483648-12-31T23:59:59Z")];

    gmtime_r(&seconds, &utc);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return arena_strdup(arena, text);
}
