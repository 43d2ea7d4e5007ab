#include "api/health.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { REASON_BYTES = 256 };

struct health {
    pthread_mutex_t lock;
    char why[REASON_BYTES]; /* under the lock; "": well */
};

struct health *health_new(void)
{
    struct health *health = mem_zalloc(sizeof(*health));

    pthread_mutex_init(&health->lock, NULL);
    return health;
}

void health_free(struct health *health)
{
    if (health == NULL)
        return;
    pthread_mutex_destroy(&health->lock);
    free(health);
}

void health_note(struct health *health, const char *why)
{
    char now[REASON_BYTES], last[REASON_BYTES], quoted[LOG_QUOTED_BYTES];

    text_copy(now, sizeof(now), why != NULL ? why : "");
    pthread_mutex_lock(&health->lock);
    text_copy(last, sizeof(last), health->why);
    text_copy(health->why, sizeof(health->why), now);
    pthread_mutex_unlock(&health->lock);
    if (strcmp(now, last) == 0)
        return;
    if (now[0] != '\0')
        log_warn("the health check fails", "reason=%s", log_quoted(now, quoted));
    else
        log_warn("the health check succeeds again", "last_reason=%s",
                 log_quoted(last, quoted));
}
