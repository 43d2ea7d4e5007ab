#include "base/ids.h"

#include "base/bug.h"
#include "base/memory.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <uuid/uuid.h>

enum { POOL_WORDS = 128 };

struct ids {
    pthread_mutex_t lock;

    /* Without a seed: random bytes of the system that are not used yet. Whoever sees some
     * identifiers learns nothing about the secrets of others. */
    bool from_system;
    uint64_t pool[POOL_WORDS];
    size_t pool_left;

    /* With a seed: xoshiro256** (Blackman and Vigna, 2018), which is small and fast, and
     * predictable. */
    uint64_t state[4];
};

static void fill_pool(struct ids *ids)
{
    size_t filled = 0;

    while (filled < sizeof(ids->pool)) {
        ssize_t got =
            getrandom((char *)ids->pool + filled, sizeof(ids->pool) - filled, 0);
        if (got < 0 && errno != EINTR)
            BUG("the system has no random bytes: error %d", errno);
        filled += got > 0 ? (size_t)got : 0;
    }
    ids->pool_left = POOL_WORDS;
}

/* Each word is erased when it is used, so that memory does not show past secrets. */
static uint64_t take_from_pool(struct ids *ids)
{
    if (ids->pool_left == 0)
        fill_pool(ids);
    uint64_t *word = &ids->pool[--ids->pool_left];
    uint64_t result = *word;
    *word = 0;
    return result;
}

static uint64_t rotated(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

static uint64_t step_xoshiro(struct ids *ids)
{
    uint64_t *s = ids->state;
    uint64_t result = rotated(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return result;
}

static uint64_t next_random(struct ids *ids)
{
    return ids->from_system ? take_from_pool(ids) : step_xoshiro(ids);
}

/* SplitMix64, which the generator's authors recommend for expanding a small seed. */
static uint64_t spread_seed(uint64_t *seed)
{
    uint64_t z = (*seed += 0x9e3779b97f4a7c15U);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

struct ids *ids_new_seeded(uint64_t seed)
{
    struct ids *ids = mem_zalloc(sizeof(*ids));

    pthread_mutex_init(&ids->lock, NULL);
    for (int i = 0; i < 4; i++)
        ids->state[i] = spread_seed(&seed);
    return ids;
}

struct ids *ids_new(void)
{
    struct ids *ids = ids_new_seeded(0);

    ids->from_system = true;
    return ids;
}

void ids_free(struct ids *ids)
{
    if (ids == NULL)
        return;
    pthread_mutex_destroy(&ids->lock);
    free(ids);
}

const char *ids_alnum(struct ids *ids, struct arena *arena, size_t length)
{
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
                                   "qrstuvwxyz";
    char *text = arena_alloc(arena, length + 1);
    size_t used = 0;

    pthread_mutex_lock(&ids->lock);
    while (used < length) {
        /* Ten draws of six bits each; the two values outside the alphabet are
         * discarded. */
        uint64_t bits = next_random(ids);
        for (int i = 0; i < 10 && used < length; i++, bits >>= 6) {
            if ((bits & 63) < sizeof(alphabet) - 1)
                text[used++] = alphabet[bits & 63];
        }
    }
    pthread_mutex_unlock(&ids->lock);
    return text;
}

double ids_fraction(struct ids *ids)
{
    pthread_mutex_lock(&ids->lock);
    uint64_t bits = next_random(ids);
    pthread_mutex_unlock(&ids->lock);
    return (double)(bits >> 11) * 0x1p-53; /* as many bits as fit in a double */
}

void ids_uuid(struct ids *ids, char out[IDS_UUID_BYTES])
{
    uint64_t bits[2];
    uuid_t uuid;

    pthread_mutex_lock(&ids->lock);
    bits[0] = next_random(ids);
    bits[1] = next_random(ids);
    pthread_mutex_unlock(&ids->lock);
    /* cppcheck-suppress uninitvar ; it does not know the type */
    memcpy(uuid, bits, sizeof(uuid));
    uuid[6] = (uuid[6] & 0x0f) | 0x40; /* version 4 */
    uuid[8] = (uuid[8] & 0x3f) | 0x80; /* variant 1 */
    uuid_unparse_lower(uuid, out);
}
