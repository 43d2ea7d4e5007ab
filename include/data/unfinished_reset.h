/*
 * Resets that are not complete.
 */
#ifndef DATA_UNFINISHED_RESET_H
#define DATA_UNFINISHED_RESET_H

#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

/* Each function returns DB_DONE if it succeeds. A scope of NULL stands for all. */

enum db_result unfinished_reset_add(struct txn *txn, const struct scope *scope) NODISCARD;

/* The reset is complete; it need not have been added. */
enum db_result unfinished_reset_delete(struct txn *txn,
                                       const struct scope *scope) NODISCARD;

/* Calls `each` for every one. The scope is valid until it returns. */
enum db_result unfinished_reset_each(struct txn *txn,
                                     void (*each)(void *context,
                                                  const struct scope *scope),
                                     void *context) NODISCARD;

#endif
