/*
 * The HTTP client: what the emulator itself sends, over libcurl. One sender sends one
 * request at a time, and keeps its connection for the next one. It follows no redirects,
 * uses no proxy, and speaks HTTP and HTTPS alone.
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/http_header.h"
#include "http/file.h"

/* What holds for a request that does not say otherwise. */
enum {
    HTTP_CONNECT_TIMEOUT_MS = 2000,
    /* From the look-up of the name to the answer's end. Fidelity: common-delivery-3 */
    HTTP_TOTAL_TIMEOUT_MS = 5000,
    HTTP_RESULT_MAX_BYTES = 64 * 1024, /* an answer's body is cut there */
};

/* A header of an answer whose value is longer counts as absent. */
enum { HTTP_RESULT_HEADER_MAX_BYTES = 4096 };

/* A request. Members that are not set are zero. All of it, and the file, must stay until
 * the answer is there. */
struct http_client_request {
    const char *method; /* GET, HEAD, POST, PUT or DELETE */
    const char *url;    /* http or https; encoded as it is to be sent */
    /* Without line breaks; ends with a NULL name. Host and Content-Length are added.
     * NULL: none. */
    const struct http_header *headers;

    /* The body, in memory or in a file; none with GET and HEAD. */
    const char *body;
    size_t body_length;
    const struct http_file *body_file; /* NULL: the body is in memory */

    int connect_timeout_ms;  /* 0: HTTP_CONNECT_TIMEOUT_MS */
    int total_timeout_ms;    /* 0: HTTP_TOTAL_TIMEOUT_MS */
    size_t result_max_bytes; /* of the answer's body; 0: HTTP_RESULT_MAX_BYTES */
    /* Names of headers of the answer that are wanted, ending with NULL. NULL: none. */
    const char *const *result_headers;
};

/* What became of it. Strings belong to the arena. */
struct http_result {
    int status;          /* 0: no answer came, or a file was not sent as a whole */
    const char *failure; /* then, why */
    const char *body;    /* ends with a zero byte that `body_length` does not count */
    size_t body_length;
    bool body_cut; /* it was longer than allowed: this is its beginning */
    /* The headers that were wanted and came, by the names they were wanted by; ends with
     * a NULL name. Use http_result_header(). */
    const struct http_header *headers;
};

/* The value of a header that was wanted, named in any case. NULL: it did not come. Of
 * several with one name the first counts. */
const char *http_result_header(const struct http_result *result, const char *name);

struct http_sender;

/* Senders are made and freed by one thread. NULL: libcurl cannot be loaded, which is in
 * the log. */
struct http_sender *http_sender_new(void) NODISCARD;

/* Nothing may be under way. NULL is fine. */
void http_sender_free(struct http_sender *sender);

/* Sends a request and waits for the answer. From any thread, but one at a time. */
void http_sender_send(struct http_sender *sender,
                      const struct http_client_request *request, struct arena *arena,
                      struct http_result *out);

/* Makes what is under way, and all that follows, fail at once. From any thread. */
void http_sender_cancel(struct http_sender *sender);

#endif
