/*
 * Chat rooms, as stored.
 */
#ifndef DATA_ROOM_H
#define DATA_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arn.h"
#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

extern const struct arn_kind room_arn_kind;

enum { ROOM_LOGGING_CONFIGURATIONS_MAX = 3 };

/* Strings belong to the transaction's arena; none that is in use is NULL. */
struct room {
    int64_t update_seq; /* place in the order of updates; set by the database */
    int64_t seq;        /* place in the order of creation; set by the database */
    const char *arn;
    const char *id;   /* the last part of the ARN */
    const char *name; /* "": no name */
    int64_t maximum_message_rate_per_second;
    int64_t maximum_message_length;         /* Unicode characters */
    bool has_message_review_handler;        /* one was ever configured */
    const char *message_review_handler_uri; /* "": none */
    const char *fallback_result;            /* ALLOW or DENY */
    const char *logging_configuration_arns[ROOM_LOGGING_CONFIGURATIONS_MAX];
    size_t logging_configuration_count;
    int64_t created_at_ms;
    int64_t updated_at_ms;
    const char *tags; /* JSON object of strings */
};

/* What a list can be filtered by; "" in a member: any. */
struct room_filter {
    const char *name;
    const char *message_review_handler_uri;
    const char *logging_configuration_arn;
};

/* Reads one room into *out. DB_NONE: no such ARN in this scope. */
enum db_result room_find(struct txn *txn, struct scope scope, const char *arn,
                         struct room *out) NODISCARD;

/*
 * Reads up to `limit` rooms that match all filters, those that were updated last first,
 * that come before `before` in the order of updates (0: begins with the newest) into the
 * array `out`, and their number into *count. DB_DONE, or DB_ERROR.
 */
enum db_result room_list(struct txn *txn, struct scope scope,
                         const struct room_filter *filter, int64_t before, size_t limit,
                         struct room *out, size_t *count) NODISCARD;

/* DB_DONE: done. The seqs and the arn of the argument are ignored. Its logging
 * configurations must exist and differ, here and below. */
enum db_result room_insert(struct txn *txn, struct scope scope,
                           const struct room *room) NODISCARD;

/* Writes every member but seq, id, the time of creation and tags, and moves the room to
 * the end of the order of updates. DB_DONE: done. */
enum db_result room_update(struct txn *txn, struct scope scope,
                           const struct room *room) NODISCARD;

enum db_result room_delete(struct txn *txn, struct scope scope,
                           const char *arn) NODISCARD;

/* DB_ROW: at least one room refers to the logging configuration. DB_NONE: none does. */
enum db_result room_exists_with_logging(struct txn *txn, struct scope scope,
                                        const char *logging_configuration_arn) NODISCARD;

#endif
