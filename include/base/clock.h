/*
 * The emulator's clock. Everything that AWS would timestamp or wait for uses this clock,
 * so that a test can stop it and move it. Times are milliseconds since the epoch.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/scope.h"

struct clock;

/* A clock that follows the machine's clock. */
struct clock *clock_new(void) NODISCARD;

/* A clock that shows `now_ms` until it is moved. */
struct clock *clock_new_stopped(int64_t now_ms) NODISCARD;

void clock_free(struct clock *clock);

/* For AUTO(). */
void clock_done(struct clock **clock);

/* Always within the years 1970 to 9999, like all times below. */
int64_t clock_now_ms(struct clock *clock);

/* Moves the clock forward in all scopes. */
void clock_advance(struct clock *clock, int64_t by_ms);

/* The maximum number of accounts and regions whose clocks can be ahead at the same
 * time. */
enum { CLOCK_MAX_MOVED = 10000 };

/* The time in a scope: clock_now_ms() plus the offset of the scope's clock. */
int64_t clock_scope_ms(struct clock *clock, struct scope scope);

/* How far the scope's clock is ahead, in milliseconds. */
int64_t clock_offset_ms(struct clock *clock, struct scope scope);

/* Whether clock_move() will accept the scope. */
bool clock_has_room(struct clock *clock, struct scope scope);

/* Sets how far the scope's clock is ahead. -1: too many scopes are ahead already. */
int clock_move(struct clock *clock, struct scope scope, int64_t offset_ms) NODISCARD;

/* Swaps the offsets of all scopes with those of `other`, in one step. Nobody else may be
 * using `other`. */
void clock_swap_offsets(struct clock *clock, struct clock *other);

/* Resets the scope's clock, or all scopes' clocks for NULL, so that it is no longer
 * ahead. */
void clock_forget(struct clock *clock, const struct scope *scope);

#endif
