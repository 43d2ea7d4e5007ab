/*
 * The steps of verifying a signature.
 */
#ifndef API_SIGNATURE_INTERNAL_H
#define API_SIGNATURE_INTERNAL_H

#include <stdbool.h>

#include "api/credential.h"
#include "api/signature.h"

/* What a request states about its own signature; NULL or "": absent. */
struct claim {
    bool presigned;
    const char *algorithm;
    const char *credential;
    const char *signature;
    const char *signed_headers;
    const char *date;
    const char *expires; /* only in presigned requests, and optional */
    const char *token;
    const char *payload_hash;
};

struct verification {
    struct arena *arena;
    const struct signed_request *request;
    const struct signature_rules *rules;
    struct signature_refusal *refusal;
    struct claim claim;
    struct credential credential;
    const struct access_key *key;
};

/* Records the reason of a refusal and returns -1. */
int signature_refuse(struct verification *v, const struct error_kind *kind,
                     const char *format, ...) PRINTF(3, 4);

/* The same, with the default text of the error. */
int signature_refuse_plainly(struct verification *v, const struct error_kind *kind);

/* Returns a text that can be quoted in a response: "" unless it is visible ASCII. */
const char *signature_quote(const char *text);

/* Reads v->claim from the header or the query. Returns -1 if the request is refused. */
int signature_read_claim(struct verification *v) NODISCARD;

#endif
