#include "log_batches_internal.h"

#include "aws/client.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "chat/log_writer.h"

#include <stdlib.h>
#include <string.h>

#define CREATE_LOG_STREAM "Logs_20140328.CreateLogStream"
#define PUT_LOG_EVENTS "Logs_20140328.PutLogEvents"

/* Events that are ahead of the machine's clock get this time at most, because an event
 * may be on its way for a while until it is compared with another clock. */
enum { AHEAD_MS = LOG_BATCH_MAX_AHEAD_MS - 5 * 60 * 1000 };

/* Events of one log stream. The entries are those of its records, in order. */
struct log_batch {
    struct log_batch *next;
    struct log_entry *first;
    struct log_entry **last;
    size_t count;
    size_t bytes;          /* as PutLogEvents counts them */
    int64_t first_time_ms; /* of the events, by the scope's clock */
    int64_t last_time_ms;
    int64_t due_ms; /* by the machine's monotonic clock */
};

struct log_batches {
    const char *endpoint;
    struct log_tally *tally;
    struct aws_client *client;

    struct log_batch *oldest;
    size_t count;
    size_t bytes;
};

struct log_batches *log_batches_new(const char *endpoint, struct log_tally *tally)
{
    struct log_batches *batches = mem_zalloc(sizeof(*batches));

    batches->endpoint = endpoint;
    batches->tally = tally;
    batches->client = aws_client_new();
    return batches;
}

/* Removes a batch from its place in the list, without sending it. */
static void drop_batch(struct log_batches *batches, struct log_batch **place)
{
    struct log_batch *batch = *place;
    struct log_entry *next;

    *place = batch->next;
    batches->count--;
    batches->bytes -= batch->bytes;
    for (struct log_entry *entry = batch->first; entry != NULL; entry = next) {
        next = entry->next;
        free(entry);
    }
    free(batch);
}

void log_batches_free(struct log_batches *batches)
{
    if (batches == NULL)
        return;
    while (batches->oldest != NULL)
        drop_batch(batches, &batches->oldest);
    aws_client_free(batches->client);
    free(batches);
}

/* An object that names the log stream of the batch's room. */
static cJSON *stream_json(struct arena *arena, const struct log_batch *batch)
{
    cJSON *body = cJSON_CreateObject();

    cJSON_AddStringToObject(body, "logGroupName", batch->first->destination);
    cJSON_AddStringToObject(
        body, "logStreamName",
        arena_printf(arena, "aws/IVSChatLogs/1.0/room_%s", batch->first->room_id));
    return body;
}

static void add_event(cJSON *events, const struct log_entry *entry, int64_t latest_ms)
{
    cJSON *event = cJSON_CreateObject();
    int64_t time_ms = entry->time_ms < latest_ms ? entry->time_ms : latest_ms;

    cJSON_AddItemToArray(events, event);
    cJSON_AddNumberToObject(event, "timestamp", (double)time_ms);
    cJSON_AddStringToObject(event, "message", entry->line);
}

/* If a test moved the clock far ahead, CloudWatch Logs would reject the events.
 * Fidelity: ivschat-logs-4 */
static const char *events_body(struct arena *arena, const struct log_batch *batch)
{
    cJSON *body AUTO(json_done) = stream_json(arena, batch);
    cJSON *events = cJSON_AddArrayToObject(body, "logEvents");
    int64_t latest_ms = machine_now_ms() + AHEAD_MS;

    for (const struct log_entry *entry = batch->first; entry != NULL; entry = entry->next)
        add_event(events, entry, latest_ms);
    return json_text(arena, body);
}

static const char *stream_body(struct arena *arena, const struct log_batch *batch)
{
    cJSON *body AUTO(json_done) = stream_json(arena, batch);

    return json_text(arena, body);
}

/* Calls an operation about the log stream of a batch. */
static enum aws_verdict call_logs(struct log_batches *batches,
                                  const struct log_batch *batch, const char *target,
                                  const char *body, struct arena *arena,
                                  struct http_result *out, const char **why)
{
    const struct aws_json_call call = {
        .scope = batch->first->scope,
        .service = "logs",
        .url = arena_join(arena, batches->endpoint, "/", NULL),
        .target = target,
        .body = body,
    };
    struct http_client_request request;

    aws_json_compose(arena, &call, &request);
    return aws_client_send(batches->client, &request, arena, out, why);
}

static bool has_error(struct arena *arena, const struct http_result *result,
                      const char *error)
{
    return result->status != 0 && strcmp(aws_error_of(arena, result), error) == 0;
}

/* Creates the log stream of a batch; that it exists is fine. */
static enum aws_verdict create_stream(struct log_batches *batches,
                                      const struct log_batch *batch, struct arena *arena,
                                      const char **why)
{
    struct http_result result;
    enum aws_verdict verdict = call_logs(batches, batch, CREATE_LOG_STREAM,
                                         stream_body(arena, batch), arena, &result, why);

    return verdict == AWS_REFUSED &&
                   has_error(arena, &result, "ResourceAlreadyExistsException")
               ? AWS_DONE
               : verdict;
}

/* Sends the events; if there is no log stream, creates it and sends them again. */
static enum aws_verdict put_events_of(struct log_batches *batches,
                                      const struct log_batch *batch, struct arena *arena,
                                      struct http_result *out, const char **why)
{
    const char *body = events_body(arena, batch);
    enum aws_verdict verdict =
        call_logs(batches, batch, PUT_LOG_EVENTS, body, arena, out, why);

