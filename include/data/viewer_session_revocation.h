/*
 * Revoked viewer sessions, as stored. A revocation is deleted with its channel.
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
    int64_t version; /* revokes sessions of this version and all earlier ones */
    int64_t revoked_at_ms;
};

/* Reads the revocation of a viewer of a channel. DB_NONE: nothing is revoked. */
enum db_result
viewer_session_revocation_find(struct txn *txn, struct scope scope,
                               const char *channel_arn, const char *viewer_id,
                               struct viewer_session_revocation *out) NODISCARD;

/*
 * Records a revocation for a channel of this scope, unless the same or a higher version
 * is revoked already. DB_DONE: done.
 */
enum db_result viewer_session_revocation_raise(
    struct txn *txn, struct scope scope,
    const struct viewer_session_revocation *revocation) NODISCARD;

#endif
