#include "base/throttle.h"

#include "base/hash.h"
#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>

/* A bucket is in one of the places of its set, so that a look-up is short. */
enum { SETS = 2048, PLACES = 4 };

struct bucket {
    uint64_t key; /* 0: free */
    struct throttle_bucket tokens;
};

struct throttle {
    pthread_mutex_t lock;
    struct bucket sets[SETS][PLACES];
};

struct throttle *throttle_new(void)
{
    struct throttle *throttle = mem_zalloc(sizeof(*throttle));

    pthread_mutex_init(&throttle->lock, NULL);
    return throttle;
}

void throttle_free(struct throttle *throttle)
{
    if (throttle == NULL)
        return;
    pthread_mutex_destroy(&throttle->lock);
    free(throttle);
}

uint64_t throttle_key(const char *service, const char *operation, struct scope scope,
                      const char *resource)
{
    uint64_t key = hash_text(HASH_START, service);

    key = hash_text(key, operation);
    key = hash_text(key, scope.account);
    key = hash_text(key, scope.region);
    return resource != NULL ? hash_text(key, resource) : key;
}

/* Returns the bucket of that key: the existing one, or the least recently used one,
 * refilled. */
static struct bucket *find_bucket(struct throttle *throttle, uint64_t key, int64_t now_ms)
{
    struct bucket *set = throttle->sets[key % SETS];
    struct bucket *oldest = &set[0];

    for (int i = 0; i < PLACES; i++) {
        if (set[i].key == key)
            return &set[i];
        if (set[i].tokens.at_ms < oldest->tokens.at_ms)
            oldest = &set[i];
    }
    *oldest = (struct bucket){.key = key, .tokens = {.at_ms = now_ms}};
    return oldest;
}

bool throttle_bucket_take(struct throttle_bucket *bucket, int64_t rate, int64_t now_ms)
{
    if (bucket->used > (double)rate) /* the rate was higher before */
        bucket->used = (double)rate;
    /* A clock that was reset neither adds nor removes tokens. */
    if (now_ms > bucket->at_ms)
        bucket->used -= (double)(now_ms - bucket->at_ms) * (double)rate / 1000;
    if (bucket->used < 0)
        bucket->used = 0;
    bucket->at_ms = now_ms;
    if (bucket->used + 1 > (double)rate)
        return false;
    bucket->used += 1;
    return true;
}

bool throttle_take(struct throttle *throttle, uint64_t key, int rate, int64_t now_ms)
{
    pthread_mutex_lock(&throttle->lock);
    struct bucket *bucket = find_bucket(throttle, key, now_ms);
    bool taken = throttle_bucket_take(&bucket->tokens, rate, now_ms);
    pthread_mutex_unlock(&throttle->lock);
    return taken;
}
