/*
 * Waiting for a condition for so long and no longer, whoever sets the machine's clock.
 */
#ifndef BASE_DEADLINE_H
#define BASE_DEADLINE_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

#include "base/attrs.h"

/* Initializes a condition that is waited for until such a time as the next function
 * answers. */
void deadline_cond_init(pthread_cond_t *condition);

/* The time that is so many milliseconds from now. */
struct timespec deadline_after_ms(int64_t time_ms) NODISCARD;

#endif
