/*
 * A host and an optional port, as in a URL and in the headers Host and Origin:
 * example.com, 10.0.0.7:3000, [::1]:80.
 */
#ifndef BASE_AUTHORITY_H
#define BASE_AUTHORITY_H

#include <stdbool.h>
#include <stddef.h>

enum host_kind { HOST_NAME, HOST_IPV4, HOST_IPV6 };

struct authority {
    const char *host;   /* not terminated; points into the text that was read */
    size_t host_length; /* including the brackets around an IPv6 address */
    enum host_kind kind;
    size_t length; /* of host and port together */
};

/*
 * Reads the authority at the beginning of `text` into *out; the caller checks what
 * follows it. False, with *out untouched, if there is no host of 1 to 255 characters that
 * is valid in a URL without encoding, or if a colon is not followed by a port from 1 to
 * 65535.
 */
bool authority_read(const char *text, struct authority *out);

/* Whether the host is this machine and nothing else: localhost, a name below it such as
 * app.localhost (RFC 6761, section 6.3), 127.0.0.0/8 or ::1. */
bool authority_is_loopback(const struct authority *authority);

#endif
