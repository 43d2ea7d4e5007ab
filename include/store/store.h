/*
 * The database: opened, checked, migrated and locked for this process; and the listeners
 * that are notified when its content changes.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
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
 * The migrations, in order. The schema version of a database is the number of migrations
 * that have been applied to it.
 */
extern const struct migration store_migrations[];
extern const size_t store_migrations_count;

/* What is known about the schema of these migrations. */
struct schema {
    const uint64_t *digests; /* after each migration, see store/schema.h */
    const char *latest;      /* statements that create what all of them do */
    /* Queries, one after the other, that return a row for whatever is inconsistent in a
     * database with all migrations: schema/consistency.sql. */
    const char *consistency;
};

extern const struct schema store_schema;

/*
 * Opens the SQLite database at `path`, or a new one in memory for ":memory:", and
 * migrates its schema to the latest version. Missing directories of the path are created.
 * New files and directories are accessible only to their user; an existing file keeps its
 * mode.
 *
 * An existing file is verified: its pages, its schema, the references between its rows,
 * and what schema/consistency.sql requires. That takes time in proportion to its size.
 *
 * Returns NULL if that is impossible: *why (in the arena) is one line for the user. A
 * file that is corrupt, inconsistent, newer than this program, in use by another process
 * or not ours is left unchanged.
 */
struct store *store_open(const char *path, struct arena *arena,
                         const char **why) NODISCARD;

/*
 * The same with the given migrations, which must outlive the store, and verifying only
 * the pages and references: tests of upgrades use this to create a database as an older
 * program left it, and tests that open thousands of databases because it costs less.
 */
struct store *store_open_at(const char *path, const struct migration *migrations,
                            size_t count, struct arena *arena,
                            const char **why) NODISCARD;

/* Closes the database. No transaction may be open. NULL is fine. */
void store_close(struct store *store);

/* Makes long tasks give up between two of their steps, because the program is to end.
 * What they have not done by then is undone, or is done after the next start. */
void store_ask_to_stop(struct store *store);

/* Whether that was asked. */
bool store_should_stop(const struct store *store);

/* Why the last change failed, copied to the arena; NULL: it was committed, or there was
 * none. No transaction of this thread may be open. */
const char *store_failure(struct store *store, struct arena *arena) NODISCARD;

/* Returns the space of deleted rows to the file system, or to the memory of the process,
 * in steps. A failure, which is logged, changes nothing. */
void store_shrink(struct store *store);

/*
 * Commit listeners: called after a change, whichever thread made it.
 *
 * A transaction notes topics with txn_note(). After its commit, when the store is free
 * for others again, each listener to one of them is called in the thread that committed,
 * before txn_commit() returns. A transaction that is rolled back, or fails to commit,
 * calls none. Restoring a snapshot notifies all topics.
 *
 * A listener wakes a thread and returns: it must not begin a transaction, nor add or
 * remove listeners. Other transactions may have been committed before it is called, so it
 * is not told what changed: its thread reads that from the database.
 */
typedef void store_listener(void *context, uint32_t topics);

/* The layers above the store define the topics: see data/topics.h. */
#define STORE_ALL_TOPICS UINT32_MAX

void store_add_listener(struct store *store, uint32_t topics, store_listener *listener,
                        void *context);

/* Returns when no call with that context is in progress; none is made afterwards. A
 * context that was not added is fine. */
void store_remove_listener(struct store *store, const void *context);

enum { STORE_MIRRORS_MAX = 8 };

/*
 * Mirrors: copies in memory of a part of the database, which must never differ from it.
 * When a restored snapshot has replaced the database, each mirror is called before any
 * other thread gets the store, and reads its part again in `txn`. For changes made by a
 * transaction, use txn_on_commit().
 */
typedef void store_reload(void *context, struct txn *txn);
void store_add_mirror(struct store *store, store_reload *reload, void *context);

/* A context that was not added is fine. */
void store_remove_mirror(struct store *store, const void *context);

#endif
