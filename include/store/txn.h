/*
 * Transactions and statements.
 *
 * One connection, one lock: a transaction holds the store from txn_begin() until it is
 * committed or abandoned, so keep it short and never wait inside it.
 */
#ifndef STORE_TXN_H
#define STORE_TXN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "store/store.h"

enum txn_kind { TXN_READ, TXN_WRITE };

struct txn;
struct stmt;

/* What became of a statement. DB_ERROR was logged where it happened. */
enum db_result {
    DB_ROW,  /* there is a row to read */
    DB_NONE, /* a query found no row, or no further one */
    DB_DONE, /* a change was made, or all rows were read */
    DB_ERROR
};

/*
 * Waits for the store and begins. Rows read are copied into the arena, which must
 * outlive the transaction. Never NULL: a begin that failed shows at the first statement
 * and at the commit.
 */
struct txn *txn_begin(struct store *store, struct arena *arena,
                      enum txn_kind kind) NODISCARD;

/*
 * Makes the changes last and lets the store go; *txn is NULL afterwards. DB_DONE: done.
 * DB_ERROR: everything is rolled back: the disk failed, or a file of the database is not
 * in its place any more.
 */
enum db_result txn_commit(struct txn **txn) NODISCARD;

/* Rolls back and lets the store go, unless *txn is NULL already. For AUTO(). */
void txn_abandon(struct txn **txn);

/*
 * Has `function` called in this thread once the changes last, before anybody else gets
 * the store: for what is kept in memory and must always agree with the database. Several
 * are called in order; a transaction that is rolled back calls none. They must not use
 * the store.
 */
void txn_on_commit(struct txn *txn, void (*function)(void *context), void *context);

/* Notes topics that the transaction's changes belong to: for the listeners of the store,
 * see store_add_listener(). */
void txn_note(struct txn *txn, uint32_t topics);

/* The path of a file of the database that was removed, renamed or replaced, so that no
 * change is committed; NULL: all are in place. */
const char *txn_lost_file(const struct txn *txn) NODISCARD;

struct arena *txn_arena(struct txn *txn);

/*
 * A statement for `sql`, which must be a static string: its address is the key under
 * which it stays prepared. Never NULL: a failure shows at the first step. One statement
 * of a text may be in use at a time.
 */
struct stmt *txn_query(struct txn *txn, const char *sql) NODISCARD;

/* Ends the use of a statement. For AUTO(). */
void stmt_done(struct stmt **stmt);

/* Parameters, by name with the colon. The value must live until stmt_done(). */
void stmt_text(struct stmt *stmt, const char *name, const char *value);
void stmt_int(struct stmt *stmt, const char *name, int64_t value);

/* As stmt_text(), but "" is stored as NULL: for columns where NULL means none. */
void stmt_text_or_null(struct stmt *stmt, const char *name, const char *value);

/* Runs to the next row. A failed bind is reported here. */
enum db_result stmt_step(struct stmt *stmt) NODISCARD;

/* Columns of the current row, by position. NULL reads as "" or 0. */
const char *stmt_column_text(struct stmt *stmt, int column) NODISCARD;
int64_t stmt_column_int(struct stmt *stmt, int column) NODISCARD;
bool stmt_column_bool(struct stmt *stmt, int column) NODISCARD;

#endif
