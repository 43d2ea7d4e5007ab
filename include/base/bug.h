/*
 * Aborts the program on mistakes in our own code and on exhausted memory, which no caller
 * could handle better.
 */
#ifndef BASE_BUG_H
#define BASE_BUG_H

#include <stdnoreturn.h>

#include "base/attrs.h"

/* An invariant of the program does not hold: reports where and why, then aborts. */
#define BUG(...) bug_stop(__FILE__, __LINE__, __VA_ARGS__)

noreturn void bug_stop(const char *file, int line, const char *format, ...) PRINTF(3, 4);

#endif
