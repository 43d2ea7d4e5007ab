#include "api/metrics.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

/* The statuses that are counted; 0: a fault prevented the response. Others are counted as
 * 0. */
static const int statuses[] = {0,   200, 204, 400, 402, 403, 404,
                               409, 413, 429, 500, 501, 503};

/* The upper bounds of the histogram's buckets; the last one is unbounded. */
static const struct {
    int64_t us;
    const char *seconds;
} bounds[] = {
    {100,     "0.0001" },
    {250,     "0.00025"},
    {500,     "0.0005" },
    {1000,    "0.001"  },
    {2500,    "0.0025" },
    {5000,    "0.005"  },
    {10000,   "0.01"   },
    {25000,   "0.025"  },
    {100000,  "0.1"    },
    {1000000, "1"      },
};

enum { STATUSES = COUNT_OF(statuses), BUCKETS = COUNT_OF(bounds) + 1 };

struct counts {
    const char *operation;
    const char *service;
    _Atomic uint64_t by_status[STATUSES];
    _Atomic uint64_t by_duration[BUCKETS];
    _Atomic uint64_t duration_us;
};

struct metrics {
    const struct service *const *services;
    size_t count;
    struct counts counts[]; /* in the order of the tables; the last is for no operation */
};

struct metrics *metrics_new(const struct service *const *services)
{
    size_t count = 1, at = 0;

    for (size_t s = 0; services[s] != NULL; s++)
        count += services[s]->count;
    struct metrics *metrics =
        mem_zalloc(sizeof(*metrics) + count * sizeof(metrics->counts[0]));
    metrics->services = services;
    metrics->count = count;
    for (size_t s = 0; services[s] != NULL; s++) {
        for (size_t i = 0; i < services[s]->count; i++, at++) {
            metrics->counts[at].operation = services[s]->operations[i].name;
            metrics->counts[at].service = services[s]->name;
        }
    }
    metrics->counts[at].operation = metrics->counts[at].service = "unknown";
    return metrics;
}

void metrics_free(struct metrics *metrics)
{
    free(metrics);
}

static struct counts *counts_of(struct metrics *metrics, const struct operation *op)
{
    struct counts *counts = metrics->counts;

    for (size_t s = 0; op != NULL && metrics->services[s] != NULL; s++) {
        const struct service *service = metrics->services[s];
        if (op >= service->operations && op < service->operations + service->count)
            return counts + (op - service->operations);
        counts += service->count;
    }
    return &metrics->counts[metrics->count - 1];
}

static void add_count(_Atomic uint64_t *count, uint64_t by)
{
    atomic_fetch_add_explicit(count, by, memory_order_relaxed);
}

void metrics_count(struct metrics *metrics, const struct operation *op, int status,
                   int64_t duration_us)
{
    struct counts *counts = counts_of(metrics, op);
    size_t at = STATUSES - 1, bucket = 0;

    while (at > 0 && statuses[at] != status)
        at--;
    while (bucket < BUCKETS - 1 && duration_us > bounds[bucket].us)
        bucket++;
    add_count(&counts->by_status[at], 1);
    add_count(&counts->by_duration[bucket], 1);
    add_count(&counts->duration_us, (uint64_t)duration_us);
}

static void print_requests(const struct counts *counts, struct buf *out)
{
    for (size_t i = 0; i < STATUSES; i++) {
        uint64_t count = atomic_load(&counts->by_status[i]);
        if (count > 0)
            buf_printf(out,
                       "ivs_local_requests_total{service=\"%s\",operation=\"%s\","
                       "status=\"%d\"} %" PRIu64 "\n",
                       counts->service, counts->operation, statuses[i], count);
    }
}

static void print_durations(const struct counts *counts, struct buf *out)
{
    const char *name = "ivs_local_request_duration_seconds";
    uint64_t sum = 0;

    for (size_t i = 0; i < BUCKETS; i++)
        sum += atomic_load(&counts->by_duration[i]);
    if (sum == 0)
        return;
    sum = 0;
    for (size_t i = 0; i < BUCKETS; i++) {
        sum += atomic_load(&counts->by_duration[i]);
        buf_printf(out,
                   "%s_bucket{service=\"%s\",operation=\"%s\",le=\"%s\"} %" PRIu64 "\n",
                   name, counts->service, counts->operation,
                   i < BUCKETS - 1 ? bounds[i].seconds : "+Inf", sum);
    }
    buf_printf(out, "%s_sum{service=\"%s\",operation=\"%s\"} %.6f\n", name,
               counts->service, counts->operation,
               (double)atomic_load(&counts->duration_us) / 1e6);
    buf_printf(out, "%s_count{service=\"%s\",operation=\"%s\"} %" PRIu64 "\n", name,
               counts->service, counts->operation, sum);
}

void metrics_print(struct metrics *metrics, struct buf *out)
{
    buf_text(out,
             "# HELP ivs_local_requests_total Requests processed; status 0: no response "
             "was sent.\n"
             "# TYPE ivs_local_requests_total counter\n");
    for (size_t i = 0; i < metrics->count; i++)
        print_requests(&metrics->counts[i], out);
    buf_text(out, "# HELP ivs_local_request_duration_seconds Time spent on a request, "
                  "without injected latency.\n"
                  "# TYPE ivs_local_request_duration_seconds histogram\n");
    for (size_t i = 0; i < metrics->count; i++)
        print_durations(&metrics->counts[i], out);
}
