#include "events/delivery.h"

#include "base/bug.h"
#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/worker.h"
#include "data/event.h"
#include "data/topics.h"
#include "store/txn.h"
#include "target_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct target {
    struct store *store;
    const char *url; /* as configured: its name in the database */
    struct place place;
    const struct protocol *protocol;
    struct http_sender *sender;
    struct worker *worker;

    /* Protected by the store's lock. */
    struct event_progress progress;
    bool replaced; /* the state was replaced: the progress must be read again */

    /* Used by the worker only. */
    int64_t delay_ms; /* before the next attempt; 0: the last one succeeded */
    int64_t dropped;  /* events, when the target last accepted one */
    bool drop_logged; /* since then */
};

struct delivery {
    struct store *store;
    struct arena *arena;
    struct target *targets;
    size_t count;
};

static enum db_result read_position(struct target *target, struct txn *txn)
{
    if (!target->replaced)
        return DB_DONE;
    if (event_target_read(txn, target->url, &target->progress) == DB_ERROR)
        return DB_ERROR;
    target->replaced = false;
    return DB_DONE;
}

/* Reads the first event that is not delivered yet. */
static enum db_result next_event(struct target *target, struct arena *arena,
                                 struct event *out)
{
    struct txn *txn AUTO(txn_abandon) = txn_begin(target->store, arena, TXN_READ);
    size_t count = 0;

    if (read_position(target, txn) == DB_ERROR ||
        event_list_all(txn, target->progress.delivered_seq, 1, out, &count) == DB_ERROR)
        return DB_ERROR;
    return count > 0 ? DB_ROW : DB_NONE;
}

/* Whether the event still exists unchanged. A snapshot that replaced the state removed
 * its later events, and other events may have got their sequence numbers. */
static bool is_still_there(struct txn *txn, const struct event *event)
{
    struct event found;
    size_t count = 0;

    return event_list_all(txn, event->seq - 1, 1, &found, &count) != DB_ERROR &&
           count > 0 && found.seq == event->seq &&
           strcmp(found.envelope, event->envelope) == 0;
}

/* If this fails, which is logged, the note of the next event makes up for it, or the
 * event is sent again after the next start. */
static void note_delivered(struct target *target, struct arena *arena,
                           const struct event *event)
{
    struct txn *txn AUTO(txn_abandon) = txn_begin(target->store, arena, TXN_WRITE);

    if (target->replaced && !is_still_there(txn, event))
        return;
    target->replaced = false;
    target->progress.delivered_seq = event->seq;
    if (event_target_advance(txn, target->url, event->seq) != DB_ERROR)
        (void)!txn_commit(&txn);
}

/* Sends an event; unless it is delivered, *why is the reason. */
static enum verdict send_event(struct target *target, struct arena *arena,
                               const struct event *event, const char **why)
{
    struct http_result result;
    struct http_client_request request;

    target->protocol->compose(arena, &target->place, event, &request);
    http_sender_send(target->sender, &request, arena, &result);
    if (result.status == 0) {
        *why = result.failure;
        return VERDICT_RETRY;
    }
    return target->protocol->judge(arena, &result, why);
}

/* The name within its type: each kind of event has it in a member of its own. */
static const char *event_name(const cJSON *envelope)
{
    static const char *const members[] = {"event_name", "recording_status", "limit_name"};
    const cJSON *detail = cJSON_GetObjectItemCaseSensitive(envelope, "detail");
    const char *name = NULL;

    for (size_t i = 0; i < COUNT_OF(members) && name == NULL; i++)
        name = json_string_or(detail, members[i], NULL);
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
        log_quoted(event->detail_type, type), log_quoted(event_name(envelope), name),
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

/* Makes one attempt for the next event, then waits until there is more to do. Returns
 * false if the worker must stop. */
static bool deliver_next(struct target *target, struct worker *worker,
                         struct arena *arena)
{
    struct event event;
    const char *why = NULL;

    switch (next_event(target, arena, &event)) {
    case DB_NONE:
        return worker_rest(worker);
    case DB_DONE:
    case DB_ERROR:
        return back_off(target, worker);
    case DB_ROW:
        break;
    }
    switch (send_event(target, arena, &event, &why)) {
    case VERDICT_RETRY:
        if (!worker_should_continue(worker))
            return false;
        /* A warning for the first of a row of failures. */
        log_delivery(target, &event, target->delay_ms == 0 ? LOG_WARN : LOG_DEBUG,
                     "event not delivered, retrying", why);
        check_dropped(target, arena);
        return back_off(target, worker);
    case VERDICT_REFUSED:
        log_delivery(target, &event, LOG_WARN, "event dropped: the target refused it",
                     why);
        break;
    case VERDICT_DELIVERED:
        log_delivery(target, &event, LOG_INFO, "event delivered", NULL);
        break;
    }
    note_success(target, arena);
    note_delivered(target, arena, &event);
    return worker_should_continue(worker);
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

/* A snapshot replaced the state, so the progress must be read again. */
static void note_replacement(void *context, struct txn *txn)
{
    struct delivery *delivery = context;

    (void)txn;
    for (size_t i = 0; i < delivery->count; i++)
        delivery->targets[i].replaced = true;
}

/* Adds a target unless it exists already. Its thread is not started yet. */
static int add_target(struct delivery *delivery, struct store *store, const char *url)
{
    struct target *target = &delivery->targets[delivery->count];

    for (size_t i = 0; i < delivery->count; i++) {
        if (strcmp(delivery->targets[i].url, url) == 0)
            return 0;
    }
    target->store = store;
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

static int add_targets(struct delivery *delivery, struct store *store,
                       const char *const *urls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (add_target(delivery, store, urls[i]) != 0)
            return -1;
    }
    return 0;
}

/* Reads the progress of the targets, before any new event is written. */
static int open_targets(struct delivery *delivery, struct store *store)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin(store, arena, TXN_WRITE);

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

struct delivery *delivery_start(struct store *store, const char *const *urls,
                                size_t count, const char **why)
{
    struct delivery *delivery = mem_zalloc(sizeof(*delivery));

    delivery->store = store;
    delivery->arena = arena_new();
    store_add_mirror(store, note_replacement, delivery);
    delivery->targets = arena_alloc(delivery->arena, count * sizeof(struct target));
    *why = NULL;
    if (add_targets(delivery, store, urls, count) != 0)
        *why = "cannot load libcurl, which is needed to send events";
    else if (open_targets(delivery, store) != 0)
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
