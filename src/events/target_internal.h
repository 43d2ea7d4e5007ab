/*
 * Targets of events: which URLs are accepted, what is sent to them, and how their
 * responses are interpreted.
 */
#ifndef EVENTS_TARGET_INTERNAL_H
#define EVENTS_TARGET_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "data/event.h"
#include "http/client.h"

/* The location of a target, read from its URL. Strings belong to the arena. */
struct place {
    const char *url;   /* that events are posted to */
    const char *label; /* for the log: without the path, which may be a secret */
};

/* What a response means for the event. */
enum verdict {
    VERDICT_DELIVERED,
    VERDICT_REFUSED, /* permanently */
    VERDICT_RETRY,
};

/* A protocol for sending events. */
struct protocol {
    void (*compose)(struct arena *arena, const struct place *place,
                    const struct event *event, struct http_client_request *out);
    /* Interprets a response that has a status; unless the verdict is VERDICT_DELIVERED,
     * *why (in the arena) is the reason. */
    enum verdict (*judge)(struct arena *arena, const struct http_result *result,
                          const char **why);
};

/* PutEvents of EventBridge. */
extern const struct protocol put_events;

/* Parses a target's URL. Returns NULL if it is not one. */
const struct protocol *target_read(struct arena *arena, const char *url,
                                   struct place *out) NODISCARD;

/* Decides by the status alone. */
enum verdict target_judge_status(struct arena *arena, const struct http_result *result,
                                 const char **why);

#endif
