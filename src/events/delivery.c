#include "events/delivery.h"

#include "base/bug.h"
#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "base/worker.h"
#include "data/event.h"
#include "data/event_delivery.h"
#include "data/topics.h"
#include "events/detail_types.h"
#include "plans_internal.h"
#include "store/txn.h"
#include "target_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct target {
    struct store *store;
    struct faults *faults;
    const char *url; /* as configured: its name in the database */
    struct place place;
    const struct protocol *protocol;
    struct http_sender *sender;
    struct worker *worker;

    struct event_progress progress; /* at the start */
    /* Protected by the store's lock. */
    bool replaced; /* the state was replaced: what follows is about other events */

    /* Used by the worker only. */
    struct plans plans;   /* of the events that it is not done with */
    int64_t taken;        /* the last event in order that is done or held back */
    int64_t looked_at_ms; /* when it looked for the next event: what was held back until
                           * later has not been seen */
    int64_t delay_ms;     /* before the next attempt; 0: the last one succeeded */
    int64_t dropped;      /* events, when the target last accepted one */
    bool drop_logged;     /* since then */
};

struct delivery {
    struct store *store;
    struct faults *faults;
    struct arena *arena;
    struct target *targets;
    size_t count;
};

/* Whether the event can be sent now: it is not held back, and there is room for a plan.
 */
static bool is_ready(struct target *target, const struct event *event)
{
    const struct plan *plan = plans_find(&target->plans, event->seq);

    return plan != NULL ? !plan_is_held(plan, target->looked_at_ms)
                        : target->plans.count < PLANS_MAX;
}

/* Reads an event that is to be sent again. */
static enum db_result resent_event(struct target *target, struct txn *txn,
                                   struct event *out)
{
    int64_t after = 0;
    enum db_result found;

    while ((found = event_next_again(txn, target->url, after, target->taken, out)) ==
               DB_ROW &&
           !is_ready(target, out))
        after = out->seq;
    return found;
}

/* Reads an event that was held back until now. One that does not exist any more, or is
 * done, has no plan any more. */
static enum db_result released_event(struct target *target, struct txn *txn,
                                     struct event *out)
{
    int64_t seq;

    while ((seq = plans_first_due(&target->plans, target->taken, target->looked_at_ms)) !=
           0) {
        enum db_result found = event_next(txn, target->url, seq - 1, out);
        if (found == DB_ERROR || (found == DB_ROW && out->seq == seq))
            return found;
        plans_drop(&target->plans, seq);
    }
    return DB_NONE;
}

/* Reads the next event to send: first what is to be sent again, then what was held back,
 * then what comes next. */
static enum db_result next_event(struct target *target, struct arena *arena,
                                 struct event *out)
{
    struct txn *txn AUTO(txn_abandon) = txn_begin(target->store, arena, TXN_READ);

    target->looked_at_ms = monotonic_ms();
    if (target->replaced) {
        target->plans.count = 0;
        target->taken = 0;
        target->replaced = false;
    }
    enum db_result found = resent_event(target, txn, out);
    if (found == DB_NONE)
        found = released_event(target, txn, out);
    if (found != DB_NONE)
        return found;
    found = event_next(txn, target->url, target->taken, out);
    return found == DB_ROW && !is_ready(target, out) ? DB_NONE : found;
}

/* Notes an attempt, and the progress if it was the last one. An event that does not exist
 * any more, because the state was replaced or reset meanwhile, has no notes; after a
 * reset it counts as done, for a snapshot may bring it back. Returns -1 if that failed,
 * which is logged. */
static int note_attempt(struct target *target, struct arena *arena,
                        const struct event *event, const struct delivery_attempt *attempt)
{
    struct txn *txn AUTO(txn_abandon) = txn_begin(target->store, arena, TXN_WRITE);
    bool is_done = attempt->state != DELIVERY_PENDING && !target->replaced;

    if (event_delivery_note(txn, target->url, event, attempt) == DB_ERROR ||
        event_target_advance(txn, target->url, is_done ? event->seq : 0) == DB_ERROR)
        return -1;
    return txn_commit(&txn) == DB_ERROR ? -1 : 0;
}

static enum delivery_state state_after(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_DELIVERED:
        return DELIVERY_DELIVERED;
    case VERDICT_REFUSED:
        return DELIVERY_REFUSED;
    case VERDICT_RETRY:
        return DELIVERY_PENDING;
    }
    BUG("verdict %d", (int)verdict);
}

