/*
 * The HTTP server: connections, threads and bodies, based on libmicrohttpd. It does not
 * interpret paths beyond mounts; every complete request goes to one handler.
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
#include "http/allowance.h"
#include "http/stream.h"

/* A complete request. It lives until the handler returns. */
struct http_request {
    struct arena *arena;
    const char *method;
    const char *target; /* path and query, still encoded; or what was sent instead */
    /* Of a target in absolute form, which `target` is without it. It replaces the Host
     * header (RFC 9112, section 3.2.2). NULL: none. */
    const char *authority;
    /* Why HTTP does not allow the request, in one sentence for its sender: it must be
     * refused with 400. Such requests go to options.handler. NULL: it is allowed. */
    const char *fault;
    const char *path; /* for a mount: the path decoded; NULL for options.handler */
    const char *body; /* ends with a zero byte that `body_length` does not count */
    size_t body_length;
    int port;            /* that the server listens on */
    bool may_upgrade;    /* it is HTTP/1.1, so http_respond_upgrade() is allowed */
    bool may_take_long;  /* see http_respond_later() */
    bool body_too_large; /* it exceeded the limit; `body` is truncated */
    /* The server had no memory left for the body, and dropped it: the request must be
     * refused with 503. Such requests go to options.handler. */
    bool body_dropped;
    void *connection; /* for http_request_header() */
};

/* The value of a header, whose name may be in any case, without white space at its ends;
 * NULL: absent. The value of Host is `authority`, if there is one. */
const char *http_request_header(const struct http_request *request, const char *name);

/* All headers in the order in which they arrived, as a list in the request's arena, with
 * the same values. Their number is limited by the memory of a connection. */
const struct http_header *http_request_headers(const struct http_request *request);

/* The address of the client, without its port and as numbers, in the request's arena; "":
 * it has none. */
const char *http_request_address(const struct http_request *request);

enum { HTTP_MAX_HEADERS = 24 };

/* How a response ends. */
enum http_ending {
    HTTP_SENT,    /* it is sent */
    HTTP_DROPPED, /* the connection is closed instead */
    HTTP_CUT, /* the connection is closed after half of the body; if no body is sent, as
               * to HEAD, or it is a stream, instead of the response */
};

/* The socket of a connection that has switched protocols. */
struct http_socket {
    int fd; /* non-blocking, closed on exec, with TCP_NODELAY */
    /* It counts here: call allowance_give_back() after closing it. May be NULL. */
    struct allowance *allowance;
    /* What the client sent directly after its request, which can no longer be read from
     * the socket; valid until the receiver returns. NULL is fine if there is nothing. */
    const char *early;
    size_t early_length;
};

/*
 * Receives a socket, which it owns from then on. Runs in one of the server's threads and
 * must not block.
 *
 * NULL: there is no socket, because the connection ended before the client had the
 * response, or because there are too many upgraded connections. Only the context must be
 * released.
 */
typedef void http_upgraded(void *context, const struct http_socket *socket);

/* What follows the headers of a response. Set it only with the functions below. */
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
    struct allowance *allowance; /* of a file or an upgrade: what it counts against */
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
            http_upgraded *upgraded; /* NULL: it was already called */
            void *context;
        } upgrade;
    };
};

/* The response, to be filled in by the handler. Header texts live in the request's arena
 * or are static. */
