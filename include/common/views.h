/*
 * JSON of streams and of what they are made from: ivs and the control API both show it.
 */
#ifndef COMMON_VIEWS_H
#define COMMON_VIEWS_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "api/call.h"
#include "base/arena.h"
#include "data/failover_slate_configuration.h"
#include "data/recording_configuration.h"
#include "data/stream_session.h"
#include "engine/session_views.h"

/* RecordingConfigurationSummary and RecordingConfiguration of the model, as they are at
 * that time. */
cJSON *
recording_configuration_summary_json(const struct recording_configuration *configuration,
                                     int64_t now_ms);
cJSON *recording_configuration_json(const struct recording_configuration *configuration,
                                    int64_t now_ms);

/* FailoverSlateConfiguration of the model, as it is at that time. */
cJSON *failover_slate_configuration_json(
    const struct failover_slate_configuration *configuration, int64_t now_ms);

/* StreamSummary of the model, of a live session. */
cJSON *stream_summary_json(struct arena *arena, const struct stream_session *session);

/* Stream of the model: the same with the playback URL. */
cJSON *stream_json(struct arena *arena, const struct stream_session *session,
                   const char *playback_url);

/* What a stream session keeps: GetStreamSession shows it. */
extern const struct session_views common_session_views;

/* Records that the channel is offline, in the words of GetStream, and returns -1. */
int call_fail_offline(struct call *call, const char *channel_arn);

#endif
