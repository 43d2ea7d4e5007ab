/*
 * Counts of the calls that were answered, for GET /_ivs-local/metrics.
 */
#ifndef API_METRICS_H
#define API_METRICS_H

#include <stdint.h>

#include "api/service.h"
#include "base/attrs.h"
#include "base/buf.h"

struct metrics;

/* For the operations of these services, which outlive it. */
struct metrics *metrics_new(const struct service *const *services) NODISCARD;
void metrics_free(struct metrics *metrics);

/* Counts an answer. NULL: a call of no operation. Safe from any thread. */
void metrics_count(struct metrics *metrics, const struct operation *op, int status,
                   int64_t duration_us);

/* Adds what was counted, in Prometheus' text format. */
void metrics_print(struct metrics *metrics, struct buf *out);

#endif
