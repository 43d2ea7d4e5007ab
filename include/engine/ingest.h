/*
 * The video and audio that an encoder sends, as JSON with the members of the model's
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
 * Returns the text of a configuration: `given` (NULL: nothing) merged into a typical
 * 1080p30 stream of AVC and AAC.
 */
const char *ingest_text(struct arena *arena, const cJSON *given) NODISCARD;

/* A limit that an encoder exceeded; see the service quotas. */
struct ingest_breach {
    const char *limit_name; /* NULL: none was exceeded */
    const char *limit_unit;
    int64_t limit_value;
    int64_t exceeded_by;
};

/*
 * Checks a configuration against the limits of the channel's type, and of its multitrack
 * configuration (JSON, "": none) if that is enabled.
 */
struct ingest_breach ingest_check(const char *channel_type, const char *multitrack,
                                  const char *ingest);

/* Whether a recording can continue with the second encoder after the first: same size,
 * frame rate and codecs, and a bitrate that differs by at most half. */
bool ingest_continues(const char *before, const char *after);

#endif
