/*
 * The temporary folders of tests.
 */
#ifndef TESTS_SUPPORT_FOLDER_H
#define TESTS_SUPPORT_FOLDER_H

#include "base/arena.h"

/* Removes a folder with its contents, as far as possible. */
void folder_remove(struct arena *arena, const char *path);

#endif
