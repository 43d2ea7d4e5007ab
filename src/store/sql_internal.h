/*
 * Using a database directly, outside of any transaction.
 */
#ifndef STORE_SQL_INTERNAL_H
#define STORE_SQL_INTERNAL_H

#include "base/arena.h"
#include "base/attrs.h"

#include <sqlite3.h>
#include <stdint.h>

/* The number that a query returns. Returns SQLite's code. */
int sql_read_number(sqlite3 *db, const char *sql, int64_t *out) NODISCARD;

/* The size of a database. Returns SQLite's code. */
int sql_read_bytes(sqlite3 *db, int64_t *out) NODISCARD;

/* The same without the pages that are free. */
int sql_read_used_bytes(sqlite3 *db, int64_t *out) NODISCARD;

/* The reason for SQLite's code, for the user; `what` is the subject of the sentence, such
 * as "database ivs.db". */
const char *sql_reason(sqlite3 *db, const char *what, int code,
                       struct arena *arena) NODISCARD;

#endif
