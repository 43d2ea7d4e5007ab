/*
 * JSON of what more than one service shows.
 */
#ifndef ENGINE_VIEWS_H
#define ENGINE_VIEWS_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "base/arena.h"
#include "data/failover_slate_configuration.h"
#include "data/recording_configuration.h"
#include "data/stream_session.h"

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

#endif
