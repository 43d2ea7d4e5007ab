/*
 * The database file: opened, checked, migrated, and held by this process alone; and who
 * is told when its content changes.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"

struct store;
struct txn;

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
 * brings its schema up to date. Missing directories of the path are made. What is made is
 * for its user alone; a file that exists keeps its mode.
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

/*
 * Commit listeners: what has work to do after a change, in whatever thread it was made.
 *
 * A transaction notes topics with txn_note(). After its commit, when the store is free
 * for others again, each listener to one of them is called in the thread that committed,
 * before txn_commit() returns. A transaction that is rolled back, or fails to commit,
 * calls nobody. A restored snapshot has all topics.
 *
 * A listener wakes a thread and returns: it must not begin a transaction, nor add or
 * remove listeners. Others may have committed more before it is called, so it is not told
 * what was changed: its thread reads that from the database.
 */
typedef void store_listener(void *context, uint32_t topics);

/* What topics mean is for those above the store: data/topics.h. */
#define STORE_ALL_TOPICS UINT32_MAX

void store_add_listener(struct store *store, uint32_t topics, store_listener *listener,
                        void *context);

/* Returns when no call with that context is under way, nor will be made. One that was
 * not added is fine. */
void store_remove_listener(struct store *store, const void *context);

enum { STORE_MIRRORS_MAX = 8 };

/*
 * Mirrors: what keeps in memory a part of what the database says, and must never differ
 * from it. When a restored snapshot has taken the place of the database, each is called
 * before anybody else gets the store, and reads its part again in `txn`. For changes made
 * by a transaction there is txn_on_commit().
 */
typedef void store_reload(void *context, struct txn *txn);
void store_add_mirror(struct store *store, store_reload *reload, void *context);

/* One that was not added is fine. */
void store_remove_mirror(struct store *store, const void *context);

#endif
