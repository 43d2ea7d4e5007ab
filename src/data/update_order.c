#include "update_order_internal.h"

enum db_result update_order_next(struct txn *txn, int64_t *out)
{
    static const char sql[] = "INSERT INTO update_order (only, last) VALUES (1, 1)"
                              " ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    if (stmt_step(q) != DB_ROW)
        return DB_ERROR;
    *out = stmt_column_int(q, 0);
    return stmt_step(q) == DB_ERROR ? DB_ERROR : DB_DONE;
}
