/*
 * Stream sessions: the channel's streams of the last 60 days, and their events.
 */
#include "data/stream_session.h"

#include "api/page.h"
#include "base/timestamp.h"
#include "common/step.h"
#include "data/channel.h"
#include "ivs_internal.h"
#include "shapes_internal.h"

static const struct member video_members[] = {
    {"avcProfile",      &shape_string, 0},
    {"avcLevel",        &shape_string, 0},
    {"codec",           &shape_string, 0},
    {"encoder",         &shape_string, 0},
    {"targetBitrate",   &shape_long,   0},
    {"targetFramerate", &shape_long,   0},
    {"videoHeight",     &shape_long,   0},
    {"videoWidth",      &shape_long,   0},
    {"level",           &shape_string, 0},
    {"track",           &shape_string, 0},
    {"profile",         &shape_string, 0},
    MEMBERS_END
};
static const struct shape video = STRUCT_OF(video_members);
static const struct member audio_members[] = {
    {"codec",         &shape_string, 0},
    {"targetBitrate", &shape_long,   0},
    {"sampleRate",    &shape_long,   0},
    {"channels",      &shape_long,   0},
    {"track",         &shape_string, 0},
    MEMBERS_END
};
static const struct shape audio = STRUCT_OF(audio_members);
static const struct member ingest_members[] = {
    {"video", &video, 0},
    {"audio", &audio, 0},
    MEMBERS_END
};
static const struct shape ingest = STRUCT_OF(ingest_members);
static const struct shape videos = LIST_OF(video);
static const struct shape audios = LIST_OF(audio);
static const struct member ingests_members[] = {
    {"videoConfigurations", &videos, REQUIRED},
    {"audioConfigurations", &audios, REQUIRED},
    MEMBERS_END
};
static const struct shape ingests = STRUCT_OF(ingests_members);

static const struct member event_members[] = {
    {"name",      &shape_string,    0},
    {"type",      &shape_string,    0},
    {"eventTime", &shape_timestamp, 0},
    {"code",      &shape_string,    0},
    MEMBERS_END
};
static const struct shape event = STRUCT_OF(event_members);
static const struct shape events = {
    .type = SHAPE_LIST, .max = STREAM_SESSION_EVENTS, .item = &event};

static const struct member session_members[] = {
    {"streamId",                   &ivs_stream_id,                    0},
    {"startTime",                  &shape_timestamp,                  0},
    {"endTime",                    &shape_timestamp,                  0},
    {"channel",                    &ivs_channel,                      0},
    {"ingestConfiguration",        &ingest,                           0},
    {"ingestConfigurations",       &ingests,                          0},
    {"recordingConfiguration",     &ivs_recording_configuration,      0},
    {"failoverSlateConfiguration", &ivs_failover_slate_configuration, 0},
    {"truncatedEvents",            &events,                           0},
    MEMBERS_END
};
static const struct shape session_shape = STRUCT_OF(session_members);

static const struct member get_in[] = {
    {"channelArn", &ivs_channel_arn, REQUIRED},
    {"streamId",   &ivs_stream_id,   0       },
    MEMBERS_END
};
static const struct member get_out[] = {
    {"streamSession", &session_shape, 0},
    MEMBERS_END
};
const struct shape ivs_stream_session_get_in = STRUCT_OF(get_in);
const struct shape ivs_stream_session_get_out = STRUCT_OF(get_out);

static const struct member list_in[] = {
    {"channelArn", &ivs_channel_arn,        REQUIRED},
    {"nextToken",  &common_next_token,      0       },
    {"maxResults", &common_max_results_100, 0       },
    MEMBERS_END
};
static const struct member summary_members[] = {
    {"streamId",      &ivs_stream_id,   0},
    {"startTime",     &shape_timestamp, 0},
    {"endTime",       &shape_timestamp, 0},
    {"hasErrorEvent", &shape_boolean,   0},
    MEMBERS_END
};
static const struct shape summary = STRUCT_OF(summary_members);
static const struct shape summaries = LIST_OF(summary);
static const struct member list_out[] = {
    {"streamSessions", &summaries,         REQUIRED},
    {"nextToken",      &common_next_token, 0       },
    MEMBERS_END
};
const struct shape ivs_stream_session_list_in = STRUCT_OF(list_in);
const struct shape ivs_stream_session_list_out = STRUCT_OF(list_out);

static void add_times(struct call *call, cJSON *json,
                      const struct stream_session *session)
{
    json_add_text(json, "streamId", session->stream_id);
    json_add_text(json, "startTime", timestamp_text(call->arena, session->started_at_ms));
    if (session->ended_at_ms != 0)
        json_add_text(json, "endTime", timestamp_text(call->arena, session->ended_at_ms));
}

