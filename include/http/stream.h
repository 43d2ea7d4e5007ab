/*
 * The body of an answer that is written as it comes: server-sent events, a playlist or a
 * segment that grows. While there is nothing to send, the connection waits without a
 * thread.
 */
#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attrs.h"

/* The most bytes that wait for one client, unless a stream has a reason for another
 * limit. */
enum { HTTP_STREAM_MAX_BYTES = 1024 * 1024 };

/* Counted references: whoever holds one may use the stream, from any thread. */
struct http_stream;

/*
 * Runs once for every stream that http_respond_stream() was given, when the server is
 * done with it; http_stream_write() returns false by then. `complete`: the client was
 * sent all that was written, and the end. Otherwise it has gone, was too slow, was never
 * answered, or the server stops. Runs in one of the server's threads, which holds no lock
 * of the stream.
 */
typedef void http_stream_over(void *context, bool complete);

/*
 * A stream with one reference. At most `limit` bytes that the client was not sent yet are
 * kept: a write beyond that cuts the client off. `over` may be NULL.
 */
struct http_stream *http_stream_new(size_t limit, http_stream_over *over,
                                    void *context) NODISCARD;

/* Takes one more reference and returns the stream. */
struct http_stream *http_stream_ref(struct http_stream *stream) NODISCARD;

/* Gives up a reference. It does not end the stream. NULL is fine. */
void http_stream_unref(struct http_stream *stream);

/*
 * Sends a copy of the bytes, after those that were written before. Never blocks. False:
 * they will not be sent, because the client has gone or is too slow, or because the
 * server stops. A client that goes, or ends its own direction of the connection, is
 * noticed at once.
 */
bool http_stream_write(struct http_stream *stream, const char *bytes, size_t length);

/* Ends the body behind what was written. Nothing may be written after that; a second end
 * changes nothing. */
void http_stream_end(struct http_stream *stream);

#endif
