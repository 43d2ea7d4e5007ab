/*
 * Chat tokens: everything about a session of a user in a room, sealed with the key of the
 * database, in the characters that a WebSocket subprotocol may have (RFC 9110, section
 * 5.6.2). Nothing is stored about a token until it is used.
 */
#ifndef CHAT_TOKEN_H
#define CHAT_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/ids.h"
#include "base/scope.h"
#include "base/seal.h"

/* What a user may do besides viewing. */
enum chat_capability {
    CHAT_SEND_MESSAGE = 1 << 0,
    CHAT_DISCONNECT_USER = 1 << 1,
    CHAT_DELETE_MESSAGE = 1 << 2,
};

enum { CHAT_CAPABILITIES = 3 };

/* Their names, in the order of their bits; ends with NULL. */
extern const char *const chat_capability_names[CHAT_CAPABILITIES + 1];

enum {
    /* A token can be used for so long. Fidelity: ivschat-token-2 */
    CHAT_TOKEN_LIFE_MS = 60 * 60 * 1000,
    /* No token that CreateChatToken returns is longer. */
    CHAT_TOKEN_MAX_CHARS = 16 * 1024,
};

/* Strings belong to the arena or to the code that creates the token. Times are by the
 * clock of the scope. */
struct chat_token {
    const char *id; /* differs for each token; set by chat_token_read() */
    struct scope scope;
    const char *room_arn;
    const char *user_id;
    const char *attributes; /* a JSON object of strings */
    unsigned capabilities;
    int64_t expires_ms;         /* it must be used before */
    int64_t session_expires_ms; /* the connection ends then */
};

/*
 * The text of a token, in the arena. `number` is that of chat_key_take(), by which it
 * differs from all others of this key; what `ids` gives makes it differ from those that
 * were made before a snapshot was restored.
 */
const char *chat_token_write(struct arena *arena, const unsigned char key[SEAL_KEY_BYTES],
                             int64_t number, struct ids *ids,
                             const struct chat_token *token) NODISCARD;

/* Whether a text can be a token: only then is the key needed. */
bool chat_token_is_possible(const char *text);

/* Reads a text. -1: it is not a token that was written with this key. */
int chat_token_read(struct arena *arena, const unsigned char key[SEAL_KEY_BYTES],
                    const char *text, struct chat_token *out) NODISCARD;

#endif
