/*
 * Services and their operations, as tables: one row drives routing, validation, the
 * transaction, the check of the answer, and the documentation.
 */
#ifndef API_SERVICE_H
#define API_SERVICE_H

#include <stddef.h>

#include "api/quota.h"
#include "api/shape.h"

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
    const char *name;  /* ivs: of the models, the commands and the signatures */
    const char *title; /* for people */
    /* What a signature must be for, such as ivs. NULL: anything, and a GET needs none. */
    const char *signing_name;
    /* The member of an error's body that says the message besides `message`, or NULL. */
    const char *error_member;
    bool emulated; /* of AWS: its calls are remembered, and meet faults and call rates */
    const struct quota *quotas; /* end with QUOTAS_END; NULL: it has none */
    const struct operation *operations;
    size_t count;
};

/* The operation of that name, and its service in *service; NULL: there is none. The list
 * of services ends with NULL. */
const struct operation *operation_find(const struct service *const *services,
                                       const char *name, const struct service **service);

/* The operation that a method and a path mean, its service and what its {label} took, or
 * NULL. */
const struct operation *operation_route(const struct service *const *services,
                                        const char *method, const char *path,
                                        const struct service **service,
                                        const char **label);

/* Whether a path is the operation's; *label is then what its {label} took, or "". */
bool operation_takes_path(const struct operation *op, const char *path,
                          const char **label);

#endif
