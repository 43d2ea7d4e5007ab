/*
 * The shapes of the operations on channels.
 */
#include "channel_internal.h"
#include "ivs_internal.h"
#include "shapes_internal.h"

static const char *const latency_modes[] = {"NORMAL", "LOW", NULL};
static const struct shape latency_mode = {.type = SHAPE_STRING, .values = latency_modes};
static const char *const types[] = {"BASIC", STANDARD, "ADVANCED_SD", "ADVANCED_HD",
                                    NULL};
static const struct shape type = {.type = SHAPE_STRING, .values = types};
/* AWS returns "" where there is no preset, so "" is accepted too.
 * Fidelity: ivs-channel-1 */
static const char *const presets[] = {HIGHER_BANDWIDTH_DELIVERY,
                                      "CONSTRAINED_BANDWIDTH_DELIVERY", NULL};
static const struct shape preset = {
    .type = SHAPE_STRING, .values = presets, .or_empty = true};
static const char *const container_formats[] = {TS, FRAGMENTED_MP4, NULL};
static const struct shape container_format = {.type = SHAPE_STRING,
                                              .values = container_formats};

static const char *const policies[] = {"ALLOW", "REQUIRE", NULL};
static const struct shape policy = {.type = SHAPE_STRING, .values = policies};
static const char *const resolutions[] = {"SD", "HD", "FULL_HD", NULL};
static const struct shape resolution = {.type = SHAPE_STRING, .values = resolutions};
static const struct member multitrack_members[] = {
    {"enabled",           &shape_boolean, 0},
    {"policy",            &policy,        0},
    {"maximumResolution", &resolution,    0},
    MEMBERS_END
};
static const struct shape multitrack = STRUCT_OF(multitrack_members);

static const struct shape passphrase = {.type = SHAPE_STRING, .secret = true};
static const struct member srt_members[] = {
    {"endpoint",   &shape_string, 0},
    {"passphrase", &passphrase,   0},
    MEMBERS_END
};
static const struct shape srt = STRUCT_OF(srt_members);

static const struct member channel_members[] = {
    {"arn",                           &ivs_channel_arn,                              0},
    {"name",                          &common_name,                                  0},
    {"latencyMode",                   &latency_mode,                                 0},
    {"type",                          &type,                                         0},
    {"recordingConfigurationArn",     &ivs_channel_recording_configuration_arn,      0},
    {"ingestEndpoint",                &shape_string,                                 0},
    {"playbackUrl",                   &shape_string,                                 0},
    {"authorized",                    &shape_boolean,                                0},
    {"tags",                          &ivs_tags,                                     0},
    {"insecureIngest",                &shape_boolean,                                0},
    {"preset",                        &preset,                                       0},
    {"srt",                           &srt,                                          0},
    {"playbackRestrictionPolicyArn",  &ivs_channel_playback_restriction_policy_arn,  0},
    {"multitrackInputConfiguration",  &multitrack,                                   0},
    {"containerFormat",               &container_format,                             0},
    {"adConfigurationArn",            &ivs_channel_ad_configuration_arn,             0},
    {"failoverSlateConfigurationArn", &ivs_channel_failover_slate_configuration_arn, 0},
    MEMBERS_END
};
const struct shape ivs_channel = STRUCT_OF(channel_members);

static const struct member create_in[] = {
    {"name",                          &common_name,                                  0},
    {"latencyMode",                   &latency_mode,                                 0},
    {"type",                          &type,                                         0},
    {"authorized",                    &shape_boolean,                                0},
    {"recordingConfigurationArn",     &ivs_channel_recording_configuration_arn,      0},
    {"tags",                          &ivs_tags,                                     0},
    {"insecureIngest",                &shape_boolean,                                0},
    {"preset",                        &preset,                                       0},
    {"playbackRestrictionPolicyArn",  &ivs_channel_playback_restriction_policy_arn,  0},
    {"multitrackInputConfiguration",  &multitrack,                                   0},
    {"containerFormat",               &container_format,                             0},
    {"adConfigurationArn",            &ivs_channel_ad_configuration_arn,             0},
    {"failoverSlateConfigurationArn", &ivs_channel_failover_slate_configuration_arn, 0},
    MEMBERS_END
};
static const struct member create_out[] = {
    {"channel",   &ivs_channel,    0},
    {"streamKey", &ivs_stream_key, 0},
    MEMBERS_END
};
const struct shape ivs_channel_create_in = STRUCT_OF(create_in);
const struct shape ivs_channel_create_out = STRUCT_OF(create_out);

