/*
 * Services and their operations, as tables: one row drives routing, validation, the
 * transaction, the check of the answer, and the documentation.
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

/* What a handler does with the store. */
enum access {
    NO_STORE, /* nothing: no transaction is open */
    READ,
    WRITE,
    WHOLE_STORE, /* all of it is kept, replaced or worked through: none is open either */
};

/* How many calls a second are taken with --throttling aws; 0: any number. */
struct call_rate {
    int per_account;      /* of an account in a region */
    int per_resource;     /* of those, for one resource */
    const char *resource; /* the member of the input that names it */
};

struct operation {
    const char *name;
    const char *method;
    const char *uri; /* a {label} at its end takes the rest of the path */
    int status;      /* of success; 204 comes without a body */
    enum access access;
    struct call_rate rate;
    const struct shape *in;
    const struct shape *out;
    int (*handle)(struct call *call); /* NULL: not implemented yet */
};

struct service {
    const char *name;  /* of the models and the commands: ivs, ivs-realtime */
    const char *title; /* for people */
    /* The service that a signature must name, such as ivs: two services may have the
     * same. NULL: any, and a GET needs no signature. */
    const char *signing_name;
    /* What the names of its real hosts begin with: ivs of ivs.us-west-2.amazonaws.com.
     * NULL: it has none. */
    const char *host_label;
    const char *event_source; /* of its events, such as aws.ivs; NULL: it has none */
    const struct http_header *headers; /* of every answer; end with a NULL name */
    /* The member of an error's body with the message besides `message`, or NULL. */
    const char *error_member;
    /* Adds the members that its errors have besides the message. NULL: they have none. */
    void (*add_error_members)(const struct call *call, cJSON *body);
    bool emulated; /* of AWS: its calls are remembered, and meet faults and call rates */
    const struct quota *quotas; /* end with QUOTAS_END; NULL: it has none */
    const struct operation *operations;
    size_t count;
};

/*
 * The operation of that name, as base/operation_name.h has it, and its service in
 * *service. NULL: *why, a sentence in the arena, says that there is none, or lists the
 * choices if the operations of several services have the name. The list of services ends
 * with NULL.
 */
const struct operation *operation_find(const struct service *const *services,
                                       const char *name, struct arena *arena,
                                       const struct service **service, const char **why);

/* Whether a path is the operation's; *label is then what its {label} took, or "". */
bool operation_takes_path(const struct operation *op, const char *path,
                          const char **label);

#endif
