#include "delays_internal.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "base/worker.h"

#include <pthread.h>
#include <stdlib.h>

struct held {
    struct held *next;
    struct MHD_Connection *connection;
    int64_t until_ms;
};

struct delays {
    pthread_mutex_t lock;
    struct held
        *first; /* sorted by the time at which they end; under the lock, like the rest */
    struct worker *worker; /* NULL until a response is held back */
    bool failed;           /* the last attempt to start it; for one line in the log */
    bool ending;
};

struct delays *delays_new(void)
{
    struct delays *delays = mem_zalloc(sizeof(*delays));

    pthread_mutex_init(&delays->lock, NULL);
    return delays;
}

void delays_free(struct delays *delays)
{
    if (delays == NULL)
        return;
    worker_stop(delays->worker);
    pthread_mutex_destroy(&delays->lock);
    free(delays);
}

/* Resumes the connections that are due at `now_ms`. Returns the time until the next one,
 * or -1 if there is none. */
static int64_t resume_due(struct delays *delays, int64_t now_ms)
{
    int64_t rest_ms = -1;

    pthread_mutex_lock(&delays->lock);
    while (delays->first != NULL && delays->first->until_ms <= now_ms) {
        struct held *held = delays->first;
        delays->first = held->next;
        MHD_resume_connection(held->connection);
        free(held);
    }
    if (delays->first != NULL)
        rest_ms = delays->first->until_ms - now_ms;
    pthread_mutex_unlock(&delays->lock);
    return rest_ms;
}

static void run_delays(struct worker *worker, void *context)
{
    bool goes_on = true;

    while (goes_on) {
        int64_t rest_ms = resume_due(context, monotonic_ms());
        goes_on = rest_ms < 0 ? worker_rest(worker) : worker_rest_for(worker, rest_ms);
    }
}

static void insert_by_time(struct delays *delays, struct held *held)
{
    struct held **at = &delays->first;

    while (*at != NULL && (*at)->until_ms <= held->until_ms)
        at = &(*at)->next;
    held->next = *at;
    *at = held;
}

/* Starts the thread for delayed responses, if that was not done yet. False: none is
 * available. */
static bool start_delays(struct delays *delays)
{
    if (delays->worker == NULL)
        delays->worker = worker_start(run_delays, delays);
    if (delays->worker == NULL && !delays->failed)
        log_warn("responses not delayed", "reason=\"no thread is available\"");
    delays->failed = delays->worker == NULL;
    return !delays->failed;
}

bool delays_hold(struct delays *delays, struct MHD_Connection *connection,
                 int64_t delay_ms)
{
    pthread_mutex_lock(&delays->lock);
    bool holds = !delays->ending && start_delays(delays);
    if (holds) {
        struct held *held = mem_zalloc(sizeof(*held));
        held->connection = connection;
        held->until_ms = monotonic_ms() + delay_ms;
        MHD_suspend_connection(connection);
        insert_by_time(delays, held);
        worker_wake(delays->worker);
    }
    pthread_mutex_unlock(&delays->lock);
    return holds;
}

void delays_end(struct delays *delays)
{
    pthread_mutex_lock(&delays->lock);
    delays->ending = true;
    for (struct held *held = delays->first; held != NULL; held = held->next)
        held->until_ms = 0;
    pthread_mutex_unlock(&delays->lock);
    (void)resume_due(delays, 0);
}
