/*
 * Finding out whether anything can be written.
 */
#ifndef DATA_WRITE_PROBE_H
#define DATA_WRITE_PROBE_H

#include "base/attrs.h"
#include "store/txn.h"

/* More than what nearly all calls write. */
enum { WRITE_PROBE_BYTES = 64 * 1024 };

/*
 * Changes something that has no meaning, so that the commit shows whether the database
 * can be written to; after a failed write, as much as WRITE_PROBE_BYTES, because a
 * smaller write might still find room on a full disk. DB_DONE: done.
 */
enum db_result write_probe(struct txn *txn) NODISCARD;

#endif
