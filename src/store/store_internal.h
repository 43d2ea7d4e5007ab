/*
 * What the two halves of the store share: the connection and its prepared statements.
 */
#ifndef STORE_STORE_INTERNAL_H
#define STORE_STORE_INTERNAL_H

#include "store/store.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>

/* A power of two well above the number of SQL texts in the program. */
enum { STATEMENT_SLOTS = 1024 };

/* A prepared statement, kept under the address of its text. */
struct prepared {
    const char *sql;
    sqlite3_stmt *handle;
    bool busy;
};

struct store {
    pthread_mutex_t lock; /* held by the one open transaction */
    sqlite3 *db;
    struct prepared statements[STATEMENT_SLOTS]; /* open addressing */
};

#endif
