/*
 * Whole database files: copied, and formatted as text for comparison.
 */
#ifndef TESTS_SUPPORT_DB_IMAGE_H
#define TESTS_SUPPORT_DB_IMAGE_H

#include "base/arena.h"

/* Copies a database that is not open to `to`, with the files that SQLite left next to it.
 * If there is no database, the result is none. Replaces what was there. */
void db_copy(struct arena *arena, const char *from, const char *to);

/*
 * The contents of a database as text: its version and every row of every table. The test
 * fails unless SQLite finds no damage in its pages and no broken reference. If no process
 * has it open, the log that an earlier one left next to it is applied.
 */
const char *db_text(struct arena *arena, const char *path);

#endif
