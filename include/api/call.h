/*
 * One call of an operation, from the request to the response.
 */
#ifndef API_CALL_H
#define API_CALL_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/emulator.h"
#include "api/errors.h"
#include "api/service.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/scope.h"
#include "base/uri.h"
#include "store/txn.h"

enum { CALL_BODY_MAX_BYTES = 1024 * 1024 };

/* What an error is about, for the services whose errors have members for it. */
struct error_details {
    const char *arn;    /* of the resource; NULL: does not apply */
    const char *member; /* of the input, such as tags.team; NULL: does not apply */
    int64_t limit;      /* that is exceeded: a quota or a call rate */
};

struct call {
    struct emulator *emu;
    struct arena *arena; /* everything below lives here unless stated otherwise */

    /* The request: set before the dispatcher gets the call. */
    const char *method;
    struct uri uri;
    const char *body;
    size_t body_length;
    bool body_too_large;    /* it exceeded CALL_BODY_MAX_BYTES; `body` is truncated */
    struct scope scope;     /* of the caller, or as the input chooses */
    const char *caller;     /* the access key id; "": the call is not signed */
    const char *signed_for; /* the service that the signature names, or "" */
    const char *origin;     /* of the web page that made it; NULL: it is not known */
    const char *host;       /* name or address that the caller used, maybe with a port */
    const char *last_entry; /* of the header Last-Event-ID; NULL: absent */
    char request_id[IDS_UUID_BYTES];

    /* Set by call_route(). */
    const struct service *service;
    const struct operation *op;
    const char *label; /* the value of the URI's {label}, or "" */

    /* For the handler: set by the dispatcher. */
    const struct fault *fault; /* that applies to the call; NULL: none */
    int64_t now_ms;            /* one time for the whole call */
    struct txn *txn;           /* NULL: the operation has no transaction */
    cJSON *in;                 /* valid according to the input shape */
    cJSON *out;                /* an object to fill according to the output shape */
    const char *text;          /* a body to send verbatim; NULL: `out` is sent */
    struct watcher *watcher;   /* whose stream is the body, owned by the call; or NULL */

    struct call *whole; /* the call that this one is a part of; NULL: none */

    /* The outcome. */
    const struct error_kind *error; /* NULL: success */
    const char *error_message;
    struct error_details error_details;
    bool keep_changes; /* commit although the call failed: it wrote events about that */
    int status;        /* 0: a fault prevents the response */
    char *response; /* the response body, from malloc(), owned by the call; NULL: none */
};

void call_init(struct call *call, struct emulator *emu, struct arena *arena);

/* Makes `part` a part of another call: same caller, same time, same transaction. */
void call_init_part(struct call *part, struct call *whole);

/* Frees what does not live in the arena. Also for AUTO(). */
void call_done(struct call *call);

/* Once the transaction of the call is committed, drops what memory holds of the scope, or
 * of all scopes for NULL: see emulator_forget(). Its strings live in the call's arena. */
void call_forget(struct call *call, const struct scope *scope);

/*
 * Records a client error and returns -1. The first error recorded is kept.
 */
int call_fail(struct call *call, const struct error_kind *kind, const char *format, ...)
    PRINTF(3, 4);

/* The same, with details of what the error is about. */
int call_fail_about(struct call *call, const struct error_kind *kind,
                    struct error_details details, const char *format, ...) PRINTF(4, 5);

/* Records an internal error and returns -1. The reason has already been logged. */
int call_fail_internal(struct call *call);

/* Records that the body is too large and returns -1. */
int call_fail_too_large(struct call *call);

/* Records `Resource: <arn> not found` and returns -1. */
int call_fail_not_found(struct call *call, const char *arn);

/*
 * Maps the result of a look-up or a change: 0 for DB_ROW; -1 with "not found" recorded
 * for DB_NONE, or an internal error for DB_ERROR.
 */
int call_found(struct call *call, enum db_result result, const char *arn) NODISCARD;

/* Returns 0 unless the result is DB_ERROR: then -1, and an internal error is recorded. */
int call_db(struct call *call, enum db_result result) NODISCARD;

/*
 * Members of the input. Asking for a member that the operation's input shape does not
 * have stops the program, so a misspelt name fails in its first test.
 */
const cJSON *in_item(const struct call *call, const char *name); /* NULL: absent */
bool in_has(const struct call *call, const char *name);
const char *in_string(const struct call *call, const char *name); /* NULL: absent */
const char *in_string_or(const struct call *call, const char *name, const char *absent);
bool in_bool_or(const struct call *call, const char *name, bool absent);
int64_t in_time_ms_or(const struct call *call, const char *name, int64_t absent);
int64_t in_int_or(const struct call *call, const char *name, int64_t absent);
double in_number_or(const struct call *call, const char *name, double absent);

#endif
