/*
 * Validates JSON against a shape. Each function returns NULL if the JSON is valid, else a
 * sentence (in the arena) that names the first error in the order of the shape, such as
 * `CreateStreamKey.channelArn is a required attribute`. `root` is the beginning of the
 * sentence: the operation.
 */
#ifndef API_VALIDATE_H
#define API_VALIDATE_H

#include <cjson/cJSON.h>

#include "api/shape.h"
#include "base/arena.h"
#include "base/attrs.h"

/*
 * Every known member has the JSON type of its shape. Members that are null are removed:
 * they count as absent. Unknown members stay and are ignored.
 */
const char *validate_types(struct arena *arena, const char *root,
                           const struct shape *shape, cJSON *value) NODISCARD;

/* Required members are present; lengths, ranges, patterns and enums are respected. The
 * types must have been validated. */
const char *validate_constraints(struct arena *arena, const char *root,
                                 const struct shape *shape, const cJSON *value) NODISCARD;

/* Returns the member that such a sentence, or one that begins in the same way, is about:
 * `tags.a` of "CreateChannel.tags.a must be a string". NULL: the sentence does not begin
 * with the root and a member. */
const char *validate_member_of(struct arena *arena, const char *root,
                               const char *sentence) NODISCARD;

/* No structure has a member that its shape does not define. The sentence names the member
 * that is nearest to an unknown one, and all members. */
const char *validate_closed(struct arena *arena, const char *root,
                            const struct shape *shape, const cJSON *value) NODISCARD;

#endif
