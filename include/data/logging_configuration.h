/*
 * Logging configurations of chat rooms, as stored.
 */
#ifndef DATA_LOGGING_CONFIGURATION_H
#define DATA_LOGGING_CONFIGURATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/arn.h"
#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

extern const struct arn_kind logging_configuration_arn_kind;

/* Strings belong to the transaction's arena; no member is NULL. */
struct logging_configuration {
    int64_t update_seq; /* place in the order of updates; set by the database */
    int64_t seq;        /* place in the order of creation; set by the database */
    const char *arn;
    const char *id;               /* the last part of the ARN */
    const char *name;             /* "": no name */
    const char *destination_kind; /* s3, cloudWatchLogs or firehose */
    const char *destination_name; /* of the bucket, log group or delivery stream */
    int64_t created_at_ms;
    int64_t updated_at_ms;
    const char *transition; /* CREATING, UPDATING or DELETING: the state before
                             * `settles_at_ms` */
    int64_t settles_at_ms;
    const char *settled_state; /* the state from then on; DELETED: it is deleted then */
    const char *tags;          /* JSON object of strings */
};

/* The state that the API shows at that time. */
const char *logging_configuration_state(const struct logging_configuration *configuration,
                                        int64_t now_ms);

/* Reads one configuration into *out. DB_NONE: no such ARN in this scope. */
enum db_result logging_configuration_find(struct txn *txn, struct scope scope,
                                          const char *arn,
                                          struct logging_configuration *out) NODISCARD;

/*
 * Reads up to `limit` configurations, those that were updated last first, that come
 * before `before` in the order of updates (0: begins with the newest) into the array
 * `out`, and their number into *count. DB_DONE, or DB_ERROR.
 */
enum db_result logging_configuration_list(struct txn *txn, struct scope scope,
                                          int64_t before, size_t limit,
                                          struct logging_configuration *out,
                                          size_t *count) NODISCARD;

/* DB_DONE: done. The seqs and the arn of the argument are ignored. */
enum db_result
logging_configuration_insert(struct txn *txn, struct scope scope,
                             const struct logging_configuration *configuration) NODISCARD;

/*
 * Writes every member but seq, id, the time of creation and tags, and moves the
 * configuration to the end of the order of updates. If it is to be deleted, the engine is
 * told when. DB_DONE: done.
 */
enum db_result
logging_configuration_update(struct txn *txn, struct scope scope,
                             const struct logging_configuration *configuration) NODISCARD;

/* No room may still refer to it. */
enum db_result logging_configuration_delete(struct txn *txn, struct scope scope,
                                            const char *arn) NODISCARD;

/* Reads the configuration of the scope whose deletion is due first. */
enum db_result
logging_configuration_find_next_deletion(struct txn *txn, struct scope scope,
                                         struct logging_configuration *out) NODISCARD;

#endif
