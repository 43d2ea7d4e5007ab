#include "base/authority.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HOST_MAX_CHARS = 255, PORT_MAX_CHARS = 5, PORT_MAX = 65535 };

/* Reads an address of that family; false if the text is not one. */
static bool read_address(int family, const char *text, size_t length, void *out)
{
    char address[INET6_ADDRSTRLEN];

    if (length >= sizeof(address))
        return false;
    memcpy(address, text, length);
    address[length] = '\0';
    return inet_pton(family, address, out) == 1;
}

static bool read_ipv4(const char *text, size_t length, struct in_addr *out)
{
    return read_address(AF_INET, text, length, out);
}

/* The text includes the brackets. */
static bool read_ipv6(const char *text, size_t length, struct in6_addr *out)
{
    return length > 2 && text[length - 1] == ']' &&
           read_address(AF_INET6, text + 1, length - 2, out);
}

static bool read_host(const char *text, struct authority *out)
{
    struct in6_addr six;
    struct in_addr four;

    out->host = text;
    if (text[0] == '[') {
        out->kind = HOST_IPV6;
        out->host_length = strcspn(text, "]") + 1;
        return strchr(text, ']') != NULL && read_ipv6(text, out->host_length, &six);
    }
    out->host_length = text_span(text, TEXT_LOWER | TEXT_UPPER | TEXT_DIGITS, ".-_");
    out->kind = read_ipv4(text, out->host_length, &four) ? HOST_IPV4 : HOST_NAME;
    return out->host_length > 0 && out->host_length <= HOST_MAX_CHARS;
}

bool authority_read(const char *text, struct authority *out)
{
    struct authority read;

    if (!read_host(text, &read))
        return false;
    read.length = read.host_length;
    if (text[read.length] == ':') {
        const char *port = text + read.length + 1;
        size_t digits = text_span(port, TEXT_DIGITS, "");
        long number = digits <= PORT_MAX_CHARS ? strtol(port, NULL, 10) : 0;
        if (number < 1 || number > PORT_MAX || digits == 0)
            return false;
        read.length += 1 + digits;
    }
    *out = read;
    return true;
}

static bool is_localhost(const char *name, size_t length)
{
    static const char localhost[] = "localhost";

    return length == strlen(localhost) && strncasecmp(name, localhost, length) == 0;
}

/* Whether a name is localhost or below it, and none of its labels is empty. */
static bool is_loopback_name(const char *name, size_t length)
{
    const char *end = name + length;

    for (const char *label = name;; label++) {
        if (is_localhost(label, (size_t)(end - label)))
            return true;
        const char *dot = memchr(label, '.', (size_t)(end - label));
        if (dot == NULL || dot == label)
            return false;
        label = dot;
    }
}

bool authority_is_loopback(const struct authority *authority)
{
    struct in6_addr six;
    struct in_addr four;

    switch (authority->kind) {
    case HOST_IPV4:
        return read_ipv4(authority->host, authority->host_length, &four) &&
               ntohl(four.s_addr) >> 24 == 127;
    case HOST_IPV6:
        return read_ipv6(authority->host, authority->host_length, &six) &&
               IN6_IS_ADDR_LOOPBACK(&six);
    case HOST_NAME:
        break;
    }
    return is_loopback_name(authority->host, authority->host_length);
}
