/*
 * What the parts of the store share: the connection and its prepared statements, and what
 * a database goes through before it is used.
 */
#ifndef STORE_STORE_INTERNAL_H
#define STORE_STORE_INTERNAL_H

#include "files_internal.h"
#include "listeners_internal.h"
#include "store/store.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>

struct shelf;

/* A power of two well above the number of SQL texts in the program. */
enum { STATEMENT_SLOTS = 1024 };

/* A prepared statement, kept under the address of its text. */
struct prepared {
    const char *sql;
    sqlite3_stmt *handle;
    bool busy;
};

/* What keeps a part of the state in memory. */
struct mirror {
    store_reload *reload;
    void *context;
};

struct store {
    pthread_mutex_t lock; /* held by the one open transaction */
    sqlite3 *db;
    struct prepared statements[STATEMENT_SLOTS]; /* open addressing */
    const struct migration *migrations;
    size_t migration_count;
    struct shelf *shelf; /* NULL: it takes no snapshots */
    struct files files;
    struct listeners listeners;
    struct mirror mirrors[STORE_MIRRORS_MAX];
    size_t mirror_count;
};

/* A store without a database yet. */
struct store *store_new(const struct migration *migrations, size_t count) NODISCARD;

/* What holds while statements run, wherever the database is. Returns SQLite's code. */
int store_set_rules(struct store *store) NODISCARD;

/* The database was replaced as a whole: has the mirrors read it again, in a transaction
 * that holds the store. */
void store_reload_mirrors(struct store *store, struct txn *txn);

/* What is written into a file that was removed, or whose place another one has taken, is
 * lost with the process: it must not be acknowledged. False is logged. */
bool store_files_are_in_place(struct store *store) NODISCARD;

/*
 * The following answer NULL, or why the database is no good; `what` is how the user knows
 * it, such as "database ivs.db".
 */

/* Why, by SQLite's code. */
const char *store_reason(sqlite3 *db, const char *what, int code,
                         struct arena *arena) NODISCARD;

/* Whether its pages are whole. */
const char *store_check_whole(struct store *store, const char *what,
                              struct arena *arena) NODISCARD;

/* Reads the schema version, and refuses what is not ours before anything is written. */
const char *store_check_owner(struct store *store, const char *what, struct arena *arena,
                              int64_t *version) NODISCARD;

const char *store_migrate(struct store *store, const char *what, int64_t version,
                          struct arena *arena) NODISCARD;

#endif
