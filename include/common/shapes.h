/*
 * Shapes that the models of several services define identically.
 */
#ifndef COMMON_SHAPES_H
#define COMMON_SHAPES_H

#include "api/shape.h"

/* The name of a resource: up to 128 of [a-zA-Z0-9-_]. */
extern const struct shape common_name;

/* A destination in S3: the name of a bucket. */
extern const struct shape common_s3_destination;

/* The token of a page, and the maximum number of entries on it. */
extern const struct shape common_next_token;
extern const struct shape common_max_results_100;
extern const struct shape common_max_results_50;

/* The input members of a list without filters. */
extern const struct member common_page_in[];

/* The members of a structure without members. */
extern const struct member common_nothing[];

#endif
