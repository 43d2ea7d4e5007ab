/*
 * The two sides of a WebSocket: the connection, which only the poller's thread touches
 * (websocket.c), and the functions that any thread may call (websocket_calls.c). In the
 * poller's thread these take effect at once; from another one they are posted to it.
 */
#ifndef HTTP_WEBSOCKET_INTERNAL_H
#define HTTP_WEBSOCKET_INTERNAL_H

#include <stdatomic.h>
#include <stddef.h>

#include "http/poller.h"
#include "http/websocket.h"

/* What other threads have sent, until the poller's thread has queued it. */
struct websocket_posted {
    size_t max_bytes;
    atomic_size_t bytes;
    atomic_bool overflowed; /* it was more than the maximum: nothing more is posted */
};

struct poller *websocket_poller(const struct websocket *ws);
struct websocket_posted *websocket_posted(struct websocket *ws);

/* In the poller's thread. Each does nothing if the connection is past that. */

/* Queues a frame. */
void websocket_send_here(struct websocket *ws, struct blob *frame);

/* Closes the connection because more was posted than the maximum. */
void websocket_overflow_here(struct websocket *ws);

/* Begins to close with the code and the reason. */
void websocket_close_here(struct websocket *ws, int code, const char *reason);

/* Sends and receives nothing from now on, and closes the socket. */
void websocket_abort_here(struct websocket *ws);

#endif
