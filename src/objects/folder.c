#include "folder_internal.h"

#include "base/directory.h"
#include "base/system_error.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* The longest name of a file (POSIX: NAME_MAX of the usual file systems). */
enum { NAME_MAX_BYTES = 255 };

/* Whether a part of a path, which ends at a slash or at the end of the text, is the name
 * of a file in its directory. */
static bool is_name(const char *part, size_t length)
{
    if (length == 0 || length > NAME_MAX_BYTES ||
        text_starts_with(part, FOLDER_UNFINISHED))
        return false;
    return !(part[0] == '.' && (length == 1 || (length == 2 && part[1] == '.')));
}

/* Whether the text is the path of a file below a directory. */
static bool is_path(const char *text)
{
    for (;;) {
        size_t length = strcspn(text, "/");
        if (!is_name(text, length))
            return false;
        if (text[length] == '\0')
            return true;
        text += length + 1;
    }
}

static int fail_with(struct arena *arena, const char *what, int number, const char **why)
{
    *why = arena_printf(arena, "%s: %s", what, system_error_text(arena, number));
    return -1;
}

/* Writes everything to the disk. Returns 0 or an errno. */
static int write_bytes(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno;
        bytes += written;
        length -= (size_t)written;
    }
    return fsync(fd) == 0 ? 0 : errno;
}

/* Writes the file under a name of its own, which `path` becomes. Returns 0 or an errno;
 * there is no file then. */
static int write_unfinished(char *path, const struct object *object)
{
    int fd = mkstemp(path);

    if (fd < 0)
        return errno;
    int number = write_bytes(fd, object->bytes, object->length);
    if (close(fd) != 0 && number == 0)
        number = errno;
    if (number != 0)
        (void)unlink(path);
    return number;
}

int folder_put(const char *folder, const struct object *object, struct arena *arena,
               const char **why)
{
    if (strchr(object->bucket, '/') != NULL || !is_path(object->bucket) ||
        !is_path(object->key)) {
        *why = "its bucket or key cannot be the name of a file";
        return -1;
    }
    const char *path =
        arena_join(arena, folder, "/", object->bucket, "/", object->key, NULL);
    const char *directory_reason = directory_create_above(path, arena);
    if (directory_reason != NULL) {
        *why = directory_reason;
        return -1;
    }
    size_t above = (size_t)(strrchr(path, '/') - path) + 1;
    char *unfinished =
        arena_printf(arena, "%.*s%sXXXXXX", (int)above, path, FOLDER_UNFINISHED);
    int number = write_unfinished(unfinished, object);
    if (number != 0)
        return fail_with(arena, "cannot write the file", number, why);
    if (rename(unfinished, path) != 0) {
        number = errno;
        (void)unlink(unfinished);
        return fail_with(arena, "cannot rename the file", number, why);
    }
    return 0;
}
