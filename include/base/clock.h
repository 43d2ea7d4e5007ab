/*
 * The emulator's clock. Everything that AWS would stamp or wait for asks this clock, so
 * that a test can stop it and move it. Times are milliseconds since the epoch.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/scope.h"

struct clock;

/* A clock that follows the machine's. */
struct clock *clock_new(void) NODISCARD;

/* A clock that stands at `now_ms` until it is moved. */
struct clock *clock_new_stopped(int64_t now_ms) NODISCARD;

void clock_free(struct clock *clock);

/* For AUTO(). */
void clock_done(struct clock **clock);

/* Always in the years 1970 to 9999, as all times below. */
int64_t clock_now_ms(struct clock *clock);

/* Moves the clock forward, for all. */
void clock_advance(struct clock *clock, int64_t by_ms);

/* Of so many accounts and regions the clock can be ahead of the others' at a time. */
enum { CLOCK_MAX_MOVED = 10000 };

/* The time in a scope: clock_now_ms(), and what its clock is ahead. */
int64_t clock_scope_ms(struct clock *clock, struct scope scope);

/* How far the scope's clock is ahead. */
int64_t clock_offset_ms(struct clock *clock, struct scope scope);

/* Whether clock_move() will take the scope. */
bool clock_has_room(struct clock *clock, struct scope scope);

/* Puts the scope's clock that far ahead. -1: there are too many such scopes. */
int clock_move(struct clock *clock, struct scope scope, int64_t offset_ms) NODISCARD;

/* Replaces how far all scopes' clocks are ahead, in one step, by what `other` says, which
 * nobody else may be using and which gets the old. */
void clock_take_moves(struct clock *clock, struct clock *other);

/* Forgets how far the scope's clock is ahead, or all scopes' for NULL. */
void clock_forget(struct clock *clock, const struct scope *scope);

#endif
