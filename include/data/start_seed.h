/*
 * Whether this database got the seed that a start of the server brings.
 */
#ifndef DATA_START_SEED_H
#define DATA_START_SEED_H

#include <stdint.h>

#include "base/attrs.h"
#include "store/txn.h"

/* DB_ROW: it did; DB_NONE: it did not. */
enum db_result start_seed_find(struct txn *txn) NODISCARD;

/* Notes that it did. DB_DONE: done. */
enum db_result start_seed_note(struct txn *txn, int64_t now_ms) NODISCARD;

#endif
