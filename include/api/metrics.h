/*
 * Counts of the calls that were processed, for GET /_ivs-local/metrics.
 */
#ifndef API_METRICS_H
#define API_METRICS_H

#include <stdint.h>

#include "api/service.h"
#include "base/attrs.h"
#include "base/buf.h"

struct metrics;

/* Creates counters for the operations of these services, which must outlive them. */
struct metrics *metrics_new(const struct service *const *services) NODISCARD;
void metrics_free(struct metrics *metrics);

/* Counts a response. `op` is NULL for a request that matches no operation.
 * Thread-safe. */
void metrics_count(struct metrics *metrics, const struct operation *op, int status,
                   int64_t duration_us);

/* Appends the counters in Prometheus' text format. */
void metrics_print(struct metrics *metrics, struct buf *out);

#endif
