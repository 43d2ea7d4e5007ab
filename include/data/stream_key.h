/*
 * Stream keys, as stored: at most one for each channel, deleted with it.
 */
#ifndef DATA_STREAM_KEY_H
#define DATA_STREAM_KEY_H

#include <stddef.h>
#include <stdint.h>

#include "base/arn.h"
#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

extern const struct arn_kind stream_key_arn_kind;

/* Strings belong to the transaction's arena; no member is NULL. */
struct stream_key {
    const char *arn;
    const char *id; /* the last part of the ARN */
    const char *channel_arn;
    const char *value; /* secret: never logged */
    const char *tags;  /* JSON object of strings */
};

/* Reads one key into *out. DB_NONE: no such ARN in this scope. */
enum db_result stream_key_find(struct txn *txn, struct scope scope, const char *arn,
                               struct stream_key *out) NODISCARD;

/* Reads a channel's key into *out. DB_NONE: it has none, or there is no such channel. */
enum db_result stream_key_find_by_channel(struct txn *txn, struct scope scope,
                                          const char *channel_arn,
                                          struct stream_key *out) NODISCARD;

/*
 * Reads the ARN of the channel that a key's value gives access to. The value alone
 * determines the account and region. DB_NONE: no key has that value.
 */
enum db_result stream_key_find_channel(struct txn *txn, const char *value,
                                       const char **channel_arn) NODISCARD;

/* DB_DONE: done. The arn of the argument is ignored. */
enum db_result stream_key_insert(struct txn *txn, struct scope scope,
                                 const struct stream_key *key) NODISCARD;

enum db_result stream_key_delete(struct txn *txn, struct scope scope,
                                 const char *arn) NODISCARD;

#endif
