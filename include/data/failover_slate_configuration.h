/*
 * Failover slate configurations (what a channel shows while its encoder is interrupted),
 * as stored.
 */
#ifndef DATA_FAILOVER_SLATE_CONFIGURATION_H
#define DATA_FAILOVER_SLATE_CONFIGURATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/arn.h"
#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

extern const struct arn_kind failover_slate_configuration_arn_kind;

/* Strings belong to the transaction's arena; no member is NULL. */
struct failover_slate_configuration {
    int64_t seq; /* place in the order of creation; set by the database */
    const char *arn;
    const char *id; /* the last part of the ARN */
    const char *name;
    int64_t activation_threshold_seconds;
    int64_t min_display_seconds;
    int64_t max_display_seconds;
    int64_t settles_at_ms;      /* CREATED from then on, `settling_state` before */
    const char *settling_state; /* CREATING or UPDATING */
    const char *tags;           /* JSON object of strings */
};

/* CREATING, UPDATING or CREATED at that time. */
const char *failover_slate_configuration_state(
    const struct failover_slate_configuration *configuration, int64_t now_ms);

/* Reads one configuration into *out. DB_NONE: no such ARN in this scope. */
enum db_result
failover_slate_configuration_find(struct txn *txn, struct scope scope, const char *arn,
                                  struct failover_slate_configuration *out) NODISCARD;

/*
 * Reads up to `limit` configurations that come after `after` in the order of creation
 * into the array `out`, and their number into *count. DB_DONE, or DB_ERROR.
 */
enum db_result failover_slate_configuration_list(struct txn *txn, struct scope scope,
                                                 int64_t after, size_t limit,
                                                 struct failover_slate_configuration *out,
                                                 size_t *count) NODISCARD;

/* DB_DONE: done. The seq and arn of the argument are ignored. */
enum db_result failover_slate_configuration_insert(
    struct txn *txn, struct scope scope,
    const struct failover_slate_configuration *configuration) NODISCARD;

/* Writes every member but seq, id and tags. */
enum db_result failover_slate_configuration_update(
    struct txn *txn, struct scope scope,
    const struct failover_slate_configuration *configuration) NODISCARD;

/* No channel may still use it. */
enum db_result failover_slate_configuration_delete(struct txn *txn, struct scope scope,
                                                   const char *arn) NODISCARD;

#endif
