#include "base/system_error.h"

#include <string.h>

const char *system_error_text(struct arena *arena, int number)
{
    char text[128];

    return strerror_r(number, text, sizeof(text)) == 0 ? arena_strdup(arena, text)
                                                       : "unknown reason";
}