/* Sends an event. Unless it is delivered, out->reason says why. */
static enum verdict send_event(struct target *target, struct arena *arena,
                               const struct event *event, struct delivery_attempt *out)
{
    struct http_result result;
    struct http_client_request request;
    enum verdict verdict = VERDICT_RETRY;

    target->protocol->compose(arena, &target->place, event, &request);
    http_sender_send(target->sender, &request, arena, &result);
    *out = (struct delivery_attempt){
        .attempts = 1,
        .status = result.status,
        .reason = "",
        .time_ms = machine_now_ms(),
    };
    if (result.status == 0)
        out->reason = result.failure;
    else
        verdict = target->protocol->judge(arena, &result, &out->reason);
    out->state = state_after(verdict);
    return verdict;
}

/* The name of the event within its type, or "". */
static const char *event_name(const struct event *event, const cJSON *envelope)
{
    const struct detail_type *type = detail_type_find(event->detail_type);
    const char *name =
        type != NULL ? detail_type_event_name(
                           type, cJSON_GetObjectItemCaseSensitive(envelope, "detail"))
                     : NULL;

    return name != NULL ? name : "";
}

/* Logs what became of an event, by the names that its users know. `why` is NULL if it was
 * delivered. */
static void log_delivery(const struct target *target, const struct event *event,
                         enum log_level level, const char *what, const char *why)
{
    cJSON *envelope AUTO(json_done) = NULL;
    char type[LOG_QUOTED_BYTES], name[LOG_QUOTED_BYTES], id[LOG_QUOTED_BYTES],
        reason[LOG_QUOTED_BYTES];

    if (!log_writes(level))
        return;
    envelope = json_stored(event->envelope);
    (why == NULL ? log_each : log_write)(
        level, what, "type=%s name=%s id=%s target=%s%s%s",
        log_quoted(event->detail_type, type),
        log_quoted(event_name(event, envelope), name),
        log_quoted(json_string_or(envelope, "id", ""), id), target->place.label,
        why != NULL ? " reason=" : "", why != NULL ? log_quoted(why, reason) : "");
}

/* Reads how many events the target has lost; the last known number if that fails. */
static int64_t read_dropped(struct target *target, struct arena *arena)
{
    struct txn *txn AUTO(txn_abandon) = txn_begin(target->store, arena, TXN_READ);
    struct event_progress progress;

    return event_target_read(txn, target->url, &progress) == DB_ERROR ? target->dropped
                                                                      : progress.dropped;
}

/* Logs once while a target is down that it loses events. */
static void check_dropped(struct target *target, struct arena *arena)
{
    if (target->drop_logged || read_dropped(target, arena) == target->dropped)
        return;
    log_warn("events dropped: the target has been down for too long", "target=%s kept=%d",
             target->place.label, EVENTS_PENDING_MAX);
    target->drop_logged = true;
}

static void note_success(struct target *target, struct arena *arena)
{
    if (target->delay_ms > 0) {
        int64_t dropped = read_dropped(target, arena);
        log_info("event delivery resumed", "target=%s dropped=%" PRId64,
                 target->place.label, dropped - target->dropped);
        target->dropped = dropped;
        target->drop_logged = false;
    }
    target->delay_ms = 0;
}

/* Waits before the next attempt, in real time. Waking the worker shortens the wait, but a
 * busy emulator must not flood a target that is down. */
static bool back_off(struct target *target, struct worker *worker)
{
    target->delay_ms =
        target->delay_ms == 0 ? DELIVERY_RETRY_FIRST_MS : 2 * target->delay_ms;
    if (target->delay_ms > DELIVERY_RETRY_MAX_MS)
        target->delay_ms = DELIVERY_RETRY_MAX_MS;
    return worker_pause(worker, DELIVERY_RETRY_FIRST_MS) &&
           worker_rest_for(worker, target->delay_ms - DELIVERY_RETRY_FIRST_MS);
}

static void note_taken(struct target *target, const struct event *event)
{
    if (event->seq > target->taken)
        target->taken = event->seq;
}

/* Notes the last attempt, as soon as the database can: if it were not noted, the event
 * would be sent again. Returns false if the worker must stop. */
static bool finish_event(struct target *target, struct worker *worker,
                         struct arena *arena, const struct event *event,
                         const struct delivery_attempt *attempt)
{
    while (note_attempt(target, arena, event, attempt) != 0) {
        if (!back_off(target, worker))
            return false;
    }
    plans_finish(&target->plans, event->seq);
    note_taken(target, event);
    return worker_should_continue(worker);
}

/* What the envelope says about the event, as far as faults select events by it. */
static struct fault_event read_event(struct arena *arena, const struct event *event)
{
    cJSON *envelope AUTO(json_done) = json_stored(event->envelope);

