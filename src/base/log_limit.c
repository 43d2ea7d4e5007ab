#include "log_limit_internal.h"

#include <string.h>

static struct log_event *find_or_add_event(struct log_limit *limit, const char *name)
{
    for (size_t i = 0; i < limit->count; i++) {
        if (strcmp(limit->events[i].name, name) == 0)
            return &limit->events[i];
    }
    if (limit->count == LOG_LIMITED_EVENTS)
        return &limit->events[LOG_LIMITED_EVENTS - 1];
    struct log_event *event = &limit->events[limit->count++];
    event->name = name;
    return event;
}

static bool period_is_over(const struct log_event *event, int64_t now_ms)
{
    return event->written == 0 || now_ms - event->started_ms >= LOG_PERIOD_MS;
}

static bool was_written(const struct log_event *event, uint64_t hash)
{
    for (size_t i = 0; i < event->written; i++) {
        if (event->hashes[i] == hash)
            return true;
    }
    return false;
}

bool log_limit_take(struct log_limit *limit, const char *event, uint64_t hash,
                    int64_t now_ms)
{
    struct log_event *of = find_or_add_event(limit, event);

    if (period_is_over(of, now_ms)) {
        of->started_ms = now_ms;
        of->written = 0;
    }
    if (of->written == LOG_LINES_PER_PERIOD || was_written(of, hash)) {
        of->left_out++;
        return false;
    }
    of->hashes[of->written++] = hash;
    return true;
}

const char *log_limit_report(struct log_limit *limit, int64_t now_ms, uint64_t *out)
{
    for (size_t i = 0; i < limit->count; i++) {
        struct log_event *event = &limit->events[i];
        if (event->left_out == 0 || !period_is_over(event, now_ms))
            continue;
        *out = event->left_out;
        event->left_out = 0;
        return event->name;
    }
    return NULL;
}

void log_limit_start_again(struct log_limit *limit)
{
    for (size_t i = 0; i < limit->count; i++)
        limit->events[i].written = 0;
}
