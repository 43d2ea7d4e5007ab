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

/* How many bytes that SQLite has written to the database's log are still in memory. Must
 * be 0 after a commit. */
int log_file_held_bytes(sqlite3 *db) NODISCARD;

#endif
