#include "api/request_log.h"

#include "base/hash.h"
#include "base/memory.h"
#include "base/operation_name.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1024 };

/* An entry in two lists, each from old to new: of all entries, and of its caller's. */
struct record {
    struct request_entry entry;
    struct caller *caller;
    struct record *older, *newer;
    struct record *newer_of_caller;
    char *bodies; /* memory of the entry's two bodies; NULL: none */
};

/* An account and region with at least one entry. */
struct caller {
    char account[SCOPE_ACCOUNT_CHARS + 1];
    char region[SCOPE_REGION_MAX_CHARS + 1];
    struct record *oldest, *newest;
    size_t count;
    struct caller *next; /* in the same bucket */
};

struct request_log {
    pthread_mutex_t lock;
    int64_t last_number;
    struct record *oldest, *newest;
    size_t count;
    struct record *with_bodies; /* no older one has bodies; NULL: none has */
    size_t bodies_bytes;
    struct caller *buckets[BUCKETS];
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
    request_log_clear(log, NULL);
    pthread_mutex_destroy(&log->lock);
    free(log);
}

/* The link to the caller, or where it would be if it had entries. */
static struct caller **find_caller(struct request_log *log, const char *account,
                                   const char *region)
{
    uint64_t hash = hash_text(hash_text(HASH_START, account), region);
    struct caller **at = &log->buckets[hash % BUCKETS];

    while (*at != NULL &&
           (strcmp((*at)->account, account) != 0 || strcmp((*at)->region, region) != 0))
        at = &(*at)->next;
    return at;
}

static struct caller *find_or_add(struct request_log *log,
                                  const struct request_entry *entry)
{
    struct caller **at = find_caller(log, entry->account, entry->region);

    if (*at == NULL) {
        *at = mem_zalloc(sizeof(**at));
        snprintf((*at)->account, sizeof((*at)->account), "%s", entry->account);
        snprintf((*at)->region, sizeof((*at)->region), "%s", entry->region);
    }
    return *at;
}

static size_t body_bytes(const struct request_entry *entry)
{
    return entry->input.length + entry->output.length;
}

static void drop_bodies(struct request_log *log, struct record *record)
{
    log->bodies_bytes -= record->bodies != NULL ? body_bytes(&record->entry) : 0;
    free(record->bodies);
    record->bodies = NULL;
    record->entry.input = record->entry.output = (struct request_body){0};
}

/* A body that is too long counts as absent. */
static struct request_body unless_long(struct request_body body)
{
    return body.length <= REQUEST_LOG_BODY_BYTES ? body : (struct request_body){0};
}

/* Copies the body to *at and advances *at beyond the copy. */
static struct request_body copy_body(struct request_body body, char **at)
{
    if (body.length == 0)
        return (struct request_body){.bytes = body.bytes != NULL ? "" : NULL};
    struct request_body copy = {.bytes = *at, .length = body.length};
    /* A false positive, as the sum of two lengths is not 0:
     * NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
    memcpy(*at, body.bytes, body.length);
    *at += body.length;
    return copy;
}

/* Stores the bodies of a new record, the newest, and drops old ones to make room. */
static void keep_bodies(struct request_log *log, struct record *record)
{
    struct request_entry *entry = &record->entry;

    entry->input = unless_long(entry->input);
    entry->output = unless_long(entry->output);
    size_t bytes = body_bytes(entry);
    char *at = record->bodies = bytes > 0 ? mem_alloc(bytes) : NULL;
    entry->input = copy_body(entry->input, &at);
    entry->output = copy_body(entry->output, &at);
    log->bodies_bytes += bytes;
    if (log->with_bodies == NULL)
        log->with_bodies = record;
    while (log->with_bodies != NULL && log->bodies_bytes > REQUEST_LOG_BODIES_BYTES) {
        drop_bodies(log, log->with_bodies);
        log->with_bodies = log->with_bodies->newer;
    }
}

/* Removes a caller's oldest entry from both lists; the caller may have none left. */
static struct record *take_oldest(struct request_log *log, struct caller *caller)
{
    struct record *record = caller->oldest;

