/*
 * What the parts of the store share: the connection and its prepared statements, and the
 * steps that a database goes through before it is used.
 */
#ifndef STORE_STORE_INTERNAL_H
#define STORE_STORE_INTERNAL_H

#include "files_internal.h"
#include "listeners_internal.h"
#include "lock_internal.h"
#include "store/store.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>

struct shelf;

/* A power of two well above the number of SQL texts in the program. */
enum { STATEMENT_SLOTS = 1024 };

/* A prepared statement, cached under the address of its text. */
struct prepared {
    const char *sql;
    sqlite3_stmt *handle;
    bool busy;
};

/* A part of the state that is kept in memory. */
struct mirror {
    store_reload *reload;
    void *context;
};

struct store {
    struct store_lock lock; /* held by the one open transaction */
    atomic_bool stopping;   /* long tasks give up */
    char failure[128];      /* of the last change; "": it was committed */
    sqlite3 *db;
    struct prepared statements[STATEMENT_SLOTS]; /* open addressing */
    const struct migration *migrations;
    size_t migration_count;
    const struct schema *schema; /* NULL: nothing is known about the migrations */
    struct shelf *shelf;         /* NULL: the store takes no snapshots */
    struct files files;
    uint64_t failed_changes; /* write transactions, since the last that succeeded */
    struct listeners listeners;
    struct mirror mirrors[STORE_MIRRORS_MAX];
    size_t mirror_count;
};

/* Creates a store that has no database yet. */
struct store *store_new(const struct migration *migrations, size_t count) NODISCARD;

/* Settings that statements rely on, for files and memory alike. Returns SQLite's code. */
int store_set_rules(struct store *store) NODISCARD;

/* Makes the mirrors read the database again after it was replaced, in a transaction that
 * holds the store. */
void store_reload_mirrors(struct store *store, struct txn *txn);

/*
 * The following functions return NULL, or why the database is unusable; `what` names it
 * for the user, such as "database ivs.db".
 */

/* Reads the schema version, and refuses a database that is not ours before anything is
 * written. */
const char *store_check_owner(struct store *store, const char *what, struct arena *arena,
                              int64_t *version) NODISCARD;

/* Verifies the schema and the rows, and applies the missing migrations in between: all of
 * them, or none. A version of 0 is a new database. */
const char *store_migrate(struct store *store, const char *what, int64_t version,
                          struct arena *arena) NODISCARD;

#endif
