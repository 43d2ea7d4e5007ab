/*
 * The state of the engine. One lock protects it all. The store may be held while the lock
 * is taken, but not the other way round.
 */
#ifndef CHAT_CHAT_INTERNAL_H
#define CHAT_CHAT_INTERNAL_H

#include "base/blob.h"
#include "chat/chat.h"
#include "chat/token.h"
#include "http/websocket.h"

#include <pthread.h>

/* Where the frames of a room are logged. */
struct chat_destination {
    const char *configuration_arn;
    const char *kind;
    const char *name;
    int64_t active_from_ms; /* INT64_MAX: not active */
};

/* What a room allows, and does with its messages. The strings of a room are its own. */
struct chat_settings {
    int64_t maximum_message_rate_per_second;
    int64_t maximum_message_length;
    const char *review_uri; /* "": messages are not reviewed */
    bool denies_by_default;
    size_t destination_count;
    struct chat_destination destinations[ROOM_LOGGING_CONFIGURATIONS_MAX];
};

struct history_entry {
    struct history_entry *next, *previous; /* of all rooms, by age */
    struct history_entry *next_in_room;
    struct chat_room *room;
    int64_t number;
    size_t text_length;
    struct blob *frame; /* ends with the text */
};

/* A room that somebody is connected to, or whose frames are remembered. It has a
 * reference for each connection, entry of the history, item of the outbox, and message
 * under review. */
struct chat_room {
    struct chat_room *next; /* in its bucket */
    size_t references;
    bool deleted; /* it is no longer in the table; nothing more is sent to it */
    char *arn;
    const char *id;     /* the end of the ARN */
    struct scope scope; /* of the two texts below */
    char account[SCOPE_ACCOUNT_CHARS + 1];
    char region[SCOPE_REGION_MAX_CHARS + 1];
    struct chat_settings settings;
    struct throttle_bucket messages;
    int64_t last_time_ns; /* of the last frame */
    struct chat_connection *first, *last;
    struct history_entry *oldest;
    struct history_entry **newest; /* where the next one is linked */
    size_t history_cost;           /* of the room, while it has entries */
    size_t history_count;
};

/* A frame for a connection whose handshake is not complete. */
struct early_frame {
    struct early_frame *next;
    const char *type; /* static */
    struct blob *frame;
};

struct chat_connection {
    struct chat *chat;
    struct chat_connection *next, *previous; /* in its room */
    struct chat_room *room;                  /* NULL: it has left */
    size_t references;    /* of the WebSocket, and of each thing that waits */
    struct websocket *ws; /* NULL: it is not open yet, or not any more */
    int64_t number;
    char *id;
    char *user_id;
    char *attributes;
    char *address;
    unsigned capabilities;
    int64_t connected_ms;
    int64_t session_expires_ms;
    int64_t since; /* frames with a higher number are for it */
    bool ends;     /* it must be closed, or is being closed */
    int end_code;  /* with this code and reason, which is static; WEBSOCKET_ABNORMAL:
                    * without a close frame */
    const char *end_why;
    struct throttle_bucket requests;
    struct poller_timer timer; /* of the end of its session */
    struct early_frame *early; /* while it is not open */
    struct early_frame **last_early;
    size_t early_count;
    struct delayed *delayed; /* while it is open */
    size_t delayed_bytes;
    struct reviewed *first_reviewed; /* messages under review, in their order */
    struct reviewed **last_reviewed;
    size_t reviewed_count;
};

enum outbox_kind {
    OUTBOX_FRAME,      /* for all connections of the room */
    OUTBOX_DISCONNECT, /* the connections of a user end */
    OUTBOX_CLOSE,      /* all connections of the room end */
    OUTBOX_ERROR,      /* a frame for one connection */
    OUTBOX_END,        /* one connection ends */
};

/* What the poller's thread is to do. */
struct outbox_item {
    struct outbox_item *next;
    enum outbox_kind kind;
    struct chat_room *room;             /* of the first three kinds */
    struct chat_connection *connection; /* of the others */
    int64_t number;                     /* of the first three kinds */
    const char *type;                   /* of the frame: static */
    struct blob *frame;
    char *user_id;
    int code; /* a connection ends: with this code and reason; static */
    const char *why;
};

/* A frame or a request that a fault delays. */
struct delayed {
    struct delayed *next, *previous; /* of its connection */
    struct poller_timer timer;
    struct chat_connection *connection;
    struct blob *bytes;
    void (*run)(struct chat_connection *connection, struct blob *bytes);
};

enum { ROOM_BUCKETS = 1024 };

struct chat {
    struct chat_parts parts;
    struct review *review;   /* NULL: messages are not reviewed */
    struct log_writer *logs; /* NULL: nothing is logged */
    bool started;            /* connections may be opened */

    pthread_mutex_t lock;               /* for everything below */
    struct poller *poller;              /* NULL: nobody has connected yet */
    struct websocket_endpoint endpoint; /* constant from the first connection on */
    struct chat_room *rooms[ROOM_BUCKETS];
    int64_t last_number; /* of connections, and of items for a room */
    struct history_entry *oldest, *newest;
    size_t history_bytes;
    int64_t drained; /* everything up to this number was sent */
    struct outbox_item *first_item;
    struct outbox_item **last_item;
    bool draining; /* the outbox will be emptied */
    struct poller_task drain;
    struct chat_counts counts;
};

/* Starts the thread of the connections, if it does not run yet. False: it cannot be
 * started, which is logged, or the engine is not started. */
bool chat_open(struct chat *chat) NODISCARD;

/* A copy of the text, from malloc(). */
char *chat_copy_text(const char *text) NODISCARD;

#endif
