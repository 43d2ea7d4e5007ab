#include "gate.h"

#include "base/deadline.h"

#include "cmocka_all.h"

enum { PATIENCE_MS = 60 * 1000 };

void gate_init(struct gate *gate)
{
    pthread_mutex_init(&gate->lock, NULL);
    deadline_cond_init(&gate->changed);
    gate->count = 0;
}

void gate_done(struct gate *gate)
{
    pthread_cond_destroy(&gate->changed);
    pthread_mutex_destroy(&gate->lock);
}

void gate_pass(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->count++;
    pthread_cond_signal(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}

void gate_expect(struct gate *gate, int count)
{
    const struct timespec until = deadline_after_ms(PATIENCE_MS);
    int code = 0;

    pthread_mutex_lock(&gate->lock);
    while (gate->count < count && code == 0)
        code = pthread_cond_timedwait(&gate->changed, &gate->lock, &until);
    int came = gate->count;
    pthread_mutex_unlock(&gate->lock);
    if (came < count)
        fail_msg("%d came instead of %d", came, count);
}

int gate_count(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    int count = gate->count;
    pthread_mutex_unlock(&gate->lock);
    return count;
}
