#include "data/due.h"

#include "bind_internal.h"
#include "data/topics.h"

#define OF_SCOPE " WHERE account = :account AND region = :region"

enum db_result due_add(struct txn *txn, struct scope scope, int64_t scope_at_ms)
{
    static const char sql[] =
        "INSERT INTO due (account, region, at_ms) VALUES (:account, :region,"
        " :at - coalesce((SELECT offset_ms FROM clock" OF_SCOPE "), 0))"
        " ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms WHERE excluded.at_ms < at_ms"
        " RETURNING at_ms";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_int(q, ":at", scope_at_ms);
    enum db_result changed = stmt_step(q);
    if (changed == DB_ROW) {
        txn_note(txn, TOPIC_DUE);
        changed = stmt_step(q);
    }
    return changed == DB_ERROR ? DB_ERROR : DB_DONE;
}

enum db_result due_move(struct txn *txn, struct scope scope, int64_t by_ms)
{
    static const char sql[] = "UPDATE due SET at_ms = at_ms - :by" OF_SCOPE;
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_int(q, ":by", by_ms);
    txn_note(txn, TOPIC_DUE);
    return stmt_step(q);
}

enum db_result due_find_first(struct txn *txn, struct due_scope *out)
{
    static const char sql[] =
        "SELECT account, region, at_ms,"
        " coalesce((SELECT offset_ms FROM clock WHERE clock.account = due.account"
        "  AND clock.region = due.region), 0)"
        " FROM due ORDER BY at_ms LIMIT 1";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    enum db_result found = stmt_step(q);

    if (found == DB_ROW)
        *out = (struct due_scope){
            .scope = {.account = stmt_column_text(q, 0),
                      .region = stmt_column_text(q, 1)},
            .at_ms = stmt_column_int(q, 2),
            .offset_ms = stmt_column_int(q, 3),
        };
    return found;
}

static enum db_result delete_row(struct txn *txn, struct scope scope)
{
    static const char sql[] = "DELETE FROM due" OF_SCOPE;
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    return stmt_step(q);
}

enum db_result due_set(struct txn *txn, const struct due_scope *scope,
                       int64_t scope_at_ms)
{
    static const char sql[] = "UPDATE due SET at_ms = :at" OF_SCOPE;

    if (scope_at_ms == INT64_MAX)
        return delete_row(txn, scope->scope);
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    bind_scope(q, scope->scope);
    stmt_int(q, ":at", scope_at_ms - scope->offset_ms);
    return stmt_step(q);
}
