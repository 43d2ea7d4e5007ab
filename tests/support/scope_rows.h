/*
 * What the database has of one account and region: the rows of every table in the
 * registry of resources. It is read and copied behind the emulator's back, so no call may
 * be under way.
 */
#ifndef TESTS_SUPPORT_SCOPE_ROWS_H
#define TESTS_SUPPORT_SCOPE_ROWS_H

#include "support/emulator.h"

#include <stdint.h>

/* All rows and all counts, as text. It lives until the teardown. */
const char *scope_text(struct emulator *emu, struct scope scope);

/* How many rows of a table the scope has, or all scopes for NULL. */
int64_t scope_rows(struct emulator *emu, const char *table, const struct scope *scope);

/* Gives a scope a copy of every row of another one, with the same ids, unless it has such
 * a row already. A column that no two rows of the database may share gets the name of the
 * scope behind its value. */
void scope_copy(struct emulator *emu, struct scope from, struct scope to);

/* Adds copies of the scope's only row of a table until it has so many. The copies have
 * ids and other unique values that no call would give them. */
void scope_multiply(struct emulator *emu, const char *table, struct scope scope,
                    int64_t count);

/* Deletes everything that the scope has. */
void scope_clear(struct emulator *emu, struct scope scope);

#endif
