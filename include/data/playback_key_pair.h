/*
 * The public keys that verify playback tokens, as stored.
 */
#ifndef DATA_PLAYBACK_KEY_PAIR_H
#define DATA_PLAYBACK_KEY_PAIR_H

#include <stddef.h>
#include <stdint.h>

#include "base/arn.h"
#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

extern const struct arn_kind playback_key_pair_arn_kind;

/* Strings belong to the transaction's arena; no member is NULL. */
struct playback_key_pair {
    int64_t seq; /* place in the order of creation; set by the database */
    const char *arn;
    const char *id; /* the last part of the ARN */
    const char *name;
    const char *fingerprint; /* unique within a scope */
    const char *public_key;  /* PEM, as it was imported */
    const char *tags;        /* JSON object of strings */
};

/* Reads one key pair into *out. DB_NONE: no such ARN in this scope. */
enum db_result playback_key_pair_find(struct txn *txn, struct scope scope,
                                      const char *arn,
                                      struct playback_key_pair *out) NODISCARD;

/* Reads the key pair with that fingerprint into *out. DB_NONE: the scope has none. */
enum db_result
playback_key_pair_find_by_fingerprint(struct txn *txn, struct scope scope,
                                      const char *fingerprint,
                                      struct playback_key_pair *out) NODISCARD;

/*
 * Reads up to `limit` key pairs that come after `after` in the order of creation into
 * the array `out`, and their number into *count. DB_DONE, or DB_ERROR.
 */
enum db_result playback_key_pair_list(struct txn *txn, struct scope scope, int64_t after,
                                      size_t limit, struct playback_key_pair *out,
                                      size_t *count) NODISCARD;

/* DB_DONE: done. The seq and arn of the argument are ignored. */
enum db_result playback_key_pair_insert(struct txn *txn, struct scope scope,
                                        const struct playback_key_pair *pair) NODISCARD;

enum db_result playback_key_pair_delete(struct txn *txn, struct scope scope,
                                        const char *arn) NODISCARD;

#endif
