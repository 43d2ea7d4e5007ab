/*
 * Tags of any resource, by its ARN: the three operations that every service has, and the
 * tags that a resource is created with.
 */
#ifndef COMMON_TAGS_H
#define COMMON_TAGS_H

#include "api/call.h"
#include "base/attrs.h"
#include "common/shapes.h"

enum { TAG_KEYS_MAX = 50 /* in one UntagResource */ };

/* The handlers. A resource of another service counts as not found. */
int tags_list(struct call *call);
int tags_add(struct call *call);
int tags_remove(struct call *call);

/*
 * The shapes and handlers of ListTagsForResource (tags_list), TagResource (tags_add) and
 * UntagResource (tags_remove) of one service. The shapes differ in their patterns.
 */
/* clang-format off */
#define TAGS_OPERATIONS(service, resource_arn, tags, tag_key)                            \
    static const struct member tags_resource_in[] = {                                    \
        {"resourceArn", &(resource_arn), REQUIRED | IN_PATH}, MEMBERS_END};              \
    static const struct member tags_resource_out[] = {                                   \
        {"tags", &(tags), REQUIRED}, MEMBERS_END};                                       \
    static const struct member tags_added_in[] = {                                       \
        {"resourceArn", &(resource_arn), REQUIRED | IN_PATH},                            \
        {"tags", &(tags), REQUIRED}, MEMBERS_END};                                       \
    static const struct shape tags_removed_keys = {                                      \
        .type = SHAPE_LIST, .max = TAG_KEYS_MAX, .item = &(tag_key)};                    \
    static const struct member tags_removed_in[] = {                                     \
        {"resourceArn", &(resource_arn), REQUIRED | IN_PATH},                            \
        {"tagKeys", &tags_removed_keys, REQUIRED | IN_QUERY}, MEMBERS_END};              \
    const struct shape service##_tags_list_in = STRUCT_OF(tags_resource_in);             \
    const struct shape service##_tags_list_out = STRUCT_OF(tags_resource_out);           \
    const struct shape service##_tags_add_in = STRUCT_OF(tags_added_in);                 \
    const struct shape service##_tags_add_out = STRUCT_OF(common_nothing);               \
    const struct shape service##_tags_remove_in = STRUCT_OF(tags_removed_in);            \
    const struct shape service##_tags_remove_out = STRUCT_OF(common_nothing);            \
    int service##_tags_list(struct call *call) { return tags_list(call); }               \
    int service##_tags_add(struct call *call) { return tags_add(call); }                 \
    int service##_tags_remove(struct call *call) { return tags_remove(call); }
/* clang-format on */

/*
 * Returns the member `tags` of a Create operation's input as stored text, "{}" for none,
 * or NULL if a key is reserved: a ValidationException is recorded.
 */
const char *tags_of_input(struct call *call) NODISCARD;

#endif
