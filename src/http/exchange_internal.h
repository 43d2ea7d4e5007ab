/*
 * One request and its response, kept between libmicrohttpd's several callbacks for it.
 */
#ifndef HTTP_EXCHANGE_INTERNAL_H
#define HTTP_EXCHANGE_INTERNAL_H

#include "base/buf.h"
#include "http/server.h"
#include "mounts_internal.h"
#include "stream_internal.h"

#include <microhttpd.h>
#include <stddef.h>

/* What the exchanges of a server share. */
struct exchange_setting {
    struct mounts mounts;
    struct allowance *bodies;      /* their bytes */
    struct allowance *descriptors; /* of upgraded connections and of files being sent */
    struct streams *streams;
    int port;
};

/* What libmicrohttpd reports about a request when it is complete. Strings are valid until
 * the response is queued. */
struct exchange_line {
    struct MHD_Connection *connection;
    const char *method;
    const char *version;
};

struct exchange {
    struct arena *arena; /* the connection's, empty when the exchange begins */
    const struct exchange_setting *setting;
    const char *target;             /* in origin form, if it was a path or a URL */
    const char *authority;          /* of a URL, or NULL */
    const char *fault;              /* why the head is refused, or NULL */
    const struct http_mount *mount; /* the one that it belongs to */
    const char *path;               /* for a mount: decoded */
    struct buf body;
    size_t counted; /* of its bytes, against the limit of all bodies */
    size_t drained; /* bytes of a body over a limit that were read and discarded */
    bool dropped;   /* the body, because there are too many bytes of others */
    bool started;   /* the first callback, which has only the headers, was made */
    bool unframed;  /* the response is sent at once, and the connection then closed */
    struct exchange_line line;
    bool handled; /* the handler has run */
    bool held;    /* its response was held back */
    bool to_head; /* the request was a HEAD; set by then */
    struct http_response response;
};

struct exchange *exchange_new(struct arena *arena, const char *target,
                              const struct exchange_setting *setting);
void exchange_free(struct exchange *x);

/* Checks the headers. A request with a fault goes to the handler for the rest. */
void exchange_check_head(struct exchange *x, struct MHD_Connection *connection,
                         const char *version);

/* Appends a piece of the body. MHD_NO: it is far too long, drop the connection. */
enum MHD_Result exchange_take_body(struct exchange *x, const char *bytes, size_t length);

/* Passes the complete request, whose line is set, to the handler of its mount, which
 * fills in the response; unless that is to be done later, it is then handled. */
void exchange_handle(struct exchange *x);

/* The same, in a thread in which the handler may take long. */
void exchange_handle_long(struct exchange *x);

/* Queues the response and resets the arena. MHD_NO: drop the connection. */
enum MHD_Result exchange_respond(struct exchange *x, struct MHD_Connection *connection);

#endif
