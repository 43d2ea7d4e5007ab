/*
 * The database file: opened, checked, migrated, and held by this process alone.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attrs.h"

struct store;

/* A migration: a file of schema/, embedded in the program. */
struct migration {
    const char *name; /* 0001_first.sql */
    const char *sql;
};

/*
 * The migrations, in order. The schema version of a database is how many of them it
 * has seen.
 */
extern const struct migration store_migrations[];
extern const size_t store_migrations_count;

/*
 * Opens the SQLite database at `path`, or a new one in memory for ":memory:", and
 * brings its schema up to date. Missing directories of the path are made.
 *
 * NULL if that is impossible: *why (in the arena) is one line for the user. A file that
 * is corrupt, newer than this program, in use by another process or not ours at all is
 * left as it is.
 */
struct store *store_open(const char *path, struct arena *arena,
                         const char **why) NODISCARD;

/*
 * The same with migrations of the caller's choice, which must outlive the store: what
 * tests of upgrades use to make a database as an older program left it.
 */
struct store *store_open_at(const char *path, const struct migration *migrations,
                            size_t count, struct arena *arena,
                            const char **why) NODISCARD;

/* Closes the database. No transaction may be open. NULL is fine. */
void store_close(struct store *store);

#endif
