/*
 * Frames and requests that faults delay. Only in the poller's thread, for connections
 * that are open, and with the lock held.
 */
#ifndef CHAT_DELAY_INTERNAL_H
#define CHAT_DELAY_INTERNAL_H

#include "chat_internal.h"

/* Of one connection. */
enum { DELAYED_MAX_BYTES = 1024 * 1024 };

/* Calls `run` after the delay, without the lock, if the connection is still open. Calls
 * with the same delay keep their order. False: too much is delayed already. */
bool delay_start(struct chat_connection *connection, struct blob *bytes, int64_t delay_ms,
                 void (*run)(struct chat_connection *connection,
                             struct blob *bytes)) NODISCARD;

/* Sends the frame after the delay, as delay_start() does. */
bool delay_frame(struct chat_connection *connection, struct blob *frame,
                 int64_t delay_ms) NODISCARD;

/* Drops what waits for a connection that is closed. */
void delay_clear(struct chat_connection *connection);

#endif
