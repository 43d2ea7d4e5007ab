#include "engine/scheduler.h"

#include "base/bug.h"
#include "base/memory.h"
#include "base/worker.h"
#include "data/topics.h"
#include "engine/due.h"

#include <stdlib.h>

/* The maximum wait, so that its end can be represented, and the delay after a failure of
 * the database. */
enum { LONGEST_REST_MS = 60 * 1000, RETRY_MS = 1000 };

struct scheduler {
    struct store *store;
    struct clock *clock;
    struct ids *ids;
    struct worker *worker;
};

static int64_t rest_ms(const struct scheduler *scheduler, int64_t next_ms)
{
    int64_t now_ms = clock_now_ms(scheduler->clock);

    if (next_ms == DUE_FAILED)
        return RETRY_MS;
    if (next_ms <= now_ms)
        return 0;
    int64_t rest = next_ms - now_ms;
    return rest < LONGEST_REST_MS ? rest : LONGEST_REST_MS;
}

static void run_scheduler(struct worker *worker, void *context)
{
    struct scheduler *scheduler = context;
    int64_t next_ms;

    /* A few actions at a time, so that a stop does not wait for many. */
    do {
        next_ms = engine_run_some_due(scheduler->store, scheduler->ids,
                                      clock_now_ms(scheduler->clock));
    } while (worker_rest_for(worker, rest_ms(scheduler, next_ms)));
}

static void wake_scheduler(void *context, uint32_t topics)
{
    const struct scheduler *scheduler = context;

    (void)topics;
    worker_wake(scheduler->worker);
}

struct scheduler *scheduler_start(struct store *store, struct clock *clock,
                                  struct ids *ids)
{
    struct scheduler *scheduler = mem_zalloc(sizeof(*scheduler));

    scheduler->store = store;
    scheduler->clock = clock;
    scheduler->ids = ids;
    scheduler->worker = worker_start(run_scheduler, scheduler);
    if (scheduler->worker == NULL)
        BUG("cannot start the thread of the scheduler");
    store_add_listener(store, TOPIC_DUE, wake_scheduler, scheduler);
    /* It may have looked before the listener was added. */
    worker_wake(scheduler->worker);
    return scheduler;
}

void scheduler_stop(struct scheduler *scheduler)
{
    if (scheduler == NULL)
        return;
    store_remove_listener(scheduler->store, scheduler);
    worker_stop(scheduler->worker);
    free(scheduler);
}
