/*
 * Who is calling, as the credential scope of a SigV4 signature says:
 * <access key id>/<date>/<region>/<service>/aws4_request
 */
#ifndef API_CREDENTIAL_H
#define API_CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/scope.h"

/* The parts of a credential; in the arena. */
struct credential {
    const char *key_id;
    const char *day;
    const char *region;
    const char *service;
    const char *terminator;
};

/* Takes a credential apart. False, with *out untouched: it has not five parts. */
bool credential_read(struct arena *arena, const char *text,
                     struct credential *out) NODISCARD;

/* What separates the parameters of an Authorization header, and the scheme from them. */
#define CREDENTIAL_SEPARATORS " ,\t"

/*
 * The next parameter of an Authorization header, such as Credential=...: *at is where it
 * begins, its length is the answer. 0: there are no more. Pass the end of the last one,
 * or of the scheme, as *at.
 */
size_t credential_parameter(const char **at) NODISCARD;

/* The value of the first parameter that begins with `name`, such as Credential=, or NULL.
 * `parameters` is what stands behind the scheme. */
const char *credential_value(struct arena *arena, const char *parameters,
                             const char *name) NODISCARD;

/* The parts of a request that can hold a signature; NULL: absent. */
struct signature_source {
    const char *authorization;        /* the Authorization header */
    const char *presigned_credential; /* X-Amz-Credential of the query */
};

/* Who is calling. Strings belong to the arena or to the scope of callers that name none.
 */
struct caller {
    struct scope scope;
    const char *key_id;     /* "": the request is not signed */
    const char *signed_for; /* the service that the credential names; "": not signed */
};

/*
 * The caller's access key id, account and region: from the credential scope where the
 * call is signed, else `absent`. The account is the access key id if that is 12 digits,
 * else the one of `absent`. An Authorization header of another scheme counts as none.
 *
 * NULL, and *out is set; or what is wrong with the signature, for an
 * IncompleteSignatureException.
 */
const char *credential_caller(struct arena *arena, const struct signature_source *source,
                              struct scope absent, struct caller *out) NODISCARD;

#endif
