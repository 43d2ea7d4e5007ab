/*
 * The body of a response, as a response of libmicrohttpd.
 */
#ifndef HTTP_BODY_INTERNAL_H
#define HTTP_BODY_INTERNAL_H

#include "http/server.h"
#include "stream_internal.h"

#include <microhttpd.h>
#include <stdbool.h>

/* The connection that receives a response. */
struct body_receiver {
    struct MHD_Connection *connection;
    struct streams *streams; /* of the server */
    bool to_head;            /* only the headers will be sent */
};

/* Takes over the body: the response frees it. `body` itself must stay in place until the
 * connection is done with the request. */
struct MHD_Response *body_response(struct http_body *body,
                                   const struct body_receiver *receiver) NODISCARD;

/* The same, for a response that breaks off after half of its body. NULL, with the body
 * unchanged, if its length is 0 or unknown. */
struct MHD_Response *body_half_response(struct http_body *body) NODISCARD;

/* Counts the descriptor that the body has or will need, if any. False: the limit is
 * reached. */
bool body_reserve(struct http_body *body, struct allowance *descriptors) NODISCARD;

/* Frees a body that no response took over. */
void body_done(struct http_body *body);

#endif
