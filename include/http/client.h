/*
 * The HTTP client, based on libcurl, for requests that the emulator itself sends. A
 * sender sends one request at a time, and keeps its connection for the next one. It
 * follows no redirects, uses no proxy, and supports only HTTP and HTTPS.
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/http_header.h"
#include "http/file.h"

/* Defaults for a request that does not set these. */
enum {
    HTTP_CONNECT_TIMEOUT_MS = 2000,
    /* From the name look-up to the end of the response. Fidelity: common-delivery-3 */
    HTTP_TOTAL_TIMEOUT_MS = 5000,
    HTTP_RESULT_MAX_BYTES = 64 * 1024, /* a longer response body is truncated */
};

/* A header of a response whose value is longer is treated as absent. */
enum { HTTP_RESULT_HEADER_MAX_BYTES = 4096 };

/* A request. Members that are not set are zero. The request, everything it points to and
 * the file must remain unchanged until the response is complete. */
struct http_client_request {
    const char *method; /* GET, HEAD, POST, PUT or DELETE */
    const char *url;    /* http or https; encoded as it is to be sent */
    /* Without line breaks; ends with a NULL name. Host and Content-Length are added.
     * NULL: none. */
    const struct http_header *headers;

    /* The body, in memory or in a file; GET and HEAD have none. */
    const char *body;
    size_t body_length;
    const struct http_file *body_file; /* NULL: the body is in memory */

    int connect_timeout_ms;  /* 0: HTTP_CONNECT_TIMEOUT_MS */
    int total_timeout_ms;    /* 0: HTTP_TOTAL_TIMEOUT_MS; negative: none */
    size_t result_max_bytes; /* of the response body; 0: HTTP_RESULT_MAX_BYTES */
    /* Gets the body of a successful response piece by piece, in place of the result.
     * False ends the transfer, which then counts as truncated. NULL: no. */
    bool (*receive)(void *context, const char *bytes, size_t length);
    void *receive_context;
    /* Names of the response headers to keep, ending with NULL. NULL: none. */
    const char *const *result_headers;
};

/* The result of a request. Strings belong to the arena. */
struct http_result {
    int status;          /* 0: no response, or a file was not sent completely */
    const char *failure; /* the reason if `status` is 0 */
    const char *body;    /* ends with a zero byte that `body_length` does not count */
    size_t body_length;
    bool body_cut; /* it exceeded the limit: `body` is its beginning */
    /* The requested headers that are in the response, with their names as requested; ends
     * with a NULL name. Use http_result_header(). */
    const struct http_header *headers;
};

/* The value of a requested header, whose name may be in any case. NULL: the response does
 * not have it. If a header occurs several times, this is the first one. */
const char *http_result_header(const struct http_result *result, const char *name);

struct http_sender;

/* Any thread may create and free senders. NULL: libcurl cannot be loaded; the error is
 * logged. */
struct http_sender *http_sender_new(void) NODISCARD;

/* No request may be in progress. NULL is fine. */
void http_sender_free(struct http_sender *sender);

/* Sends a request and waits for the response. Any thread may call this, but only one at a
 * time. With a libcurl before 7.87, http_sender_free() may have to wait for a name
 * look-up that exceeded the total timeout or was cancelled. */
void http_sender_send(struct http_sender *sender,
                      const struct http_client_request *request, struct arena *arena,
                      struct http_result *out);

/* Makes the request in progress, and all later ones, fail at once. Any thread may call
 * this. */
void http_sender_cancel(struct http_sender *sender);

#endif
