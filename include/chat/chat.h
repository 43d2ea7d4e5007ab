/*
 * The messaging engine of Amazon IVS Chat: who is connected to which room, and what they
 * send and receive. Rooms themselves are stored by others; this has what lives in memory,
 * and follows every change of a room at its commit.
 *
 * Functions may be called from any thread.
 */
#ifndef CHAT_CHAT_H
#define CHAT_CHAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/scope.h"
#include "base/throttle.h"
#include "chat/log_writer.h"
#include "chat/review.h"
#include "data/logging_configuration.h"
#include "data/room.h"
#include "faults/faults.h"
#include "http/server.h"
#include "store/txn.h"

struct chat;

/* The name under which faults and call rates know this service. */
#define CHAT_SERVICE "ivschat"

/* What clients ask for by the WebSocket: the handshake, and the actions of requests. */
#define CHAT_CONNECT "Connect"
extern const char *const chat_request_names[]; /* ends with NULL */

enum {
    /* The quota of an account in a region (service quotas of Amazon IVS Chat). */
    CHAT_MAX_CONNECTIONS = 50000,
    CHAT_HISTORY_FRAMES = 1000,                /* of each room */
    CHAT_HISTORY_MAX_BYTES = 32 * 1024 * 1024, /* of all rooms together */
    CHAT_USER_ID_MAX_CHARS = 128,
    CHAT_ID_CHARS = 12, /* of messages, events and errors */
    CHAT_REASON_MAX_CHARS = 256,
};

/* What the engine uses. All must outlive it. */
struct chat_parts {
    struct store *store;
    struct clock *clock;
    struct ids *ids; /* for messages, events and errors */
    struct faults *faults;
    struct throttle *throttle; /* NULL: rates of accounts are not enforced */
    bool quotas;               /* the adjustable quotas are enforced */
    int64_t max_connections;   /* that of all accounts together, such as
                                * CHAT_MAX_CONNECTIONS */
};

struct chat *chat_new(const struct chat_parts *parts) NODISCARD;

/* NULL is fine. It must have been stopped, if it was started. */
void chat_free(struct chat *chat);

/* Invokes message review handlers, and writes logs, with these from now on. Call it
 * before chat_start(); they may be freed between chat_stop() and chat_free(). NULL:
 * messages are not reviewed, and nothing is logged. */
void chat_use(struct chat *chat, struct review *review, struct log_writer *logs);

/* From now on connections can be opened. Their thread is started with the first one. */
void chat_start(struct chat *chat);

/* Ends all connections and the thread. NULL, and one that was not started, are fine. */
void chat_stop(struct chat *chat);

/* Whether a request asks for a WebSocket, whatever its path. */
bool chat_is_asked_for(const struct http_request *request);

/* Responds to such a request: opens a connection, or refuses it. */
void chat_respond(struct chat *chat, const struct http_request *request,
                  struct http_response *response);

/* An event for everybody in a room. */
struct chat_event {
    const char *id; /* chat_make_id() */
    const char *name;
    const char *attributes;      /* a JSON object of strings; NULL: none */
    int64_t now_ms;              /* by the clock of the scope */
    const char *disconnect_user; /* whose connections end after the event; or NULL */
};

/* A new id for an event. */
const char *chat_make_id(struct chat *chat, struct arena *arena) NODISCARD;

/* The names of the events of Amazon IVS. */
#define CHAT_EVENT_DELETE_MESSAGE "aws:DELETE_MESSAGE"
#define CHAT_EVENT_DISCONNECT_USER "aws:DISCONNECT_USER"

/* The attributes of these events, in the arena. `reason` may be NULL. */
const char *chat_deletion_attributes(struct arena *arena, const char *message_id,
                                     const char *reason) NODISCARD;
const char *chat_disconnection_attributes(struct arena *arena, const char *user_id,
                                          const char *reason) NODISCARD;

/* The changes below take effect when the transaction is committed. Their arguments must
 * live in its arena. Those that read the database return DB_DONE or DB_ERROR. */

/* Sends the event to everybody in the room. */
enum db_result chat_send_event(struct chat *chat, struct txn *txn, struct scope scope,
                               const struct room *room,
                               const struct chat_event *event) NODISCARD;

/* The room was changed. */
enum db_result chat_note_room(struct chat *chat, struct txn *txn, struct scope scope,
                              const struct room *room) NODISCARD;

/* The room was deleted: its connections end. */
void chat_note_deleted_room(struct chat *chat, struct txn *txn, const char *room_arn);

/* A logging configuration, which rooms may use, was changed. */
void chat_note_logging(struct chat *chat, struct txn *txn,
                       const struct logging_configuration *configuration);

/* Drops what memory holds of the scope, or of all scopes for NULL: its rooms are
 * deleted. */
void chat_forget(struct chat *chat, const struct scope *scope);

/* A frame that the clients in a room received. */
struct chat_frame {
    int64_t number;   /* its place in the order of all rooms' frames */
    const char *text; /* JSON */
};

/* Copies up to `limit` frames of the room after the one with the number `after`, oldest
 * first, to the arena. Returns their number. */
size_t chat_list_frames(struct chat *chat, const char *room_arn, int64_t after,
                        size_t limit, struct arena *arena, struct chat_frame **out);

/* A connection. */
struct chat_connection_view {
    int64_t number; /* its place in the order of all connections */
    const char *id;
    const char *user_id;
    const char *attributes; /* a JSON object of strings */
    unsigned capabilities;  /* enum chat_capability */
    const char *address;    /* of the client, as far as it is known */
    int64_t connected_ms;   /* this and the next by the clock of the scope */
    int64_t session_expires_ms;
};

/* The same for the connections of a room. */
size_t chat_list_connections(struct chat *chat, const char *room_arn, int64_t after,
                             size_t limit, struct arena *arena,
                             struct chat_connection_view **out);

/* What happened since the start, for metrics. */
struct chat_counts {
    int64_t connections; /* that are open now, or whose handshake is being completed */
    int64_t messages;    /* that were sent to rooms */
    int64_t events;      /* the same */
    int64_t errors;      /* that clients were sent */
    int64_t deliveries;  /* frames for connections, before faults are applied */
    struct review_counts reviews;
    struct log_writer_counts logs;
};

void chat_count(struct chat *chat, struct chat_counts *out);

#endif
