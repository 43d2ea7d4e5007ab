/*
 * Call rates: a token bucket for each operation, account and region, and for some
 * operations each resource, on the clock of the account and region.
 *
 * Fidelity: common-throttling-1
 */
#ifndef BASE_THROTTLE_H
#define BASE_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/scope.h"

/* A bucket of a caller who owns it and protects it. Initially all zero: full. */
struct throttle_bucket {
    double used;   /* tokens that are missing */
    int64_t at_ms; /* the time of that number */
};

/* Takes a token from a bucket that holds `rate` tokens and is refilled with as many per
 * second. Returns false if it is empty. The rate may change between calls. */
bool throttle_bucket_take(struct throttle_bucket *bucket, int64_t rate,
                          int64_t now_ms) NODISCARD;

struct throttle;

/* The bucket of an operation for an account in a region, or for one resource; NULL: for
 * all resources together. */
uint64_t throttle_key(const char *service, const char *operation, struct scope scope,
                      const char *resource) NODISCARD;

struct throttle *throttle_new(void) NODISCARD;
void throttle_free(struct throttle *throttle);

/*
 * Takes a token from the bucket `key`, which is refilled with `rate` tokens per second
 * and holds that many. Returns false if it is empty. A bucket that was not used for long
 * is full. There are so many buckets that one in use is hardly ever evicted; an evicted
 * one is full again.
 */
bool throttle_take(struct throttle *throttle, uint64_t key, int rate,
                   int64_t now_ms) NODISCARD;

#endif
