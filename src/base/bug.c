#include "base/bug.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

noreturn void bug_stop(const char *file, int line, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "ivs-local: BUG at %s:%d: ", file, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}
