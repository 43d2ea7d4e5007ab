#include "data/start_seed.h"

enum db_result start_seed_find(struct txn *txn, struct arena *arena, const char **digest)
{
    static const char sql[] = "SELECT digest FROM start_seed";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    enum db_result found = stmt_step(q);
    if (found == DB_ROW)
        *digest = arena_strdup(arena, stmt_column_text(q, 0));
    return found;
}

enum db_result start_seed_note(struct txn *txn, int64_t now_ms, const char *digest)
{
    static const char sql[] = "INSERT INTO start_seed (only, run_at_ms, digest)"
                              " VALUES (1, :run_at_ms, :digest)";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_int(q, ":run_at_ms", now_ms);
    stmt_text(q, ":digest", digest);
    return stmt_step(q);
}
