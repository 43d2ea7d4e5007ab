/*
 * How many connections there are from each address. One lock of the owner protects them
 * all.
 */
#ifndef HTTP_ADDRESSES_INTERNAL_H
#define HTTP_ADDRESSES_INTERNAL_H

#include "base/attrs.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/* Identifies a client: its IPv4 address, or the first 64 bits of its IPv6 address, of
 * which the rest is its own choice. */
struct address_key {
    unsigned char bytes[16];
};

/* False: the address is on this machine or not of the Internet; such are not counted. */
bool address_key_read(const struct sockaddr *address, struct address_key *out) NODISCARD;

struct address {
    struct address_key key;
    size_t connections;
    bool pressed; /* for the owner: near its limit */
    bool refused; /* for the owner: for one line in the log */
    struct address *next;
};

struct addresses;

struct addresses *addresses_new(void) NODISCARD;

/* All addresses must have been released. NULL is fine. */
void addresses_free(struct addresses *addresses);

/* NULL: nobody counts connections of the address. */
struct address *addresses_find(const struct addresses *addresses,
                               const struct address_key *key) NODISCARD;

/* The same, but creates it, without connections. */
struct address *addresses_get(struct addresses *addresses,
                              const struct address_key *key) NODISCARD;

/* Frees the address if it has no connections. */
void addresses_release(struct addresses *addresses, struct address *address);

#endif
