#include "data/scope_state.h"

#include "bind_internal.h"

#include <stdbool.h>
#include <stddef.h>

enum db_result resource_count(struct txn *txn, struct scope scope, const char *resource,
                              int64_t *out)
{
    static const char sql[] =
        "SELECT count FROM resource_count"
        " WHERE account = :account AND region = :region AND resource = :resource";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_text(q, ":resource", resource);

    enum db_result found = stmt_step(q);
    if (found == DB_ERROR)
        return DB_ERROR;
    *out = found == DB_ROW ? stmt_column_int(q, 0) : 0;
    return DB_DONE;
}

enum db_result resource_count_each(struct txn *txn,
                                   void (*each)(void *context, const char *resource,
                                                int64_t count),
                                   void *context)
{
    static const char sql[] =
        "SELECT resource, sum(count) FROM resource_count GROUP BY resource";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    enum db_result found;

    while ((found = stmt_step(q)) == DB_ROW)
        each(context, stmt_column_text(q, 0), stmt_column_int(q, 1));
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
}

enum db_result rows_ever(struct txn *txn, int64_t *out)
{
    static const char sql[] = "SELECT coalesce(sum(seq), 0) FROM sqlite_sequence";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    if (stmt_step(q) != DB_ROW)
        return DB_ERROR;
    *out = stmt_column_int(q, 0);
    return DB_DONE;
}

/* clang-format off */
#define DELETION(table)                                                                  \
    {"DELETE FROM " table " WHERE account = :account AND region = :region",              \
     "DELETE FROM " table}
/* clang-format on */

/* Every table that belongs to scopes, those that refer to others first. What happened in
 * stream sessions goes with them. */
static const struct {
    const char *of_scope;
    const char *of_all;
} deletions[] = {
    DELETION("viewer_session_revocation"),
    DELETION("stream_session"),
    DELETION("recording"),
    DELETION("stream_key"),
    DELETION("channel"),
    DELETION("recording_configuration"),
    DELETION("playback_restriction_policy"),
    DELETION("ad_configuration"),
    DELETION("failover_slate_configuration"),
    DELETION("playback_key_pair"),
    DELETION("event"),
    DELETION("clock"),
};

enum db_result scope_reset(struct txn *txn, struct scope scope)
{
    for (size_t i = 0; i < COUNT_OF(deletions); i++) {
        struct stmt *q AUTO(stmt_done) = txn_query(txn, deletions[i].of_scope);
        bind_scope(q, scope);
        if (stmt_step(q) == DB_ERROR)
            return DB_ERROR;
    }
    return DB_DONE;
}

enum db_result scope_reset_all(struct txn *txn)
{
    for (size_t i = 0; i < COUNT_OF(deletions); i++) {
        struct stmt *q AUTO(stmt_done) = txn_query(txn, deletions[i].of_all);
        if (stmt_step(q) == DB_ERROR)
            return DB_ERROR;
    }
    return DB_DONE;
}