static cJSON *channel_json(struct call *call, const struct stream_session *session)
{
    cJSON *json = json_stored(session->channel_snapshot);
    const struct url_style style = url_style_of_call(call);
    const char *id = arn_id(&channel_arn_kind, call->scope, session->channel_arn);

    json_add_text(json, "ingestEndpoint",
                  ingest_endpoint(call->arena, style, call->scope));
    json_add_text(json, "playbackUrl", playback_url(call->arena, style, call->scope, id));
    return json;
}

/* Both views of what the encoder sent: the older one of a single track, and the lists, in
 * which video has no avcProfile and avcLevel. Fidelity: ivs-session-1 */
static void add_ingest(cJSON *json, const struct stream_session *session)
{
    cJSON *single = json_stored(session->ingest_configuration);
    cJSON *lists = cJSON_CreateObject();
    cJSON *track =
        cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(single, "video"), true);

    cJSON_DeleteItemFromObjectCaseSensitive(track, "avcProfile");
    cJSON_DeleteItemFromObjectCaseSensitive(track, "avcLevel");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(lists, "videoConfigurations"), track);
    track = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(single, "audio"), true);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(lists, "audioConfigurations"), track);
    cJSON_AddItemToObject(json, "ingestConfiguration", single);
    cJSON_AddItemToObject(json, "ingestConfigurations", lists);
}

static int add_events(struct call *call, cJSON *json,
                      const struct stream_session *session)
{
    struct stream_event *rows =
        arena_alloc(call->arena, STREAM_SESSION_EVENTS * sizeof(*rows));
    size_t count;

    if (call_db(call, stream_event_list(call->txn, session->seq, rows, &count)) != 0)
        return -1;
    cJSON *list = cJSON_AddArrayToObject(json, "truncatedEvents");
    for (size_t i = 0; i < count; i++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddItemToArray(list, item);
        json_add_text(item, "name", rows[i].name);
        json_add_text(item, "type", rows[i].type);
        json_add_text(item, "eventTime", timestamp_text(call->arena, rows[i].time_ms));
        if (rows[i].code[0] != '\0')
            json_add_text(item, "code", rows[i].code);
    }
    return 0;
}

/* The sessions of a deleted channel can still be read: only without any, it has to exist.
 * Fidelity: ivs-session-2 */
static int check_channel(struct call *call, const char *arn)
{
    struct channel channel;

    return call_found(call, channel_find(call->txn, call->scope, arn, &channel), arn);
}

static int load_session(struct call *call, struct stream_session *out)
{
    const char *arn = in_string(call, "channelArn");
    const char *stream_id = in_string_or(call, "streamId", "");
    bool is_newest = stream_id[0] == '\0';
    enum db_result found =
        is_newest ? stream_session_find_newest(call->txn, call->scope, arn, out)
                  : stream_session_find(call->txn, call->scope, arn, stream_id, out);

    if (found == DB_NONE && check_channel(call, arn) != 0)
        return -1;
    return call_found(call, found, is_newest ? arn : stream_id);
}

int ivs_stream_session_get(struct call *call)
{
    struct stream_session session;

    if (load_session(call, &session) != 0)
        return -1;
    cJSON *json = cJSON_AddObjectToObject(call->out, "streamSession");
    add_times(call, json, &session);
    cJSON_AddItemToObject(json, "channel", channel_json(call, &session));
    add_ingest(json, &session);
    if (session.recording_snapshot[0] != '\0')
        json_add_stored(json, "recordingConfiguration", session.recording_snapshot);
    if (session.failover_slate_snapshot[0] != '\0')
        json_add_stored(json, "failoverSlateConfiguration",
                        session.failover_slate_snapshot);
    return add_events(call, json, &session);
}

int ivs_stream_session_list(struct call *call)
{
    const char *arn = in_string(call, "channelArn");
    struct stream_session *rows;
    struct page page;
    size_t count;

    if (page_open(call, 100, arn, &page) != 0)
        return -1;
    rows = arena_alloc(call->arena, (page.limit + 1) * sizeof(*rows));
    if (call_db(call, stream_session_list(call->txn, call->scope, arn, page.after,
                                          page.limit + 1, rows, &count)) != 0 ||
        (count == 0 && check_channel(call, arn) != 0))
        return -1;
    cJSON *list = cJSON_AddArrayToObject(call->out, "streamSessions");
    for (size_t i = 0; i < count && i < page.limit; i++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddItemToArray(list, item);
        add_times(call, item, &rows[i]);
        cJSON_AddBoolToObject(item, "hasErrorEvent", rows[i].has_error_event);
    }
    if (count > page.limit)
        page_more(call, &page, rows[page.limit - 1].seq);
    return 0;
}
