/*
 * Recording configurations, as stored.
 */
#ifndef DATA_RECORDING_CONFIGURATION_H
#define DATA_RECORDING_CONFIGURATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/arn.h"
#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

extern const struct arn_kind recording_configuration_arn_kind;

/* Strings belong to the transaction's arena; no member is NULL. */
struct recording_configuration {
    int64_t seq; /* place in the order of creation; set by the database */
    const char *arn;
    const char *id; /* the last part of the ARN */
    const char *name;
    const char *bucket_name;
    int64_t reconnect_window_seconds;
    const char *thumbnail_configuration; /* JSON, defaults filled in */
    const char *rendition_configuration; /* JSON, defaults filled in */
    int64_t settles_at_ms;     /* CREATING before, `settled_state` from then on */
    const char *settled_state; /* ACTIVE or CREATE_FAILED */
    const char *tags;          /* JSON object of strings */
};

/* CREATING, ACTIVE or CREATE_FAILED at that time. */
const char *
recording_configuration_state(const struct recording_configuration *configuration,
                              int64_t now_ms);

/* Reads one configuration into *out. DB_NONE: no such ARN in this scope. */
enum db_result
recording_configuration_find(struct txn *txn, struct scope scope, const char *arn,
                             struct recording_configuration *out) NODISCARD;

/*
 * Reads up to `limit` configurations that come after `after` in the order of creation
 * into the array `out`, and their number into *count. DB_DONE, or DB_ERROR.
 */
enum db_result recording_configuration_list(struct txn *txn, struct scope scope,
                                            int64_t after, size_t limit,
                                            struct recording_configuration *out,
                                            size_t *count) NODISCARD;

/* DB_DONE: done. The seq and arn of the argument are ignored. */
enum db_result recording_configuration_insert(
    struct txn *txn, struct scope scope,
    const struct recording_configuration *configuration) NODISCARD;

/* No channel may still use it. */
enum db_result recording_configuration_delete(struct txn *txn, struct scope scope,
                                              const char *arn) NODISCARD;

#endif
