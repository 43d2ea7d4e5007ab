/*
 * Faults that a test puts: calls of an operation, or of whatever touches a resource,
 * fail, are late, or lose their connection. They belong to the running server: a restart
 * forgets them, a snapshot does not have them.
 */
#ifndef FAULTS_FAULTS_H
#define FAULTS_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/ids.h"
#include "base/scope.h"

enum {
    FAULTS_MAX_IN_SCOPE = 100,
    FAULTS_MAX = 10000, /* of all scopes */
};

/* What becomes of the connection. */
enum fault_connection {
    FAULT_ANSWERS,  /* nothing: an answer is sent */
    FAULT_CLOSE,    /* closed without an answer; the operation does not run */
    FAULT_TRUNCATE, /* the operation runs, and half of its answer's body is sent */
    FAULT_GATEWAY,  /* a gateway answers 503 in HTML; the operation does not run */
};

/* Strings belong to whoever fills it in or asked for it. */
struct fault {
    const char *id;
    const char *operation;    /* as in base/operation_name.h */
    const char *resource_arn; /* only calls that name it; NULL: any */
    const char *error;        /* the name of an error to answer; NULL: none */
    const char *message;      /* of the error; NULL: what it says by default */
    enum fault_connection connection;
    int64_t latency_ms;
    int64_t times;      /* how often it still strikes; negative: without end */
    double probability; /* with which it strikes, 0 to 1 */
    int64_t struck;     /* how often it has */
};

struct faults;

/* `dice` decides on probabilities and outlives the faults. */
struct faults *faults_new(struct ids *dice) NODISCARD;
void faults_free(struct faults *faults);

/* Adds a copy, behind those that are there. -1: there are too many. */
int faults_put(struct faults *faults, struct scope scope,
               const struct fault *fault) NODISCARD;

/* Takes the scope's fault of that id away, or all of them for NULL. -1: there is none of
 * that id. */
int faults_delete(struct faults *faults, struct scope scope, const char *id) NODISCARD;

/* Takes those of all scopes away. */
void faults_delete_all(struct faults *faults);

/* The scope's faults in the order they were put, copied to the arena. Answers how many.
 */
size_t faults_list(struct faults *faults, struct scope scope, struct arena *arena,
                   struct fault **out) NODISCARD;

/* A call that a fault may strike. */
struct fault_target {
    struct scope scope;
    const char *service;
    const char *operation;
    /* Whether the call names the resource. */
    bool (*names)(const void *call, const char *arn);
    const void *call;
};

/*
 * Whether a fault strikes: the first in order that is for this call, has times left and
 * whose dice say so. *out is then its copy in the arena. Costs next to nothing while
 * there are no faults.
 */
bool faults_strike(struct faults *faults, const struct fault_target *target,
                   struct arena *arena, struct fault *out) NODISCARD;

#endif
