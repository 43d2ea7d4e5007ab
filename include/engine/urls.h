/*
 * The URLs and host names in answers. Local ones lead back to this server by the name the
 * caller used; the others look like the real ones.
 */
#ifndef ENGINE_URLS_H
#define ENGINE_URLS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/scope.h"

struct url_style {
    const char *host; /* as the caller used it, maybe with a port */
    bool aws;         /* look like the real ones */
};

/* Where a channel is played, by the last part of its ARN. */
const char *playback_url(struct arena *arena, struct url_style style, struct scope scope,
                         const char *channel_id) NODISCARD;

/* Where an encoder connects to: names without a scheme. */
const char *ingest_endpoint(struct arena *arena, struct url_style style,
                            struct scope scope) NODISCARD;
const char *srt_endpoint(struct arena *arena, struct url_style style,
                         struct scope scope) NODISCARD;

#endif
