/*
 * The clocks of the machine, which no test moves.
 */
#ifndef BASE_MONOTONIC_H
#define BASE_MONOTONIC_H

#include <stdint.h>

#include "base/attrs.h"

/* Milliseconds since an unspecified time, for durations: changes to the machine's time do
 * not affect it. */
int64_t monotonic_ms(void) NODISCARD;

/* Milliseconds since the epoch: for signatures, and for what happens outside of the
 * emulator. */
int64_t machine_now_ms(void) NODISCARD;

#endif
