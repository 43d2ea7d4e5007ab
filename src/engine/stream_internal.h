/*
 * What the files of the stream engine share: how its events are written, and what the
 * recording half does for the stream half.
 */
#ifndef ENGINE_STREAM_INTERNAL_H
#define ENGINE_STREAM_INTERNAL_H

#include "base/attrs.h"
#include "data/channel.h"
#include "data/recording.h"
#include "data/stream_session.h"
#include "engine/step.h"

#include <cjson/cJSON.h>

#define STATE_CHANGE "IVS Stream State Change"
#define HEALTH_CHANGE "IVS Stream Health Change"
#define LIMIT_BREACH "IVS Limit Breach"
#define RECORDING_STATE_CHANGE "IVS Recording State Change"
#define AD_BREAK_STATE_CHANGE "IVS Ad Break State Change"

/* Something that happens to a stream. */
struct happening {
    const char *type;         /* the detail-type */
    const char *name;         /* of the event */
    const char *channel_name; /* as it was when the stream began, or is now */
    const char *code;         /* NULL: none */
};

/*
 * Writes it to the session and as an event. `detail` has what is particular to it, and
 * is deleted; the channel's name and the stream's id are added. DB_DONE: done.
 */
enum db_result stream_tell(const struct step *step, const struct stream_session *session,
                           const struct happening *happening, cJSON *detail) NODISCARD;

/* The same for an event that has event_name and no more. */
enum db_result stream_tell_name(const struct step *step,
                                const struct stream_session *session,
                                const char *channel_name, const char *type,
                                const char *name) NODISCARD;

/*
 * A stream of a channel that records has begun: joins the recording that waits for it,
 * or starts one. Sets session->has_error_event if recording is impossible.
 */
enum db_result recording_begin_stream(const struct step *step,
                                      const struct channel *channel,
                                      struct stream_session *session) NODISCARD;

/* A stream is over: its recording ends now, or waits for another stream. */
enum db_result recording_end_stream(const struct step *step,
                                    const struct stream_session *session) NODISCARD;

/* Ends the channel's recording, at its own time, if its reconnect window is over and
 * nobody saw that yet. DB_DONE: done. */
enum db_result recording_finish_overdue(const struct step *step,
                                        const char *channel_arn) NODISCARD;

/* Ends a recording. */
enum db_result recording_finish(const struct step *step,
                                const struct recording *recording) NODISCARD;

#endif
