/*
 * What the numbers of errno mean.
 */
#ifndef BASE_SYSTEM_ERROR_H
#define BASE_SYSTEM_ERROR_H

#include "base/arena.h"
#include "base/attrs.h"

/* One line, such as "No space left on device", in the arena. */
const char *system_error_text(struct arena *arena, int number) NODISCARD;

#endif
