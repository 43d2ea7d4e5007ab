/*
 * The views of a channel and its configurations that a stream session stores, in the form
 * in which the API returns them. The services provide these functions: the engine stores
 * the texts and does not know their members.
 */
#ifndef ENGINE_SESSION_VIEWS_H
#define ENGINE_SESSION_VIEWS_H

#include <stdint.h>

#include "base/arena.h"
#include "data/channel.h"
#include "data/failover_slate_configuration.h"
#include "data/recording_configuration.h"

/* Each returns JSON text in the arena, as of `now_ms` on the emulator's clock. */
struct session_views {
    const char *(*channel)(struct arena *arena, const struct channel *channel);
    const char *(*recording_configuration)(
        struct arena *arena, const struct recording_configuration *configuration,
        int64_t now_ms);
    const char *(*failover_slate_configuration)(
        struct arena *arena, const struct failover_slate_configuration *configuration,
        int64_t now_ms);
};

#endif
