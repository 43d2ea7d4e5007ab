#include "addresses_internal.h"

#include "base/hash.h"
#include "base/memory.h"

#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1024, IPV4_AT = 12, IPV6_BYTES = 8, LOOPBACK_NET = 127 };

struct addresses {
    struct address *buckets[BUCKETS];
};

/* The form of an IPv4 address among those of IPv6. */
static const unsigned char mapped[IPV4_AT] = {[10] = 0xff, [11] = 0xff};

bool address_key_read(const struct sockaddr *address, struct address_key *out)
{
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
    struct address_key key = {{0}};

    if (address->sa_family == AF_INET) {
        memcpy(&ipv4, address, sizeof(ipv4));
        memcpy(key.bytes, mapped, sizeof(mapped));
        memcpy(key.bytes + IPV4_AT, &ipv4.sin_addr, sizeof(ipv4.sin_addr));
    } else if (address->sa_family == AF_INET6) {
        memcpy(&ipv6, address, sizeof(ipv6));
        memcpy(key.bytes, &ipv6.sin6_addr, sizeof(key.bytes));
        if (IN6_IS_ADDR_LOOPBACK(&ipv6.sin6_addr))
            return false;
    } else {
        return false;
    }
    if (memcmp(key.bytes, mapped, sizeof(mapped)) != 0)
        memset(key.bytes + IPV6_BYTES, 0, sizeof(key.bytes) - IPV6_BYTES);
    else if (key.bytes[IPV4_AT] == LOOPBACK_NET)
        return false;
    *out = key;
    return true;
}

struct addresses *addresses_new(void)
{
    return mem_zalloc(sizeof(struct addresses));
}

void addresses_free(struct addresses *addresses)
{
    free(addresses);
}

static size_t bucket_of(const struct address_key *key)
{
    int64_t halves[2];

    memcpy(halves, key->bytes, sizeof(halves));
    return (size_t)(hash_number(hash_number(HASH_START, halves[0]), halves[1]) % BUCKETS);
}

struct address *addresses_find(const struct addresses *addresses,
                               const struct address_key *key)
{
    struct address *address = addresses->buckets[bucket_of(key)];

    while (address != NULL && memcmp(&address->key, key, sizeof(*key)) != 0)
        address = address->next;
    return address;
}

struct address *addresses_get(struct addresses *addresses, const struct address_key *key)
{
    struct address *address = addresses_find(addresses, key);

    if (address != NULL)
        return address;
    struct address **first = &addresses->buckets[bucket_of(key)];
    address = mem_zalloc(sizeof(*address));
    address->key = *key;
    address->next = *first;
    *first = address;
    return address;
}

void addresses_release(struct addresses *addresses, struct address *address)
{
    struct address **at = &addresses->buckets[bucket_of(&address->key)];

    if (address->connections > 0)
        return;
    while (*at != address)
        at = &(*at)->next;
    *at = address->next;
    free(address);
}
