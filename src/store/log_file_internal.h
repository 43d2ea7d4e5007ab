/*
 * The file system that database files are opened with. It gathers the writes of a commit
 * to the write-ahead log; docs/decisions/0004-gathered-log-writes.md says why.
 */
#ifndef STORE_LOG_FILE_INTERNAL_H
#define STORE_LOG_FILE_INTERNAL_H

#include <sqlite3.h>

#include "base/attrs.h"

/* The name of the file system for sqlite3_open_v2(). Call this from one thread. */
const char *log_file_system(void) NODISCARD;

/* How many bytes that SQLite has written to the database's log are still in memory. */
int log_file_held_bytes(sqlite3 *db) NODISCARD;

/* Ends the program if there are any: call this after a commit, before it is acknowledged.
 * A change that is only in memory is lost with the process. */
void log_file_require_written(sqlite3 *db);

/*
 * Discards those bytes. Call this before a write transaction begins: what is held then
 * was written by a transaction that outgrew SQLite's cache and was rolled back.
 */
void log_file_drop(sqlite3 *db);

#endif
