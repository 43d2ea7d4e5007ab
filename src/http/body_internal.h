/*
 * The body of an answer as a response of libmicrohttpd.
 */
#ifndef HTTP_BODY_INTERNAL_H
#define HTTP_BODY_INTERNAL_H

#include "http/server.h"
#include "stream_internal.h"

#include <microhttpd.h>
#include <stdbool.h>

/* Whom an answer is for. */
struct body_receiver {
    struct MHD_Connection *connection;
    struct streams *streams; /* of the server */
    bool to_head;            /* only the headers will be sent */
};

/* Takes the body over: the response frees it. `body` itself must stay in place until the
 * connection is done with the request. */
struct MHD_Response *body_response(struct http_body *body,
                                   const struct body_receiver *receiver) NODISCARD;

/* The same, for an answer that breaks off after half of its body. NULL, with the body
 * left alone: there is nothing to halve. */
struct MHD_Response *body_half_response(struct http_body *body) NODISCARD;

/* Frees a body that nobody took over. */
void body_done(struct http_body *body);

#endif
