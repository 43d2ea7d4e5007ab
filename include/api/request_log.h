/*
 * The last calls of each account and region, for people and tests to inspect. A busy test
 * suite does not displace the calls of another one. Kept in memory only.
 *
 * Calls that were refused before anybody knew who made them, such as those of a foreign
 * web page, have places of their own, so that they never displace a call that was made.
 * They are listed with the calls of the account and region that they claim.
 */
#ifndef API_REQUEST_LOG_H
#define API_REQUEST_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/service.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/ids.h"
#include "base/scope.h"

enum {
    REQUEST_LOG_ENTRIES = 1000, /* of one account and region */
    /* In all: beyond it the oldest are dropped, regardless of the caller. */
    REQUEST_LOG_MAX_ENTRIES = 16 * REQUEST_LOG_ENTRIES,
    REQUEST_LOG_REFUSED_ENTRIES = 100, /* the same for refused calls */
    REQUEST_LOG_MAX_REFUSED_ENTRIES = 16 * REQUEST_LOG_REFUSED_ENTRIES,
    REQUEST_LOG_PATH_BYTES = 200,       /* longer paths are truncated */
    REQUEST_LOG_CALLER_BYTES = 129,     /* and so are access key ids */
    REQUEST_LOG_ORIGIN_CHARS = 270,     /* and origins, of which the longest has fewer */
    REQUEST_LOG_BODY_BYTES = 8192,      /* longer bodies are omitted */
    REQUEST_LOG_BODIES_BYTES = 2097152, /* in all: the oldest are dropped */
};

/* The body of a request or response, as it was sent: it may hold secrets. */
struct request_body {
    const char *bytes; /* NULL: there is none, or it is omitted */
    size_t length;
};

/* A recorded call. */
struct request_entry {
    int64_t number; /* the sequence number, from 1 */
    bool refused;   /* the account, the region and the caller are only claimed */
    int64_t time_ms;
    int64_t duration_us;
    char request_id[IDS_UUID_BYTES];
    char method[16];
    char path[REQUEST_LOG_PATH_BYTES];
    char account[SCOPE_ACCOUNT_CHARS + 1];
    char region[SCOPE_REGION_MAX_CHARS + 1];
    char caller[REQUEST_LOG_CALLER_BYTES]; /* the access key id; "": unsigned */
    char fault_id[IDS_RESOURCE_CHARS + 1]; /* of the fault that was applied; "": none */
    const char *origin;                    /* of the web page; NULL: it is not known */
    const struct operation *op;            /* NULL: no operation matches */
    const struct service *service;         /* of the operation */
    const char *error_name;                /* NULL: success */
    int status;                            /* 0: no response was sent */
    struct request_body input;
    struct request_body output;
};

struct request_log;

struct request_log *request_log_new(void) NODISCARD;
void request_log_free(struct request_log *log);

/* Copies the entry, its origin and its bodies; the log assigns its number. Thread-safe.
 */
void request_log_add(struct request_log *log, const struct request_entry *entry);

/* Drops the calls of the scope, or all for NULL. */
void request_log_clear(struct request_log *log, const struct scope *scope);

/* Selects calls. */
struct request_query {
    const struct scope *scope; /* NULL: all */
    const char *operation;     /* as in base/operation_name.h; NULL: any */
    bool errors_only;
    int64_t after; /* only those with a higher number */
};

/* Copies up to `limit` matching calls, oldest first, to `out`, and their texts and bodies
 * to the arena. Returns the number of calls. */
size_t request_log_read(struct request_log *log, const struct request_query *query,
                        size_t limit, struct arena *arena, struct request_entry *out);

/* Calls `each` for every scope with calls, with their number. Those that were refused do
 * not count. */
void request_log_each_scope(struct request_log *log,
                            void (*each)(void *context, struct scope scope,
                                         int64_t calls),
                            void *context);

#endif
