/*
 * The HTTP client: what the emulator itself sends, over libcurl. One sender sends one
 * request at a time. It follows no redirects, uses no proxy, and speaks HTTP and HTTPS
 * alone.
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/http_header.h"

enum {
    HTTP_CONNECT_TIMEOUT_MS = 2000,
    /* From the look-up of the name to the answer's end. Fidelity: common-delivery-3 */
    HTTP_TOTAL_TIMEOUT_MS = 5000,
    HTTP_RESULT_MAX_BYTES = 64 * 1024, /* an answer's body is cut there */
};

struct http_post {
    const char *url;
    const struct http_header *headers; /* ends with a NULL name */
    const char *body;
    size_t body_length;
};

/* What became of it. Strings belong to the arena. */
struct http_result {
    int status;          /* 0: no answer came */
    const char *failure; /* then, why */
    const char *body;    /* ends with a zero byte that `body_length` does not count */
    size_t body_length;
};

struct http_sender;

/* Senders are made and freed by one thread. NULL: libcurl cannot be loaded, which is in
 * the log. */
struct http_sender *http_sender_new(void) NODISCARD;

/* Nothing may be under way. NULL is fine. */
void http_sender_free(struct http_sender *sender);

/* Sends and waits for the answer. From any thread, but one at a time. */
void http_sender_post(struct http_sender *sender, const struct http_post *post,
                      struct arena *arena, struct http_result *out);

/* Makes what is under way, and all that follows, fail at once. From any thread. */
void http_sender_cancel(struct http_sender *sender);

#endif
