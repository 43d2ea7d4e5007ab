#include "common/views.h"

#include "base/json.h"
#include "base/timestamp.h"

cJSON *
recording_configuration_summary_json(const struct recording_configuration *configuration,
                                     int64_t now_ms)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "arn", configuration->arn);
    cJSON_AddStringToObject(json, "name", configuration->name);
    cJSON *target = cJSON_AddObjectToObject(json, "destinationConfiguration");
    cJSON *bucket = cJSON_AddObjectToObject(target, "s3");
    cJSON_AddStringToObject(bucket, "bucketName", configuration->bucket_name);
    cJSON_AddStringToObject(json, "state",
                            recording_configuration_state(configuration, now_ms));
    json_add_stored(json, "tags", configuration->tags);
    return json;
}

cJSON *recording_configuration_json(const struct recording_configuration *configuration,
                                    int64_t now_ms)
{
    cJSON *json = recording_configuration_summary_json(configuration, now_ms);

    json_add_stored(json, "thumbnailConfiguration",
                    configuration->thumbnail_configuration);
    cJSON_AddNumberToObject(json, "recordingReconnectWindowSeconds",
                            (double)configuration->reconnect_window_seconds);
    json_add_stored(json, "renditionConfiguration",
                    configuration->rendition_configuration);
    return json;
}

cJSON *failover_slate_configuration_json(
    const struct failover_slate_configuration *configuration, int64_t now_ms)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "arn", configuration->arn);
    cJSON_AddStringToObject(json, "name", configuration->name);
    cJSON_AddNumberToObject(json, "activationThresholdSeconds",
                            (double)configuration->activation_threshold_seconds);
    cJSON_AddNumberToObject(json, "minSlateDisplaySeconds",
                            (double)configuration->min_display_seconds);
    cJSON_AddNumberToObject(json, "maxSlateDisplaySeconds",
                            (double)configuration->max_display_seconds);
    cJSON_AddStringToObject(json, "state",
                            failover_slate_configuration_state(configuration, now_ms));
    json_add_stored(json, "tags", configuration->tags);
    return json;
}

cJSON *stream_summary_json(struct arena *arena, const struct stream_session *session)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "channelArn", session->channel_arn);
    cJSON_AddStringToObject(json, "streamId", session->stream_id);
    cJSON_AddStringToObject(json, "state", "LIVE");
    cJSON_AddStringToObject(json, "health", session->health);
    cJSON_AddNumberToObject(json, "viewerCount", (double)session->viewer_count);
    cJSON_AddStringToObject(json, "startTime",
                            timestamp_text(arena, session->started_at_ms));
    return json;
}

cJSON *stream_json(struct arena *arena, const struct stream_session *session,
                   const char *playback_url)
{
    cJSON *json = stream_summary_json(arena, session);

    cJSON_AddStringToObject(json, "playbackUrl", playback_url);
    return json;
}

/* Without the URLs, which depend on the caller. */
static const char *channel_view(struct arena *arena, const struct channel *channel)
{
    cJSON *json AUTO(json_done) = cJSON_CreateObject();

    json_add_text(json, "arn", channel->arn);
    json_add_text(json, "name", channel->name);
    json_add_text(json, "latencyMode", channel->latency_mode);
    json_add_text(json, "type", channel->type);
    json_add_text(json, "recordingConfigurationArn",
                  channel->recording_configuration_arn);
    cJSON_AddBoolToObject(json, "authorized", channel->authorized);
    cJSON_AddBoolToObject(json, "insecureIngest", channel->insecure_ingest);
    json_add_text(json, "preset", channel->preset);
    return json_text(arena, json);
}

static const char *
recording_configuration_view(struct arena *arena,
                             const struct recording_configuration *configuration,
                             int64_t now_ms)
{
    cJSON *json AUTO(json_done) = recording_configuration_json(configuration, now_ms);

    return json_text(arena, json);
}

static const char *failover_slate_configuration_view(
    struct arena *arena, const struct failover_slate_configuration *configuration,
    int64_t now_ms)
{
    cJSON *json AUTO(json_done) =
        failover_slate_configuration_json(configuration, now_ms);

    return json_text(arena, json);
}

const struct session_views common_session_views = {
    .channel = channel_view,
    .recording_configuration = recording_configuration_view,
    .failover_slate_configuration = failover_slate_configuration_view,
};

int call_fail_offline(struct call *call, const char *channel_arn)
{
    /* The name inside the text is as observed. Fidelity: ivs-stream-1 */
    return call_fail(call, &ERR_CHANNEL_NOT_BROADCASTING,
                     "ChannelNotBroadcasting: Channel: %s is not currently online",
                     channel_arn);
}
