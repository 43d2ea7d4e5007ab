/*
 * How far the clocks of accounts and regions have been moved forward.
 */
#ifndef DATA_CLOCK_H
#define DATA_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

/* Each function returns DB_DONE if it succeeds. */

/* Moves the scope's clock; *out is its total offset. */
enum db_result clock_offset_add(struct txn *txn, struct scope scope, int64_t by_ms,
                                int64_t *out) NODISCARD;

enum db_result clock_offset_delete(struct txn *txn, struct scope scope) NODISCARD;

/* Calls `each` for every clock that has been moved. */
enum db_result clock_offset_each(struct txn *txn,
                                 void (*each)(void *context, struct scope scope,
                                              int64_t offset_ms),
                                 void *context) NODISCARD;

#endif
