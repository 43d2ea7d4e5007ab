/*
 * Verification of a database that another program may have changed: an existing file
 * before it is used, and a snapshot before it replaces the state.
 *
 * The functions return NULL, or why the database is unusable; `what` names it for the
 * user, such as "database ivs.db".
 */
#ifndef STORE_VERIFY_INTERNAL_H
#define STORE_VERIFY_INTERNAL_H

#include "base/arena.h"
#include "base/attrs.h"
#include "store_internal.h"

#include <stdint.h>

/* How the pages are checked. */
enum verify_pages {
    VERIFY_PAGES,        /* each page for itself, and the constraints of each row */
    VERIFY_PAGES_INDEXES /* and each index against its table, for several times the cost
                          */
};

const char *verify_pages(struct store *store, const char *what, enum verify_pages depth,
                         struct arena *arena) NODISCARD;

/* Whether its tables, indexes and triggers are those that the migrations up to `version`
 * create. */
const char *verify_schema(struct store *store, const char *what, int64_t version,
                          struct arena *arena) NODISCARD;

/* Whether its rows satisfy the foreign keys and the store's queries for consistency. The
 * schema must be the latest one. */
const char *verify_rows(struct store *store, const char *what,
                        struct arena *arena) NODISCARD;

/* Defines the SQL function that those queries use. Returns SQLite's code. */
int verify_init(sqlite3 *db) NODISCARD;

#endif
