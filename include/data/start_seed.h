/*
 * The seed for the start of the server that was applied to this database.
 */
#ifndef DATA_START_SEED_H
#define DATA_START_SEED_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "store/txn.h"

/*
 * DB_ROW: a seed was applied; *digest (in the arena) is what start_seed_note() recorded,
 * or "" if an older version of the program applied it. DB_NONE: none was.
 */
enum db_result start_seed_find(struct txn *txn, struct arena *arena,
                               const char **digest) NODISCARD;

/* Records that a seed was applied, with the SHA-256 of its file as 64 hexadecimal digits.
 * DB_DONE: done. */
enum db_result start_seed_note(struct txn *txn, int64_t now_ms,
                               const char *digest) NODISCARD;

#endif
