/*
 * Shapes in words, such as `integer, 1 to 1000`, for the documents that the program
 * prints.
 */
#ifndef SHAPE_TEXT_INTERNAL_H
#define SHAPE_TEXT_INTERNAL_H

#include "api/shape.h"
#include "base/arena.h"
#include "base/attrs.h"

/* The description of a value of the shape, in the arena. Values and patterns are between
 * ` characters. */
const char *shape_text(struct arena *arena, const struct shape *shape) NODISCARD;

/* Returns the structure that a value of the shape is, or is a list or map of. NULL: none,
 * or one without members. */
const struct shape *shape_structure(const struct shape *shape);

#endif
