/*
 * The headers of a request and of its response, and the address of its client.
 */
#include "http/server.h"

#include "base/bug.h"

#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* libmicrohttpd removes only the white space before a value, but that behind it is not a
 * part of the value either (RFC 9112, section 5.1). */
static const char *trimmed_value(struct arena *arena, const char *value)
{
    size_t length = strlen(value), before = length;
    const char *start = http_header_trim(value, &length);

    return length == before ? value : arena_strndup(arena, start, length);
}

const char *http_request_header(const struct http_request *request, const char *name)
{
    if (request->authority != NULL && strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0)
        return request->authority;
    const char *value =
        MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);

    return value != NULL ? trimmed_value(request->arena, value) : NULL;
}

struct header_reader {
    const struct http_request *request;
    struct http_header *next;
    bool host; /* it was among the headers */
};

static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct header_reader *reader = cls;

    (void)kind;
    bool is_host = strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0;
    reader->host = reader->host || is_host;
    if (is_host && reader->request->authority != NULL)
        value = reader->request->authority;
    *reader->next++ = (struct http_header){
        name, value != NULL ? trimmed_value(reader->request->arena, value) : ""};
    return MHD_YES;
}

const struct http_header *http_request_headers(const struct http_request *request)
{
    int count =
        MHD_get_connection_values(request->connection, MHD_HEADER_KIND, NULL, NULL);
    struct http_header *headers =
        arena_alloc(request->arena, ((size_t)count + 2) * sizeof(*headers));
    struct header_reader reader = {request, headers, false};

    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, take_header, &reader);
    if (request->authority != NULL && !reader.host) /* only HTTP/1.0 may leave it out */
        *reader.next = (struct http_header){MHD_HTTP_HEADER_HOST, request->authority};
    return headers;
}

static socklen_t address_size(const struct sockaddr *address)
{
    return address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                          : sizeof(struct sockaddr_in);
}

/* Whether it is the address of an IPv4 client of an IPv6 socket. */
static bool is_mapped(const struct sockaddr *address)
{
    struct sockaddr_in6 ipv6;

    if (address->sa_family != AF_INET6)
        return false;
    memcpy(&ipv6, address, sizeof(ipv6));
    return IN6_IS_ADDR_V4MAPPED(&ipv6.sin6_addr);
}

const char *http_request_address(const struct http_request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN];

    if (info == NULL || info->client_addr == NULL ||
        getnameinfo(info->client_addr, address_size(info->client_addr), text,
                    sizeof(text), NULL, 0, NI_NUMERICHOST) != 0)
        return "";
    return arena_strdup(request->arena,
                        is_mapped(info->client_addr) ? strrchr(text, ':') + 1 : text);
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
