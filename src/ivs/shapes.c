#include "shapes_internal.h"

#include "data/ad_configuration.h"
#include "data/channel.h"
#include "data/failover_slate_configuration.h"
#include "data/playback_key_pair.h"
#include "data/playback_restriction_policy.h"
#include "data/recording_configuration.h"
#include "data/stream_key.h"

#define EXAMPLE_ARN(type) "arn:aws:ivs:us-east-1:000000000000:" type "/abcdABCDefgh"
#define ARN_TEXT(type) "arn:aws:ivs:[a-z0-9-]+:[0-9]+:" type "/[a-zA-Z0-9-]+"

/* The ARN of a resource of this service. */
#define ARN(shape_name, arn_kind, type_text, min_chars)                                  \
    static const struct pattern shape_name##_pattern = {                                 \
        .text = ARN_TEXT(type_text),                                                     \
        .matches = pattern_arn,                                                          \
        .arn = &(arn_kind),                                                              \
        .example = EXAMPLE_ARN(type_text),                                               \
    };                                                                                   \
    const struct shape shape_name = {.type = SHAPE_STRING,                               \
                                     .min = (min_chars),                                 \
                                     .max = 128,                                         \
                                     .pattern = &shape_name##_pattern}

/* The same as a reference in a channel, or "". */
#define ARN_OR_NONE(shape_name, arn_kind, type_text)                                     \
    static const struct pattern shape_name##_pattern = {                                 \
        .text = "^$|^" ARN_TEXT(type_text) "$",                                          \
        .matches = pattern_arn_or_empty,                                                 \
        .arn = &(arn_kind),                                                              \
        .example = EXAMPLE_ARN(type_text),                                               \
    };                                                                                   \
    const struct shape shape_name = {                                                    \
        .type = SHAPE_STRING, .max = 128, .pattern = &shape_name##_pattern}

ARN(ivs_channel_arn, channel_arn_kind, "channel", 1);
ARN(ivs_stream_key_arn, stream_key_arn_kind, "stream-key", 1);
ARN(ivs_playback_key_pair_arn, playback_key_pair_arn_kind, "playback-key", 1);

ARN(ivs_recording_configuration_arn, recording_configuration_arn_kind,
    "recording-configuration", 0);
ARN_OR_NONE(ivs_channel_recording_configuration_arn, recording_configuration_arn_kind,
            "recording-configuration");

ARN(ivs_playback_restriction_policy_arn, playback_restriction_policy_arn_kind,
    "playback-restriction-policy", 1);
ARN_OR_NONE(ivs_channel_playback_restriction_policy_arn,
            playback_restriction_policy_arn_kind, "playback-restriction-policy");

ARN(ivs_failover_slate_configuration_arn, failover_slate_configuration_arn_kind,
    "failover-slate-configuration", 0);
ARN_OR_NONE(ivs_channel_failover_slate_configuration_arn,
            failover_slate_configuration_arn_kind, "failover-slate-configuration");

ARN(ivs_ad_configuration_arn, ad_configuration_arn_kind, "ad-configuration", 0);
ARN_OR_NONE(ivs_channel_ad_configuration_arn, ad_configuration_arn_kind,
            "ad-configuration");

/* The published pattern has a single letter in place of the type, so it matches no real
 * ARN; the + is ours. Fidelity: common-tags-1 */
static const struct arn_kind any_kind = {"ivs", NULL};
static const struct pattern resource_arn_pattern = {
    .text = "arn:aws:ivs:[a-z0-9-]+:[0-9]+:[a-z-]+/[a-zA-Z0-9-]+",
    .matches = pattern_arn,
    .arn = &any_kind,
    .example = EXAMPLE_ARN("channel"),
};
const struct shape ivs_resource_arn = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = &resource_arn_pattern};

static const struct pattern stream_id_pattern = {
    .text = "st-[a-zA-Z0-9]+",
    .matches = pattern_prefix_chars,
    .prefix = "st-",
    .chars = "a-zA-Z0-9",
    .example = "st-1abcdefghijklmnopqrstuv",
};
const struct shape ivs_stream_id = {
    .type = SHAPE_STRING, .min = 26, .max = 26, .pattern = &stream_id_pattern};

static const struct pattern tag_key_pattern = {
    .text = "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)",
    .matches = pattern_words_or_chars,
    .chars = "_.:/=+-@",
    .example = "team",
};
const struct shape ivs_tag_key = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = &tag_key_pattern};

static const struct pattern tag_value_pattern = {
    .text = "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)",
    .matches = pattern_words_or_chars,
    .chars = "_.:/=+-@",
    .example = "video",
};
static const struct shape tag_value = {
    .type = SHAPE_STRING, .max = 256, .pattern = &tag_value_pattern};

const struct shape ivs_tags = {
    .type = SHAPE_MAP, .max = 50, .key = &ivs_tag_key, .item = &tag_value};

static const struct member batch_error_members[] = {
    {"arn",     &ivs_resource_arn, 0},
    {"code",    &shape_string,     0},
    {"message", &shape_string,     0},
    MEMBERS_END
};
static const struct shape batch_error = STRUCT_OF(batch_error_members);
const struct shape ivs_batch_errors = LIST_OF(batch_error);

static const char *const renditions[] = {"SD", "HD", "FULL_HD", "LOWEST_RESOLUTION",
                                         NULL};
const struct shape ivs_rendition = {.type = SHAPE_STRING, .values = renditions};

static const struct shape stream_key_value = {.type = SHAPE_STRING, .secret = true};
static const struct member stream_key_members[] = {
    {"arn",        &ivs_stream_key_arn, 0},
    {"value",      &stream_key_value,   0},
    {"channelArn", &ivs_channel_arn,    0},
    {"tags",       &ivs_tags,           0},
    MEMBERS_END
};
const struct shape ivs_stream_key = STRUCT_OF(stream_key_members);
