/*
 * ListTagsForResource, TagResource, UntagResource.
 */
#include "common/tags.h"

#include "ivs_internal.h"
#include "shapes_internal.h"

TAGS_OPERATIONS(ivs, ivs_resource_arn, ivs_tags, ivs_tag_key)
