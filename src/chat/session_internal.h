/*
 * The life of a connection, as its WebSocket reports it, and the requests of its client.
 */
#ifndef CHAT_SESSION_INTERNAL_H
#define CHAT_SESSION_INTERNAL_H

#include "chat_internal.h"

/* The context is a struct chat_connection, of which the WebSocket has a reference. */
extern const struct websocket_handler session_handler;

/* Ends the session if it is over by the clock of its scope, else starts the timer of its
 * end anew. Only in the poller's thread, with the lock held. */
void session_set_timer(struct chat_connection *connection);

#endif
