/*
 * The body of a response that is sent as it is written: server-sent events, or a playlist
 * or segment that grows. While there is nothing to send, the connection waits without
 * occupying a thread.
 */
#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attrs.h"

/* The maximum number of bytes that wait for one client, unless a stream has a reason for
 * another limit. */
enum { HTTP_STREAM_MAX_BYTES = 1024 * 1024 };

/* Reference-counted: any holder of a reference may use the stream, from any thread. */
struct http_stream;

/*
 * Called once for every stream that was passed to http_respond_stream(), when the server
 * is done with it; http_stream_write() returns false by then. `complete`: everything that
 * was written, and the end of the body, was sent to the client, or the request was a
 * HEAD, to which only the headers are sent. Otherwise the client disconnected or was too
 * slow, the response was never sent, or the server stops. Runs in one of the server's
 * threads, which holds no lock of the stream.
 */
typedef void http_stream_over(void *context, bool complete);

/*
 * Creates a stream with one reference. At most `limit` unsent bytes are kept: a write
 * beyond that cuts the client off. `over` may be NULL.
 */
struct http_stream *http_stream_new(size_t limit, http_stream_over *over,
                                    void *context) NODISCARD;

/* Takes one more reference and returns the stream. */
struct http_stream *http_stream_ref(struct http_stream *stream) NODISCARD;

/* Releases a reference. It does not end the stream. NULL is fine. */
void http_stream_unref(struct http_stream *stream);

/*
 * Sends a copy of the bytes, after those that were written before. Never blocks. False:
 * they will not be sent, because the client disconnected or is too slow, or because the
 * server stops. A client that disconnects, or shuts down its side of the connection, is
 * noticed at once.
 */
bool http_stream_write(struct http_stream *stream, const char *bytes, size_t length);

/* Ends the body after what was written. Nothing may be written after that; ending it
 * again has no effect. */
void http_stream_end(struct http_stream *stream);

#endif
