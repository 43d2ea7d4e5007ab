#include "base/worker.h"

#include "base/bug.h"
#include "base/deadline.h"
#include "base/memory.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct worker {
    pthread_t thread;
    worker_body *body;
    void *context;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool woken; /* under the lock, like the next */
    bool stopping;
};

static void *run_worker(void *argument)
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

    worker->body = body;
    worker->context = context;
    pthread_mutex_init(&worker->lock, NULL);
    deadline_cond_init(&worker->changed);
    if (pthread_create(&worker->thread, NULL, run_worker, worker) != 0) {
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

bool worker_should_continue(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    bool goes_on = !worker->stopping;
    pthread_mutex_unlock(&worker->lock);
    return goes_on;
}

/* Waits for a change, at most until the time if there is one. False: that time was
 * reached. */
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

bool worker_rest_for(struct worker *worker, int64_t max_ms)
{
    const struct timespec until = deadline_after_ms(max_ms);

    return rest_until(worker, &until);
}

bool worker_pause(struct worker *worker, int64_t time_ms)
{
    const struct timespec until = deadline_after_ms(time_ms);

    pthread_mutex_lock(&worker->lock);
    while (!worker->stopping && wait_for_change(worker, &until))
        continue;
    bool goes_on = !worker->stopping;
    pthread_mutex_unlock(&worker->lock);
    return goes_on;
}
