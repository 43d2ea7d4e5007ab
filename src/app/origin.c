#include "app/origin.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* Whether a host name means this machine and nothing else. */
static bool is_loopback(const char *host, size_t length)
{
    char name[sizeof("255.255.255.255")];
    struct in_addr address;

    if (length == strlen("[::1]") && memcmp(host, "[::1]", length) == 0)
        return true;
    if (length >= sizeof(name))
        return false;
    memcpy(name, host, length);
    name[length] = '\0';
    if (strcasecmp(name, "localhost") == 0)
        return true;
    return inet_pton(AF_INET, name, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

static bool is_loopback_origin(const char *origin)
{
    const char *host = NULL;

    if (strncmp(origin, "http://", 7) == 0)
        host = origin + 7;
    else if (strncmp(origin, "https://", 8) == 0)
        host = origin + 8;
    if (host == NULL)
        return false;
    const char *bracket = strchr(host, ']');
    size_t length = bracket != NULL ? (size_t)(bracket + 1 - host) : strcspn(host, ":");
    const char *port = host + length;
    if (*port != '\0' && (*port != ':' || port[1] == '\0' ||
                          strspn(port + 1, "0123456789") != strlen(port + 1)))
        return false;
    return is_loopback(host, length);
}

bool origin_allowed(const struct config_list *allowed, const char *origin)
{
    for (int64_t i = 0; i < allowed->count; i++) {
        if (strcmp(allowed->values[i], "*") == 0 ||
            strcmp(allowed->values[i], origin) == 0)
            return true;
    }
    return allowed->count == 0 && is_loopback_origin(origin);
}
