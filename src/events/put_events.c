#include "target_internal.h"

#include "aws/request.h"
#include "base/json.h"
#include "base/timestamp.h"

#include <string.h>

#define OPERATION "AWSEvents.PutEvents"

/* Returns the seconds since the epoch of a text made by timestamp_text(). */
static int64_t seconds_of(const char *time_text)
{
    int64_t time_ms;

    return timestamp_parse(time_text, &time_ms) == 0 ? time_ms / 1000 : 0;
}

/* The envelope as an entry of PutEvents. AWS rejects sources that begin with aws. from
 * its customers; the emulators that this is for accept them.
 * Fidelity: common-delivery-6 */
static const char *put_events_body(struct arena *arena, const cJSON *envelope)
{
    static const char *const renamed[][2] = {
        {"source",      "Source"    },
        {"detail-type", "DetailType"}
    };
    cJSON *body AUTO(json_done) = cJSON_CreateObject();
    cJSON *entry = cJSON_CreateObject();
    const cJSON *detail = cJSON_GetObjectItemCaseSensitive(envelope, "detail");
    const cJSON *resources = cJSON_GetObjectItemCaseSensitive(envelope, "resources");

    cJSON_AddItemToArray(cJSON_AddArrayToObject(body, "Entries"), entry);
    for (size_t i = 0; i < COUNT_OF(renamed); i++)
        cJSON_AddStringToObject(entry, renamed[i][1],
                                json_string_or(envelope, renamed[i][0], ""));
    cJSON_AddStringToObject(entry, "Detail", json_text(arena, detail));
    cJSON_AddItemToObject(entry, "Resources", cJSON_Duplicate(resources, true));
    cJSON_AddNumberToObject(entry, "Time",
                            (double)seconds_of(json_string_or(envelope, "time", "")));
    cJSON_AddStringToObject(entry, "EventBusName", "default");
    return json_text(arena, body);
}

static void compose_put_events(struct arena *arena, const struct place *place,
                               const struct event *event, struct http_client_request *out)
{
    cJSON *envelope AUTO(json_done) = json_stored(event->envelope);
    const struct aws_json_call call = {
        .scope = {.account = json_string_or(envelope, "account", ""),
                  .region = json_string_or(envelope, "region", "")},
        .service = "events",
        .url = place->url,
        .target = OPERATION,
        .body = put_events_body(arena, envelope),
    };

    aws_json_compose(arena, &call, out);
}

/* A response with 200 reports on each entry, of which we send one. */
static enum verdict judge_entry(struct arena *arena, const cJSON *answer,
                                const char **why)
{
    const cJSON *failed = cJSON_GetObjectItemCaseSensitive(answer, "FailedEntryCount");
    const cJSON *entries = cJSON_GetObjectItemCaseSensitive(answer, "Entries");
    const cJSON *entry = cJSON_GetArrayItem(entries, 0);

    if (!cJSON_IsNumber(failed)) {
        *why = "the response is not that of PutEvents";
        return VERDICT_RETRY;
    }
    if (failed->valuedouble == 0)
        return VERDICT_DELIVERED;
    const char *code = aws_error_in(arena, entry, "ErrorCode");
    *why = arena_printf(arena, "error %s", code);
    return code[0] == '\0' || aws_error_passes(code) ? VERDICT_RETRY : VERDICT_REFUSED;
}

static enum verdict judge_put_events(struct arena *arena,
                                     const struct http_result *result, const char **why)
{
    enum verdict verdict = target_judge_status(arena, result, why);

    if (verdict == VERDICT_DELIVERED) {
        const char *why_no_json;
        cJSON *answer AUTO(json_done) =
            json_read(result->body, result->body_length, &why_no_json);
        return judge_entry(arena, answer, why);
    }
    /* Throttling in particular has the status of a client error. */
    const char *error = aws_error_of(arena, result);
    if (error[0] != '\0')
        *why = arena_printf(arena, "status %d, error %s", result->status, error);
    return aws_error_passes(error) ? VERDICT_RETRY : verdict;
}

const struct protocol put_events = {.compose = compose_put_events,
                                    .judge = judge_put_events};
