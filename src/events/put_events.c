#include "target_internal.h"

#include "base/json.h"
#include "base/monotonic.h"
#include "base/secret.h"
#include "base/sigv4.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "http/signed_request.h"

#include <string.h>

#define CONTENT_TYPE "application/x-amz-json-1.1"
#define OPERATION "AWSEvents.PutEvents"

/* Nobody verifies it: the key id identifies the caller. Fidelity: common-delivery-4 */
#define SECRET "test"

enum { ERROR_CODE_MAX_BYTES = 128 };

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
    static const struct http_header headers[] = {
        {"content-type", CONTENT_TYPE},
        {"x-amz-target", OPERATION   },
        {NULL,           NULL        },
    };
    cJSON *envelope AUTO(json_done) = json_stored(event->envelope);
    const char *body = put_events_body(arena, envelope);
    size_t length = strlen(body);
    const struct request_signer signer = {
        .key_id = arena_strdup(arena, json_string_or(envelope, "account", "")),
        .secret = SECRET,
        .region = arena_strdup(arena, json_string_or(envelope, "region", "")),
        .service = "events",
        /* Signatures use the machine's time, whatever the emulator's clock shows. */
        .time_ms = machine_now_ms(),
    };

    *out = (struct http_client_request){
        .method = "POST",
        .url = place->url,
        .headers = headers,
        .body = body,
        .body_length = length,
    };
    out->headers = signed_request_headers(
        arena, out, sigv4_payload_hash(arena, body, length), &signer);
}

/* Whether a request with this error may succeed when it is sent again. */
static bool is_retryable_error(const char *code)
{
    static const char *const passing[] = {"InternalException", "InternalFailure",
                                          "ThrottlingException"};

    for (size_t i = 0; i < COUNT_OF(passing); i++) {
        if (strcmp(passing[i], code) == 0)
            return true;
    }
    return false;
}

/* Returns the string of that name in a response, which may be anything; "" if there is
 * none. */
/* The code of an error, "" if it has none. It is stored and shown, so it is truncated,
 * and secrets in it are hidden. */
static const char *code_in(struct arena *arena, const cJSON *object, const char *name)
{
    const char *text = json_string_or(object, name, "");
    const char *code =
        arena_strndup(arena, text, utf8_prefix(text, ERROR_CODE_MAX_BYTES));

    return secret_hide(arena, code);
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
    const char *code = code_in(arena, entry, "ErrorCode");
    *why = arena_printf(arena, "error %s", code);
    return code[0] == '\0' || is_retryable_error(code) ? VERDICT_RETRY : VERDICT_REFUSED;
}

static enum verdict judge_put_events(struct arena *arena,
                                     const struct http_result *result, const char **why)
{
    enum verdict verdict = target_judge_status(arena, result, why);
    const char *why_no_json;
    cJSON *answer AUTO(json_done) =
        json_read(result->body, result->body_length, &why_no_json);

    if (verdict == VERDICT_DELIVERED)
        return judge_entry(arena, answer, why);
    /* Throttling in particular has the status of a client error. */
    const char *type = code_in(arena, answer, "__type");
    const char *hash = strchr(type, '#');
    const char *name = hash != NULL ? hash + 1 : type;
    if (name[0] != '\0')
        *why = arena_printf(arena, "status %d, error %s", result->status, name);
    return is_retryable_error(name) ? VERDICT_RETRY : verdict;
}

const struct protocol put_events = {.compose = compose_put_events,
                                    .judge = judge_put_events};
