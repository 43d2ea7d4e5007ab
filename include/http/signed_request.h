/*
 * Requests to AWS services, or to substitutes for them, signed with Signature Version 4.
 */
#ifndef HTTP_SIGNED_REQUEST_H
#define HTTP_SIGNED_REQUEST_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/http_header.h"
#include "http/client.h"

/* The credentials, scope and time of a signature. */
struct request_signer {
    const char *key_id;
    const char *secret;
    const char *session_token; /* for temporary credentials; NULL: none */
    const char *region;
    /* The service's name in credential scopes, such as "lambda". "s3" is signed by the
     * rules of S3, see sigv4_s3_path(). */
    const char *service;
    int64_t time_ms; /* since the epoch, by the machine's clock */
};

/*
 * Returns the headers to send instead of those of the request: the request's own headers,
 * all of which are signed, and those that signing adds: host, x-amz-date, authorization,
 * with a session token x-amz-security-token, and for S3 x-amz-content-sha256. They belong
 * to the arena; the values of the request's own headers are not copied.
 *
 * Only the method, the URL and the headers of the request are used. The URL must be an
 * http or https URL without a fragment, encoded as it is to be sent. No header may occur
 * twice or be one of those that are added.
 *
 * The payload hash is that of sigv4_payload_hash() or http_file_payload_hash(); for S3 it
 * can also be SIGV4_UNSIGNED_PAYLOAD.
 */
const struct http_header *
signed_request_headers(struct arena *arena, const struct http_client_request *request,
                       const char *payload_hash,
                       const struct request_signer *signer) NODISCARD;

#endif
