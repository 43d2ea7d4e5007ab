/*
 * Stops for mistakes in our own code and for exhausted memory: neither has a caller that
 * could do better.
 */
#ifndef BASE_BUG_H
#define BASE_BUG_H

#include <stdnoreturn.h>

#include "base/attrs.h"

/* A promise inside the program was broken: says where and why, then aborts. */
#define BUG(...) bug_stop(__FILE__, __LINE__, __VA_ARGS__)

noreturn void bug_stop(const char *file, int line, const char *format, ...) PRINTF(3, 4);

#endif
