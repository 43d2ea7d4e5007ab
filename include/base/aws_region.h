/*
 * The names of the regions of AWS, in all its partitions.
 */
#ifndef BASE_AWS_REGION_H
#define BASE_AWS_REGION_H

#include <stdbool.h>

bool aws_region_exists(const char *name);

/* Whether Amazon IVS is available in the region. */
bool aws_region_has_ivs(const char *name);

/* The name that is probably meant by one that is unknown; NULL: none is near. */
const char *aws_region_nearest(const char *name);

#endif
