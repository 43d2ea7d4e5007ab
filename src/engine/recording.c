/*
 * Recordings: of one stream, or of several that follow each other within the reconnect
 * window. Documented in the user guide under "Auto-Record to Amazon S3".
 */
#include "data/recording_configuration.h"

#include "base/json.h"
#include "base/text.h"
#include "engine/ingest.h"
#include "stream_internal.h"

#include <string.h>
#include <time.h>

/* The limit for a recording that is made of several streams. */
enum { MAX_STREAMS = 20 };
#define MAX_RECORDING_MS (INT64_C(48) * 3600 * 1000)

/* Recording to a bucket with this suffix fails, for tests. Fidelity: ivs-recording-4 */
#define FAILING_START_SUFFIX "-recording-start-failure"
#define FAILING_END_SUFFIX "-recording-end-failure"

/* Returns the S3 prefix of the recording's files. No part of the date is padded with
 * zeros. */
static const char *key_prefix(const struct step *step, const struct channel *channel)
{
    struct arena *arena = txn_arena(step->txn);
    time_t seconds = (time_t)(step->now_ms / 1000);
    struct tm utc;

    gmtime_r(&seconds, &utc);
    return arena_printf(arena, "ivs/v1/%s/%s/%d/%d/%d/%d/%d/%s", step->scope.account,
                        channel->id, utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                        utc.tm_hour, utc.tm_min,
                        ids_alnum(step->ids, arena, IDS_RESOURCE_CHARS));
}

static enum db_result publish_recording_event(const struct step *step,
                                              const struct stream_session *session,
                                              const struct recording *recording,
                                              const char *status, const char *failure)
{
    const struct stream_event_input input = {.type = DETAIL_RECORDING_STATE,
                                             .name = status,
                                             .channel_name = recording->channel_name};
    cJSON *detail = cJSON_CreateObject();

    cJSON_AddStringToObject(detail, "recording_status", status);
    cJSON_AddStringToObject(detail, "recording_status_reason", failure);
    cJSON_AddStringToObject(detail, "recording_s3_bucket_name", recording->bucket_name);
    cJSON_AddStringToObject(detail, "recording_s3_key_prefix", recording->key_prefix);
    /* Whole seconds, as observed in real events. */
    cJSON_AddNumberToObject(
        detail, "recording_duration_ms",
        (double)(recording->recorded_ms - recording->recorded_ms % 1000));
    cJSON_AddStringToObject(detail, "recording_session_id", recording->session_id);
    json_add_stored(detail, "recording_session_stream_ids", recording->stream_ids);
    return stream_publish_event(step, session, &input, detail);
}

static bool recording_is_full(const struct recording *recording, int64_t now_ms)
{
    cJSON *streams AUTO(json_done) = json_stored(recording->stream_ids);

    return cJSON_GetArraySize(streams) >= MAX_STREAMS ||
           now_ms - recording->started_at_ms >= MAX_RECORDING_MS;
}

static bool can_join_recording(const struct step *step, const struct recording *waiting,
                               const struct channel *channel,
                               const struct stream_session *session)
{
    return strcmp(waiting->configuration_arn, channel->recording_configuration_arn) ==
               0 &&
           !recording_is_full(waiting, step->now_ms) &&
           ingest_continues(waiting->ingest_configuration, session->ingest_configuration);
}

static const char *with_stream(struct arena *arena, const char *stream_ids,
                               const char *stream_id)
{
    cJSON *streams AUTO(json_done) = json_stored(stream_ids);

    cJSON_AddItemToArray(streams, cJSON_CreateString(stream_id));
    return json_text(arena, streams);
}

static enum db_result join_recording(const struct step *step, struct recording *waiting,
                                     const struct stream_session *session)
{
    waiting->ends_at_ms = 0;
    waiting->stream_ids =
        with_stream(txn_arena(step->txn), waiting->stream_ids, session->stream_id);
    waiting->ingest_configuration = session->ingest_configuration;
    return recording_put(step->txn, step->scope, waiting);
}

