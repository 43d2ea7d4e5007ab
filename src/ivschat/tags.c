/*
 * ListTagsForResource, TagResource, UntagResource.
 */
#include "common/tags.h"

#include "ivschat_internal.h"
#include "shapes_internal.h"

/* Tags leave updateTime and the order of lists as they are. Fidelity: ivschat-tags-1 */
TAGS_OPERATIONS(ivschat, ivschat_resource_arn, ivschat_tags, ivschat_tag_key)
