#include "app/health.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { TIMEOUT_SECONDS = 3, RESPONSE_MAX_BYTES = 64 * 1024 };

/* Returns the address at which a server that listens there can be reached. */
static const char *address_of(const char *listen)
{
    if (strcmp(listen, "0.0.0.0") == 0)
        return "127.0.0.1";
    return strcmp(listen, "::") == 0 ? "::1" : listen;
}

/* Returns a connected socket with a timeout, or -1. */
static int connect_to(const char *host, int64_t port)
{
    const struct timeval timeout = {.tv_sec = TIMEOUT_SECONDS};
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char service[16];

    snprintf(service, sizeof(service), "%d", (int)port);
    if (getaddrinfo(host, service, &hints, &found) != 0)
        return -1;
    int fd = socket(found->ai_family, SOCK_STREAM, 0);
    if (fd >= 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
        if (connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    return fd;
}

/* Returns the complete response as text, or what there is of it after an error. */
static char *read_response(int fd, struct arena *arena)
{
    struct buf response AUTO(buf_done);
    char piece[1024];
    ssize_t got;

    buf_init(&response, RESPONSE_MAX_BYTES);
    while (!response.overflow && (got = recv(fd, piece, sizeof(piece), 0)) > 0)
        buf_add(&response, piece, (size_t)got);
    return arena_strndup(arena, response.bytes != NULL ? response.bytes : "",
                         response.length);
}

/* Returns the message in the body of an error, or NULL. */
static const char *read_message(const char *response, struct arena *arena)
{
    const char *head_end = strstr(response, "\r\n\r\n");
    const char *why;

    if (head_end == NULL)
        return NULL;
    cJSON *body AUTO(json_done) = json_read(head_end + 4, strlen(head_end + 4), &why);
    const char *message = json_string_or(body, "message", NULL);
    return message != NULL ? arena_strdup(arena, message) : NULL;
}

/* Returns NULL, or why the server that is connected is not healthy. */
static const char *check_server(int fd, const char *url, struct arena *arena)
{
    static const char request[] = "GET /_ivs-local/health HTTP/1.1\r\n"
                                  "Host: localhost\r\nConnection: close\r\n\r\n";
    static const char version[] = "HTTP/1.1 ";
    char quoted[LOG_QUOTED_BYTES];

    if (send(fd, request, strlen(request), MSG_NOSIGNAL) != (ssize_t)strlen(request))
        return arena_printf(arena, "%s closed the connection", url);
    const char *response = read_response(fd, arena);
    if (!text_starts_with(response, version))
        return arena_printf(arena, "%s gave no HTTP response within %d seconds", url,
                            TIMEOUT_SECONDS);
    const char *status = response + strlen(version);
    if (text_starts_with(status, "200 "))
        return NULL;
    const char *message = read_message(response, arena);
    if (message == NULL)
        return arena_printf(arena, "%s responded with status %.3s", url, status);
    return arena_printf(arena, "%s is not healthy: %s", url, log_quoted(message, quoted));
}

const char *health_url(const struct config *config, struct arena *arena)
{
    const char *host = address_of(config->host);

    return arena_printf(arena,
                        strchr(host, ':') != NULL ? "http://[%s]:%d" : "http://%s:%d",
                        host, (int)config->port);
}

int health_check(const struct config *config)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *host = address_of(config->host);
    const char *url = health_url(config, arena);
    int fd = connect_to(host, config->port);

    const char *why = fd < 0 ? arena_printf(arena, "nothing answers at %s", url)
                             : check_server(fd, url, arena);
    if (fd >= 0)
        close(fd);
    if (why == NULL)
        return 0;
    fprintf(stderr, "ivs-local: %s\n", why);
    return 1;
}
