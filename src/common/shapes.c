#include "common/shapes.h"

static const struct pattern name_pattern = {
    .text = "[a-zA-Z0-9-_]*",
    .matches = pattern_chars,
    .chars = "a-zA-Z0-9_-",
    .example = "lobby",
};
const struct shape common_name = {
    .type = SHAPE_STRING, .max = 128, .pattern = &name_pattern};

static const struct pattern bucket_name_pattern = {
    .text = "[a-z0-9-.]+",
    .matches = pattern_chars,
    .chars = "a-z0-9.-",
    .example = "demo-bucket",
};
static const struct shape bucket_name = {
    .type = SHAPE_STRING, .min = 3, .max = 63, .pattern = &bucket_name_pattern};
static const struct member s3_members[] = {
    {"bucketName", &bucket_name, REQUIRED},
    MEMBERS_END
};
const struct shape common_s3_destination = STRUCT_OF(s3_members);

static const struct pattern next_token_pattern = {
    .text = "[a-zA-Z0-9+/=_-]*",
    .matches = pattern_chars,
    .chars = "a-zA-Z0-9+/=_-",
    .example = "token",
};
const struct shape common_next_token = {
    .type = SHAPE_STRING, .max = 1024, .pattern = &next_token_pattern};
const struct shape common_max_results_100 = {.type = SHAPE_INTEGER, .min = 1, .max = 100};
const struct shape common_max_results_50 = {.type = SHAPE_INTEGER, .min = 1, .max = 50};

const struct member common_page_in[] = {
    {"nextToken",  &common_next_token,      0},
    {"maxResults", &common_max_results_100, 0},
    MEMBERS_END
};

const struct member common_nothing[] = {MEMBERS_END};
