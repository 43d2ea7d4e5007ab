/*
 * The life cycle of a stream: start, change, end. One state machine for the API, the
 * control API and ingest; see docs/stream-lifecycle.md.
 */
#ifndef ENGINE_STREAM_H
#define ENGINE_STREAM_H

#include <stdint.h>

#include "base/attrs.h"
#include "data/channel.h"
#include "data/stream_session.h"
#include "engine/step.h"

enum stream_outcome {
    STREAM_DONE,
    STREAM_LIVE_ALREADY,
    STREAM_OFFLINE,
    STREAM_NO_ADS, /* the channel has no ad configuration */
    STREAM_AD_BREAK_RUNNING,
    STREAM_OVER_LIMIT, /* refused, with events about it: commit nevertheless */
    STREAM_FAILED      /* the database failed, which is logged */
};

/* The input from an encoder. */
struct stream_input {
    int64_t viewer_count;
    const char *health;
    const char *ingest_configuration; /* JSON: video and audio, see ingest.h */
};

/*
 * An encoder connects: opens a session, starts recording if the channel records, and
 * writes the events. *out is the session. STREAM_OVER_LIMIT: the encoder exceeded a quota
 * and was disconnected immediately; *why is then a sentence in the arena.
 */
enum stream_outcome stream_start(const struct step *step, const struct channel *channel,
                                 const struct stream_input *input,
                                 struct stream_session *out, const char **why) NODISCARD;

/* Changes the members of the input that are not NULL, and writes the events. *out is the
 * session. */
enum stream_outcome stream_update(const struct step *step, const struct channel *channel,
                                  const int64_t *viewer_count, const char *health,
                                  struct stream_session *out) NODISCARD;

/* The encoder disconnects or is disconnected. `failure` is the reason of a failure, or
 * NULL. */
enum stream_outcome stream_end(const struct step *step, const struct channel *channel,
                               const char *failure) NODISCARD;

struct ad_break {
    const char *id;
    int64_t starts_at_ms;
    int64_t duration_seconds;
};

/* Inserts an ad break, unless another one is running or scheduled. */
enum stream_outcome stream_insert_ad_break(const struct step *step,
                                           const struct channel *channel,
                                           const struct ad_break *ad_break) NODISCARD;

/* Ends the channel's recording before the channel is deleted. Returns DB_DONE or
 * DB_ERROR. */
enum db_result stream_forget_channel(const struct step *step,
                                     const struct channel *channel) NODISCARD;

#endif
