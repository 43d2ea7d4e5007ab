/*
 * A clock for durations, which changes to the machine's time do not affect.
 */
#ifndef BASE_MONOTONIC_H
#define BASE_MONOTONIC_H

#include <stdint.h>

#include "base/attrs.h"

/* Milliseconds since an unspecified time. */
int64_t monotonic_ms(void) NODISCARD;

#endif
