/*
 * Objects as files of a folder.
 */
#ifndef OBJECTS_FOLDER_INTERNAL_H
#define OBJECTS_FOLDER_INTERNAL_H

#include "base/arena.h"
#include "base/attrs.h"
#include "objects/objects.h"

/* What the names of files begin with that are being written. No object has it. */
#define FOLDER_UNFINISHED ".unfinished-"

/* Writes the object as objects_put() does. */
int folder_put(const char *folder, const struct object *object, struct arena *arena,
               const char **why) NODISCARD;

#endif
