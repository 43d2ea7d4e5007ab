#include "body_internal.h"

#include "base/bug.h"
#include "base/log.h"
#include "base/memory.h"
#include "file_internal.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The block size for reading a file, or a body that is cut in half. */
enum { BLOCK_BYTES = 32 * 1024 };

/* Sets the kind of the body, which must not be set yet. */
static struct http_body *set_body(struct http_response *response,
                                  enum http_body_kind kind)
{
    if (response->body.kind != HTTP_BODY_NONE)
        BUG("a response with two bodies");
    response->body.kind = kind;
    return &response->body;
}

void http_respond_later(struct http_response *response)
{
    response->later = true;
}

void http_respond_memory(struct http_response *response, char *bytes, size_t length)
{
    struct http_body *body = set_body(response, HTTP_BODY_MEMORY);

    body->memory.bytes = bytes;
    body->memory.length = length;
}

void http_respond_blob(struct http_response *response, struct blob *blob)
{
    set_body(response, HTTP_BODY_BLOB)->blob = blob;
}

void http_respond_file(struct http_response *response, int fd, uint64_t offset,
                       uint64_t length)
{
    struct http_body *body = set_body(response, HTTP_BODY_FILE);

    body->file.fd = fd;
    body->file.offset = offset;
    body->file.length = length;
}

void http_respond_stream(struct http_response *response, struct http_stream *stream)
{
    set_body(response, HTTP_BODY_STREAM)->stream = stream;
}

void http_respond_upgrade(struct http_response *response, const char *protocol,
                          http_upgraded *upgraded, void *context)
{
    struct http_body *body = set_body(response, HTTP_BODY_UPGRADE);

    body->upgrade.upgraded = upgraded;
    body->upgrade.context = context;
    response->status = MHD_HTTP_SWITCHING_PROTOCOLS;
    http_response_header(response, MHD_HTTP_HEADER_UPGRADE, protocol);
}

