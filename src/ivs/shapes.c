#include "shapes_internal.h"

#include "data/channel.h"
#include "data/recording_configuration.h"
#include "data/stream_key.h"

static const struct pattern name_pattern = {
    .text = "[a-zA-Z0-9-_]*",
    .matches = pattern_chars,
    .chars = "a-zA-Z0-9_-",
    .example = "lobby",
};
const struct shape ivs_name = {
    .type = SHAPE_STRING, .max = 128, .pattern = &name_pattern};

#define EXAMPLE_ARN(type) "arn:aws:ivs:us-east-1:000000000000:" type "/abcdABCDefgh"

static const struct pattern channel_arn_pattern = {
    .text = "arn:aws:ivs:[a-z0-9-]+:[0-9]+:channel/[a-zA-Z0-9-]+",
    .matches = pattern_arn,
    .arn = &channel_arn_kind,
    .example = EXAMPLE_ARN("channel"),
};
const struct shape ivs_channel_arn = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = &channel_arn_pattern};

static const struct pattern recording_configuration_arn_pattern = {
    .text = "arn:aws:ivs:[a-z0-9-]+:[0-9]+:recording-configuration/[a-zA-Z0-9-]+",
    .matches = pattern_arn,
    .arn = &recording_configuration_arn_kind,
    .example = EXAMPLE_ARN("recording-configuration"),
};
const struct shape ivs_recording_configuration_arn = {
    .type = SHAPE_STRING, .max = 128, .pattern = &recording_configuration_arn_pattern};

static const struct pattern channel_recording_configuration_arn_pattern = {
    .text = "^$|^arn:aws:ivs:[a-z0-9-]+:[0-9]+:recording-configuration/[a-zA-Z0-9-]+$",
    .matches = pattern_arn_or_empty,
    .arn = &recording_configuration_arn_kind,
    .example = EXAMPLE_ARN("recording-configuration"),
};
const struct shape ivs_channel_recording_configuration_arn = {
    .type = SHAPE_STRING,
    .max = 128,
    .pattern = &channel_recording_configuration_arn_pattern,
};

static const struct pattern stream_key_arn_pattern = {
    .text = "arn:aws:ivs:[a-z0-9-]+:[0-9]+:stream-key/[a-zA-Z0-9-]+",
    .matches = pattern_arn,
    .arn = &stream_key_arn_kind,
    .example = EXAMPLE_ARN("stream-key"),
};
const struct shape ivs_stream_key_arn = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = &stream_key_arn_pattern};

/* The published pattern has one letter where the type belongs and so matches no real
 * ARN; the + is ours. Fidelity: tags-1 */
static const struct arn_kind any_kind = {"ivs", NULL};
static const struct pattern resource_arn_pattern = {
    .text = "arn:aws:ivs:[a-z0-9-]+:[0-9]+:[a-z-]+/[a-zA-Z0-9-]+",
    .matches = pattern_arn,
    .arn = &any_kind,
    .example = EXAMPLE_ARN("channel"),
};
const struct shape ivs_resource_arn = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = &resource_arn_pattern};

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

static const struct pattern next_token_pattern = {
    .text = "[a-zA-Z0-9+/=_-]*",
    .matches = pattern_chars,
    .chars = "a-zA-Z0-9+/=_-",
    .example = "token",
};
const struct shape ivs_next_token = {
    .type = SHAPE_STRING, .max = 1024, .pattern = &next_token_pattern};
const struct shape ivs_max_results_100 = {.type = SHAPE_INTEGER, .min = 1, .max = 100};
const struct shape ivs_max_results_50 = {.type = SHAPE_INTEGER, .min = 1, .max = 50};

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