    drop_bodies(log, record);
    if (log->with_bodies == record)
        log->with_bodies = record->newer;
    caller->oldest = record->newer_of_caller;
    if (caller->oldest == NULL)
        caller->newest = NULL;
    *(record->older != NULL ? &record->older->newer : &log->oldest) = record->newer;
    *(record->newer != NULL ? &record->newer->older : &log->newest) = record->older;
    caller->count--;
    log->count--;
    return record;
}

static void forget_if_empty(struct request_log *log, struct caller *caller)
{
    if (caller->count > 0)
        return;
    *find_caller(log, caller->account, caller->region) = caller->next;
    free(caller);
}

/* Returns a record to fill: a new one, or the one to be replaced. */
static struct record *make_room(struct request_log *log, struct caller *caller)
{
    if (caller->count == REQUEST_LOG_ENTRIES)
        return take_oldest(log, caller);
    if (log->count < REQUEST_LOG_MAX_ENTRIES)
        return mem_alloc(sizeof(struct record));
    /* The oldest of all is the oldest of its caller. */
    struct caller *other = log->oldest->caller;
    struct record *record = take_oldest(log, other);
    if (other != caller)
        forget_if_empty(log, other);
    return record;
}

void request_log_add(struct request_log *log, const struct request_entry *entry)
{
    pthread_mutex_lock(&log->lock);
    struct caller *caller = find_or_add(log, entry);
    struct record *record = make_room(log, caller);
    *record = (struct record){.entry = *entry, .caller = caller, .older = log->newest};
    record->entry.number = ++log->last_number;
    *(log->newest != NULL ? &log->newest->newer : &log->oldest) = record;
    *(caller->newest != NULL ? &caller->newest->newer_of_caller : &caller->oldest) =
        record;
    log->newest = caller->newest = record;
    keep_bodies(log, record);
    log->count++;
    caller->count++;
    pthread_mutex_unlock(&log->lock);
}

static void forget_caller(struct request_log *log, struct caller *caller)
{
    while (caller->count > 0)
        free(take_oldest(log, caller));
    forget_if_empty(log, caller);
}

void request_log_clear(struct request_log *log, const struct scope *scope)
{
    pthread_mutex_lock(&log->lock);
    struct caller *only =
        scope != NULL ? *find_caller(log, scope->account, scope->region) : NULL;
    if (only != NULL)
        forget_caller(log, only);
    while (scope == NULL && log->oldest != NULL)
        forget_caller(log, log->oldest->caller);
    pthread_mutex_unlock(&log->lock);
}

static bool entry_matches(const struct request_entry *entry,
                          const struct request_query *query)
{
    if (entry->number <= query->after)
        return false;
    if (query->errors_only && entry->status >= 200 && entry->status < 300)
        return false;
    return query->operation == NULL ||
           (entry->op != NULL &&
            operation_name_matches(query->operation, entry->service->name,
                                   entry->op->name));
}

size_t request_log_read(struct request_log *log, const struct request_query *query,
                        size_t limit, struct arena *arena, struct request_entry *out)
{
    size_t count = 0;

    pthread_mutex_lock(&log->lock);
    const struct caller *caller =
        *find_caller(log, query->scope.account, query->scope.region);
    const struct record *record = caller != NULL ? caller->oldest : NULL;
    for (; record != NULL && count < limit; record = record->newer_of_caller) {
        if (!entry_matches(&record->entry, query))
            continue;
        out[count] = record->entry;
        char *at = arena_alloc(arena, body_bytes(&record->entry) + 1);
        out[count].input = copy_body(record->entry.input, &at);
        out[count].output = copy_body(record->entry.output, &at);
        count++;
    }
    pthread_mutex_unlock(&log->lock);
    return count;
}