/* A duplicate of the connection's socket, or -1. */
static int duplicate_socket(MHD_socket socket)
{
    const int on = 1;
    int fd = fcntl(socket, F_DUPFD_CLOEXEC, 0);

    if (fd < 0) { /* others have used the spare descriptors: not worth a line each time */
        log_debug("upgraded connection closed",
                  "reason=\"no file descriptor is available\"");
        return -1;
    }
    /* libmicrohttpd turned it off. A failure only costs speed. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return fd;
}

/*
 * Called when the client has the response. A connection that stays with libmicrohttpd
 * would keep its memory and count against the limit of connections, so it is closed at
 * once and the receiver gets a duplicate of the socket: 0.9.75 closes its own without a
 * shutdown().
 */
static void hand_over(void *cls, struct MHD_Connection *connection, void *state,
                      const char *early, size_t early_length, MHD_socket socket,
                      struct MHD_UpgradeResponseHandle *handle)
{
    struct http_body *body = cls;
    http_upgraded *upgraded = body->upgrade.upgraded;
    const struct http_socket own = {duplicate_socket(socket), body->allowance, early,
                                    early_length};

    (void)connection;
    (void)state;
    body->upgrade.upgraded = NULL;
    if (own.fd < 0)
        allowance_give_back(own.allowance);
    upgraded(body->upgrade.context, own.fd < 0 ? NULL : &own);
    (void)MHD_upgrade_action(handle, MHD_UPGRADE_ACTION_CLOSE);
}

bool body_reserve(struct http_body *body, struct allowance *descriptors)
{
    if (body->kind != HTTP_BODY_FILE && body->kind != HTTP_BODY_UPGRADE)
        return true;
    if (!allowance_take(descriptors))
        return false;
    body->allowance = descriptors;
    return true;
}

static void release_blob(void *blob)
{
    blob_unref(blob);
}

void body_done(struct http_body *body)
{
    switch (body->kind) {
    case HTTP_BODY_NONE:
        break;
    case HTTP_BODY_MEMORY:
        free(body->memory.bytes);
        break;
    case HTTP_BODY_BLOB:
        blob_unref(body->blob);
        break;
    case HTTP_BODY_FILE:
        close(body->file.fd);
        allowance_give_back(body->allowance);
        break;
    case HTTP_BODY_STREAM:
        stream_release(body->stream);
        break;
    case HTTP_BODY_UPGRADE:
        if (body->upgrade.upgraded == NULL)
            break;
        /* The response was not sent. */
        allowance_give_back(body->allowance);
        body->upgrade.upgraded(body->upgrade.context, NULL);
        break;
    }
    body->kind = HTTP_BODY_NONE;
}

/* The number of bytes in the body; 0 if that is not known. */
static uint64_t length_of(const struct http_body *body)
{
    switch (body->kind) {
    case HTTP_BODY_MEMORY:
        return body->memory.length;
    case HTTP_BODY_BLOB:
        return body->blob->length;
    case HTTP_BODY_FILE:
        return body->file.length;
    case HTTP_BODY_NONE:
    case HTTP_BODY_STREAM:
    case HTTP_BODY_UPGRADE:
        break;
    }
    return 0;
}

/* Reads up to `length` bytes of the body, beginning at `position`; -1 or 0 if there are
 * none. */
static ssize_t read_body(const struct http_body *body, uint64_t position, char *out,
                         size_t length)
{
    if (body->kind == HTTP_BODY_FILE)
        return file_read_at(body->file.fd, out, length,
                            (int64_t)(body->file.offset + position));
    memcpy(out,
           (body->kind == HTTP_BODY_BLOB ? body->blob->bytes : body->memory.bytes) +
               position,
           length);
    return (ssize_t)length;
}

/* Callback of libmicrohttpd for the next bytes of a body, limited to its first
 * `length`. */
static ssize_t read_up_to(const struct http_body *body, uint64_t length,
                          uint64_t position, char *out, size_t max)
{
    if (position >= length)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (max > length - position)
        max = (size_t)(length - position);
    ssize_t got = read_body(body, position, out, max);
    return got > 0 ? got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static ssize_t read_all(void *cls, uint64_t position, char *out, size_t max)
{
    return read_up_to(cls, length_of(cls), position, out, max);
}

/* Sends half of the body, then breaks off. */
static ssize_t read_half(void *cls, uint64_t position, char *out, size_t max)
{
    return read_up_to(cls, length_of(cls) / 2, position, out, max);
}

static void free_body(void *cls)
{
    body_done(cls);
    free(cls);
}

/* A response that reads the body piece by piece, from a copy of `body`. */
static struct MHD_Response *read_by(MHD_ContentReaderCallback reader,
                                    const struct http_body *body)
{
    struct http_body *own = mem_alloc(sizeof(*own));

    *own = *body;
    return MHD_create_response_from_callback(length_of(body), BLOCK_BYTES, reader, own,
                                             free_body);
}

/* The response, which then owns the body unless the body is an upgrade. */
static struct MHD_Response *response_of(struct http_body *body,
                                        const struct body_receiver *receiver)
{
    switch (body->kind) {
    case HTTP_BODY_NONE:
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    case HTTP_BODY_MEMORY:
        return MHD_create_response_from_buffer(body->memory.length, body->memory.bytes,
                                               MHD_RESPMEM_MUST_FREE);
    case HTTP_BODY_BLOB:
        return MHD_create_response_from_buffer_with_free_callback_cls(
            body->blob->length, (void *)(uintptr_t)body->blob->bytes, release_blob,
            body->blob);
    case HTTP_BODY_FILE:
        /* Not MHD_create_response_from_fd(): if the file turns out to be too short,
         * 0.9.75 calls sendfile() again and again without end. */
        return read_by(read_all, body);
    case HTTP_BODY_STREAM:
        return stream_response(body->stream, receiver->streams, receiver->connection,
                               receiver->to_head);
    case HTTP_BODY_UPGRADE:
        return MHD_create_response_for_upgrade(hand_over, body);
    }
    BUG("body of kind %d", (int)body->kind);
}

struct MHD_Response *body_response(struct http_body *body,
                                   const struct body_receiver *receiver)
{
    struct MHD_Response *response = response_of(body, receiver);

    if (response == NULL)
        BUG("no response object");
    if (body->kind != HTTP_BODY_UPGRADE)
        body->kind = HTTP_BODY_NONE;
    return response;
}

struct MHD_Response *body_half_response(struct http_body *body)
{
    if (length_of(body) == 0)
        return NULL;
    struct MHD_Response *response = read_by(read_half, body);
    if (response == NULL)
        BUG("no response object");
    body->kind = HTTP_BODY_NONE;
    return response;
}
