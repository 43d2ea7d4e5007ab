/*
 * Viewers whose sessions may not go on, as stored. A revocation goes with its channel.
 */
#ifndef DATA_VIEWER_SESSION_REVOCATION_H
#define DATA_VIEWER_SESSION_REVOCATION_H

#include <stdint.h>

#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

/* Strings belong to the transaction's arena; no member is NULL. */
struct viewer_session_revocation {
    const char *channel_arn;
    const char *viewer_id;
    int64_t version; /* sessions of this version and all before it */
    int64_t revoked_at_ms;
};

/* Reads what is revoked of a viewer of a channel. DB_NONE: nothing. */
enum db_result
viewer_session_revocation_find(struct txn *txn, struct scope scope,
                               const char *channel_arn, const char *viewer_id,
                               struct viewer_session_revocation *out) NODISCARD;

/*
 * Notes a revocation for a channel of this scope, unless the same or a higher version is
 * revoked already. DB_DONE: done.
 */
enum db_result viewer_session_revocation_raise(
    struct txn *txn, struct scope scope,
    const struct viewer_session_revocation *revocation) NODISCARD;

#endif
