#include "data/unfinished_reset.h"

#include "bind_internal.h"

/* The row for all scopes. */
static const struct scope everywhere = {.account = "", .region = ""};

static enum db_result run_for(struct txn *txn, const char *sql, const struct scope *scope)
{
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    bind_scope(q, scope != NULL ? *scope : everywhere);
    return stmt_step(q);
}

enum db_result unfinished_reset_add(struct txn *txn, const struct scope *scope)
{
    static const char sql[] = "INSERT INTO unfinished_reset (account, region)"
                              " VALUES (:account, :region) ON CONFLICT DO NOTHING";

    return run_for(txn, sql, scope);
}

enum db_result unfinished_reset_delete(struct txn *txn, const struct scope *scope)
{
    static const char sql[] =
        "DELETE FROM unfinished_reset WHERE account = :account AND region = :region";

    return run_for(txn, sql, scope);
}

enum db_result unfinished_reset_each(struct txn *txn,
                                     void (*each)(void *context,
                                                  const struct scope *scope),
                                     void *context)
{
    static const char sql[] = "SELECT account, region FROM unfinished_reset";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    enum db_result found;

    while ((found = stmt_step(q)) == DB_ROW) {
        const struct scope scope = {.account = stmt_column_text(q, 0),
                                    .region = stmt_column_text(q, 1)};
        each(context, scope.account[0] != '\0' ? &scope : NULL);
    }
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
}
