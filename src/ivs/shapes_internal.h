/*
 * Shapes that several resources of this service use. A shape of a single resource is next
 * to its handlers.
 */
#ifndef IVS_SHAPES_INTERNAL_H
#define IVS_SHAPES_INTERNAL_H

#include "common/shapes.h"

extern const struct shape ivs_channel_arn;
extern const struct shape ivs_stream_key_arn;
extern const struct shape ivs_recording_configuration_arn;
extern const struct shape ivs_playback_key_pair_arn;
extern const struct shape ivs_playback_restriction_policy_arn;
extern const struct shape ivs_ad_configuration_arn;
extern const struct shape ivs_failover_slate_configuration_arn;
extern const struct shape ivs_resource_arn; /* of any kind */

/* What a channel refers to, or "": none. */
extern const struct shape ivs_channel_recording_configuration_arn;
extern const struct shape ivs_channel_playback_restriction_policy_arn;
extern const struct shape ivs_channel_ad_configuration_arn;
extern const struct shape ivs_channel_failover_slate_configuration_arn;

extern const struct shape ivs_stream_id;

extern const struct shape ivs_tags;
extern const struct shape ivs_tag_key;

/* The errors of a batch, for the ARNs that failed. */
extern const struct shape ivs_batch_errors;

/* SD, HD, FULL_HD, LOWEST_RESOLUTION: of thumbnails and of recorded renditions. */
extern const struct shape ivs_rendition;

/* Also in stream sessions: a whole channel, and its configuration when it went live. */
extern const struct shape ivs_channel;
extern const struct shape ivs_recording_configuration;
extern const struct shape ivs_failover_slate_configuration;

/* A key with its secret value, as its own operations and CreateChannel return it. */
extern const struct shape ivs_stream_key;

#endif
