/*
 * Database files as a whole: copied, and put into words to be compared.
 */
#ifndef TESTS_SUPPORT_DB_IMAGE_H
#define TESTS_SUPPORT_DB_IMAGE_H

#include "base/arena.h"

/* Puts a copy of a database that nobody has open at `to`, with the files SQLite left
 * beside it; if there is none, there will be none. What was there goes away. */
void db_copy(struct arena *arena, const char *from, const char *to);

/*
 * All that a database says: its version and every row of every table. The test fails
 * unless SQLite finds it whole, in its pages and in what refers to what. If no process
 * has it open, what an earlier one left in the log beside it is taken in.
 */
const char *db_text(struct arena *arena, const char *path);

#endif
