/*
 * Whether the seed for the start of the server was applied to this database.
 */
#ifndef DATA_START_SEED_H
#define DATA_START_SEED_H

#include <stdint.h>

#include "base/attrs.h"
#include "store/txn.h"

/* DB_ROW: it was applied. DB_NONE: it was not. */
enum db_result start_seed_find(struct txn *txn) NODISCARD;

/* Records that it was applied. DB_DONE: done. */
enum db_result start_seed_note(struct txn *txn, int64_t now_ms) NODISCARD;

#endif
