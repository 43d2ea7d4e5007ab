/*
 * Chat logs in delivery streams of Firehose: a request for each record. For one thread,
 * except where a function says otherwise.
 */
#ifndef CHAT_LOG_DELIVERIES_INTERNAL_H
#define CHAT_LOG_DELIVERIES_INTERNAL_H

#include "base/attrs.h"
#include "log_lane_internal.h"

/* The kind of these destinations. */
#define LOG_DELIVERIES_KIND "firehose"

struct log_deliveries;

/* The URL of the endpoint is NULL if there is none. All arguments must outlive the
 * result. */
struct log_deliveries *log_deliveries_new(const char *endpoint,
                                          struct log_tally *tally) NODISCARD;

/* NULL is fine. */
void log_deliveries_free(struct log_deliveries *deliveries);

/* The work of a lane whose context is the deliveries. */
extern const struct log_lane_work log_deliveries_work;

#endif
