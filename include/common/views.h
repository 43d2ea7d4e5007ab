/*
 * JSON of streams and of the resources that they refer to, which both ivs and the control
 * API return.
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

/* RecordingConfigurationSummary and RecordingConfiguration of the model, in the state of
 * that time. */
cJSON *
recording_configuration_summary_json(const struct recording_configuration *configuration,
                                     int64_t now_ms);
cJSON *recording_configuration_json(const struct recording_configuration *configuration,
                                    int64_t now_ms);

/* FailoverSlateConfiguration of the model, in the state of that time. */
cJSON *failover_slate_configuration_json(
    const struct failover_slate_configuration *configuration, int64_t now_ms);

/* StreamSummary of the model, of a live session. */
cJSON *stream_summary_json(struct arena *arena, const struct stream_session *session);

/* Stream of the model: the same with the playback URL. */
cJSON *stream_json(struct arena *arena, const struct stream_session *session,
                   const char *playback_url);

/* The views that a stream session stores, for GetStreamSession. */
extern const struct session_views common_session_views;

/* Records that the channel is offline, with the message of GetStream, and returns -1. */
int call_fail_offline(struct call *call, const char *channel_arn);

#endif
