#include "log_lane_internal.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/worker.h"
#include "chat/log_writer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The number of entries that the thread takes before it looks for what is due. */
enum { ROUND_ENTRIES = 1000 };

struct log_lane {
    const struct log_lane_work *work;
    void *context;
    struct log_tally *tally;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct worker *worker;   /* under the lock, like the rest; NULL: not started */
    struct log_entry *first; /* in order */
    struct log_entry **last;
    size_t waiting_bytes;
    size_t dropped; /* records, since the thread last looked */
    bool failed;    /* the thread could not be started; for one line in the log */
    bool is_done;   /* the thread has written everything */
};

/* Copies a text behind others, if there is one. */
static const char *append_text(char **end, const char *text)
{
    char *copy = *end;

    if (text == NULL)
        return NULL;
    memcpy(copy, text, strlen(text) + 1);
    *end += strlen(text) + 1;
    return copy;
}

static size_t text_bytes(const char *text)
{
    return text != NULL ? strlen(text) + 1 : 0;
}

struct log_entry *log_entry_new(const struct log_entry *from)
{
    size_t bytes = sizeof(*from) + text_bytes(from->scope.account) +
                   text_bytes(from->scope.region) + text_bytes(from->room_id) +
                   text_bytes(from->destination) + text_bytes(from->line);
    struct log_entry *entry = mem_alloc(bytes);
    char *end = (char *)(entry + 1);

    *entry = *from;
    entry->next = NULL;
    entry->bytes = bytes;
    entry->scope.account = append_text(&end, from->scope.account);
    entry->scope.region = append_text(&end, from->scope.region);
    entry->room_id = append_text(&end, from->room_id);
    entry->destination = append_text(&end, from->destination);
    entry->line = append_text(&end, from->line);
    return entry;
}

bool log_entry_is_alike(const struct log_entry *a, const struct log_entry *b)
{
    return strcmp(a->room_id, b->room_id) == 0 &&
           strcmp(a->destination, b->destination) == 0 &&
           scope_equals(a->scope, b->scope);
}

struct log_lane *log_lane_new(const struct log_lane_work *work, void *context,
                              struct log_tally *tally)
{
    struct log_lane *lane = mem_zalloc(sizeof(*lane));

    lane->work = work;
    lane->context = context;
    lane->tally = tally;
    pthread_mutex_init(&lane->lock, NULL);
    deadline_cond_init(&lane->changed);
    lane->last = &lane->first;
    return lane;
}

/* Removes the first entry; NULL: there is none. The lock is held. */
static struct log_entry *pop_entry(struct log_lane *lane)
{
    struct log_entry *entry = lane->first;

    if (entry == NULL)
        return NULL;
    lane->first = entry->next;
    if (lane->first == NULL)
        lane->last = &lane->first;
    lane->waiting_bytes -= entry->bytes;
    return entry;
}

/* The lock is held. */
static void push_entry(struct log_lane *lane, struct log_entry *entry)
{
    *lane->last = entry;
    lane->last = &entry->next;
    lane->waiting_bytes += entry->bytes;
}

/* Drops the oldest records until there is room for another entry. A request to complete
 * files is dropped with the records before it: it only changes where a file ends.
 * Fidelity: ivschat-logs-6. The lock is held. */
static void make_room(struct log_lane *lane, size_t bytes)
{
    while (lane->first != NULL && lane->waiting_bytes + bytes > LOG_QUEUE_MAX_BYTES) {
        struct log_entry *oldest = pop_entry(lane);
        lane->dropped += !oldest->closes;
        free(oldest);
    }
}

/* Takes the next entry, and logs what was dropped before. */
static struct log_entry *next_entry(struct log_lane *lane)
{
    pthread_mutex_lock(&lane->lock);
    struct log_entry *entry = pop_entry(lane);
    size_t dropped = lane->dropped;
    lane->dropped = 0;
    pthread_mutex_unlock(&lane->lock);
    if (dropped > 0)
        log_tally_dropped(lane->tally, dropped, lane->work->kind, "too many waited");
    return entry;
}

/* Returns when to continue, as write() does. */
static int64_t run_round(struct log_lane *lane)
{
    struct log_entry *entry = NULL;

    for (int i = 0; i < ROUND_ENTRIES && (entry = next_entry(lane)) != NULL; i++)
        lane->work->take(lane->context, entry);
    int64_t wait_ms = lane->work->write(lane->context, false);
    return entry != NULL ? 0 : wait_ms;
}

static void finish_lane(struct log_lane *lane)
{
    struct log_entry *entry;

    while ((entry = next_entry(lane)) != NULL)
        lane->work->take(lane->context, entry);
    (void)lane->work->write(lane->context, true);
    pthread_mutex_lock(&lane->lock);
    lane->is_done = true;
    pthread_cond_signal(&lane->changed);
    pthread_mutex_unlock(&lane->lock);
}

static void run_lane(struct worker *worker, void *context)
{
    struct log_lane *lane = context;
    bool goes_on = true;

    while (goes_on) {
        int64_t wait_ms = run_round(lane);
        goes_on = wait_ms < 0 ? worker_rest(worker) : worker_rest_for(worker, wait_ms);
    }
    finish_lane(lane);
}

/* Starts the thread. If the system has none, the next entry tries again. The lock is
 * held. */
static void start_thread(struct log_lane *lane)
{
    lane->worker = worker_start(run_lane, lane);
    if (lane->worker == NULL && !lane->failed)
        log_warn("chat logs wait", "kind=%s reason=\"no thread is available\"",
                 lane->work->kind);
    lane->failed = lane->worker == NULL;
}

void log_lane_add(struct log_lane *lane, struct log_entry *entry)
{
    pthread_mutex_lock(&lane->lock);
    make_room(lane, entry->bytes);
    push_entry(lane, entry);
    if (lane->worker == NULL)
        start_thread(lane);
    else
        worker_wake(lane->worker);
    pthread_mutex_unlock(&lane->lock);
}

void log_lane_wake(struct log_lane *lane)
{
    pthread_mutex_lock(&lane->lock);
    if (lane->worker != NULL)
        worker_wake(lane->worker);
    pthread_mutex_unlock(&lane->lock);
}

void log_lane_ask_to_end(struct log_lane *lane)
{
    if (lane->worker != NULL)
        worker_ask_to_stop(lane->worker);
}

/* Waits until the thread has written everything, or the time has come. */
static void await_thread(struct log_lane *lane, const struct timespec *until)
{
    pthread_mutex_lock(&lane->lock);
    while (!lane->is_done && !deadline_is_over(until))
        (void)pthread_cond_timedwait(&lane->changed, &lane->lock, until);
    pthread_mutex_unlock(&lane->lock);
}

void log_lane_end(struct log_lane *lane, const struct timespec *until)
{
    struct log_entry *entry;
    size_t left = 0;

    if (lane->worker != NULL) {
        await_thread(lane, until);
        lane->work->cancel(lane->context);
        worker_stop(lane->worker);
    }
    for (; (entry = pop_entry(lane)) != NULL; left += !entry->closes, free(entry))
        continue;
    if (left > 0)
        log_tally_dropped(lane->tally, left, lane->work->kind, "no thread is available");
    pthread_cond_destroy(&lane->changed);
    pthread_mutex_destroy(&lane->lock);
    free(lane);
}
