/*
 * Shared by the files of the stream engine: publishing of events, and the steps of
 * recordings that streams cause.
 */
#ifndef ENGINE_STREAM_INTERNAL_H
#define ENGINE_STREAM_INTERNAL_H

#include "base/attrs.h"
#include "data/channel.h"
#include "data/recording.h"
#include "data/stream_session.h"
#include "engine/step.h"
#include "events/detail_types.h"

#include <cjson/cJSON.h>

/* An event of a stream, to publish. */
struct stream_event_input {
    const char *type;         /* the detail-type */
    const char *name;         /* of the event */
    const char *channel_name; /* as it was when the stream started, or is now */
    const char *code;         /* NULL: none */
};

/*
 * Publishes the event and adds it to the events of the session. `detail` holds the
 * members specific to this event; the channel's name and the stream's id are added, and
 * `detail` is deleted. Returns DB_DONE or DB_ERROR.
 */
enum db_result stream_publish_event(const struct step *step,
                                    const struct stream_session *session,
                                    const struct stream_event_input *input,
                                    cJSON *detail) NODISCARD;

/* The same for an event whose detail is just event_name. */
enum db_result stream_publish_named_event(const struct step *step,
                                          const struct stream_session *session,
                                          const char *channel_name, const char *type,
                                          const char *name) NODISCARD;

/*
 * A stream has started on a channel that records: continues the recording that waits for
 * it, or starts one. Sets session->has_error_event if recording is impossible.
 */
enum db_result recording_begin_stream(const struct step *step,
                                      const struct channel *channel,
                                      struct stream_session *session) NODISCARD;

/* A stream has ended: its recording ends now, or waits for another stream. */
enum db_result recording_end_stream(const struct step *step,
                                    const struct stream_session *session) NODISCARD;

/* Ends the channel's recording, at its own time, if its reconnect window is over and it
 * was not ended yet. Returns DB_DONE or DB_ERROR. */
enum db_result recording_finish_overdue(const struct step *step,
                                        const char *channel_arn) NODISCARD;

/* Ends a recording. */
enum db_result recording_finish(const struct step *step,
                                const struct recording *recording) NODISCARD;

#endif
