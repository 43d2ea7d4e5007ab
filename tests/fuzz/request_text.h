/*
 * Requests as text: a line for method and target, lines of headers, an empty line, the
 * body. The HTTP library is left out: its calls are simulated here. Targets that use this
 * are linked with FUZZ_REQUEST_TEXT (see tests/CMakeLists.txt).
 */
#ifndef TESTS_FUZZ_REQUEST_TEXT_H
#define TESTS_FUZZ_REQUEST_TEXT_H

#include "base/attrs.h"
#include "http/server.h"

enum { REQUEST_MAX_HEADERS = 32, REQUEST_PORT = 4580 };

/* Replaces a connection. */
struct request_headers {
    size_t count;
    struct http_header list[REQUEST_MAX_HEADERS + 1];
};

/* Parses the text, which is changed and must outlive the request, like the headers.
 * False: it has no target. */
bool request_from_text(struct arena *arena, char *text, size_t length,
                       struct request_headers *headers,
                       struct http_request *out) NODISCARD;

/* The value of a header of the response; NULL: absent. It stops if there are several. */
const char *response_header(const struct http_response *response, const char *name);

/* It stops if a header has several lines. */
void response_check_lines(const struct http_response *response);

#endif
