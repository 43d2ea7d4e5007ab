/*
 * The URLs and host names in responses. Local ones point to this server under the name
 * that the caller used; the others look like those of AWS.
 */
#ifndef ENGINE_URLS_H
#define ENGINE_URLS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/scope.h"

struct url_style {
    const char *host; /* as the caller used it, optionally with a port */
    bool aws;         /* look like those of AWS */
};

/* Returns the playback URL of a channel, given the last part of its ARN. */
const char *playback_url(struct arena *arena, struct url_style style, struct scope scope,
                         const char *channel_id) NODISCARD;

/* Returns the endpoint that encoders connect to: a host name without a scheme. */
const char *ingest_endpoint(struct arena *arena, struct url_style style,
                            struct scope scope) NODISCARD;
const char *srt_endpoint(struct arena *arena, struct url_style style,
                         struct scope scope) NODISCARD;

#endif
