/*
 * Playback restriction policies (where channels may be played), as stored.
 */
#ifndef DATA_PLAYBACK_RESTRICTION_POLICY_H
#define DATA_PLAYBACK_RESTRICTION_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arn.h"
#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

extern const struct arn_kind playback_restriction_policy_arn_kind;

/* Strings belong to the transaction's arena; no member is NULL. */
struct playback_restriction_policy {
    int64_t seq; /* place in the order of creation; set by the database */
    const char *arn;
    const char *id; /* the last part of the ARN */
    const char *name;
    const char *allowed_countries; /* JSON list of codes; empty: all countries */
    const char *allowed_origins;   /* JSON list of strings; empty: all origins */
    bool strict_origin_enforcement;
    const char *tags; /* JSON object of strings */
};

/* Reads one policy into *out. DB_NONE: no such ARN in this scope. */
enum db_result
playback_restriction_policy_find(struct txn *txn, struct scope scope, const char *arn,
                                 struct playback_restriction_policy *out) NODISCARD;

/*
 * Reads up to `limit` policies that come after `after` in the order of creation into the
 * array `out`, and their number into *count. DB_DONE, or DB_ERROR.
 */
enum db_result playback_restriction_policy_list(struct txn *txn, struct scope scope,
                                                int64_t after, size_t limit,
                                                struct playback_restriction_policy *out,
                                                size_t *count) NODISCARD;

/* DB_DONE: done. The seq and arn of the argument are ignored. */
enum db_result playback_restriction_policy_insert(
    struct txn *txn, struct scope scope,
    const struct playback_restriction_policy *policy) NODISCARD;

/* Writes every member but seq, id and tags. */
enum db_result playback_restriction_policy_update(
    struct txn *txn, struct scope scope,
    const struct playback_restriction_policy *policy) NODISCARD;

/* No channel may still use it. */
enum db_result playback_restriction_policy_delete(struct txn *txn, struct scope scope,
                                                  const char *arn) NODISCARD;

#endif
