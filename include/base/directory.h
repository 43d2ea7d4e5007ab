/*
 * Directories for files of the program.
 */
#ifndef BASE_DIRECTORY_H
#define BASE_DIRECTORY_H

#include "base/arena.h"
#include "base/attrs.h"

/* Creates the missing directories above `path`, accessible to their user only, whatever
 * the umask is. Returns NULL, or in the arena why one cannot be created. */
const char *directory_create_above(const char *path, struct arena *arena) NODISCARD;

#endif
