/*
 * What HTTP requires of the head of a request (RFC 9112) and libmicrohttpd does not
 * check, or only in some versions: 0.9.75 uses the first of several lengths, ignores a
 * length that comes with chunks, and reads a body in an unknown coding up to the end of
 * the connection.
 */
#ifndef HTTP_HEAD_INTERNAL_H
#define HTTP_HEAD_INTERNAL_H

#include "base/attrs.h"

#include <stdbool.h>
#include <stddef.h>

/* The headers that matter, counted. */
struct head {
    size_t hosts;
    size_t lengths;
    size_t codings;
    bool chunked;  /* the last Transfer-Encoding is chunked and nothing else */
    bool bad_name; /* a name is not a token, such as one with a space at its end */
};

/* Adds a header, as libmicrohttpd passes it. */
void head_add(struct head *head, const char *name, const char *value);

/* Why a request with these headers must be refused with 400, as one static sentence for
 * its sender; NULL: it is fine. *unframed: where the body ends is uncertain, so the
 * connection must be closed after the response. */
const char *head_fault(const struct head *head, const char *version,
                       bool *unframed) NODISCARD;

#endif
