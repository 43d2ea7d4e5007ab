/*
 * Metrics of the whole server, for Prometheus.
 */
#include "api/metrics.h"

#include "base/version.h"
#include "control_internal.h"
#include "data/event.h"
#include "data/resource.h"

#include <inttypes.h>

enum { METRICS_MAX_BYTES = 1024 * 1024 };

static const struct member nothing[] = {MEMBERS_END};
const struct shape control_metrics_in = STRUCT_OF(nothing);
const struct shape control_metrics_out = STRUCT_OF(nothing);

static void print_gauge_header(struct buf *out, const char *name, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void print_count(void *context, const char *resource, int64_t count)
{
    buf_printf(context, "ivs_local_resources{resource=\"%s\"} %" PRId64 "\n", resource,
               count);
}

static int print_state(struct call *call, struct buf *out)
{
    int64_t pending;

    print_gauge_header(out, "ivs_local_info", "The program.");
    buf_printf(out, "ivs_local_info{version=\"%s\"} 1\n", ivs_local_version);
    print_gauge_header(
        out, "ivs_local_resources",
        "Stored resources in all accounts and regions; only live streams are counted.");
    if (resource_count_each(call->txn, print_count, out) == DB_ERROR ||
        event_pending(call->txn, &pending) == DB_ERROR)
        return call_fail_internal(call);
    print_gauge_header(out, "ivs_local_events_pending",
                       "Deliveries of events that are still pending.");
    buf_printf(out, "ivs_local_events_pending %" PRId64 "\n", pending);
    return 0;
}

int control_metrics(struct call *call)
{
    struct buf out AUTO(buf_done);

    buf_init(&out, METRICS_MAX_BYTES);
    if (print_state(call, &out) != 0)
        return -1;
    metrics_print(call->emu->metrics, &out);
    call->text = arena_strdup(call->arena, out.bytes);
    return 0;
}
