/*
 * Requests to AWS services, or to what takes their place, signed with Signature
 * Version 4.
 */
#ifndef HTTP_SIGNED_REQUEST_H
#define HTTP_SIGNED_REQUEST_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/http_header.h"
#include "http/client.h"

/* Who signs, for what and when. */
struct request_signer {
    const char *key_id;
    const char *secret;
    const char *session_token; /* of temporary keys; NULL: none */
    const char *region;
    /* The service's name in credential scopes, such as "lambda". "s3" is signed by the
     * rules of S3, see sigv4_s3_path(). */
    const char *service;
    int64_t time_ms; /* since the epoch, by the machine's clock */
};

/*
 * The headers of the request, to be sent in their place: its own ones, all of which are
 * signed, and those that signing adds: host, x-amz-date, authorization, with a session
 * token x-amz-security-token, and for S3 x-amz-content-sha256. They belong to the arena;
 * the values are those of the request.
 *
 * Only the method, the URL and the headers of the request are looked at. The URL is an
 * http or https one without a fragment, and encoded as it is to be sent. No header may be
 * there twice or be one of those that are added.
 *
 * The payload hash is that of sigv4_payload_hash() or http_file_payload_hash(); for S3
 * SIGV4_UNSIGNED_PAYLOAD as well.
 */
const struct http_header *
signed_request_headers(struct arena *arena, const struct http_client_request *request,
                       const char *payload_hash,
                       const struct request_signer *signer) NODISCARD;

#endif
