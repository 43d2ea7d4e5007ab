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
#include "base/http_header.h"

/* A complete request. It lives until the handler returns. */
struct http_request {
    struct arena *arena;
    const char *method;
    const char *target; /* path and query, still encoded */
    const char *body;   /* ends with a zero byte that `body_length` does not count */
    size_t body_length;
    int port;            /* that the server listens on */
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
    HTTP_CUT, /* the connection is closed after half of the body; without a body, instead
               */
};

/* The answer, to be filled by the handler. Header texts live in the request's arena or
 * for ever; the body came from malloc() and belongs to the server from then on. */
struct http_response {
    int status;
    char *body;       /* NULL: none */
    int64_t delay_ms; /* the answer is held back so long, in real time */
    enum http_ending ending;
    size_t header_count;
    struct {
        const char *name;
        const char *value;
    } headers[HTTP_MAX_HEADERS];
};

void http_response_header(struct http_response *response, const char *name,
                          const char *value);

/* Answers a request. Runs in any of the server's threads, in several at once. */
typedef void http_handler(void *context, const struct http_request *request,
                          struct http_response *response);

struct http_options {
    const char *host; /* name or address to listen on */
    int port;         /* 0: a free one */
    size_t body_limit;
    http_handler *handler;
    void *context; /* for the handler */
};

struct http_server;

/* NULL if it cannot listen: *why (in the arena) is one line for the user. */
struct http_server *http_server_start(const struct http_options *options,
                                      struct arena *arena, const char **why) NODISCARD;

/* The port it listens on. */
int http_server_port(const struct http_server *server);

/*
 * Begins no new requests, waits up to `grace_ms` for the requests in flight, and ends
 * all threads. NULL is fine.
 */
void http_server_stop(struct http_server *server, int grace_ms);

#endif
