#include "base/directory.h"

#include "base/system_error.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

const char *directory_create_above(const char *path, struct arena *arena)
{
    char *copy = arena_strdup(arena, path);

    for (char *slash = strchr(copy + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0700) != 0 && errno != EEXIST) {
            const char *reason = system_error_text(arena, errno);
            return arena_printf(arena, "directory %s cannot be created: %s", copy,
                                reason);
        }
        *slash = '/';
    }
    return NULL;
}
