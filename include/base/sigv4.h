/*
 * AWS Signature Version 4: what signing and verifying a request have in common.
 * Documented in the IAM User Guide, "Create a signed AWS API request"; the differences
 * for S3, in the Amazon S3 API Reference, "Signature Calculations for the Authorization
 * Header".
 */
#ifndef BASE_SIGV4_H
#define BASE_SIGV4_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/http_header.h"
#include "base/uri.h"

#define SIGV4_ALGORITHM "AWS4-HMAC-SHA256"
#define SIGV4_TERMINATOR "aws4_request"

/* What S3 accepts in place of the hash of a payload that is not signed. */
#define SIGV4_UNSIGNED_PAYLOAD "UNSIGNED-PAYLOAD"

enum { SIGV4_DAY_CHARS = 8 }; /* 20150830, the beginning of a date */

/* The credentials, scope and time of a signature. */
struct sigv4_signer {
    const char *key_id;
    const char *secret;
    const char *region;
    const char *service;
    const char *date; /* of sigv4_date(); also sent as x-amz-date */
};

/* The parts of a request that are signed. */
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

/* Parses such a text. -1, with *out_ms untouched, if it is not a valid date. */
int sigv4_read_date(const char *text, int64_t *out_ms) NODISCARD;

/*
 * The canonical form of a path as it is sent, for all services except S3: without empty,
 * . and .. segments, and with existing percent-encoding encoded again.
 */
const char *sigv4_path(struct arena *arena, const char *path) NODISCARD;

/*
 * The same for S3, where a path contains the key of an object: all segments remain, and
 * each byte is encoded exactly once. An encoded slash stays encoded.
 */
const char *sigv4_s3_path(struct arena *arena, const char *path) NODISCARD;

/*
 * The canonical form of a query as it is sent: each name and value encoded exactly once,
 * in sorted order. A + is a space, as for uri_parse() (Fidelity: common-auth-9). For a
 * query that uri_parse() accepts, this is the sigv4_pairs() of its result.
 */
const char *sigv4_query(struct arena *arena, const char *query) NODISCARD;

/* The canonical form of a parsed query. Pairs with the name `without` are left out; NULL:
 * none are. */
const char *sigv4_pairs(struct arena *arena, const struct uri *uri,
                        const char *without) NODISCARD;

/* The canonical form of a header's value: trimmed, with each run of white space replaced
 * by one space. */
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
