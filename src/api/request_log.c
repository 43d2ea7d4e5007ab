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
    char *origin; /* memory of the entry's origin; NULL: it has none */
};

/* An account and region with at least one entry. */
struct caller {
    char account[SCOPE_ACCOUNT_CHARS + 1];
    char region[SCOPE_REGION_MAX_CHARS + 1];
    struct record *oldest, *newest;
    size_t count;
    struct caller *next; /* in the same bucket */
};

/* Entries that displace only each other. */
struct ring {
    size_t max_of_caller, max;
    struct record *oldest, *newest;
    size_t count;
    struct record *with_bodies; /* no older one has bodies; NULL: none has */
    size_t bodies_bytes;
    struct caller *buckets[BUCKETS];
};

struct request_log {
    pthread_mutex_t lock;
    int64_t last_number; /* of both rings */
    struct ring made;
    struct ring refused;
};

struct request_log *request_log_new(void)
{
    struct request_log *log = mem_zalloc(sizeof(*log));

    pthread_mutex_init(&log->lock, NULL);
    log->made.max_of_caller = REQUEST_LOG_ENTRIES;
    log->made.max = REQUEST_LOG_MAX_ENTRIES;
    log->refused.max_of_caller = REQUEST_LOG_REFUSED_ENTRIES;
    log->refused.max = REQUEST_LOG_MAX_REFUSED_ENTRIES;
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
static struct caller **find_caller(struct ring *ring, const char *account,
                                   const char *region)
{
    uint64_t hash = hash_text(hash_text(HASH_START, account), region);
    struct caller **at = &ring->buckets[hash % BUCKETS];

    while (*at != NULL &&
           (strcmp((*at)->account, account) != 0 || strcmp((*at)->region, region) != 0))
        at = &(*at)->next;
    return at;
}

static struct caller *find_or_add(struct ring *ring, const struct request_entry *entry)
{
    struct caller **at = find_caller(ring, entry->account, entry->region);

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

static void drop_bodies(struct ring *ring, struct record *record)
{
    ring->bodies_bytes -= record->bodies != NULL ? body_bytes(&record->entry) : 0;
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
static void keep_bodies(struct ring *ring, struct record *record)
{
    struct request_entry *entry = &record->entry;

    entry->input = unless_long(entry->input);
    entry->output = unless_long(entry->output);
    size_t bytes = body_bytes(entry);
    char *at = record->bodies = bytes > 0 ? mem_alloc(bytes) : NULL;
    entry->input = copy_body(entry->input, &at);
    entry->output = copy_body(entry->output, &at);
    ring->bodies_bytes += bytes;
    if (ring->with_bodies == NULL)
        ring->with_bodies = record;
    while (ring->with_bodies != NULL && ring->bodies_bytes > REQUEST_LOG_BODIES_BYTES) {
        drop_bodies(ring, ring->with_bodies);
        ring->with_bodies = ring->with_bodies->newer;
    }
}

/* Few calls have an origin, so it has no room in each entry. */
static void keep_origin(struct record *record)
{
    const char *origin = record->entry.origin;

    if (origin == NULL)
        return;
    size_t length = strnlen(origin, REQUEST_LOG_ORIGIN_CHARS);
    record->origin = mem_alloc(length + 1);
    memcpy(record->origin, origin, length);
    record->origin[length] = '\0';
    record->entry.origin = record->origin;
}

/* Removes a caller's oldest entry from both lists; the caller may have none left. */
static struct record *take_oldest(struct ring *ring, struct caller *caller)
{
    struct record *record = caller->oldest;

    drop_bodies(ring, record);
    free(record->origin);
    if (ring->with_bodies == record)
        ring->with_bodies = record->newer;
    caller->oldest = record->newer_of_caller;
    if (caller->oldest == NULL)
        caller->newest = NULL;
    *(record->older != NULL ? &record->older->newer : &ring->oldest) = record->newer;
    *(record->newer != NULL ? &record->newer->older : &ring->newest) = record->older;
    caller->count--;
    ring->count--;
    return record;
}

static void forget_if_empty(struct ring *ring, struct caller *caller)
{
    if (caller->count > 0)
        return;
    *find_caller(ring, caller->account, caller->region) = caller->next;
    free(caller);
}

/* Returns a record to fill: a new one, or the one to be replaced. */
static struct record *make_room(struct ring *ring, struct caller *caller)
{
    if (caller->count == ring->max_of_caller)
        return take_oldest(ring, caller);
    if (ring->count < ring->max)
        return mem_alloc(sizeof(struct record));
    /* The oldest of all is the oldest of its caller. */
    struct caller *other = ring->oldest->caller;
    struct record *record = take_oldest(ring, other);
    if (other != caller)
        forget_if_empty(ring, other);
    return record;
}

/* Links a filled record as the newest of all and of its caller. */
static void append_record(struct ring *ring, struct record *record)
{
    struct caller *caller = record->caller;

    *(ring->newest != NULL ? &ring->newest->newer : &ring->oldest) = record;
    *(caller->newest != NULL ? &caller->newest->newer_of_caller : &caller->oldest) =
        record;
    ring->newest = caller->newest = record;
    ring->count++;
    caller->count++;
}

void request_log_add(struct request_log *log, const struct request_entry *entry)
{
    struct ring *ring = entry->refused ? &log->refused : &log->made;

    pthread_mutex_lock(&log->lock);
    struct caller *caller = find_or_add(ring, entry);
    struct record *record = make_room(ring, caller);
    *record = (struct record){.entry = *entry, .caller = caller, .older = ring->newest};
    record->entry.number = ++log->last_number;
    append_record(ring, record);
    keep_origin(record);
    keep_bodies(ring, record);
    pthread_mutex_unlock(&log->lock);
}

static void forget_caller(struct ring *ring, struct caller *caller)
{
    while (caller->count > 0)
        free(take_oldest(ring, caller));
    forget_if_empty(ring, caller);
}

static void clear_ring(struct ring *ring, const struct scope *scope)
{
    struct caller *only =
        scope != NULL ? *find_caller(ring, scope->account, scope->region) : NULL;

    if (only != NULL)
        forget_caller(ring, only);
    while (scope == NULL && ring->oldest != NULL)
        forget_caller(ring, ring->oldest->caller);
}

void request_log_clear(struct request_log *log, const struct scope *scope)
{
    pthread_mutex_lock(&log->lock);
    clear_ring(&log->made, scope);
    clear_ring(&log->refused, scope);
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

/* The oldest record of the scope, or of all for NULL, in the ring; NULL: there is
 * none. */
static const struct record *oldest_of(struct ring *ring, const struct scope *scope)
{
    if (scope == NULL)
        return ring->oldest;
    const struct caller *caller = *find_caller(ring, scope->account, scope->region);
    return caller != NULL ? caller->oldest : NULL;
}

/* Returns the older of two records and replaces it by the next of its scope, or of all
 * scopes, in its ring; NULL: both are NULL. */
static const struct record *take_older(const struct record **one,
                                       const struct record **other, bool in_scope)
{
    bool is_one =
        *other == NULL || (*one != NULL && (*one)->entry.number < (*other)->entry.number);
    const struct record **at = is_one ? one : other;
    const struct record *record = *at;

    if (record != NULL)
        *at = in_scope ? record->newer_of_caller : record->newer;
    return record;
}

size_t request_log_read(struct request_log *log, const struct request_query *query,
                        size_t limit, struct arena *arena, struct request_entry *out)
{
    const struct record *record;
    size_t count = 0;

    pthread_mutex_lock(&log->lock);
    const struct record *made = oldest_of(&log->made, query->scope);
    const struct record *refused = oldest_of(&log->refused, query->scope);
    while (count < limit &&
           (record = take_older(&made, &refused, query->scope != NULL)) != NULL) {
        if (!entry_matches(&record->entry, query))
            continue;
        out[count] = record->entry;
        char *at = arena_alloc(arena, body_bytes(&record->entry) + 1);
        out[count].input = copy_body(record->entry.input, &at);
        out[count].output = copy_body(record->entry.output, &at);
        if (record->origin != NULL)
            out[count].origin = arena_strdup(arena, record->origin);
        count++;
    }
    pthread_mutex_unlock(&log->lock);
    return count;
}

void request_log_each_scope(struct request_log *log,
                            void (*each)(void *context, struct scope scope,
                                         int64_t calls),
                            void *context)
{
    pthread_mutex_lock(&log->lock);
    for (size_t i = 0; i < BUCKETS; i++) {
        for (const struct caller *c = log->made.buckets[i]; c != NULL; c = c->next)
            each(context, (struct scope){c->account, c->region}, (int64_t)c->count);
    }
    pthread_mutex_unlock(&log->lock);
}
