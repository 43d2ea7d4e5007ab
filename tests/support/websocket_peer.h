/*
 * The other end of a WebSocket, for tests: it sends whatever bytes it is given and reads
 * the frames of the server. Nothing waits for ever: what does not come makes the test
 * fail.
 */
#ifndef TESTS_SUPPORT_WEBSOCKET_PEER_H
#define TESTS_SUPPORT_WEBSOCKET_PEER_H

#include "base/attrs.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct websocket_peer {
    int fd;
    struct buf received;
    size_t at; /* of what was received, what is not read yet */
};

/* A frame of the server. Its payload lives until the next one is read. */
struct peer_frame {
    int first; /* byte: the opcode and FRAME_FINAL */
    const char *payload;
    size_t length;
};

/* Takes over a connected socket. */
void peer_init(struct websocket_peer *peer, int fd);

/* Connects to a port of 127.0.0.1 and shakes hands there; the test fails unless the
 * server accepts. */
void peer_connect(struct websocket_peer *peer, int port, const char *path);

/* The same with further headers, each with its \r\n, and whatever the server responds:
 * returns the status. */
int peer_ask(struct websocket_peer *peer, int port, const char *path,
             const char *headers) NODISCARD;

/* Closes the socket, if it is open. */
void peer_done(struct websocket_peer *peer);

/* False: the server has closed the connection. */
bool peer_send(struct websocket_peer *peer, const char *bytes, size_t length);

/* The next frame. False: the server ended the connection instead. */
bool peer_receive(struct websocket_peer *peer, struct peer_frame *out) NODISCARD;

/* The test fails unless the next frame is this one. */
void peer_expect(struct websocket_peer *peer, int first, const char *payload,
                 size_t length);
void peer_expect_text(struct websocket_peer *peer, int first, const char *payload);

/* The test fails unless the next frame is a close frame with this code (-1: none) and the
 * connection ends after it, once we end it too. */
void peer_expect_close(struct websocket_peer *peer, int code);

/* The test fails unless the server ends the connection without a further frame. */
void peer_expect_end(struct websocket_peer *peer);

#endif
