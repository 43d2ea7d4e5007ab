/*
 * Signature Version 4 of AWS: what those who sign a request and those who verify it both
 * compute. Documented in the IAM User Guide, "Create a signed AWS API request"; what S3
 * does otherwise, in the Amazon S3 API Reference, "Signature Calculations for the
 * Authorization Header".
 */
#ifndef BASE_SIGV4_H
#define BASE_SIGV4_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/http_header.h"

#define SIGV4_ALGORITHM "AWS4-HMAC-SHA256"
#define SIGV4_TERMINATOR "aws4_request"

/* What S3 takes in place of the hash of a payload that is not signed. */
#define SIGV4_UNSIGNED_PAYLOAD "UNSIGNED-PAYLOAD"

enum { SIGV4_DAY_CHARS = 8 }; /* 20150830, with which a date begins */

/* Who signs, for what and when. */
struct sigv4_signer {
    const char *key_id;
    const char *secret;
    const char *region;
    const char *service;
    const char *date; /* of sigv4_date(); also sent as x-amz-date */
};

/* What is signed. */
struct sigv4_request {
    const char *method;
    const char *path;                  /* of sigv4_path() or sigv4_s3_path() */
    const char *query;                 /* of sigv4_query() */
    const struct http_header *headers; /* lower-case names in order; sigv4_value()s */
    const char *payload_hash;          /* of sigv4_payload_hash(), or for S3
                                          SIGV4_UNSIGNED_PAYLOAD */
};

/* 20150830T123600Z */
const char *sigv4_date(struct arena *arena, int64_t time_ms) NODISCARD;

/* The time that such a text means. -1, with *out_ms untouched: it is none. */
int sigv4_read_date(const char *text, int64_t *out_ms) NODISCARD;

/*
 * The canonical form of a path as it is sent, for all services but S3: without empty, .
 * and .. segments, and with what is percent-encoded in it encoded once more.
 */
const char *sigv4_path(struct arena *arena, const char *path) NODISCARD;

/*
 * The same for S3, where a path holds the key of an object: all segments remain, and each
 * byte is encoded once, in one way only. An encoded slash stays encoded.
 */
const char *sigv4_s3_path(struct arena *arena, const char *path) NODISCARD;

/*
 * The canonical form of a query as it is sent: each name and value encoded in one way
 * only, in order. A + means itself (Fidelity: common-auth-9). Pairs of the name `without`
 * are left out; NULL: none.
 */
const char *sigv4_query(struct arena *arena, const char *query,
                        const char *without) NODISCARD;

/* The canonical form of a header's value: trimmed, each run of white space one space. */
const char *sigv4_value(struct arena *arena, const char *value) NODISCARD;

const char *sigv4_payload_hash(struct arena *arena, const char *body,
                               size_t length) NODISCARD;

/* The signature, in lower-case hexadecimal digits. */
const char *sigv4_signature(struct arena *arena, const struct sigv4_signer *signer,
                            const struct sigv4_request *request) NODISCARD;

/* The value of the Authorization header. */
const char *sigv4_authorization(struct arena *arena, const struct sigv4_signer *signer,
                                const struct sigv4_request *request) NODISCARD;

#endif
