#include "body_internal.h"

#include "base/bug.h"
#include "base/log.h"
#include "base/memory.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What is read at a time of a file, and of a body that breaks off. */
enum { BLOCK_BYTES = 32 * 1024 };

/* The body of the answer, which must have none yet. */
static struct http_body *set_body(struct http_response *response,
                                  enum http_body_kind kind)
{
    if (response->body.kind != HTTP_BODY_NONE)
        BUG("an answer with two bodies");
    response->body.kind = kind;
    return &response->body;
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

/* A descriptor of one's own for the connection's socket, or -1. */
static int duplicate(MHD_socket socket)
{
    const int on = 1;
    int fd = fcntl(socket, F_DUPFD_CLOEXEC, 0);

    if (fd < 0) {
        log_warn("upgraded connection closed", "reason=\"no descriptor is free\"");
        return -1;
    }
    /* libmicrohttpd turned it off. A failure costs speed alone. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return fd;
}

/*
 * The client has the answer. A connection that stays libmicrohttpd's keeps its memory and
 * its place among the connections, so it is given back at once and the receiver gets a
 * duplicate of the socket: 0.9.75 closes its own one without a shutdown().
 */
static void hand_over(void *cls, struct MHD_Connection *connection, void *state,
                      const char *early, size_t early_length, MHD_socket socket,
                      struct MHD_UpgradeResponseHandle *handle)
{
    struct http_body *body = cls;
    http_upgraded *upgraded = body->upgrade.upgraded;
    int fd = duplicate(socket);

    (void)connection;
    (void)state;
    body->upgrade.upgraded = NULL;
    upgraded(body->upgrade.context, fd, fd < 0 ? "" : early, fd < 0 ? 0 : early_length);
    (void)MHD_upgrade_action(handle, MHD_UPGRADE_ACTION_CLOSE);
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
        break;
    case HTTP_BODY_STREAM:
        stream_forget(body->stream);
        break;
    case HTTP_BODY_UPGRADE:
        if (body->upgrade.upgraded != NULL) /* the answer was not sent */
            body->upgrade.upgraded(body->upgrade.context, -1, "", 0);
        break;
    }
    body->kind = HTTP_BODY_NONE;
}

/* How many bytes the body has; 0 if that is not known. */
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

/* Reads up to `length` bytes of the body from `position` on; -1 or 0: there are none. */
static ssize_t read_body(const struct http_body *body, uint64_t position, char *out,
                         size_t length)
{
    if (body->kind == HTTP_BODY_FILE)
        return pread(body->file.fd, out, length, (off_t)(body->file.offset + position));
    memcpy(out,
           (body->kind == HTTP_BODY_BLOB ? body->blob->bytes : body->memory.bytes) +
               position,
           length);
    return (ssize_t)length;
}

/* What libmicrohttpd calls for the next bytes of the first `length` of a body. */
static ssize_t read_up_to(const struct http_body *body, uint64_t length,
                          uint64_t position, char *out, size_t most)
{
    if (position >= length)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (most > length - position)
        most = (size_t)(length - position);
    ssize_t got = read_body(body, position, out, most);
    return got > 0 ? got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static ssize_t give_all(void *cls, uint64_t position, char *out, size_t most)
{
    return read_up_to(cls, length_of(cls), position, out, most);
}

/* Gives half of the body, then breaks off. */
static ssize_t give_half(void *cls, uint64_t position, char *out, size_t most)
{
    return read_up_to(cls, length_of(cls) / 2, position, out, most);
}

static void free_body(void *cls)
{
    body_done(cls);
    free(cls);
}

/* A response that reads the body piece by piece; the caller still has a copy of it. */
static struct MHD_Response *read_by(MHD_ContentReaderCallback reader,
                                    const struct http_body *body)
{
    struct http_body *own = mem_alloc(sizeof(*own));

    *own = *body;
    return MHD_create_response_from_callback(length_of(body), BLOCK_BYTES, reader, own,
                                             free_body);
}

/* The response, which owns the body from then on unless the body is an upgrade. */
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
         * 0.9.75 calls sendfile() over and over, for ever. */
        return read_by(give_all, body);
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
    struct MHD_Response *response = read_by(give_half, body);
    if (response == NULL)
        BUG("no response object");
    body->kind = HTTP_BODY_NONE;
    return response;
}
