/*
 * Shapes that several resources of this service use. What only one resource uses stands
 * with it.
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

/* What a channel points to, or "": none. */
extern const struct shape ivs_channel_recording_configuration_arn;
extern const struct shape ivs_channel_playback_restriction_policy_arn;
extern const struct shape ivs_channel_ad_configuration_arn;
extern const struct shape ivs_channel_failover_slate_configuration_arn;

extern const struct shape ivs_stream_id;

extern const struct shape ivs_tags;
extern const struct shape ivs_tag_key;

/* What a batch says of the ARNs it could not answer. */
extern const struct shape ivs_batch_errors;

/* SD, HD, FULL_HD, LOWEST_RESOLUTION: of thumbnails and of recorded renditions. */
extern const struct shape ivs_rendition;

/* What stream sessions show too: a whole channel, and what it had when it went live. */
extern const struct shape ivs_channel;
extern const struct shape ivs_recording_configuration;
extern const struct shape ivs_failover_slate_configuration;

/* One key with its secret value, as its own operations and CreateChannel answer it. */
extern const struct shape ivs_stream_key;

#endif
