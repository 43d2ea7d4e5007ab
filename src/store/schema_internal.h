/*
 * The objects of a database's schema, and their digest.
 */
#ifndef STORE_SCHEMA_INTERNAL_H
#define STORE_SCHEMA_INTERNAL_H

#include "base/attrs.h"

#include <sqlite3.h>
#include <stdint.h>

/* A query for the objects of a schema: name with type, table, SQL; in an order that does
 * not depend on how they were created. SQLite's own ones follow from the others. */
#define SCHEMA_OBJECTS_SQL                                                               \
    "SELECT type || ' ' || name, tbl_name, sql FROM sqlite_schema"                       \
    " WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name"

/* Two databases with the same digest have the same objects. Returns SQLite's code. */
int schema_digest(sqlite3 *db, uint64_t *out) NODISCARD;

#endif
