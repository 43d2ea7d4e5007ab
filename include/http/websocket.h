/*
 * A WebSocket connection of the server (RFC 6455), watched by a poller.
 *
 * All callbacks run in the poller's thread, and none runs inside a function of this
 * header. The functions may be called from any thread; what one thread sends goes out in
 * its order. A connection between messages costs less than 1 KiB of memory.
 */
#ifndef HTTP_WEBSOCKET_H
#define HTTP_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/blob.h"
#include "http/poller.h"
#include "http/server.h"
#include "http/websocket_frame.h"
#include "http/websocket_handshake.h"

struct websocket;

struct websocket_message {
    enum websocket_opcode
        opcode;        /* WEBSOCKET_TEXT, which is UTF-8, or WEBSOCKET_BINARY */
    const char *bytes; /* end with a zero byte that `length` does not count */
    size_t length;
};

/* The callbacks of the owner of connections. All must be set. */
struct websocket_handler {
    /* The first callback. The connection is valid until on_close returns, and longer for
     * holders of a reference. */
    void (*on_open)(struct websocket *ws, void *context);

    /* A complete message, which is valid until this returns. Not called after
     * websocket_close(). */
    void (*on_message)(struct websocket *ws, void *context,
                       const struct websocket_message *message);

    /* The connection receives no more messages and accepts none to send; a close frame
     * and what was queued before it may still be on the way. The code and the reason are
     * those of the first close frame that either side sent; WEBSOCKET_NO_CODE: it had no
     * code; WEBSOCKET_ABNORMAL: there was no close frame. Called once for each on_open.
     */
    void (*on_close)(struct websocket *ws, void *context, int code, const char *reason);

    /* The context is no longer used. The last callback, called once for each context. If
     * no connection was opened, it is the only one, and may run in any thread. */
    void (*release)(void *context);
};

/* The defaults. */
enum {
    WEBSOCKET_MAX_CONNECTIONS = 4096,
    WEBSOCKET_MESSAGE_MAX_BYTES = 1024 * 1024,
    WEBSOCKET_MAX_FRAGMENTS = 1024,
    WEBSOCKET_QUEUE_MAX_BYTES = 4 * 1024 * 1024,
    WEBSOCKET_PING_MS = 30 * 1000,
    WEBSOCKET_IDLE_MS = 90 * 1000,
    WEBSOCKET_CLOSE_MS = 5 * 1000,
};

/* The memory that a message uses besides its bytes while it waits to be sent. */
enum { WEBSOCKET_QUEUED_BYTES = 128 };

struct websocket_options {
    struct websocket_limits limits; /* of received messages: beyond them, 1009 */

    /* The most that may wait to be sent, and the most that other threads than the
     * poller's may send before it has run; each message counts with its header and
     * WEBSOCKET_QUEUED_BYTES. A client that reads too slowly for what it is sent loses
     * what waits and is closed with 1008: with a gap, the stream of messages would mean
     * something else. So is any client that is sent a single message over this limit. */
    size_t queue_max_bytes;

    int64_t ping_ms;  /* a ping is sent after this time without input; 0: never */
    int64_t idle_ms;  /* closed with 1001 after this time without input; 0: never */
    int64_t close_ms; /* how long the client may take to reply to a close frame, and then
                         to close the connection, before it is dropped */
};

extern const struct websocket_options websocket_default_options;

/* What the connections of one kind share. It must outlive them and their poller,
 * which is stopped after the server that accepts them. */
struct websocket_endpoint {
    struct poller *poller;
    const struct websocket_handler *handler;
    const struct websocket_options *options;
    /* The limit of their number, such as allowance_new(WEBSOCKET_MAX_CONNECTIONS, ...).
     * Several endpoints may have the same. NULL: only the limit of the server. */
    struct allowance *connections;
};

/*
 * Reads a request that asks for a WebSocket. False: it does not, or it is malformed, and
 * the response is its refusal (400, 405 or 426), with one sentence of plain text.
 */
bool http_websocket_offer(const struct http_request *request,
                          struct http_response *response,
                          struct websocket_offer *out) NODISCARD;

/* Accepts an offer, with one of its subprotocols or NULL; or refuses it with 503 if the
 * endpoint has as many connections as it may have. The context belongs to the endpoint's
 * handler from now on. */
void http_respond_websocket(struct http_response *response,
                            const struct websocket_offer *offer, const char *protocol,
                            const struct websocket_endpoint *endpoint, void *context);

/* Opens a connection on a socket whose handshake is done, and owns the socket. If the
 * endpoint has a limit, the connection must be counted there already; its end gives that
 * back. */
void websocket_open(const struct websocket_endpoint *endpoint, void *context,
                    const struct http_socket *socket);

/* References keep the memory of a connection, not the connection. They may be used even
 * after the poller was stopped. */
struct websocket *websocket_ref(struct websocket *ws) NODISCARD;
void websocket_unref(struct websocket *ws); /* NULL is fine */

/* A message in its wire format, which can be sent to any number of connections. Text must
 * be UTF-8. */
struct blob *websocket_frame(enum websocket_opcode opcode, const char *bytes,
                             size_t length) NODISCARD;

/* Sends such a message, which is not copied. Nothing happens if the connection is over or
 * closing. Messages sent in the same turn of the poller go out together. */
void websocket_send(struct websocket *ws, struct blob *frame);

void websocket_send_text(struct websocket *ws, const char *text, size_t length);
void websocket_send_binary(struct websocket *ws, const void *bytes, size_t length);

/* Begins to close after what was sent before. The code may be sent (see
 * websocket_code_is_sendable()); the reason is UTF-8 and cut to 123 bytes. */
void websocket_close(struct websocket *ws, int code, const char *reason);

/* Closes the socket without a close frame, as when a network fails. What waits to be sent
 * is lost, and in the poller's thread nothing can be sent or received from then on;
 * on_close is called later. */
void websocket_abort(struct websocket *ws);

#endif
