/*
 * A count that one thread raises and another one waits for. Nothing waits for ever: what
 * does not come makes the test fail.
 */
#ifndef TESTS_SUPPORT_GATE_H
#define TESTS_SUPPORT_GATE_H

#include "base/attrs.h"

#include <pthread.h>

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int count; /* under the lock */
};

void gate_init(struct gate *gate);
void gate_done(struct gate *gate);

/* Counts one more. From any thread. */
void gate_pass(struct gate *gate);

/* Waits until the count is this. For the test's own thread. */
void gate_expect(struct gate *gate, int count);

int gate_count(struct gate *gate);

#endif
