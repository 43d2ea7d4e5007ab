/*
 * One call of an operation, from the request to the answer.
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

/* What is to be forgotten with a call: the later means more. */
enum forget { FORGET_NOTHING, FORGET_SCOPE, FORGET_ALL };

/* What an error is about, for the services whose errors say that in members of their own.
 */
struct error_details {
    const char *arn; /* of the resource; NULL: none is meant */
    int64_t limit;   /* that is used up: a quota or a call rate */
};

struct call {
    struct emulator *emu;
    struct arena *arena; /* everything below that is not said otherwise lives here */

    /* The request: set before the dispatcher gets the call. */
    const char *method;
    struct uri uri;
    const char *body;
    size_t body_length;
    bool body_too_large;    /* it was over CALL_BODY_MAX_BYTES; `body` is then cut */
    struct scope scope;     /* who is calling */
    const char *caller;     /* the access key id; "": the call is not signed */
    const char *signed_for; /* the service that the signature names, or "" */
    const char *host;       /* that the caller used: a name or address and maybe a port */
    char request_id[IDS_UUID_BYTES];

    /* Set by call_route(). */
    const struct service *service;
    const struct operation *op;
    const char *label; /* what the path gave for the URI's {label}, or "" */

    /* For the handler: set by the dispatcher. */
    const struct fault *fault; /* that strikes the call; NULL: none */
    int64_t now_ms;            /* one time for the whole call */
    struct txn *txn;           /* NULL: the operation has no transaction */
    cJSON *in;                 /* valid by the input shape */
    cJSON *out;                /* an object to fill by the output shape */
    const char *text;          /* to be answered as it is instead; NULL: `out` is */

    struct call *whole; /* that this one is a part of; NULL: it stands alone */

    /* The outcome. */
    const struct error_kind *error; /* NULL: success */
    const char *error_message;
    struct error_details error_details;
    enum forget forget;
    bool keep_changes; /* commit although the call failed: it wrote what tells of that */
    int status;        /* 0: a fault keeps the answer from being sent */
    char *answer;      /* the body, from malloc(), owned by the call; NULL: none */
};

void call_init(struct call *call, struct emulator *emu, struct arena *arena);

/* A call that is a part of another: by the same caller, at the same time, in the same
 * transaction. */
void call_init_part(struct call *part, struct call *whole);

/* Gives back what does not live in the arena. Also for AUTO(). */
void call_done(struct call *call);

/* When the call has succeeded and its changes last, memory forgets what it holds of the
 * caller's scope, or of all: see emulator_forget(). */
void call_forget(struct call *call, enum forget what);

/*
 * Records an error of the caller's and returns -1. The first one recorded stays.
 */
int call_fail(struct call *call, const struct error_kind *kind, const char *format, ...)
    PRINTF(3, 4);

/* The same with what the error is about. */
int call_fail_about(struct call *call, const struct error_kind *kind,
                    struct error_details details, const char *format, ...) PRINTF(4, 5);

/* Records that we failed and returns -1: the reason is in the log already. */
int call_fail_internal(struct call *call);

/* Records that the body is too large and returns -1. */
int call_fail_too_large(struct call *call);

/* Records `Resource: <arn> not found` and returns -1. */
int call_fail_not_found(struct call *call, const char *arn);

/*
 * What became of a look-up or a change: 0 for DB_ROW; -1 with "not found" recorded for
 * DB_NONE, or an internal error for DB_ERROR.
 */
int call_found(struct call *call, enum db_result result, const char *arn) NODISCARD;

/* 0 unless the result is DB_ERROR: then -1, and an internal error is recorded. */
int call_db(struct call *call, enum db_result result) NODISCARD;

/*
 * Members of the input. Asking for a member that the operation's input shape does not
 * have stops the program: a misspelt name dies in its first test.
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
