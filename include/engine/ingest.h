/*
 * What an encoder sends: its video and audio, as JSON with the members of the model's
 * IngestConfiguration.
 */
#ifndef ENGINE_INGEST_H
#define ENGINE_INGEST_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"

/*
 * The text of a configuration: what `given` says (NULL: nothing) over a plausible
 * 1080p30 stream of AVC and AAC.
 */
const char *ingest_text(struct arena *arena, const cJSON *given) NODISCARD;

/* A limit that an encoder broke; see the service quotas. */
struct ingest_breach {
    const char *limit_name; /* NULL: none was broken */
    const char *limit_unit;
    int64_t limit_value;
    int64_t exceeded_by;
};

/*
 * Holds a configuration against what the channel's type allows, and its multitrack
 * configuration (JSON, "": none) if that is on.
 */
struct ingest_breach ingest_check(const char *channel_type, const char *multitrack,
                                  const char *ingest);

/* Whether a recording can go on with the second encoder after the first: the same size,
 * frame rate and codecs, and a bitrate that differs by half at most. */
bool ingest_continues(const char *before, const char *after);

#endif
