/*
 * Publishing an event, in the transaction of the change it reports.
 */
#ifndef EVENTS_PUBLISH_H
#define EVENTS_PUBLISH_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/ids.h"
#include "base/scope.h"
#include "store/txn.h"

/* The sources of events. Amazon IVS Low-Latency Streaming and Real-Time Streaming have
 * the same one. */
#define EVENT_SOURCE_IVS "aws.ivs"

/* An event to publish. The strings belong to the caller. */
struct event_input {
    const char *source;       /* such as EVENT_SOURCE_IVS */
    const char *detail_type;  /* one of events/detail_types.h */
    const char *resource_arn; /* what it is about; "": the account as a whole */
    int64_t time_ms;
};

/*
 * Writes the event in the envelope of EventBridge and deletes `detail`, in which the
 * event must have one of the names that its detail type lists. Returns DB_DONE or
 * DB_ERROR. Documented in the low-latency user guide, "Using Amazon EventBridge".
 */
enum db_result event_publish(struct txn *txn, struct scope scope, struct ids *ids,
                             const struct event_input *input, cJSON *detail) NODISCARD;

#endif
