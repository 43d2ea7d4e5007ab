/*
 * What an account and region holds as a whole: how many of a resource, and the way to
 * be rid of everything.
 */
#ifndef DATA_SCOPE_STATE_H
#define DATA_SCOPE_STATE_H

#include <stdint.h>

#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

/* Reads how many rows the table `resource` holds for this scope: one look-up, however
 * many there are. DB_DONE: done. */
enum db_result resource_count(struct txn *txn, struct scope scope, const char *resource,
                              int64_t *out) NODISCARD;

/* Deletes all that the scope holds. DB_DONE: done. */
enum db_result scope_reset(struct txn *txn, struct scope scope) NODISCARD;

/* Deletes all that any scope holds. DB_DONE: done. */
enum db_result scope_reset_all(struct txn *txn) NODISCARD;

/* How many rows the tables with an order of creation have ever had, together. */
enum db_result rows_ever(struct txn *txn, int64_t *out) NODISCARD;

/* Calls `each` with how many of a resource there are in all scopes. DB_DONE: done. */
enum db_result resource_count_each(struct txn *txn,
                                   void (*each)(void *context, const char *resource,
                                                int64_t count),
                                   void *context) NODISCARD;

#endif
