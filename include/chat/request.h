/*
 * What clients ask for by the WebSocket: JSON objects whose names may be in any case.
 * Fidelity: ivschat-messaging-3
 */
#ifndef CHAT_REQUEST_H
#define CHAT_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/attrs.h"

enum chat_action {
    CHAT_ACTION_SEND_MESSAGE,
    CHAT_ACTION_DELETE_MESSAGE,
    CHAT_ACTION_DISCONNECT_USER,
};

/* The codes of errors, which are those of HTTP. */
enum chat_error_code {
    CHAT_OK = 0,
    CHAT_BAD_REQUEST = 400,
    CHAT_UNAUTHORIZED = 401,
    CHAT_FORBIDDEN = 403,
    CHAT_NOT_FOUND = 404,
    CHAT_REJECTED = 406,
    CHAT_TOO_LARGE = 413,
    CHAT_TOO_MANY = 429,
    CHAT_FAILED = 500,
};

enum {
    CHAT_REQUEST_ID_MAX_CHARS = 256,
    /* Of a message, whoever sets them, or of a token: chat_attribute_bytes(). */
    CHAT_ATTRIBUTES_MAX_BYTES = 1024,
};

/* A request. Strings belong to the arena. Those of another action are NULL. */
struct chat_request {
    enum chat_action action;
    const char *request_id; /* "": it has none */
    const char *content;    /* any length */
    const char *attributes; /* JSON; NULL: none */
    const char *id;         /* of the message to delete */
    const char *user_id;    /* of the user to disconnect */
    const char *reason;     /* NULL: none */
    /* The first error in the members of the action, which is checked after what is known
     * without them. */
    enum chat_error_code fault;
    const char *fault_text;
};

/*
 * Reads a text message, which is UTF-8. CHAT_OK; or the code of the error if it is not a
 * request for a known action: *why is then a sentence for the client, and out->request_id
 * is set.
 */
enum chat_error_code chat_request_read(struct arena *arena, const char *text,
                                       size_t length, struct chat_request *out,
                                       const char **why) NODISCARD;

/* The bytes of the names and the values of attributes; -1 if they are not an object of
 * strings. Fidelity: ivschat-token-3 */
int64_t chat_attribute_bytes(const cJSON *attributes);

#endif
