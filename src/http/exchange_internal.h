/*
 * One request and its answer, between libmicrohttpd's several calls for it.
 */
#ifndef HTTP_EXCHANGE_INTERNAL_H
#define HTTP_EXCHANGE_INTERNAL_H

#include "base/buf.h"
#include "http/server.h"
#include "mounts_internal.h"
#include "stream_internal.h"

#include <microhttpd.h>
#include <stddef.h>

struct exchange {
    struct arena *arena; /* the connection's, empty when the exchange begins */
    const char *target;
    const struct http_mount *mount; /* that it belongs to */
    const char *path;               /* of a mount: decoded */
    struct buf body;
    size_t drained; /* bytes of a body over the limit that were read and thrown away */
    bool started;   /* the first call, which has the headers only, was made */
    bool answered;  /* the handler has run */
    bool to_head;   /* and the request was a HEAD */
    struct http_response answer;
};

struct exchange *exchange_new(struct arena *arena, const char *target,
                              const struct mounts *mounts);
void exchange_free(struct exchange *x);

/* Keeps a piece of the body. MHD_NO: it goes on for too long, drop the connection. */
enum MHD_Result exchange_take_body(struct exchange *x, const char *bytes, size_t length);

/* What libmicrohttpd says of a request when it is complete. */
struct exchange_line {
    struct MHD_Connection *connection;
    const char *method;
    const char *version;
};

/* Hands the complete request to the handler of its mount, which fills x->answer. */
void exchange_handle(struct exchange *x, const struct exchange_line *line, int port);

/* Queues the answer; what is in the arena is gone then. MHD_NO: drop the connection. */
enum MHD_Result exchange_answer(struct exchange *x, struct MHD_Connection *connection,
                                struct streams *streams);

#endif
