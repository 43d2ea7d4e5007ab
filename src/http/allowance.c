#include "http/allowance.h"

#include "base/log.h"
#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>

struct allowance {
    size_t max;
    const char *what;
    pthread_mutex_t lock;
    size_t taken;  /* under the lock, like the rest */
    bool refused;  /* since less than half were taken */
    bool released; /* by its owner */
};

struct allowance *allowance_new(size_t max, const char *what)
{
    struct allowance *allowance = mem_zalloc(sizeof(*allowance));

    allowance->max = max;
    allowance->what = what;
    pthread_mutex_init(&allowance->lock, NULL);
    return allowance;
}

/* Unlocks it, and frees it if nobody can use it any more. */
static void leave_allowance(struct allowance *allowance)
{
    bool over = allowance->released && allowance->taken == 0;

    pthread_mutex_unlock(&allowance->lock);
    if (!over)
        return;
    pthread_mutex_destroy(&allowance->lock);
    free(allowance);
}

void allowance_free(struct allowance *allowance)
{
    if (allowance == NULL)
        return;
    pthread_mutex_lock(&allowance->lock);
    allowance->released = true;
    leave_allowance(allowance);
}

bool allowance_take(struct allowance *allowance)
{
    return allowance_take_many(allowance, 1);
}

bool allowance_take_many(struct allowance *allowance, size_t count)
{
    char quoted[LOG_QUOTED_BYTES];

    pthread_mutex_lock(&allowance->lock);
    bool taken = count <= allowance->max - allowance->taken;
    bool is_news = !taken && !allowance->refused;
    if (taken)
        allowance->taken += count;
    else
        allowance->refused = true;
    pthread_mutex_unlock(&allowance->lock);
    if (is_news)
        log_warn("limit reached, refusing more", "what=%s max=%zu",
                 log_quoted(allowance->what, quoted), allowance->max);
    return taken;
}

void allowance_give_back(struct allowance *allowance)
{
    allowance_give_back_many(allowance, 1);
}

void allowance_give_back_many(struct allowance *allowance, size_t count)
{
    if (allowance == NULL)
        return;
    pthread_mutex_lock(&allowance->lock);
    allowance->taken -= count;
    if (allowance->taken <= allowance->max / 2)
        allowance->refused = false;
    leave_allowance(allowance);
}
