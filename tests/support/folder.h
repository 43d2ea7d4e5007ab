/*
 * The folders that tests make for themselves.
 */
#ifndef TESTS_SUPPORT_FOLDER_H
#define TESTS_SUPPORT_FOLDER_H

#include "base/arena.h"

/* Removes it with all that is in it, as far as that is possible. */
void folder_remove(struct arena *arena, const char *path);

#endif
