/*
 * Verification of Signature Version 4, in the Authorization header or in the query of a
 * request, with the checks that AWS makes.
 */
#ifndef API_SIGNATURE_H
#define API_SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

#include "api/access_key.h"
#include "api/errors.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/http_header.h"
#include "base/uri.h"

enum {
    SIGNATURE_MAX_SKEW_MS = 5 * 60 * 1000,      /* of clocks. Fidelity: common-auth-8 */
    SIGNATURE_MAX_EXPIRES_S = 7 * 24 * 60 * 60, /* of a presigned request */
    SIGNATURE_MAX_AUTHORIZATION_BYTES = 8 * 1024,
    SIGNATURE_MAX_HEADERS = 100, /* that may be signed */
};

/* Everything in a request that a signature may cover. */
struct signed_request {
    const char *method;
    const char *target;                /* as it was sent */
    const struct uri *uri;             /* the same, parsed */
    const struct http_header *headers; /* as they were sent, in their order */
    const char *body;
    size_t body_length;
};

/* The requirements for a signature. */
struct signature_rules {
    const struct access_keys *keys;
    const char *service; /* that it must be for; NULL: any */
    int64_t now_ms;
};

struct signature_refusal {
    const struct error_kind *kind;
    const char *message; /* in the arena */
};

/* Returns 0, or -1 if the request is refused: *out is the reason. */
int signature_verify(struct arena *arena, const struct signed_request *request,
                     const struct signature_rules *rules,
                     struct signature_refusal *out) NODISCARD;

#endif
