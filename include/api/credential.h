/*
 * The identity of a caller, from the credential scope of a SigV4 signature:
 *
 * <access key id>/<date>/<region>/<service>/aws4_request
 */
#ifndef API_CREDENTIAL_H
#define API_CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/scope.h"

/* The parts of a credential. They live in the arena. */
struct credential {
    const char *key_id;
    const char *day;
    const char *region;
    const char *service;
    const char *terminator;
};

/* Parses a credential. Returns false and leaves *out untouched if it does not have five
 * parts. */
bool credential_read(struct arena *arena, const char *text,
                     struct credential *out) NODISCARD;

/* The separators between the scheme and the parameters of an Authorization header. */
#define CREDENTIAL_SEPARATORS " ,\t"

/*
 * Finds the next parameter of an Authorization header, such as Credential=...: sets *at
 * to its beginning and returns its length, or 0 if there are no more. Pass the end of the
 * last one, or of the scheme, as *at.
 */
size_t credential_parameter(const char **at) NODISCARD;

/* Returns the value of the first parameter that begins with `name`, such as Credential=,
 * or NULL. `parameters` is what follows the scheme. */
const char *credential_value(struct arena *arena, const char *parameters,
                             const char *name) NODISCARD;

/* The parts of a request that can hold a signature; NULL: absent. */
struct signature_source {
    const char *authorization;        /* the Authorization header */
    const char *presigned_credential; /* X-Amz-Credential of the query */
};

/* A caller. Strings belong to the arena or to the default scope. */
struct caller {
    struct scope scope;
    const char *key_id;     /* "": the request is not signed */
    const char *signed_for; /* the service that the credential names; "": not signed */
};

/*
 * Reads the caller's access key id, account and region: from the credential scope if the
 * call is signed, else from `absent`. The account is the access key id if that is 12
 * digits, else that of `absent`. An Authorization header with another scheme is ignored.
 *
 * Returns NULL and sets *out, or returns what is invalid in the signature, for an
 * IncompleteSignatureException.
 */
const char *credential_caller(struct arena *arena, const struct signature_source *source,
                              struct scope absent, struct caller *out) NODISCARD;

#endif
