/*
 * Services and their operations, as tables: one row drives routing, validation, the
 * transaction, the check of the response, and the documentation.
 */
#ifndef API_SERVICE_H
#define API_SERVICE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "api/quota.h"
#include "api/shape.h"
#include "base/arena.h"
#include "base/http_header.h"

struct call;

/* How a handler uses the store. */
enum access {
    NO_STORE, /* not at all: no transaction is open */
    READ,
    WRITE,
    WRITE_MUCH, /* many changes in one transaction, which may take long */
    STEPS,      /* in several transactions of its own, or in that of a seed: likewise */
    PROBE,      /* one change in a transaction of its own: the handler says whether it was
                 * committed */
    WHOLE_STORE, /* it saves, replaces or traverses all of it, without an open
                  * transaction: likewise */
    WAITS,       /* in short transactions of its own, between which it waits for the
                  * changes of other calls: likewise */
};

/* Whether an operation with this access may take long, so that it must not keep a thread
 * from other calls. */
bool access_takes_long(enum access access);

/* The number of calls per second that are accepted with --throttling aws; 0:
 * unlimited. */
struct call_rate {
    int per_account;      /* for an account in a region */
    int per_resource;     /* of those, for one resource */
    const char *resource; /* the input member that names the resource */
};

struct operation {
    const char *name;
    const char *method;
    const char *uri; /* a {label} at its end matches the rest of the path */
    int status; /* of success; a 204 has no body, and is a 200 if a handler adds one */
    enum access access;
    struct call_rate rate;
    const struct shape *in;
    const struct shape *out;
    int (*handle)(struct call *call); /* NULL: not implemented */
};

struct service {
    const char *name;  /* as in the models and the CLI: ivs, ivs-realtime */
    const char *title; /* for display */
    /* The service name that a signature must have, such as ivs; two services may have the
     * same one. NULL: any, and a GET needs no signature. */
    const char *signing_name;
    /* The first label of its real host names: ivs of ivs.us-west-2.amazonaws.com. NULL:
     * it has none. */
    const char *host_label;
    const char *event_source; /* of its events, such as aws.ivs; NULL: it has none */
    const struct http_header *headers; /* of every response; end with a NULL name */
    /* The member of an error's body that repeats `message`, or NULL. */
    const char *error_member;
    /* Adds the members that its errors have besides the message. NULL: they have none. */
    void (*add_error_members)(const struct call *call, cJSON *body);
    bool emulated; /* an AWS service: with a request log, faults and call rates, and
                    * tolerant of unknown members, as AWS is. Others refuse them. */
    /* Sets the scope of a call whose input names one. -1: an error is recorded. NULL: the
     * scope is always the caller's. */
    int (*choose_scope)(struct call *call);
    /* Adds what every successful response has. NULL: nothing. */
    void (*complete)(struct call *call);
    const struct quota *quotas; /* end with QUOTAS_END; NULL: it has none */
    /* Names of what clients ask for by a WebSocket, which faults apply to as to calls;
     * end with NULL. NULL: it has none. */
    const char *const *actions;
    const struct operation *operations;
    size_t count;
};

/*
 * Returns the operation with that name, in the form of base/operation_name.h, and sets
 * *service. Returns NULL if there is none or if operations of several services have the
 * name: *why is a sentence in the arena, which lists the choices if there are any. The
 * list of services ends with NULL.
 */
const struct operation *operation_find(const struct service *const *services,
                                       const char *name, struct arena *arena,
                                       const struct service **service, const char **why);

/*
 * Checks a name, in the form of base/operation_name.h, that selects operations or actions
 * of AWS.
 * Returns NULL, or a sentence in the arena that gives the nearest name and all names.
 */
const char *operation_name_fault(const struct service *const *services, const char *name,
                                 struct arena *arena) NODISCARD;

/* Whether a name, in that form, selects only actions. */
bool operation_name_is_of_actions(const struct service *const *services,
                                  const char *name) NODISCARD;

/* Whether a path matches the operation's; *label is then the value of its {label}, or
 * "". */
bool operation_takes_path(const struct operation *op, const char *path,
                          const char **label);

#endif
