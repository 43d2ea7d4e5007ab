/*
 * Resets: everything of an account and region, or of all, is deleted, in as many
 * transactions as it takes, between which the calls of others are served. For the calls
 * of the scope itself a reset is one step: they wait until it is complete, and if it
 * failed or the server was killed, they complete it first.
 */
#ifndef API_RESETS_H
#define API_RESETS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/scope.h"
#include "data/resource.h"
#include "store/txn.h"

struct resets;

/* How many rows one transaction of a reset deletes. */
enum { RESET_STEP_ROWS = 100 };

/* What else a reset does, when it is complete and before another call runs: it drops the
 * state in memory of the scope, or of all scopes for NULL. */
typedef void resets_forget(void *context, const struct scope *scope);

/* Reads the resets that are unfinished. The arguments must outlive it. */
struct resets *resets_new(struct store *store, const struct resource_registry *registry,
                          resets_forget *forget, void *context) NODISCARD;

/* None may be running. NULL is fine. */
void resets_free(struct resets *resets);

/* Runs a reset of the scope, or of all scopes for NULL. 0: it is complete. -1: the
 * database failed, which is logged, or the program is to end; the rest is done later. */
int resets_run(struct resets *resets, const struct scope *scope) NODISCARD;

/* Whether a reset of the scope is unfinished: no other call may work on it then. */
bool resets_cover(struct resets *resets, struct scope scope);

/* Whether any reset is unfinished. */
bool resets_exist(struct resets *resets);

/*
 * Begins a transaction in which no reset of the scope is unfinished: waits for one that
 * is running, and completes those that failed. 0: done. -1: as resets_run(), and *out is
 * NULL.
 */
int resets_begin(struct resets *resets, struct scope scope, struct arena *arena,
                 enum txn_kind kind, struct txn **out) NODISCARD;

#endif
