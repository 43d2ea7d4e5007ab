/*
 * Signatures of requests to AWS: Signature Version 4.
 */
#ifndef EVENTS_SIGN_INTERNAL_H
#define EVENTS_SIGN_INTERNAL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "http/client.h"

/* Who signs, for what and when. */
struct signer {
    const char *key_id;
    const char *secret;
    const char *region;
    const char *service;
    const char *date; /* of sign_date(); also sent as x-amz-date */
};

/* What is signed: all of it must be sent as it stands here. */
struct sign_request {
    const char *method;
    const char *path;                  /* percent-encoded */
    const char *query;                 /* percent-encoded and in order; "": none */
    const struct http_header *headers; /* lower-case names in order; ends with NULL */
    const char *body;
    size_t body_length;
};

/* 20150830T123600Z */
const char *sign_date(struct arena *arena, int64_t time_ms) NODISCARD;

/* The value of the Authorization header. */
const char *sign_authorization(struct arena *arena, const struct signer *signer,
                               const struct sign_request *request) NODISCARD;

#endif