static const struct member update_in[] = {
    {"arn",                           &ivs_channel_arn,                              REQUIRED},
    {"name",                          &common_name,                                  0       },
    {"latencyMode",                   &latency_mode,                                 0       },
    {"type",                          &type,                                         0       },
    {"authorized",                    &shape_boolean,                                0       },
    {"recordingConfigurationArn",     &ivs_channel_recording_configuration_arn,      0       },
    {"insecureIngest",                &shape_boolean,                                0       },
    {"preset",                        &preset,                                       0       },
    {"playbackRestrictionPolicyArn",  &ivs_channel_playback_restriction_policy_arn,  0       },
    {"multitrackInputConfiguration",  &multitrack,                                   0       },
    {"containerFormat",               &container_format,                             0       },
    {"adConfigurationArn",            &ivs_channel_ad_configuration_arn,             0       },
    {"failoverSlateConfigurationArn", &ivs_channel_failover_slate_configuration_arn, 0       },
    MEMBERS_END
};
static const struct member one_arn[] = {
    {"arn", &ivs_channel_arn, REQUIRED},
    MEMBERS_END
};
static const struct member one_channel[] = {
    {"channel", &ivs_channel, 0},
    MEMBERS_END
};
const struct shape ivs_channel_update_in = STRUCT_OF(update_in);
const struct shape ivs_channel_update_out = STRUCT_OF(one_channel);
const struct shape ivs_channel_get_in = STRUCT_OF(one_arn);
const struct shape ivs_channel_get_out = STRUCT_OF(one_channel);
const struct shape ivs_channel_delete_in = STRUCT_OF(one_arn);
const struct shape ivs_channel_delete_out = STRUCT_OF(common_nothing);

static const struct shape arn_list = {
    .type = SHAPE_LIST, .min = 1, .max = 50, .item = &ivs_channel_arn};
static const struct member batch_get_in[] = {
    {"arns", &arn_list, REQUIRED},
    MEMBERS_END
};
static const struct shape channels = LIST_OF(ivs_channel);
static const struct member batch_get_out[] = {
    {"channels", &channels,         0},
    {"errors",   &ivs_batch_errors, 0},
    MEMBERS_END
};
const struct shape ivs_channel_batch_get_in = STRUCT_OF(batch_get_in);
const struct shape ivs_channel_batch_get_out = STRUCT_OF(batch_get_out);

static const struct member list_in[] = {
    {"filterByName",                          &common_name,                                 0},
    {"filterByRecordingConfigurationArn",     &ivs_channel_recording_configuration_arn,     0},
    {"filterByPlaybackRestrictionPolicyArn",  &ivs_channel_playback_restriction_policy_arn,
     0                                                                                       },
    {"filterByAdConfigurationArn",            &ivs_channel_ad_configuration_arn,            0},
    {"filterByFailoverSlateConfigurationArn",
     &ivs_channel_failover_slate_configuration_arn,                                         0},
    {"nextToken",                             &common_next_token,                           0},
    {"maxResults",                            &common_max_results_100,                      0},
    MEMBERS_END
};
static const struct member summary_members[] = {
    {"arn",                           &ivs_channel_arn,                              0},
    {"name",                          &common_name,                                  0},
    {"latencyMode",                   &latency_mode,                                 0},
    {"authorized",                    &shape_boolean,                                0},
    {"recordingConfigurationArn",     &ivs_channel_recording_configuration_arn,      0},
    {"tags",                          &ivs_tags,                                     0},
    {"insecureIngest",                &shape_boolean,                                0},
    {"type",                          &type,                                         0},
    {"preset",                        &preset,                                       0},
    {"playbackRestrictionPolicyArn",  &ivs_channel_playback_restriction_policy_arn,  0},
    {"adConfigurationArn",            &ivs_channel_ad_configuration_arn,             0},
    {"failoverSlateConfigurationArn", &ivs_channel_failover_slate_configuration_arn, 0},
    MEMBERS_END
};
static const struct shape summary = STRUCT_OF(summary_members);
static const struct shape summaries = LIST_OF(summary);
static const struct member list_out[] = {
    {"channels",  &summaries,         REQUIRED},
    {"nextToken", &common_next_token, 0       },
    MEMBERS_END
};
const struct shape ivs_channel_list_in = STRUCT_OF(list_in);
const struct shape ivs_channel_list_out = STRUCT_OF(list_out);
