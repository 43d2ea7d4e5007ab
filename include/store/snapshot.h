/*
 * Snapshots: the whole state under a name, to come back to.
 *
 * Those of a database file lie beside it, as <file>.snapshots/<name>.db, and outlive the
 * process. Those of a database in memory are in memory too.
 *
 * The functions take names that are snapshot_is_name().
 */
#ifndef STORE_SNAPSHOT_H
#define STORE_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "store/snapshot_entry.h"
#include "store/store.h"
#include "store/txn.h"

/* What became of a request. With all but the first two comes a sentence in *why. */
enum snapshot_result {
    SNAPSHOT_DONE,
    SNAPSHOT_NONE,     /* none has that name */
    SNAPSHOT_FULL,     /* no more can be kept */
    SNAPSHOT_UNUSABLE, /* damaged, of a newer program, or not ours: nothing was changed */
    SNAPSHOT_FAILED,   /* the disk did: nothing was changed */
};

/* Keeps the state as it is now, in place of what had that name. Others go on working. */
enum snapshot_result snapshot_save(struct store *store, const char *name, int64_t now_ms,
                                   struct arena *arena, const char **why) NODISCARD;

/*
 * What is not to go back with the rest: copies it from the state as it is to the one that
 * is about to take its place. DB_DONE: done.
 */
typedef enum db_result snapshot_carry(struct txn *now, struct txn *restored);

/*
 * Puts the whole state back, in one step: who waits for the store finds the old state or
 * the new one. A snapshot of an older program is brought up to date. `carry` may be NULL.
 */
enum snapshot_result snapshot_restore(struct store *store, const char *name,
                                      snapshot_carry *carry, struct arena *arena,
                                      const char **why) NODISCARD;

enum snapshot_result snapshot_delete(struct store *store, const char *name,
                                     struct arena *arena, const char **why) NODISCARD;

/* All there are, the oldest first, in the arena. */
enum snapshot_result snapshot_list(struct store *store, struct arena *arena,
                                   const struct snapshot **out, size_t *count,
                                   const char **why) NODISCARD;

#endif