    return (struct fault_event){
        .scope = {.account = arena_strdup(arena, json_string_or(envelope, "account", "")),
                  .region = arena_strdup(arena, json_string_or(envelope, "region", ""))},
        .detail_type = event->detail_type,
        .event_name = arena_strdup(arena, event_name(event, envelope)),
        .resource_arn = event->resource_arn,
    };
}

static void hold_back(struct plan *plan, int64_t time_ms)
{
    plan->not_before_ms = monotonic_ms() + time_ms;
}

/* Plans the delivery of an event, once, before its first attempt. Returns NULL if a fault
 * drops it; *fault is then the fault. */
static struct plan *plan_event(struct target *target, struct arena *arena,
                               const struct event *event, struct fault *fault)
{
    struct plan *plan = plans_find(&target->plans, event->seq);
    char name[LOG_QUOTED_BYTES];

    if (plan != NULL)
        return plan;
    struct fault_event subject = read_event(arena, event);
    subject.is_swapped = plans_has_swap(&target->plans, subject.scope);
    plan = plans_add(&target->plans, event->seq, subject.scope);
    if (!faults_apply_to_delivery(target->faults, &subject, arena, fault))
        return plan;
    log_each(LOG_INFO, "fault applied", "name=%s fault=%s target=%s " LOG_SCOPE,
             log_quoted(subject.event_name, name), fault->id, target->place.label,
             subject.scope.account, subject.scope.region);
    switch (fault->delivery) {
    case FAULT_DELIVERS:
        break;
    case FAULT_DROP:
        return NULL;
    case FAULT_DUPLICATE:
        plan->sends = 2;
        break;
    case FAULT_DELAY:
        hold_back(plan, fault->latency_ms);
        break;
    case FAULT_REORDER:
        hold_back(plan, DELIVERY_REORDER_MAX_MS);
        plan->swaps = true;
        break;
    }
    return plan;
}

/* Makes one attempt to send an event. Returns false if the worker must stop. */
static bool attempt_event(struct target *target, struct worker *worker,
                          struct arena *arena, const struct event *event,
                          struct plan *plan)
{
    struct delivery_attempt attempt;

    switch (send_event(target, arena, event, &attempt)) {
    case VERDICT_RETRY:
        if (!worker_should_continue(worker))
            return false;
        /* A warning for the first of a row of failures. */
        log_delivery(target, event, target->delay_ms == 0 ? LOG_WARN : LOG_DEBUG,
                     "event not delivered, retrying", attempt.reason);
        (void)!note_attempt(target, arena, event, &attempt);
        check_dropped(target, arena);
        return back_off(target, worker);
    case VERDICT_REFUSED:
        log_delivery(target, event, LOG_WARN, "event dropped: the target refused it",
                     attempt.reason);
        break;
    case VERDICT_DELIVERED:
        log_delivery(target, event, LOG_INFO, "event delivered", NULL);
        if (--plan->sends > 0) {
            attempt.state = DELIVERY_PENDING;
            (void)!note_attempt(target, arena, event, &attempt);
            return worker_should_continue(worker);
        }
        break;
    }
    note_success(target, arena);
    return finish_event(target, worker, arena, event, &attempt);
}

/* Sends an event now, unless a fault prevents that. Returns false if the worker must
 * stop. */
static bool deliver_event(struct target *target, struct worker *worker,
                          struct arena *arena, const struct event *event)
{
    bool is_new = plans_find(&target->plans, event->seq) == NULL;
    struct fault fault;
    struct plan *plan = plan_event(target, arena, event, &fault);

    if (plan == NULL)
        return finish_event(target, worker, arena, event,
                            &(struct delivery_attempt){
                                .state = DELIVERY_DROPPED,
                                .reason = arena_printf(arena, "fault %s", fault.id),
                                .time_ms = machine_now_ms(),
                            });
    if (is_new && plan_is_held(plan, monotonic_ms())) {
        note_taken(target, event);
        return worker_should_continue(worker);
    }
    return attempt_event(target, worker, arena, event, plan);
}

/* Waits until there is more to do. */
static bool await_event(struct target *target, struct worker *worker)
{
    int64_t wait_ms = plans_wait_ms(&target->plans, target->looked_at_ms);

    return wait_ms < 0 ? worker_rest(worker) : worker_rest_for(worker, wait_ms);
}

/* Works on the next event, or waits until there is one. Returns false if the worker must
 * stop. */
static bool deliver_next(struct target *target, struct worker *worker,
                         struct arena *arena)
{
    struct event event;

