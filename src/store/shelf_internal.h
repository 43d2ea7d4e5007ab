/*
 * Where a store keeps its snapshots: in a folder next to the database file, or in memory.
 */
#ifndef STORE_SHELF_INTERNAL_H
#define STORE_SHELF_INTERNAL_H

#include "base/arena.h"
#include "base/attrs.h"
#include "store/snapshot_entry.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shelf;

/* The two kinds of shelf. Functions that return int return SQLite's code. */
struct shelf_kind {
    /* Creates an empty database to copy into; it is discarded unless it is kept. */
    int (*open_scratch)(struct shelf *shelf, struct arena *arena, sqlite3 **out);
    void (*drop_scratch)(struct shelf *shelf, struct arena *arena, sqlite3 *scratch);

    /* Makes the scratch database the snapshot of that name, and closes it. */
    int (*keep)(struct shelf *shelf, struct arena *arena, sqlite3 *scratch,
                const char *name, int64_t now_ms);

    /* Opens a snapshot to copy from; SQLITE_NOTFOUND: there is none. */
    int (*borrow)(struct shelf *shelf, struct arena *arena, const char *name,
                  sqlite3 **out);
    void (*give_back)(sqlite3 *snapshot);

    /* SQLITE_NOTFOUND: there is none. */
    int (*remove)(struct shelf *shelf, struct arena *arena, const char *name);

    /* Lists all snapshots, in no particular order. */
    int (*list)(struct shelf *shelf, struct arena *arena, struct snapshot **out,
                size_t *count);

    void (*free)(struct shelf *shelf);
    int64_t max_bytes; /* of all snapshots together */
    bool can_be_damaged;
};

/* The first member of each kind's own struct. */
struct shelf {
    const struct shelf_kind *kind;
    pthread_mutex_t lock; /* taken before the store's; one operation at a time */
};

struct shelf *shelf_in_folder(const char *database_path) NODISCARD;
struct shelf *shelf_in_memory(void) NODISCARD;

/* NULL is fine. */
void shelf_free(struct shelf *shelf);

#endif
