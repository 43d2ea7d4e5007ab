#include "sql_internal.h"

#include <stddef.h>

int sql_read_number(sqlite3 *db, const char *sql, int64_t *out)
{
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &query, NULL);

    if (code == SQLITE_OK) {
        code = sqlite3_step(query);
        if (code == SQLITE_ROW) {
            *out = sqlite3_column_int64(query, 0);
            code = SQLITE_OK;
        }
    }
    sqlite3_finalize(query);
    return code;
}

/* What `sql` returns, a number of pages, in bytes. */
static int read_pages(sqlite3 *db, const char *sql, int64_t *out)
{
    int64_t pages = 0, page_bytes = 0;
    int code = sql_read_number(db, sql, &pages);

    if (code == SQLITE_OK)
        code = sql_read_number(db, "PRAGMA page_size", &page_bytes);
    *out = pages * page_bytes;
    return code;
}

int sql_read_bytes(sqlite3 *db, int64_t *out)
{
    return read_pages(db, "PRAGMA page_count", out);
}

int sql_read_used_bytes(sqlite3 *db, int64_t *out)
{
    int64_t free_bytes = 0;
    int code = read_pages(db, "PRAGMA freelist_count", &free_bytes);

    if (code == SQLITE_OK)
        code = sql_read_bytes(db, out);
    *out -= free_bytes;
    return code;
}

const char *sql_reason(sqlite3 *db, const char *what, int code, struct arena *arena)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return arena_printf(
            arena, "%s is in use by another process (one server per file; see --db)",
            what);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return arena_printf(arena, "%s is corrupt or not a database", what);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return arena_printf(arena, "%s cannot be opened for writing", what);
    default:
        return arena_printf(arena, "%s cannot be used: %s", what, sqlite3_errmsg(db));
    }
}
