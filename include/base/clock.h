/*
 * The emulator's clock. Everything that AWS would stamp or wait for asks this clock, so
 * that a test can stop it and move it. Times are milliseconds since the epoch.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"

struct clock;

/* A clock that follows the machine's. */
struct clock *clock_new(void) NODISCARD;

/* A clock that stands at `now_ms` until it is moved. */
struct clock *clock_new_stopped(int64_t now_ms) NODISCARD;

void clock_free(struct clock *clock);

int64_t clock_now_ms(struct clock *clock);

/* Moves the clock forward. */
void clock_advance(struct clock *clock, int64_t by_ms);

/* `2020-05-05T21:55:38Z`: the form of every timestamp of the API, in whole seconds. */
const char *clock_text(struct arena *arena, int64_t time_ms) NODISCARD;

/*
 * Reads a timestamp of RFC 3339, as 2020-05-05T21:55:38.123+02:00; fractions beyond
 * milliseconds are dropped. -1, with *out_ms untouched, if it is none or outside the
 * years 1970 to 9999.
 */
int clock_parse(const char *text, int64_t *out_ms) NODISCARD;

#endif
