#include "data/viewer_session_revocation.h"

#include "bind_internal.h"
#include "data/channel.h"

static void bind_viewer(struct stmt *q, struct scope scope, const char *channel_arn,
                        const char *viewer_id)
{
    bind_scope(q, scope);
    stmt_text(q, ":channel_id", arn_id(&channel_arn_kind, scope, channel_arn));
    stmt_text(q, ":viewer_id", viewer_id);
}

enum db_result viewer_session_revocation_find(struct txn *txn, struct scope scope,
                                              const char *channel_arn,
                                              const char *viewer_id,
                                              struct viewer_session_revocation *out)
{
    static const char sql[] =
        "SELECT version, revoked_at_ms FROM viewer_session_revocation"
        " WHERE account = :account AND region = :region AND channel_id = :channel_id"
        " AND viewer_id = :viewer_id";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_viewer(q, scope, channel_arn, viewer_id);

    enum db_result found = stmt_step(q);
    if (found == DB_ROW)
        *out = (struct viewer_session_revocation){
            .channel_arn = arena_strdup(txn_arena(txn), channel_arn),
            .viewer_id = arena_strdup(txn_arena(txn), viewer_id),
            .version = stmt_column_int(q, 0),
            .revoked_at_ms = stmt_column_int(q, 1),
        };
    return found;
}

enum db_result
viewer_session_revocation_raise(struct txn *txn, struct scope scope,
                                const struct viewer_session_revocation *revocation)
{
    static const char sql[] =
        "INSERT INTO viewer_session_revocation"
        " (account, region, channel_id, viewer_id, version, revoked_at_ms)"
        " VALUES (:account, :region, :channel_id, :viewer_id, :version, :revoked_at_ms)"
        " ON CONFLICT DO UPDATE"
        " SET version = excluded.version, revoked_at_ms = excluded.revoked_at_ms"
        " WHERE excluded.version > version";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_viewer(q, scope, revocation->channel_arn, revocation->viewer_id);
    stmt_int(q, ":version", revocation->version);
    stmt_int(q, ":revoked_at_ms", revocation->revoked_at_ms);
    return stmt_step(q);
}
