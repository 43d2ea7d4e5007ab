/*
 * What the migrations create, determined once when the program is built: running them and
 * parsing their texts would be most of the time of a start.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"

/*
 * Runs the texts of the migrations on a new database in memory. Sets digests[i] to the
 * digest of its schema after the migration i, and *sql to statements that create the
 * final schema at once, from malloc(). Returns SQLite's code.
 */
int schema_build(const char *const *migrations, size_t count, uint64_t *digests,
                 char **sql) NODISCARD;

#endif
