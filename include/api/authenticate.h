/*
 * Whether a call is made by who it says: with --auth sigv4 it must be signed.
 */
#ifndef API_AUTHENTICATE_H
#define API_AUTHENTICATE_H

#include "api/access_key.h"
#include "api/call.h"
#include "base/http_header.h"

/*
 * Verifies the signature of a call that is routed and whose body is set. `target` is the
 * URI as it was sent, `headers` all that were sent. -1: the refusal is recorded.
 */
int authenticate(struct call *call, const struct access_keys *keys, const char *target,
                 const struct http_header *headers) NODISCARD;

#endif
