/*
 * The connections in memory, and who is in which room. The lock of the engine is held.
 */
#ifndef CHAT_CONNECTION_INTERNAL_H
#define CHAT_CONNECTION_INTERNAL_H

#include "chat_internal.h"

/* A connection for the session of a token, with one reference: for its WebSocket. It is
 * in no room yet. */
struct chat_connection *connection_new(struct chat *chat, const struct chat_token *token,
                                       const char *address, int64_t now_ms) NODISCARD;

struct chat_connection *connection_ref(struct chat_connection *connection) NODISCARD;

/* Frees the connection with its last reference; it is in no room then. NULL is fine. */
void connection_unref(struct chat_connection *connection);

/* Enters a room, whose reference the connection takes over: frames that are published
 * from now on are for it. Calls are serialized by the store, so connections are in the
 * room in the order of their numbers. */
void connection_enter(struct chat_connection *connection, struct chat_room *room);

/* Leaves its room, if it is in one. */
void connection_leave(struct chat_connection *connection);

/* Drops the frames that wait for it to be open. */
void connection_drop_early(struct chat_connection *connection);

#endif