static enum db_result start_recording(const struct step *step,
                                      const struct channel *channel,
                                      const struct recording_configuration *configuration,
                                      struct stream_session *session)
{
    struct arena *arena = txn_arena(step->txn);
    struct recording recording = {
        .channel_arn = channel->arn,
        .channel_name = channel->name,
        .session_id = ids_alnum(step->ids, arena, IDS_RESOURCE_CHARS),
        .configuration_arn = configuration->arn,
        .bucket_name = configuration->bucket_name,
        .key_prefix = "",
        .reconnect_window_ms = configuration->reconnect_window_seconds * 1000,
        .started_at_ms = step->now_ms,
        .stream_ids = with_stream(arena, "[]", session->stream_id),
        .ingest_configuration = session->ingest_configuration,
    };

    if (strcmp(recording_configuration_state(configuration, step->now_ms), "ACTIVE") !=
            0 ||
        text_ends_with(configuration->bucket_name, FAILING_START_SUFFIX)) {
        session->has_error_event = true;
        return publish_recording_event(step, session, &recording,
                                       "Recording Start Failure", "ValidationException");
    }
    recording.key_prefix = key_prefix(step, channel);
    if (recording_put(step->txn, step->scope, &recording) == DB_ERROR)
        return DB_ERROR;
    return publish_recording_event(step, session, &recording, "Recording Start", "");
}

enum db_result recording_begin_stream(const struct step *step,
                                      const struct channel *channel,
                                      struct stream_session *session)
{
    struct recording_configuration configuration;
    struct recording waiting;

    switch (recording_find(step->txn, step->scope, channel->arn, &waiting)) {
    case DB_ROW:
        if (can_join_recording(step, &waiting, channel, session))
            return join_recording(step, &waiting, session);
        if (recording_finish(step, &waiting) == DB_ERROR)
            return DB_ERROR;
        break;
    case DB_NONE:
    case DB_DONE:
        break;
    case DB_ERROR:
        return DB_ERROR;
    }
    if (channel->recording_configuration_arn[0] == '\0')
        return DB_DONE;
    if (recording_configuration_find(step->txn, step->scope,
                                     channel->recording_configuration_arn,
                                     &configuration) != DB_ROW)
        return DB_ERROR;
    return start_recording(step, channel, &configuration, session);
}

enum db_result recording_end_stream(const struct step *step,
                                    const struct stream_session *session)
{
    struct recording recording;
    enum db_result found =
        recording_find(step->txn, step->scope, session->channel_arn, &recording);

    if (found != DB_ROW)
        return found == DB_ERROR ? DB_ERROR : DB_DONE;
    recording.recorded_ms += step->now_ms - session->started_at_ms;
    if (recording.reconnect_window_ms == 0)
        return recording_finish(step, &recording);
    recording.ends_at_ms = step->now_ms + recording.reconnect_window_ms;
    return recording_put(step->txn, step->scope, &recording);
}

static const char *last_stream_id(struct arena *arena, const char *stream_ids)
{
    cJSON *streams AUTO(json_done) = json_stored(stream_ids);
    const cJSON *last = cJSON_GetArrayItem(streams, cJSON_GetArraySize(streams) - 1);

    return cJSON_IsString(last) ? arena_strdup(arena, last->valuestring) : "";
}

enum db_result recording_finish(const struct step *step,
                                const struct recording *recording)
{
    bool fails = text_ends_with(recording->bucket_name, FAILING_END_SUFFIX);
    struct stream_session session;

    if (stream_session_find(step->txn, step->scope, recording->channel_arn,
                            last_stream_id(txn_arena(step->txn), recording->stream_ids),
                            &session) != DB_ROW)
        return DB_ERROR;
    if (fails) {
        session.has_error_event = true;
        if (stream_session_update(step->txn, step->scope, &session) == DB_ERROR)
            return DB_ERROR;
    }
    if (publish_recording_event(step, &session, recording,
                                fails ? "Recording End Failure" : "Recording End",
                                fails ? "InternalServerException" : "") == DB_ERROR)
        return DB_ERROR;
    return recording_delete(step->txn, step->scope, recording->channel_arn);
}

enum db_result recording_finish_overdue(const struct step *step, const char *channel_arn)
{
    struct step then = *step;
    struct recording recording;
    enum db_result found =
        recording_find(step->txn, step->scope, channel_arn, &recording);

    if (found != DB_ROW)
        return found == DB_ERROR ? DB_ERROR : DB_DONE;
    if (recording.ends_at_ms == 0 || recording.ends_at_ms > step->now_ms)
        return DB_DONE;
    then.now_ms = recording.ends_at_ms;
    return recording_finish(&then, &recording);
}
