/*
 * What is sent to connections: put into the outbox by any thread, taken out and sent by
 * the poller's. The lock of the engine is held.
 */
#ifndef CHAT_OUTBOX_INTERNAL_H
#define CHAT_OUTBOX_INTERNAL_H

#include "chat/request.h"
#include "chat_internal.h"

/* A text for everybody in a room. */
struct outbox_text {
    const char *type; /* FRAME_MESSAGE or FRAME_EVENT */
    const char *text; /* JSON */
    int64_t now_ms;   /* by the clock of the scope */
};

/* Sends the text to the room, remembers it, and logs it. */
void outbox_publish(struct chat *chat, struct chat_room *room,
                    const struct outbox_text *text);

/* An event for everybody in a room. */
struct outbox_event {
    const char *id;
    const char *request_id; /* "": no request caused it */
    const char *name;
    const char *attributes; /* JSON; NULL: none */
    int64_t now_ms;         /* by the clock of the scope */
};

/* The same for an event. */
void outbox_publish_event(struct chat *chat, struct chat_room *room,
                          const struct outbox_event *event);

/* Ends the connections of a user after what was published before. */
void outbox_disconnect(struct chat *chat, struct chat_room *room, const char *user_id);

/* Ends all connections of a room after what was published before. */
void outbox_close(struct chat *chat, struct chat_room *room);

/* The frame of an error for a connection, with one reference. It is counted as sent. */
struct blob *outbox_error_frame(struct chat_connection *connection,
                                const char *request_id, enum chat_error_code code,
                                const char *message) NODISCARD;

/* Sends an error to a connection. */
void outbox_fail(struct chat_connection *connection, const char *request_id,
                 enum chat_error_code code, const char *message);

/* Closes a connection with the code after what was sent before. `why` is static. */
void outbox_end(struct chat_connection *connection, int code, const char *why);

/* Sends the frames that have waited until the connection is open. Only in the poller's
 * thread. */
void outbox_send_early(struct chat_connection *connection);

/* Drops the items that are left. */
void outbox_clear(struct chat *chat);

/* The time for the next frame of a room, in nanoseconds since the epoch: later than that
 * of the last one. */
int64_t outbox_time_ns(struct chat *chat, struct chat_room *room, int64_t now_ms);

#endif
