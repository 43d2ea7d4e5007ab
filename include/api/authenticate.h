/*
 * Authentication of calls: with --auth sigv4 a call must be signed by its access key.
 */
#ifndef API_AUTHENTICATE_H
#define API_AUTHENTICATE_H

#include "api/access_key.h"
#include "api/call.h"
#include "base/http_header.h"

/*
 * Verifies the signature of a call that is routed and whose body is set. `target` is the
 * URI as it was sent, `headers` are all the headers that were sent. Returns -1 if the
 * call is refused: the error is recorded.
 */
int authenticate(struct call *call, const struct access_keys *keys, const char *target,
                 const struct http_header *headers) NODISCARD;

#endif
