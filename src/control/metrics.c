/*
 * Metrics of the whole server, for Prometheus.
 */
#include "api/metrics.h"

#include "base/version.h"
#include "chat/chat.h"
#include "control_internal.h"
#include "data/event.h"
#include "data/resource.h"

#include <inttypes.h>

enum { METRICS_MAX_BYTES = 1024 * 1024 };

static const struct member nothing[] = {MEMBERS_END};
const struct shape control_metrics_in = STRUCT_OF(nothing);
const struct shape control_metrics_out = STRUCT_OF(nothing);

static void print_header(struct buf *out, const char *name, const char *type,
                         const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void print_count(void *context, const char *resource, int64_t count)
{
    buf_printf(context, "ivs_local_resources{resource=\"%s\"} %" PRId64 "\n", resource,
               count);
}

static void print_number(struct buf *out, const char *name, const char *type,
                         const char *help, int64_t value)
{
    print_header(out, name, type, help);
    buf_printf(out, "%s %" PRId64 "\n", name, value);
}

static void print_chat(struct chat *chat, struct buf *out)
{
    static const char frames[] = "ivs_local_chat_frames_total";
    static const char records[] = "ivs_local_chat_log_records_total";
    struct chat_counts counts;

    chat_count(chat, &counts);
    print_number(out, "ivs_local_chat_connections", "gauge",
                 "Connections to chat rooms that are open.", counts.connections);
    print_header(out, frames, "counter",
                 "Messages and events that were sent to chat rooms, and errors that were "
                 "sent to clients.");
    buf_printf(out, "%s{type=\"MESSAGE\"} %" PRId64 "\n", frames, counts.messages);
    buf_printf(out, "%s{type=\"EVENT\"} %" PRId64 "\n", frames, counts.events);
    buf_printf(out, "%s{type=\"ERROR\"} %" PRId64 "\n", frames, counts.errors);
    print_number(out, "ivs_local_chat_deliveries_total", "counter",
                 "Frames that were sent to chat clients, each counted for each client.",
                 counts.deliveries);
    print_number(out, "ivs_local_chat_reviews_total", "counter",
                 "Invocations of message review handlers.", counts.reviews.invocations);
    print_number(out, "ivs_local_chat_reviews_failed_total", "counter",
                 "Reviews without a valid response in time.",
                 counts.reviews.errors + counts.reviews.invalid_answers);
    print_header(out, records, "counter",
                 "Records for the logs of chat rooms: written, not accepted by their "
                 "destination, or dropped before.");
    buf_printf(out, "%s{result=\"WRITTEN\"} %" PRId64 "\n", records, counts.logs.written);
    buf_printf(out, "%s{result=\"FAILED\"} %" PRId64 "\n", records, counts.logs.failed);
    buf_printf(out, "%s{result=\"DROPPED\"} %" PRId64 "\n", records, counts.logs.dropped);
}

static int print_state(struct call *call, struct buf *out)
{
    struct event_backlog backlog;

    print_header(out, "ivs_local_info", "gauge", "The program.");
    buf_printf(out, "ivs_local_info{version=\"%s\"} 1\n", ivs_local_version);
    print_header(
        out, "ivs_local_resources", "gauge",
        "Stored resources in all accounts and regions; only live streams are counted.");
    if (resource_count_each(call->txn, print_count, out) == DB_ERROR ||
        event_backlog_read(call->txn, &backlog) == DB_ERROR)
        return call_fail_internal(call);
    print_number(out, "ivs_local_calls_waiting", "gauge",
                 "Calls of WaitForEvents that are waiting.",
                 (int64_t)arrivals_waiting(call->emu->arrivals));
    print_number(out, "ivs_local_events_pending", "gauge",
                 "Deliveries of events that are still pending.", backlog.pending);
    print_number(out, "ivs_local_events_dropped_total", "counter",
                 "Deliveries that were given up because a target was down for too long.",
                 backlog.dropped);
    print_chat(call->emu->chat, out);
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
