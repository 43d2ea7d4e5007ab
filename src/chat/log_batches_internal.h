/*
 * Chat logs in CloudWatch Logs: batches of events, one for each room and log group. For
 * one thread, except where a function says otherwise.
 */
#ifndef CHAT_LOG_BATCHES_INTERNAL_H
#define CHAT_LOG_BATCHES_INTERNAL_H

#include "base/attrs.h"
#include "log_lane_internal.h"

/* The kind of these destinations. */
#define LOG_BATCHES_KIND "cloudWatchLogs"

/* What PutLogEvents accepts (CloudWatch Logs API Reference, "PutLogEvents"). */
enum {
    LOG_BATCH_MAX_BYTES = 1048576, /* of all messages, and of so much for each: */
    LOG_BATCH_EVENT_BYTES = 26,
    LOG_BATCH_MAX_EVENTS = 10000,
    LOG_BATCH_MAX_SPAN_MS = 24 * 60 * 60 * 1000, /* from the first to the last event */
    LOG_BATCH_MAX_AHEAD_MS = 2 * 60 * 60 * 1000, /* of the time of an event */
};

struct log_batches;

/* The URL of the endpoint is NULL if there is none. All arguments must outlive the
 * result. */
struct log_batches *log_batches_new(const char *endpoint,
                                    struct log_tally *tally) NODISCARD;

/* What has not been sent is lost. NULL is fine. */
void log_batches_free(struct log_batches *batches);

/* The work of a lane whose context is the batches. */
extern const struct log_lane_work log_batches_work;

#endif