    if (verdict != AWS_REFUSED || !has_error(arena, out, "ResourceNotFoundException"))
        return verdict;
    verdict = create_stream(batches, batch, arena, why);
    return verdict == AWS_DONE
               ? call_logs(batches, batch, PUT_LOG_EVENTS, body, arena, out, why)
               : verdict;
}

/* The index in a response of that name; `absent` if there is none. */
static size_t index_in(const cJSON *object, const char *name, size_t absent, size_t max)
{
    const cJSON *index = cJSON_GetObjectItemCaseSensitive(object, name);

    if (!cJSON_IsNumber(index) || index->valuedouble < 0)
        return absent;
    return index->valuedouble < (double)max ? (size_t)index->valuedouble : max;
}

/* How many of the events were rejected because of their times. */
static size_t count_rejected(const struct http_result *result, size_t count)
{
    const char *why_no_json;
    cJSON *answer AUTO(json_done) =
        json_read(result->body, result->body_length, &why_no_json);
    const cJSON *rejected =
        cJSON_GetObjectItemCaseSensitive(answer, "rejectedLogEventsInfo");
    size_t too_old = index_in(rejected, "tooOldLogEventEndIndex", 0, count);
    size_t expired = index_in(rejected, "expiredLogEventEndIndex", 0, count);
    size_t too_new = index_in(rejected, "tooNewLogEventStartIndex", count, count);
    size_t old = too_old > expired ? too_old : expired;

    return too_new > old ? count - (too_new - old) : count;
}

/* Sends a batch and removes it from the list. */
static void send_batch(struct log_batches *batches, struct log_batch **place)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const struct log_batch *batch = *place;
    const char *why = "their times are too old or too new", *group;
    struct http_result result;
    size_t failed = batch->count;

    group = batch->first->destination;
    if (put_events_of(batches, batch, arena, &result, &why) == AWS_DONE)
        failed = count_rejected(&result, batch->count);
    log_tally_written(batches->tally, batch->count - failed);
    if (failed > 0)
        log_tally_failed(batches->tally, failed, LOG_BATCHES_KIND, group, why);
    drop_batch(batches, place);
}

/* Returns the place of the batch for a record: the end of the list if it has none. */
static struct log_batch **find_batch(struct log_batches *batches,
                                     const struct log_entry *entry)
{
    struct log_batch **place = &batches->oldest;

    while (*place != NULL && !log_entry_is_alike((*place)->first, entry))
        place = &(*place)->next;
    return place;
}

/* What PutLogEvents counts for the record. */
static size_t event_bytes(const struct log_entry *entry)
{
    return entry->line_length + LOG_BATCH_EVENT_BYTES;
}

/* Whether the batch may get the record as well: events must be in the order of their
 * times, too. */
static bool has_room(const struct log_batch *batch, const struct log_entry *entry)
{
    return batch->count < LOG_BATCH_MAX_EVENTS &&
           batch->bytes + event_bytes(entry) <= LOG_BATCH_MAX_BYTES &&
           entry->time_ms >= batch->last_time_ms &&
           entry->time_ms - batch->first_time_ms <= LOG_BATCH_MAX_SPAN_MS;
}

/* Adds an empty batch at the end of the list. */
static struct log_batch *add_batch(struct log_batches *batches, struct log_batch **end,
                                   const struct log_entry *entry)
{
    struct log_batch *batch = mem_zalloc(sizeof(*batch));

    batch->last = &batch->first;
    batch->first_time_ms = entry->time_ms;
    batch->due_ms = monotonic_ms() + LOG_BATCH_MS;
    *end = batch;
    batches->count++;
    return batch;
}

static void take_entry(void *context, struct log_entry *entry)
{
    struct log_batches *batches = context;

    if (entry->closes) { /* batches do not stay incomplete for long */
        free(entry);
        return;
    }
    struct log_batch **place = find_batch(batches, entry);
    if (*place != NULL && !has_room(*place, entry)) {
        send_batch(batches, place);
        place = find_batch(batches, entry);
    }
    struct log_batch *batch = *place != NULL ? *place : add_batch(batches, place, entry);
    entry->next = NULL;
    *batch->last = entry;
    batch->last = &entry->next;
    batch->count++;
    batch->last_time_ms = entry->time_ms;
    batch->bytes += event_bytes(entry);
    batches->bytes += event_bytes(entry);
    while (batches->count > LOG_BATCHES_MAX || batches->bytes > LOG_BATCHES_MAX_BYTES)
        send_batch(batches, &batches->oldest);
}

/* The batches are in the order of their due times. */
static int64_t send_batches(void *context, bool everything)
{
    struct log_batches *batches = context;

    while (batches->oldest != NULL) {
        int64_t wait_ms = batches->oldest->due_ms - monotonic_ms();
        if (wait_ms > 0 && !everything)
            return wait_ms;
        send_batch(batches, &batches->oldest);
    }
    return -1;
}

static void cancel_batches(void *context)
{
    struct log_batches *batches = context;

    aws_client_cancel(batches->client);
}

/* Fidelity: ivschat-logs-3 */
const struct log_lane_work log_batches_work = {
    .kind = LOG_BATCHES_KIND,
    .take = take_entry,
    .write = send_batches,
    .cancel = cancel_batches,
};
