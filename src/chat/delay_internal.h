/*
 * Frames and requests that faults delay. Only in the poller's thread.
 */
#ifndef CHAT_DELAY_INTERNAL_H
#define CHAT_DELAY_INTERNAL_H

#include "chat_internal.h"

/* Calls `run` after the delay, without the lock, which is held now. Both arguments live
 * until it returns. Nothing happens if the engine stops before. */
void delay_start(struct chat_connection *connection, struct blob *bytes, int64_t delay_ms,
                 void (*run)(struct chat_connection *connection,
                             const struct blob *bytes));

/* Drops what waits: the poller has stopped. The lock is held. */
void delay_clear(struct chat *chat);

#endif
