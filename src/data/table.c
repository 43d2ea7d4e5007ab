#include "table_internal.h"

#include "bind_internal.h"

enum db_result table_read_one(struct stmt *q, struct txn *txn, const struct table *table,
                              struct scope scope, void *out)
{
    enum db_result found = stmt_step(q);

    if (found == DB_ROW)
        table->read_row(q, txn, scope, out);
    return found;
}

enum db_result table_read_all(struct stmt *q, struct txn *txn, const struct table *table,
                              struct scope scope, void *out, size_t *count)
{
    char *row = out;
    enum db_result found;

    for (*count = 0; (found = stmt_step(q)) == DB_ROW; (*count)++) {
        table->read_row(q, txn, scope, row);
        row += table->row_size;
    }
    return found == DB_ERROR ? DB_ERROR : DB_DONE;
}

enum db_result table_find(struct txn *txn, const struct table *table, struct scope scope,
                          const char *arn, void *out)
{
    struct stmt *q AUTO(stmt_done) = txn_query(txn, table->find);

    bind_resource(q, scope, table->arn, arn);
    return table_read_one(q, txn, table, scope, out);
}

enum db_result table_list(struct txn *txn, const struct table *table, struct scope scope,
                          int64_t after, size_t limit, void *out, size_t *count)
{
    struct stmt *q AUTO(stmt_done) = txn_query(txn, table->list);

    bind_scope(q, scope);
    stmt_int(q, ":after", after);
    stmt_int(q, ":limit", (int64_t)limit);
    return table_read_all(q, txn, table, scope, out, count);
}

enum db_result table_delete(struct txn *txn, const struct table *table,
                            struct scope scope, const char *arn)
{
    struct stmt *q AUTO(stmt_done) = txn_query(txn, table->delete);

    bind_resource(q, scope, table->arn, arn);
    return stmt_step(q);
}