    switch (next_event(target, arena, &event)) {
    case DB_NONE:
        return await_event(target, worker);
    case DB_DONE:
    case DB_ERROR:
        return back_off(target, worker);
    case DB_ROW:
        break;
    }
    return deliver_event(target, worker, arena, &event);
}

static void run_target(struct worker *worker, void *context)
{
    struct target *target = context;
    bool goes_on = true;

    while (goes_on) {
        struct arena *arena AUTO(arena_done) = arena_new();
        goes_on = deliver_next(target, worker, arena);
    }
}

/* A snapshot replaced the state, so the events are other ones. */
static void note_replacement(void *context, struct txn *txn)
{
    struct delivery *delivery = context;

    (void)txn;
    for (size_t i = 0; i < delivery->count; i++)
        delivery->targets[i].replaced = true;
}

/* Adds a target unless it exists already. Its thread is not started yet. */
static int add_target(struct delivery *delivery, const char *url)
{
    struct target *target = &delivery->targets[delivery->count];

    for (size_t i = 0; i < delivery->count; i++) {
        if (strcmp(delivery->targets[i].url, url) == 0)
            return 0;
    }
    target->store = delivery->store;
    target->faults = delivery->faults;
    target->url = arena_strdup(delivery->arena, url);
    target->protocol = target_read(delivery->arena, url, &target->place);
    if (target->protocol == NULL)
        BUG("%s is not a target", url);
    target->sender = http_sender_new();
    if (target->sender == NULL)
        return -1;
    delivery->count++;
    return 0;
}

static int add_targets(struct delivery *delivery, const char *const *urls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (add_target(delivery, urls[i]) != 0)
            return -1;
    }
    return 0;
}

/* Reads the progress of the targets, before any new event is written. */
static int open_targets(struct delivery *delivery)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin(delivery->store, arena, TXN_WRITE);

    if (event_targets_close(txn) == DB_ERROR)
        return -1;
    for (size_t i = 0; i < delivery->count; i++) {
        struct target *target = &delivery->targets[i];
        if (event_target_open(txn, target->url, &target->progress) == DB_ERROR)
            return -1;
    }
    return txn_commit(&txn) == DB_ERROR ? -1 : 0;
}

static int start_workers(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->count; i++) {
        struct target *target = &delivery->targets[i];
        target->dropped = target->progress.dropped;
        log_info("sending events", "target=%s after=%" PRId64, target->place.label,
                 target->progress.delivered_seq);
        target->worker = worker_start(run_target, target);
        if (target->worker == NULL)
            return -1;
    }
    return 0;
}

static void wake_targets(void *context, uint32_t topics)
{
    const struct delivery *delivery = context;

    (void)topics;
    for (size_t i = 0; i < delivery->count; i++)
        worker_wake(delivery->targets[i].worker);
}

static void start_listening(struct delivery *delivery)
{
    store_add_listener(delivery->store, TOPIC_EVENTS, wake_targets, delivery);
    /* The workers may have looked before the listener was added. */
    wake_targets(delivery, TOPIC_EVENTS);
}

struct delivery *delivery_start(struct store *store, struct faults *faults,
                                const char *const *urls, size_t count, const char **why)
{
    struct delivery *delivery = mem_zalloc(sizeof(*delivery));

    delivery->store = store;
    delivery->faults = faults;
    delivery->arena = arena_new();
    store_add_mirror(store, note_replacement, delivery);
    delivery->targets = arena_alloc(delivery->arena, count * sizeof(struct target));
    *why = NULL;
    if (add_targets(delivery, urls, count) != 0)
        *why = "cannot load libcurl, which is needed to send events";
    else if (open_targets(delivery) != 0)
        *why = "cannot read the progress of event delivery from the database";
    else if (start_workers(delivery) != 0)
        *why = "cannot start the threads that send events";
    if (*why == NULL) {
        start_listening(delivery);
        return delivery;
    }
    delivery_stop(delivery);
    return NULL;
}

void delivery_stop(struct delivery *delivery)
{
    if (delivery == NULL)
        return;
    store_remove_listener(delivery->store, delivery);
    /* Ask all workers to stop before waiting for any. */
    for (size_t i = 0; i < delivery->count; i++) {
        if (delivery->targets[i].worker != NULL)
            worker_ask_to_stop(delivery->targets[i].worker);
        http_sender_cancel(delivery->targets[i].sender);
    }
    for (size_t i = 0; i < delivery->count; i++) {
        worker_stop(delivery->targets[i].worker);
        http_sender_free(delivery->targets[i].sender);
    }
    store_remove_mirror(delivery->store, delivery);
    arena_free(delivery->arena);
    free(delivery);
}
