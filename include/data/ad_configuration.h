/*
 * Ad configurations (how ads are inserted), as stored.
 */
#ifndef DATA_AD_CONFIGURATION_H
#define DATA_AD_CONFIGURATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/arn.h"
#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

extern const struct arn_kind ad_configuration_arn_kind;

/* Strings belong to the transaction's arena; no member is NULL. */
struct ad_configuration {
    int64_t seq; /* place in the order of creation; set by the database */
    const char *arn;
    const char *id; /* the last part of the ARN */
    const char *name;
    const char *media_tailor_playback_configurations; /* JSON list */
    const char *post_roll_configuration;              /* JSON, defaults filled in */
    const char *tags;                                 /* JSON object of strings */
};

/* Reads one configuration into *out. DB_NONE: no such ARN in this scope. */
enum db_result ad_configuration_find(struct txn *txn, struct scope scope, const char *arn,
                                     struct ad_configuration *out) NODISCARD;

/*
 * Reads up to `limit` configurations that come after `after` in the order of creation
 * into the array `out`, and their number into *count. DB_DONE, or DB_ERROR.
 */
enum db_result ad_configuration_list(struct txn *txn, struct scope scope, int64_t after,
                                     size_t limit, struct ad_configuration *out,
                                     size_t *count) NODISCARD;

/* DB_DONE: done. The seq and arn of the argument are ignored. */
enum db_result
ad_configuration_insert(struct txn *txn, struct scope scope,
                        const struct ad_configuration *configuration) NODISCARD;

/* Writes every member but seq, id and tags. */
enum db_result
ad_configuration_update(struct txn *txn, struct scope scope,
                        const struct ad_configuration *configuration) NODISCARD;

/* No channel may still use it. */
enum db_result ad_configuration_delete(struct txn *txn, struct scope scope,
                                       const char *arn) NODISCARD;

#endif
