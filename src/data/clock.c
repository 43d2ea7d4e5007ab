#include "data/clock.h"

#include "bind_internal.h"
#include "data/due.h"
#include "data/topics.h"

enum db_result clock_offset_add(struct txn *txn, struct scope scope, int64_t by_ms,
                                int64_t *out)
{
    static const char sql[] = "INSERT INTO clock (account, region, offset_ms)"
                              " VALUES (:account, :region, :by_ms)"
                              " ON CONFLICT DO UPDATE SET offset_ms = offset_ms + :by_ms"
                              " RETURNING offset_ms";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    stmt_int(q, ":by_ms", by_ms);
    if (stmt_step(q) != DB_ROW)
        return DB_ERROR;
    *out = stmt_column_int(q, 0);
    txn_note(txn, TOPIC_CLOCK);
    return due_move(txn, scope, by_ms);
}

/* What is due in the scope becomes due later, which its row of `due` may ignore. */
enum db_result clock_offset_delete(struct txn *txn, struct scope scope)
{
    static const char sql[] =
        "DELETE FROM clock WHERE account = :account AND region = :region";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope);
    txn_note(txn, TOPIC_CLOCK);
    return stmt_step(q);
}

enum db_result clock_offset_each(struct txn *txn,
                                 void (*each)(void *context, struct scope scope,
                                              int64_t offset_ms),
                                 void *context)
{
    static const char sql[] = "SELECT account, region, offset_ms FROM clock";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    enum db_result found;

    while ((found = stmt_step(q)) == DB_ROW)
        each(context,
             (struct scope){.account = stmt_column_text(q, 0),
                            .region = stmt_column_text(q, 1)},
             stmt_column_int(q, 2));
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
}
