/*
 * Clients of chat rooms, for tests over TCP: they create rooms and tokens by the API, and
 * send and receive by the WebSocket. Nothing waits for ever: what does not come makes the
 * test fail.
 */
#ifndef TESTS_SUPPORT_CHATTER_H
#define TESTS_SUPPORT_CHATTER_H

#include "base/attrs.h"
#include "websocket_peer.h"
#include "wire.h"

#include <cjson/cJSON.h>

/* Everything that a token can allow. */
#define CHATTER_MAY_ALL "\"SEND_MESSAGE\",\"DISCONNECT_USER\",\"DELETE_MESSAGE\""

struct chatter {
    struct websocket_peer peer;
    cJSON *heard; /* the last frame */
};

/* Creates a room with these members of the input, or "". Returns its ARN, which lives
 * until the teardown, like the token below. */
const char *chatter_room(struct wire *wire, struct http_client *client,
                         const char *members);

/* Creates a token; `capabilities` are the elements of a JSON list, and `members` further
 * ones of the input, or "". */
const char *chatter_token(struct wire *wire, struct http_client *client, const char *room,
                          const char *user, const char *capabilities,
                          const char *members);

/* Connects with a token to the server of this process. Returns the status; 101: it is
 * connected. Leave in any case. */
int chatter_try(struct chatter *chatter, struct wire *wire, const char *token) NODISCARD;

/* Creates a token and connects with it. */
void chatter_join(struct chatter *chatter, struct wire *wire, struct http_client *client,
                  const char *room, const char *user, const char *capabilities);

/* The same with a server at another port. */
void chatter_join_at(struct chatter *chatter, struct wire *wire, int port,
                     struct http_client *client, const char *room, const char *user,
                     const char *capabilities);

/* Closes the socket without a word. */
void chatter_leave(struct chatter *chatter);

/* Sends a request: printf-style JSON. */
void chatter_ask(struct chatter *chatter, const char *format, ...) PRINTF(2, 3);

/* Sends a message. */
void chatter_say(struct chatter *chatter, const char *content);

/* The next frame, which lives until the one after it. */
const cJSON *chatter_hear(struct chatter *chatter);

/* The next frame is this message, event or error. */
const cJSON *chatter_hear_message(struct chatter *chatter, const char *content);
const cJSON *chatter_hear_event(struct chatter *chatter, const char *name);
const cJSON *chatter_hear_error(struct chatter *chatter, int code);

/* The text of a member of the frame that was heard last, by a path such as
 * "Sender.UserId"; the test fails if it is none. */
const char *chatter_text(const struct chatter *chatter, const char *path);

/* The server closes the connection with this code. Returns how many messages, events and
 * errors came before. */
int chatter_skip_to_close(struct chatter *chatter, int code);

/* The same without a further frame. */
void chatter_expect_close(struct chatter *chatter, int code);

#endif
