/*
 * Snapshots: the whole state, saved under a name, to be restored later.
 *
 * Snapshots of a database file are next to it, as <file>.snapshots/<name>.db, and outlive
 * the process. Snapshots of a database in memory are in memory too.
 *
 * Names passed to these functions must satisfy snapshot_is_name().
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

/* The result of an operation. All values except the first two set *why to a sentence. */
enum snapshot_result {
    SNAPSHOT_DONE,
    SNAPSHOT_NONE,     /* there is no snapshot of that name */
    SNAPSHOT_FULL,     /* a limit on snapshots is reached */
    SNAPSHOT_UNUSABLE, /* damaged, saved by a newer program, or not ours: nothing was
                        * changed */
    SNAPSHOT_FAILED,   /* the disk failed: nothing was changed */
};

/*
 * Saves the present state, replacing any snapshot of that name. Holds the store only
 * while it copies the state. A snapshot that is saved survives the death of the process
 * and of the machine. If the disk fails at the very end, the snapshot of that name may be
 * the new one.
 */
enum snapshot_result snapshot_save(struct store *store, const char *name, int64_t now_ms,
                                   struct arena *arena, const char **why) NODISCARD;

/*
 * Carries over what a restore must not undo, from the present state to the one that is
 * about to replace it. DB_DONE: done.
 */
typedef enum db_result snapshot_carry_over(struct txn *now, struct txn *restored);

/*
 * Restores the whole state in one step: a thread that waits for the store sees either the
 * old state or the new one. A snapshot saved by an older program is migrated. `carry` may
 * be NULL.
 */
enum snapshot_result snapshot_restore(struct store *store, const char *name,
                                      snapshot_carry_over *carry, struct arena *arena,
                                      const char **why) NODISCARD;

enum snapshot_result snapshot_delete(struct store *store, const char *name,
                                     struct arena *arena, const char **why) NODISCARD;

/* Lists all snapshots, the oldest first, in the arena. */
enum snapshot_result snapshot_list(struct store *store, struct arena *arena,
                                   const struct snapshot **out, size_t *count,
                                   const char **why) NODISCARD;

#endif
