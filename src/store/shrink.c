/*
 * Giving back the space of deleted rows.
 */
#include "sql_internal.h"
#include "store_internal.h"

#include "store/txn.h"

/* A step moves at most as many pages as a few calls do. */
#define STEP_PAGES "256"

/* As much as an eighth of a database may stay free, for rows to come. */
enum { KEPT_PART = 8, KEPT_MIN_BYTES = 1024 * 1024 };

/* Whether there is more free space than is kept. */
static bool has_much_free(sqlite3 *db)
{
    int64_t bytes = 0, used = 0;

    if (sql_read_bytes(db, &bytes) != SQLITE_OK ||
        sql_read_used_bytes(db, &used) != SQLITE_OK)
        return false;
    return bytes - used > KEPT_MIN_BYTES && bytes - used > bytes / KEPT_PART;
}

/* Frees some pages. Returns DB_DONE, DB_NONE if there is nothing to do, or DB_ERROR. */
static enum db_result shrink_once(struct store *store)
{
    static const char sql[] = "PRAGMA incremental_vacuum(" STEP_PAGES ")";
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin_step(store, arena, TXN_WRITE);
    enum db_result done;

    if (!has_much_free(store->db))
        return DB_NONE;
    struct stmt *q = txn_query(txn, sql);
    do {
        done = stmt_step(q); /* one page */
    } while (done == DB_ROW);
    stmt_done(&q);
    return done == DB_ERROR ? DB_ERROR : txn_commit(&txn);
}

void store_shrink(struct store *store)
{
    enum db_result done = DB_DONE;

    while (done == DB_DONE && !store_should_stop(store))
        done = shrink_once(store);
}
