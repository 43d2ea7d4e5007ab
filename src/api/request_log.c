#include "api/request_log.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct request_log {
    pthread_mutex_t lock;
    int64_t newest;                                    /* number of the newest entry */
    struct request_entry entries[REQUEST_LOG_ENTRIES]; /* a ring; number 0: empty */
};

struct request_log *request_log_new(void)
{
    struct request_log *log = mem_zalloc(sizeof(*log));

    pthread_mutex_init(&log->lock, NULL);
    return log;
}

void request_log_free(struct request_log *log)
{
    if (log == NULL)
        return;
    pthread_mutex_destroy(&log->lock);
    free(log);
}

void request_log_add(struct request_log *log, const struct request_entry *entry)
{
    pthread_mutex_lock(&log->lock);
    struct request_entry *slot = &log->entries[log->newest % REQUEST_LOG_ENTRIES];
    *slot = *entry;
    slot->number = ++log->newest;
    pthread_mutex_unlock(&log->lock);
}

static bool in_scope(const struct request_entry *entry, const struct scope *scope)
{
    return strcmp(entry->account, scope->account) == 0 &&
           strcmp(entry->region, scope->region) == 0;
}

void request_log_clear(struct request_log *log, const struct scope *scope)
{
    pthread_mutex_lock(&log->lock);
    for (size_t i = 0; i < REQUEST_LOG_ENTRIES; i++) {
        if (scope == NULL || in_scope(&log->entries[i], scope))
            log->entries[i].number = 0;
    }
    pthread_mutex_unlock(&log->lock);
}

static bool matches(const struct request_entry *entry, const struct request_query *query)
{
    if (entry->number <= query->after || !in_scope(entry, &query->scope))
        return false;
    if (query->errors_only && entry->error_name == NULL)
        return false;
    return query->operation == NULL ||
           (entry->operation != NULL && strcmp(entry->operation, query->operation) == 0);
}

size_t request_log_read(struct request_log *log, const struct request_query *query,
                        size_t limit, struct request_entry *out)
{
    size_t count = 0;

    pthread_mutex_lock(&log->lock);
    for (size_t i = 0; i < REQUEST_LOG_ENTRIES && count < limit; i++) {
        /* The slot after the newest is the oldest. */
        size_t at = ((size_t)log->newest + i) % REQUEST_LOG_ENTRIES;
        if (matches(&log->entries[at], query))
            out[count++] = log->entries[at];
    }
    pthread_mutex_unlock(&log->lock);
    return count;
}
