/*
 * The server's part of the opening handshake of WebSocket (RFC 6455, section 4.2), based
 * on the headers of a request. No extension is negotiated.
 */
#ifndef HTTP_WEBSOCKET_HANDSHAKE_H
#define HTTP_WEBSOCKET_HANDSHAKE_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/http_header.h"

enum { WEBSOCKET_MAX_PROTOCOLS = 16 };

/* The only version that is supported. */
#define WEBSOCKET_VERSION "13"

/* What a client asks for. Strings belong to the arena. */
struct websocket_offer {
    const char *accept;           /* the value of Sec-WebSocket-Accept */
    const char *const *protocols; /* subprotocols in the client's order of preference; the
                                     list ends with NULL */
};

/*
 * Reads a request that asks for a WebSocket. 0, or the status to refuse it with, and *why
 * is one sentence for its sender, which is static:
 *
 * 405  the method is not GET
 * 426  it does not ask for a WebSocket, or for another version than WEBSOCKET_VERSION
 * 400  the key or a subprotocol is malformed, or something is missing
 */
int websocket_offer_read(struct arena *arena, const char *method,
                         const struct http_header *headers, struct websocket_offer *out,
                         const char **why) NODISCARD;

/* The first offered subprotocol that is in the list, which ends with NULL; NULL: none. */
const char *websocket_choose(const struct websocket_offer *offer,
                             const char *const *supported);

#endif
