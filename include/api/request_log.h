/*
 * The last calls of each account and region, for people and tests to look back at: a busy
 * test suite pushes out nothing of another's. Kept in memory only.
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
    /* Of all together: beyond it the oldest go, whoever's they are. */
    REQUEST_LOG_MAX_ENTRIES = 16 * REQUEST_LOG_ENTRIES,
    REQUEST_LOG_PATH_BYTES = 200,       /* longer paths are cut */
    REQUEST_LOG_CALLER_BYTES = 129,     /* and access key ids */
    REQUEST_LOG_BODY_BYTES = 8192,      /* longer bodies are left out */
    REQUEST_LOG_BODIES_BYTES = 2097152, /* of all together: the oldest go */
};

/* The body of a request or an answer, as it was sent: it may hold secrets. */
struct request_body {
    const char *bytes; /* NULL: there is none, or it is left out */
    size_t length;
};

/* A call as it is remembered. */
struct request_entry {
    int64_t number; /* counts calls from 1 */
    int64_t time_ms;
    int64_t duration_us;
    char request_id[IDS_UUID_BYTES];
    char method[16];
    char path[REQUEST_LOG_PATH_BYTES];
    char account[SCOPE_ACCOUNT_CHARS + 1];
    char region[SCOPE_REGION_MAX_CHARS + 1];
    char caller[REQUEST_LOG_CALLER_BYTES]; /* the access key id; "": unsigned */
    char fault_id[IDS_RESOURCE_CHARS + 1]; /* of the fault that struck it; "": none */
    const struct operation *op;            /* NULL: none was found */
    const struct service *service;         /* that has it */
    const char *error_name;                /* NULL: success */
    int status;                            /* 0: no answer was sent */
    struct request_body input;
    struct request_body output;
};

struct request_log;

struct request_log *request_log_new(void) NODISCARD;
void request_log_free(struct request_log *log);

/* Copies the entry and its bodies; its number is given by the log. Safe from any thread.
 */
void request_log_add(struct request_log *log, const struct request_entry *entry);

/* Forgets the scope's calls, or all for NULL. */
void request_log_clear(struct request_log *log, const struct scope *scope);

/* Which calls are wanted. */
struct request_query {
    struct scope scope;
    const char *operation; /* as in base/operation_name.h; NULL: any */
    bool errors_only;
    int64_t after; /* only those with a higher number */
};

/* Copies up to `limit` matching calls, oldest first, to `out`, and their bodies to the
 * arena. Answers how many. */
size_t request_log_read(struct request_log *log, const struct request_query *query,
                        size_t limit, struct arena *arena, struct request_entry *out);

#endif
