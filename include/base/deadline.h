/*
 * Waiting for a condition with a time limit that does not depend on changes to the
 * machine's clock.
 */
#ifndef BASE_DEADLINE_H
#define BASE_DEADLINE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/attrs.h"

/* Initializes a condition for waits that end at a time from deadline_after_ms(). */
void deadline_cond_init(pthread_cond_t *condition);

/* The time `time_ms` milliseconds from now. */
struct timespec deadline_after_ms(int64_t time_ms) NODISCARD;

/* Whether a time of deadline_after_ms() has come. */
bool deadline_is_over(const struct timespec *until) NODISCARD;

#endif
