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

/* The result of a statement. DB_ERROR was logged where it happened. */
enum db_result {
    DB_ROW,  /* there is a row to read */
    DB_NONE, /* a query found no row, or no further one */
    DB_DONE, /* a change was made, or all rows were read */
    DB_ERROR
};

/*
 * Waits for the store and begins a transaction. Rows read are copied into the arena,
 * which must outlive the transaction. Never NULL: if it cannot begin, the first statement
 * and the commit fail.
 */
struct txn *txn_begin(struct store *store, struct arena *arena,
                      enum txn_kind kind) NODISCARD;

/*
 * The same for one of the many transactions of a long task: callers that already wait for
 * the store get it first, so that the task does not keep them out. Between two of them
 * the task asks store_should_stop().
 */
struct txn *txn_begin_step(struct store *store, struct arena *arena,
                           enum txn_kind kind) NODISCARD;

/* Whether callers wait for the store that this transaction holds. */
bool txn_is_awaited(const struct txn *txn) NODISCARD;

/*
 * Commits the changes and releases the store; *txn is NULL afterwards. DB_DONE: done.
 * DB_ERROR: everything is rolled back, because the disk failed or a file of the database
 * is no longer in its place.
 */
enum db_result txn_commit(struct txn **txn) NODISCARD;

/* Rolls back and releases the store, unless *txn is NULL already. For AUTO(). */
void txn_abandon(struct txn **txn);

/*
 * Registers `function` to be called in this thread once the changes are committed, before
 * any other thread gets the store: for state in memory that must always match the
 * database. Functions are called in order of registration; a transaction that is rolled
 * back calls none. They must not use the store.
 */
void txn_on_commit(struct txn *txn, void (*function)(void *context), void *context);

/* So many lines of the log a transaction has at most; further ones are counted. */
enum { TXN_LOG_MAX_LINES = 100 };

/* As log_each() at level info, once the changes are committed and the store is released:
 * what is rolled back has not happened, and nobody waits for a terminal. */
void txn_log(struct txn *txn, const char *event, const char *format, ...) PRINTF(3, 4);

/* Notes the topics of the transaction's changes for the listeners of the store, see
 * store_add_listener(). */
void txn_note(struct txn *txn, uint32_t topics);

/* The path of a file of the database that was removed, renamed or replaced, so that no
 * change is committed; NULL: all files are in place. */
const char *txn_lost_file(const struct txn *txn) NODISCARD;

/* Why the last change failed, of whichever transaction; NULL: it was committed, or there
 * was none. Valid while the transaction is open. */
const char *txn_failure(const struct txn *txn) NODISCARD;

struct arena *txn_arena(struct txn *txn);

/*
 * A statement for `sql`, which must be a static string: its address is the key under
 * which it stays prepared. Never NULL: if preparing it fails, the first step reports
 * that. Only one statement per text may be in use at a time.
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

/* How many rows a statement that has run to its end has inserted, changed or deleted,
 * without what triggers and foreign keys did. */
int64_t stmt_changes(struct stmt *stmt) NODISCARD;

/* Columns of the current row, by position. NULL reads as "" or 0. */
const char *stmt_column_text(struct stmt *stmt, int column) NODISCARD;
int64_t stmt_column_int(struct stmt *stmt, int column) NODISCARD;
bool stmt_column_bool(struct stmt *stmt, int column) NODISCARD;

#endif
