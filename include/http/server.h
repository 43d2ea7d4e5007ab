/*
 * The HTTP server: connections, threads and bodies, over libmicrohttpd. It knows no
 * paths and no services; every complete request goes to one handler.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/blob.h"
#include "base/http_header.h"
#include "http/stream.h"

/* A complete request. It lives until the handler returns. */
struct http_request {
    struct arena *arena;
    const char *method;
    const char *target; /* path and query, still encoded */
    const char *path;   /* for a mount: the path decoded; NULL for options.handler */
    const char *body;   /* ends with a zero byte that `body_length` does not count */
    size_t body_length;
    int port;            /* that the server listens on */
    bool may_upgrade;    /* it is HTTP/1.1, so http_respond_upgrade() may answer it */
    bool body_too_large; /* it was over the limit; `body` is then cut */
    void *connection;    /* for http_request_header() */
};

/* The value of a header, whose name may be in any case; NULL: absent. */
const char *http_request_header(const struct http_request *request, const char *name);

/* All headers in the order in which they came, as a list in the request's arena. They are
 * as many as fit into the memory of a connection. */
const struct http_header *http_request_headers(const struct http_request *request);

enum { HTTP_MAX_HEADERS = 24 };

/* What becomes of an answer. */
enum http_ending {
    HTTP_SENT,    /* it is sent */
    HTTP_DROPPED, /* the connection is closed instead */
    HTTP_CUT, /* the connection is closed after half of the body; without one, or with a
               * stream, instead */
};

/*
 * Receives the socket of a connection that has switched protocols: non-blocking, closed
 * on exec, with TCP_NODELAY, and owned by the receiver. `early` are bytes the client sent
 * right behind its request and which cannot be read from the socket any more; they are
 * valid until the function returns. Runs in one of the server's threads and must not
 * block.
 *
 * fd -1: there is no socket, because the connection ended before the client had the
 * answer or because no descriptor is free. Only the context is left to release.
 */
typedef void http_upgraded(void *context, int fd, const char *early, size_t early_length);

/* What follows the headers of an answer. Set it with the functions below alone. */
enum http_body_kind {
    HTTP_BODY_NONE,
    HTTP_BODY_MEMORY,
    HTTP_BODY_BLOB,
    HTTP_BODY_FILE,
    HTTP_BODY_STREAM,
    HTTP_BODY_UPGRADE,
};

struct http_body {
    enum http_body_kind kind;
    union {
        struct {
            char *bytes;
            size_t length;
        } memory;
        struct blob *blob;
        struct {
            int fd;
            uint64_t offset;
            uint64_t length;
        } file;
        struct http_stream *stream;
        struct {
            http_upgraded *upgraded; /* NULL: it has run */
            void *context;
        } upgrade;
    };
};

/* The answer, to be filled by the handler. Header texts live in the request's arena or
 * for ever. */
struct http_response {
    int status;
    struct http_body body; /* none, unless one of the functions below sets it */
    int64_t delay_ms;      /* the answer is held back so long, in real time */
    enum http_ending ending;
    size_t header_count;
    struct {
        const char *name;
        const char *value;
    } headers[HTTP_MAX_HEADERS];
};

void http_response_header(struct http_response *response, const char *name,
                          const char *value);

/*
 * The functions below give an answer its body, at most one. It belongs to the server from
 * then on, whatever becomes of the answer. The server sends Content-Length; a HEAD
 * request is answered like the GET, and the server leaves the body out.
 */

/* `length` bytes, from malloc(). */
void http_respond_memory(struct http_response *response, char *bytes, size_t length);

/* The bytes of the blob, which are sent without a copy; takes over one reference. */
void http_respond_blob(struct http_response *response, struct blob *blob);

/* `length` bytes of a regular file, which is open for reading, from `offset` on. If the
 * file turns out to have fewer, the connection is closed where they end. */
void http_respond_file(struct http_response *response, int fd, uint64_t offset,
                       uint64_t length);

/* What is written to the stream, as it comes; takes over one reference. A stream answers
 * one request. It has no Content-Length: an HTTP/1.1 client gets it in chunks. */
void http_respond_stream(struct http_response *response, struct http_stream *stream);

/*
 * Answers 101 and switches the connection to `protocol` (RFC 9110, section 7.8): sets the
 * status and the headers Upgrade and Connection; what else the protocol needs is added
 * with http_response_header(). `upgraded` runs exactly once for each answered request,
 * also if the answer is never sent. Only for requests that `may_upgrade`: the connection
 * of any other is closed instead.
 *
 * An upgraded connection costs the server nothing and no longer counts against its limit
 * of connections; http_server_stop() does not touch it.
 */
void http_respond_upgrade(struct http_response *response, const char *protocol,
                          http_upgraded *upgraded, void *context);

/* Answers a request. Runs in any of the server's threads, in several at once. */
typedef void http_handler(void *context, const struct http_request *request,
                          struct http_response *response);

/*
 * Paths with a handler of their own, which decides on origins, methods and headers by
 * itself: to its answers the server adds only Date, Content-Length or Transfer-Encoding,
 * and Connection.
 *
 * A `path` that ends in a slash stands for itself and all below it, any other for exactly
 * that path, and "/" for the root alone. The longest one that matches the decoded path of
 * a request wins. A path names a place of a mount in one way only: with an empty, "." or
 * ".." segment, however it is encoded, it belongs to no mount, and so do targets that are
 * not a path or cannot be decoded. They all go to options.handler.
 */
struct http_mount {
    const char *path; /* lives as long as the server */
    size_t body_limit;
    http_handler *handler;
    void *context; /* for the handler */
};

struct http_options {
    const char *host; /* name or address to listen on */
    int port;         /* 0: a free one */
    size_t body_limit;
    http_handler *handler;           /* of all requests that belong to no mount */
    void *context;                   /* for the handler */
    const struct http_mount *mounts; /* copied */
    size_t mount_count;
};

struct http_server;

/* NULL if it cannot listen: *why (in the arena) is one line for the user. */
struct http_server *http_server_start(const struct http_options *options,
                                      struct arena *arena, const char **why) NODISCARD;

/* The port it listens on. */
int http_server_port(const struct http_server *server);

/*
 * Begins no new requests, sends answers that are held back, cuts off streams that their
 * writers have not ended, waits up to `grace_ms` for the requests in flight, and ends all
 * threads. Upgraded connections go on. NULL is fine.
 */
void http_server_stop(struct http_server *server, int grace_ms);

#endif
