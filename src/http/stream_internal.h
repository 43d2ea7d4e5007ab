/*
 * Streams on their way to clients, of one server.
 */
#ifndef HTTP_STREAM_INTERNAL_H
#define HTTP_STREAM_INTERNAL_H

#include "http/stream.h"

#include <microhttpd.h>

struct streams;

/* Costs a little memory alone: the thread that watches clients starts with the first
 * stream that is sent. */
struct streams *streams_new(void) NODISCARD;

/* All connections must have ended. NULL is fine. */
void streams_free(struct streams *streams);

/* Cuts every stream off that its writer has not ended, so that no connection waits for
 * more any longer, nor from now on. */
void streams_end(struct streams *streams);

/* The response that sends the stream; takes over a reference. `to_head`: only the headers
 * will be sent. */
struct MHD_Response *stream_response(struct http_stream *stream, struct streams *streams,
                                     struct MHD_Connection *connection,
                                     bool to_head) NODISCARD;

/* Gives up a reference to a stream that is not sent. */
void stream_forget(struct http_stream *stream);

#endif
