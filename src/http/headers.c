/*
 * The headers of a request and of its response.
 */
#include "base/bug.h"
#include "http/server.h"

#include <microhttpd.h>

const char *http_request_header(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result take_header(void *next, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct http_header **at = next;

    (void)kind;
    *(*at)++ = (struct http_header){name, value != NULL ? value : ""};
    return MHD_YES;
}

const struct http_header *http_request_headers(const struct http_request *request)
{
    int count =
        MHD_get_connection_values(request->connection, MHD_HEADER_KIND, NULL, NULL);
    struct http_header *headers =
        arena_alloc(request->arena, ((size_t)count + 1) * sizeof(*headers));
    struct http_header *next = headers;

    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, take_header, &next);
    return headers;
}

void http_response_header(struct http_response *response, const char *name,
                          const char *value)
{
    if (response->header_count == HTTP_MAX_HEADERS)
        BUG("more than %d headers", HTTP_MAX_HEADERS);
    response->headers[response->header_count].name = name;
    response->headers[response->header_count].value = value;
    response->header_count++;
}
