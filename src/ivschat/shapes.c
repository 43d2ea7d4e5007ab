#include "shapes_internal.h"

#include "data/logging_configuration.h"
#include "data/room.h"

#define EXAMPLE_ARN(type) "arn:aws:ivschat:us-east-1:000000000000:" type "/abcdABCDefgh"

/* The ARN of a resource of this service. */
#define ARN(shape_name, arn_kind, type_text)                                             \
    static const struct pattern shape_name##_pattern = {                                 \
        .text = "arn:aws:ivschat:[a-z0-9-]+:[0-9]+:" type_text "/[a-zA-Z0-9-]+",         \
        .matches = pattern_arn,                                                          \
        .arn = &(arn_kind),                                                              \
        .example = EXAMPLE_ARN(type_text),                                               \
    };                                                                                   \
    const struct shape shape_name = {                                                    \
        .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = &shape_name##_pattern}

ARN(ivschat_room_arn, room_arn_kind, "room");
ARN(ivschat_logging_configuration_arn, logging_configuration_arn_kind,
    "logging-configuration");

/* The published pattern has a single letter in place of the type, so it matches no real
 * ARN; the + is ours. Fidelity: common-tags-1 */
static const struct arn_kind any_kind = {"ivschat", NULL};
static const struct pattern resource_arn_pattern = {
    .text = "arn:aws:ivschat:[a-z0-9-]+:[0-9]+:[a-z-]+/[a-zA-Z0-9-]+",
    .matches = pattern_arn,
    .arn = &any_kind,
    .example = EXAMPLE_ARN("room"),
};
const struct shape ivschat_resource_arn = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .pattern = &resource_arn_pattern};

static const struct pattern id_pattern = {
    .text = "[a-zA-Z0-9]+",
    .matches = pattern_chars,
    .chars = "a-zA-Z0-9",
    .example = "abcdABCDefgh",
};
const struct shape ivschat_id = {
    .type = SHAPE_STRING, .min = 12, .max = 12, .pattern = &id_pattern};

const struct shape ivschat_tag_key = {.type = SHAPE_STRING, .min = 1, .max = 128};
static const struct shape tag_value = {.type = SHAPE_STRING, .max = 256};
const struct shape ivschat_tags = {
    .type = SHAPE_MAP, .max = 50, .key = &ivschat_tag_key, .item = &tag_value};

const struct shape ivschat_next_token = {.type = SHAPE_STRING, .max = 1024};

const struct shape ivschat_user_id = {
    .type = SHAPE_STRING, .min = 1, .max = 128, .secret = true};
