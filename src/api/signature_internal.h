/*
 * The steps of verifying a signature.
 */
#ifndef API_SIGNATURE_INTERNAL_H
#define API_SIGNATURE_INTERNAL_H

#include <stdbool.h>

#include "api/credential.h"
#include "api/signature.h"

/* What a request says of its own signature; NULL or "": it does not say. */
struct claim {
    bool presigned;
    const char *algorithm;
    const char *credential;
    const char *signature;
    const char *signed_headers;
    const char *date;
    const char *expires; /* presigned requests only, which need not say it */
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

/* Says why, and returns -1. */
int signature_refuse(struct verification *v, const struct error_kind *kind,
                     const char *format, ...) PRINTF(3, 4);

/* The same, with the text that the error has. */
int signature_refuse_plainly(struct verification *v, const struct error_kind *kind);

/* A text as it can be quoted in an answer: "" unless it is visible ASCII. */
const char *signature_quote(const char *text);

/* Reads v->claim from the header or the query. 0, or -1: it is refused. */
int signature_read_claim(struct verification *v) NODISCARD;

#endif
