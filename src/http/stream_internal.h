/*
 * The streams that one server is sending to clients.
 */
#ifndef HTTP_STREAM_INTERNAL_H
#define HTTP_STREAM_INTERNAL_H

#include "http/stream.h"

#include <microhttpd.h>

struct streams;

/* Cheap: the thread that watches clients starts with the first stream that is sent. */
struct streams *streams_new(void) NODISCARD;

/* All connections must have ended. NULL is fine. */
void streams_free(struct streams *streams);

/* Cuts off every stream that its writer has not ended, now and from now on, so that no
 * connection waits for more. */
void streams_end(struct streams *streams);

/* The response that sends the stream; takes over a reference. `to_head`: only the headers
 * will be sent. */
struct MHD_Response *stream_response(struct http_stream *stream, struct streams *streams,
                                     struct MHD_Connection *connection,
                                     bool to_head) NODISCARD;

/* Releases a reference to a stream that is not, or no longer, sent. */
void stream_release(struct http_stream *stream);

#endif
