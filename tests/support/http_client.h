/*
 * An HTTP client for tests: one connection, which can send anything, complete requests or
 * arbitrary bytes. No wait is endless: a server that does not respond makes the test
 * fail.
 */
#ifndef TESTS_SUPPORT_HTTP_CLIENT_H
#define TESTS_SUPPORT_HTTP_CLIENT_H

#include "base/attrs.h"
#include "emulator.h"

#include <stdbool.h>
#include <stddef.h>

struct http_client;

enum { HTTP_ANSWER_MAX_HEADERS = 48 };

/* A response. It lives until its client is closed. */
struct http_answer {
    struct reply reply; /* the status, and the parsed JSON body */
    const char *body;   /* ends with a zero byte that `body_length` does not count */
    size_t body_length;
    size_t header_count;
    struct {
        const char *name;
        const char *value;
    } headers[HTTP_ANSWER_MAX_HEADERS];
};

/* The result of waiting for a response. */
enum http_outcome {
    HTTP_ANSWER,
    HTTP_CLOSED, /* the server ended the connection instead */
    HTTP_SILENCE /* nothing arrived in a long time, or something that is not HTTP */
};

/* Connects to a port of 127.0.0.1. NULL: nothing listens there. */
struct http_client *http_client_open(int port) NODISCARD;

/* The same with as small a receive buffer as the system allows. */
struct http_client *http_client_open_narrow(int port) NODISCARD;

/* Closes the connection. Accepts NULL. */
void http_client_close(struct http_client *client);

/* Sends bytes unchanged. False: the server closed the connection. */
bool http_send(struct http_client *client, const char *bytes, size_t length);
bool http_send_text(struct http_client *client, const char *text);

/* Sends a text, unless that would have to wait for the server. False: it was not sent, or
 * not all of it. */
bool http_send_at_once(struct http_client *client, const char *text);

/*
 * Sends a request. `headers` is "" or whole lines, each with its \r\n; Host and, for a
 * body that is not NULL, Content-Length are added.
 */
bool http_send_request(struct http_client *client, const char *method, const char *target,
                       const char *headers, const char *body, size_t body_length);

/* Shuts down sending; responses can still be received. */
void http_end_sending(struct http_client *client);

/* Waits for the next response. Like all functions above, it asserts nothing: any thread
 * may use it. `to_head`: it is the response to a HEAD request, so no body follows. */
enum http_outcome http_receive(struct http_client *client, bool to_head,
                               struct http_answer *out) NODISCARD;

/* Waits for `length` bytes of any protocol, which live until the client is closed. NULL:
 * the connection ended, or nothing arrived in a long time. Asserts nothing. */
const char *http_receive_bytes(struct http_client *client, size_t length) NODISCARD;

/* Returns the next response; the test fails if there is none. */
struct http_answer http_expect(struct http_client *client);

/* The test fails unless the server closes the connection without a further response. */
void http_expect_closed(struct http_client *client);

/* Sends a request with a text as its body (NULL: none) and expects the response. */
struct http_answer http_call(struct http_client *client, const char *method,
                             const char *target, const char *headers, const char *body);

/* The same for POST without further headers, as most operations are called. */
struct http_answer http_post(struct http_client *client, const char *target,
                             const char *body);

/* The value of a header, by its name in any case; NULL: absent. */
const char *http_header(const struct http_answer *answer, const char *name);

/* The test fails unless the header occurs once, with exactly this value. */
void assert_header(const struct http_answer *answer, const char *name, const char *value);

/* The test fails unless the response is this error in status, header and JSON body. */
void assert_error_answer(const struct http_answer *answer, int status, const char *error);

#endif
