#include "app/health.h"

#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { TIMEOUT_SECONDS = 3 };

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

/* The status line is sufficient: health returns 200 or an error. */
static bool responds_healthy(int fd)
{
    static const char request[] = "GET /_ivs-local/health HTTP/1.1\r\n"
                                  "Host: localhost\r\nConnection: close\r\n\r\n";
    static const char healthy[] = "HTTP/1.1 200 ";
    char response[sizeof(healthy)] = "";
    size_t have = 0;

    if (send(fd, request, strlen(request), MSG_NOSIGNAL) != (ssize_t)strlen(request))
        return false;
    while (have < strlen(healthy)) {
        ssize_t got = recv(fd, response + have, strlen(healthy) - have, 0);
        if (got <= 0)
            return false;
        have += (size_t)got;
    }
    return strcmp(response, healthy) == 0;
}

int health_check(const struct config *config)
{
    int fd = connect_to(address_of(config->host), config->port);

    if (fd < 0)
        return 1;
    bool healthy = responds_healthy(fd);
    close(fd);
    return healthy ? 0 : 1;
}
