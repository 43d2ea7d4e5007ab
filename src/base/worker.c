#include "base/worker.h"

#include "base/bug.h"
#include "base/memory.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct worker {
    pthread_t thread;
    worker_body *body;
    void *context;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool woken; /* under the lock, like the next */
    bool stopping;
};

static void *run(void *argument)
{
    struct worker *worker = argument;

    worker->body(worker, worker->context);
    return NULL;
}

static void free_worker(struct worker *worker)
{
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}

struct worker *worker_start(worker_body *body, void *context)
{
    struct worker *worker = mem_zalloc(sizeof(*worker));
    pthread_condattr_t monotonic;

    worker->body = body;
    worker->context = context;
    pthread_mutex_init(&worker->lock, NULL);
    /* A rest lasts as long as it says, whoever sets the machine's clock. */
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&worker->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&worker->thread, NULL, run, worker) != 0) {
        free_worker(worker);
        return NULL;
    }
    return worker;
}

static void raise_flag(struct worker *worker, bool *flag)
{
    pthread_mutex_lock(&worker->lock);
    *flag = true;
    pthread_cond_signal(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
}

void worker_wake(struct worker *worker)
{
    raise_flag(worker, &worker->woken);
}

void worker_ask_to_stop(struct worker *worker)
{
    raise_flag(worker, &worker->stopping);
}

void worker_stop(struct worker *worker)
{
    if (worker == NULL)
        return;
    worker_ask_to_stop(worker);
    pthread_join(worker->thread, NULL);
    free_worker(worker);
}

bool worker_goes_on(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    bool goes_on = !worker->stopping;
    pthread_mutex_unlock(&worker->lock);
    return goes_on;
}

static struct timespec after_ms(int64_t time_ms)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += time_ms / 1000;
    until.tv_nsec += (long)(time_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return until;
}

/* Waits for a change, until the time if there is one. False: the time has come. */
static bool wait_for_change(struct worker *worker, const struct timespec *until)
{
    int code = until != NULL
                   ? pthread_cond_timedwait(&worker->changed, &worker->lock, until)
                   : pthread_cond_wait(&worker->changed, &worker->lock);

    if (code != 0 && code != ETIMEDOUT)
        BUG("waiting for a condition: error %d", code);
    return code == 0;
}

static bool rest_until(struct worker *worker, const struct timespec *until)
{
    pthread_mutex_lock(&worker->lock);
    while (!worker->woken && !worker->stopping && wait_for_change(worker, until))
        continue;
    worker->woken = false;
    bool goes_on = !worker->stopping;
    pthread_mutex_unlock(&worker->lock);
    return goes_on;
}

bool worker_rest(struct worker *worker)
{
    return rest_until(worker, NULL);
}

bool worker_rest_for(struct worker *worker, int64_t most_ms)
{
    const struct timespec until = after_ms(most_ms);

    return rest_until(worker, &until);
}

bool worker_pause(struct worker *worker, int64_t time_ms)
{
    const struct timespec until = after_ms(time_ms);

    pthread_mutex_lock(&worker->lock);
    while (!worker->stopping && wait_for_change(worker, &until))
        continue;
    bool goes_on = !worker->stopping;
    pthread_mutex_unlock(&worker->lock);
    return goes_on;
}
