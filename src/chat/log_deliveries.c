#include "log_deliveries_internal.h"

#include "aws/client.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/memory.h"

#include <stdlib.h>

struct log_deliveries {
    const char *endpoint;
    struct log_tally *tally;
    struct aws_client *client;
};

struct log_deliveries *log_deliveries_new(const char *endpoint, struct log_tally *tally)
{
    struct log_deliveries *deliveries = mem_zalloc(sizeof(*deliveries));

    deliveries->endpoint = endpoint;
    deliveries->tally = tally;
    deliveries->client = aws_client_new();
    return deliveries;
}

void log_deliveries_free(struct log_deliveries *deliveries)
{
    if (deliveries == NULL)
        return;
    aws_client_free(deliveries->client);
    free(deliveries);
}

/* A record ends with a line break, so that what the stream collects is lines.
 * Fidelity: ivschat-logs-5 */
static const char *record_body(struct arena *arena, const struct log_entry *entry)
{
    cJSON *body AUTO(json_done) = cJSON_CreateObject();
    const char *line = arena_join(arena, entry->line, "\n", NULL);

    cJSON_AddStringToObject(body, "DeliveryStreamName", entry->destination);
    cJSON_AddStringToObject(
        cJSON_AddObjectToObject(body, "Record"), "Data",
        base64_encode(arena, (const unsigned char *)line, entry->line_length + 1));
    return json_text(arena, body);
}

static void put_record(struct log_deliveries *deliveries, const struct log_entry *entry)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const struct aws_json_call call = {
        .scope = entry->scope,
        .service = "firehose",
        .url = arena_join(arena, deliveries->endpoint, "/", NULL),
        .target = "Firehose_20150804.PutRecord",
        .body = record_body(arena, entry),
    };
    struct http_client_request request;
    struct http_result result;
    const char *why;

    aws_json_compose(arena, &call, &request);
    if (aws_client_send(deliveries->client, &request, arena, &result, &why) == AWS_DONE)
        log_tally_written(deliveries->tally, 1);
    else
        log_tally_failed(deliveries->tally, 1, LOG_DELIVERIES_KIND, entry->destination,
                         why);
}

static void take_entry(void *context, struct log_entry *entry)
{
    struct log_deliveries *deliveries = context;

    if (!entry->closes)
        put_record(deliveries, entry);
    free(entry);
}

static int64_t write_nothing_more(void *context, bool everything)
{
    (void)context;
    (void)everything;
    return -1;
}

static void cancel_deliveries(void *context)
{
    struct log_deliveries *deliveries = context;

    aws_client_cancel(deliveries->client);
}

const struct log_lane_work log_deliveries_work = {
    .kind = LOG_DELIVERIES_KIND,
    .take = take_entry,
    .write = write_nothing_more,
    .cancel = cancel_deliveries,
};
