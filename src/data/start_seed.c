#include "data/start_seed.h"

enum db_result start_seed_find(struct txn *txn)
{
    static const char sql[] = "SELECT 1 FROM start_seed";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    return stmt_step(q);
}

enum db_result start_seed_note(struct txn *txn, int64_t now_ms)
{
    static const char sql[] =
        "INSERT INTO start_seed (only, run_at_ms) VALUES (1, :run_at_ms)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_int(q, ":run_at_ms", now_ms);
    return stmt_step(q);
}
