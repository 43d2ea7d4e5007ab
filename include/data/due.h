/*
 * When something is due next in each account and region, by the machine's clock.
 *
 * The rows are a guide for the engine: never later than what is due first in their scope,
 * but possibly earlier, since deleting something leaves them as they are.
 */
#ifndef DATA_DUE_H
#define DATA_DUE_H

#include <stdint.h>

#include "base/attrs.h"
#include "base/scope.h"
#include "store/txn.h"

/* A scope in which something may be due. Strings belong to the transaction's arena. */
struct due_scope {
    struct scope scope;
    int64_t at_ms;     /* by the machine's clock */
    int64_t offset_ms; /* how far the scope's clock is ahead of it */
};

/* Each function returns DB_DONE if it succeeds. */

/* Something becomes due at this time of the scope's clock. */
enum db_result due_add(struct txn *txn, struct scope scope,
                       int64_t scope_at_ms) NODISCARD;

/* The scope's clock has moved forward. */
enum db_result due_move(struct txn *txn, struct scope scope, int64_t by_ms) NODISCARD;

/* Reads the scope that is due first. DB_ROW; DB_NONE: nothing is due anywhere. */
enum db_result due_find_first(struct txn *txn, struct due_scope *out) NODISCARD;

/* The next time at which something is due in the scope is exactly this one; INT64_MAX:
 * nothing is due there. */
enum db_result due_set(struct txn *txn, const struct due_scope *scope,
                       int64_t scope_at_ms) NODISCARD;

#endif
