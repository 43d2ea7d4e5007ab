/*
 * Where events are sent to: what is accepted as such, what is sent there, and what an
 * answer means.
 */
#ifndef EVENTS_TARGET_INTERNAL_H
#define EVENTS_TARGET_INTERNAL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "data/event.h"
#include "http/client.h"

/* Where a target is, taken from its URL. Strings belong to the arena. */
struct place {
    const char *url;   /* to post to */
    const char *label; /* for the log: nothing of the path, which may be a secret */
};

/* What an answer means for the event. */
enum verdict {
    VERDICT_DELIVERED,
    VERDICT_REFUSED, /* for good */
    VERDICT_RETRY,
};

/* A way to hand over events. */
struct protocol {
    void (*compose)(struct arena *arena, const struct place *place,
                    const struct event *event, struct http_client_request *out);
    /* Of an answer with a status; unless it is VERDICT_DELIVERED, *why (in the arena)
     * says why. */
    enum verdict (*judge)(struct arena *arena, const struct http_result *result,
                          const char **why);
};

/* PutEvents of an EventBridge. */
extern const struct protocol put_events;

/* Takes a target's URL apart. NULL: it is none. */
const struct protocol *target_read(struct arena *arena, const char *url,
                                   struct place *out) NODISCARD;

/* Judges by the status alone. */
enum verdict target_judge_status(struct arena *arena, const struct http_result *result,
                                 const char **why);

#endif