struct http_response {
    int status;
    struct http_body body; /* none, unless one of the functions below sets it */
    int64_t delay_ms;      /* the response is held back for this long, in real time */
    bool later;            /* see http_respond_later() */
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
 * The functions below set the body of a response, at most one. The server owns the body
 * from then on, even if the response is never sent. The server sends Content-Length;
 * handlers respond to a HEAD request as to the GET, and the server leaves the body out.
 */

/* `length` bytes, from malloc(). */
void http_respond_memory(struct http_response *response, char *bytes, size_t length);

/* The bytes of the blob, which are sent without a copy; takes over one reference. */
void http_respond_blob(struct http_response *response, struct blob *blob);

/* `length` bytes of a regular file, which is open for reading, beginning at `offset`. If
 * the file turns out to be shorter, the connection is closed where it ends. */
void http_respond_file(struct http_response *response, int fd, uint64_t offset,
                       uint64_t length);

/* What is written to the stream, as it is written; takes over one reference. A stream can
 * be the body of only one response. It has no Content-Length: an HTTP/1.1 client receives
 * it in chunks. */
void http_respond_stream(struct http_response *response, struct http_stream *stream);

/*
 * Responds with 101 and switches the connection to `protocol` (RFC 9110, section 7.8):
 * sets the status and the headers Upgrade and Connection; add other headers that the
 * protocol needs with http_response_header(). `upgraded` is called exactly once for each
 * such response, even if the response is never sent. Only for requests with
 * `may_upgrade`: for any other, the connection is closed instead.
 *
 * An upgraded connection no longer counts against the server's limit of connections, and
 * http_server_stop() does not affect it. Upgraded connections and files that are sent
 * have a limit of their own, which depends on how many descriptors the process may have:
 * beyond it the response is an empty 503.
 */
void http_respond_upgrade(struct http_response *response, const char *protocol,
                          http_upgraded *upgraded, void *context);

/*
 * Makes the server call the handler again for the same request, with `may_take_long`, in
 * a thread that serves no other connection meanwhile. The few other threads each serve
 * many connections, and a handler that takes long would keep all of them waiting. The
 * rest of this response is ignored. Only for requests without `may_take_long`.
 */
void http_respond_later(struct http_response *response);

/* Fills in the response to a request. Runs in any of the server's threads, in several at
 * once. */
typedef void http_handler(void *context, const struct http_request *request,
                          struct http_response *response);

/*
 * A path with its own handler, which is responsible for origins, methods and headers: the
 * server adds only Date, Content-Length or Transfer-Encoding, and Connection to its
 * responses.
 *
 * A `path` that ends in a slash matches itself and everything below it, any other path
 * matches only itself, and "/" matches only the root. The longest one that matches the
 * decoded path of a request wins, however the path is encoded. A decoded path with an
 * empty, "." or ".." segment belongs to no mount, and neither does a target that is not a
 * path or cannot be decoded. These requests go to options.handler.
 */
struct http_mount {
    const char *path; /* must outlive the server */
    size_t body_limit;
    http_handler *handler;
    void *context; /* for the handler */
};

/* What a body may use without counting against the limit of all bodies, so that ordinary
 * calls are served even when others have used it up. */
enum { HTTP_SMALL_BODY_BYTES = 8 * 1024 };

/* The defaults of struct http_limits. */
enum {
    HTTP_MAX_CONNECTIONS = 4096,
    HTTP_ADDRESS_CONNECTIONS_PERCENT = 75, /* of the connections */
    HTTP_BODIES_MAX_BYTES = 64 * 1024 * 1024,
    HTTP_IDLE_MS = 60 * 1000, /* longer than SDKs keep idle connections for reuse */
    HTTP_REQUEST_MS = 30 * 1000,
    HTTP_PRESSED_IDLE_MS = 1000,
    HTTP_PRESSED_REQUEST_MS = 5 * 1000,
};

/*
 * Limits of a server. A member that is 0 has its default. Times are by a clock that
 * changes to the machine's time do not affect.
 *
 * Places are scarce when more than 7/8 of the connections are taken, until no more than
 * 6/8 are. The same holds for the connections of an address, and then for its connections
 * only. The oldest are ended first.
 */
struct http_limits {
    /* At the same time. Default: half of the process's descriptors, but at most
     * HTTP_MAX_CONNECTIONS. Clients beyond that wait until they are accepted. */
    size_t connections;

    /* From one IPv4 address, or the same 64 bits of an IPv6 address; this machine's
     * loopback addresses have no such limit. Connections beyond that are closed. */
    size_t address_connections;

    size_t bodies_bytes; /* memory of all request bodies that are being received */

    /* How long a connection may wait for the first line of a request. After that it is
     * closed. */
    int64_t idle_ms;
    int64_t pressed_idle_ms; /* the same while places are scarce */

    /* How long a request may take from its first line to the end of its body. After that
     * the client gets a 408, and the connection is closed. */
    int64_t request_ms;
    int64_t pressed_request_ms; /* the same while places are scarce */
};

struct http_options {
    const char *host; /* name or address to listen on */
    int port;         /* 0: any free port */
    size_t body_limit;
    http_handler *handler;           /* for requests that belong to no mount */
    void *context;                   /* for the handler */
    const struct http_mount *mounts; /* copied */
    size_t mount_count;
    struct http_limits limits;
};

struct http_server;

/* NULL if it cannot listen: *why (in the arena) is one line for the user. */
struct http_server *http_server_start(const struct http_options *options,
                                      struct arena *arena, const char **why) NODISCARD;

/* The port it listens on. */
int http_server_port(const struct http_server *server);

/*
 * Accepts no new requests, sends the responses that are held back, cuts off streams that
 * their writers have not ended, and waits up to `grace_ms` for the requests in flight.
 * NULL is fine.
 */
void http_server_drain(struct http_server *server, int grace_ms);

/*
 * The same, and ends all threads. Handlers that take long must return soon, since the
 * server waits for them. Upgraded connections stay open. NULL is fine.
 */
void http_server_stop(struct http_server *server, int grace_ms);

#endif
