#include "websocket_peer.h"

#include "http/websocket_frame.h"
#include "websocket_bytes.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmocka_all.h"

enum { PATIENCE_MS = 60 * 1000, PIECE_BYTES = 64 * 1024, REQUEST_MAX_BYTES = 32 * 1024 };

#define RECEIVED_MAX_BYTES ((size_t)128 * 1024 * 1024)

void peer_init(struct websocket_peer *peer, int fd)
{
    *peer = (struct websocket_peer){.fd = fd};
    buf_init(&peer->received, RECEIVED_MAX_BYTES);
}

void peer_done(struct websocket_peer *peer)
{
    if (peer->fd >= 0)
        close(peer->fd);
    peer->fd = -1;
    buf_done(&peer->received);
}

static void wait_for(struct websocket_peer *peer, short events)
{
    struct pollfd ready = {.fd = peer->fd, .events = events};

    if (poll(&ready, 1, PATIENCE_MS) != 1)
        fail_msg("the server does nothing");
}

bool peer_send(struct websocket_peer *peer, const char *bytes, size_t length)
{
    for (size_t sent = 0; sent < length;) {
        wait_for(peer, POLLOUT);
        ssize_t count = send(peer->fd, bytes + sent, length - sent, MSG_NOSIGNAL);
        if (count < 0)
            return false;
        sent += (size_t)count;
    }
    return true;
}

/* Waits until so many bytes are there to be read. False: the connection ended. */
static bool need(struct websocket_peer *peer, size_t length)
{
    char piece[PIECE_BYTES];

    while (peer->received.length - peer->at < length) {
        wait_for(peer, POLLIN);
        ssize_t got = recv(peer->fd, piece, sizeof(piece), 0);
        if (got <= 0)
            return false;
        buf_add(&peer->received, piece, (size_t)got);
        assert_false(peer->received.overflow);
    }
    return true;
}

static const unsigned char *unread(const struct websocket_peer *peer)
{
    return (const unsigned char *)peer->received.bytes + peer->at;
}

/* Forgets what was read. */
static void compact(struct websocket_peer *peer)
{
    struct buf rest;

    if (peer->at < peer->received.length && peer->at < PIECE_BYTES)
        return;
    buf_init(&rest, RECEIVED_MAX_BYTES);
    buf_add(&rest, peer->received.bytes + peer->at, peer->received.length - peer->at);
    buf_done(&peer->received);
    peer->received = rest;
    peer->at = 0;
}

/* The length that a frame says it has, after the header's first two bytes. */
static size_t read_length(const unsigned char *bytes, size_t count)
{
    size_t length = 0;

    for (size_t i = 0; i < count; i++)
        length = length << 8 | bytes[i];
    return length;
}

bool peer_receive(struct websocket_peer *peer, struct peer_frame *out)
{
    compact(peer);
    if (!need(peer, 2))
        return false;
    size_t length = unread(peer)[1]; /* a server masks nothing, so the top bit is 0 */
    size_t more = length == 126 ? 2 : length == 127 ? 8 : 0;
    assert_true(length < 128);
    if (!need(peer, 2 + more))
        return false;
    if (more > 0)
        length = read_length(unread(peer) + 2, more);
    if (!need(peer, 2 + more + length))
        return false;
    *out = (struct peer_frame){unread(peer)[0], (const char *)unread(peer) + 2 + more,
                               length};
    peer->at += 2 + more + length;
    return true;
}

void peer_expect(struct websocket_peer *peer, int first, const char *payload,
                 size_t length)
{
    struct peer_frame frame;

    if (!peer_receive(peer, &frame))
        fail_msg("the connection ended instead of a frame");
    assert_int_equal(frame.first, first);
    assert_int_equal(frame.length, length);
    assert_memory_equal(frame.payload, payload, length);
}

void peer_expect_text(struct websocket_peer *peer, int first, const char *payload)
{
    peer_expect(peer, first, payload, strlen(payload));
}

void peer_expect_end(struct websocket_peer *peer)
{
    struct peer_frame frame;

    if (peer_receive(peer, &frame))
        fail_msg("a frame came instead of the end: %02x", (unsigned)frame.first);
}

void peer_expect_close(struct websocket_peer *peer, int code)
{
    struct peer_frame frame;
    int got = -1;

    if (!peer_receive(peer, &frame))
        fail_msg("the connection ended without a close frame");
    assert_int_equal(frame.first, FRAME_FINAL | WEBSOCKET_CLOSE);
    if (frame.length >= 2)
        got = (int)read_length((const unsigned char *)frame.payload, 2);
    assert_int_equal(got, code);
    peer_expect_end(peer);
}

static const char request[] = "GET %s HTTP/1.1\r\n"
                              "Host: localhost\r\n"
                              "Upgrade: websocket\r\n"
                              "Connection: Upgrade\r\n"
                              "Sec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n";

static int shake_hands(struct websocket_peer *peer, const char *path, const char *headers)
{
    static const char version[] = "HTTP/1.1 ";
    struct buf line AUTO(buf_done);
    const char *end;

    buf_init(&line, REQUEST_MAX_BYTES);
    buf_printf(&line, request, path, headers);
    assert_true(peer_send(peer, line.bytes, line.length));
    while ((end = strstr(peer->received.bytes, "\r\n\r\n")) == NULL)
        assert_true(need(peer, peer->received.length + 1));
    assert_memory_equal(peer->received.bytes, version, strlen(version));
    peer->at = (size_t)(end - peer->received.bytes) + 4;
    return (int)strtol(peer->received.bytes + strlen(version), NULL, 10);
}

int peer_ask(struct websocket_peer *peer, int port, const char *path, const char *headers)
{
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)port),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), 0);
    peer_init(peer, fd);
    return shake_hands(peer, path, headers);
}

void peer_connect(struct websocket_peer *peer, int port, const char *path)
{
    assert_int_equal(peer_ask(peer, port, path, ""), 101);
}
