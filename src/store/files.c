#include "files_internal.h"

#include "base/directory.h"
#include "base/log.h"
#include "base/system_error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

const char *files_create(const char *path, struct arena *arena)
{
    const char *above = directory_create_above(path, arena);

    /* Opening and closing an existing file would drop the locks of a store that has it
     * open. */
    if (access(path, R_OK | W_OK) == 0)
        return NULL;
    if (errno != ENOENT)
        return system_error_text(arena, errno);
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return above != NULL ? above : system_error_text(arena, errno);
    close(file);
    return NULL;
}

bool files_is_directory(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

const char *files_find_irregular(const char *path, struct arena *arena)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    struct stat status;

    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        const char *file = arena_printf(arena, "%s%s", path, endings[i]);
        if (stat(file, &status) == 0 && !S_ISREG(status.st_mode))
            return file;
    }
    return NULL;
}

static int watch_file(struct files *files, const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return SQLITE_CANTOPEN;
    files->watched[files->count++] = (struct watched_file){
        .path = path, .device = status.st_dev, .inode = status.st_ino};
    return SQLITE_OK;
}

int files_watch(struct files *files, sqlite3 *db)
{
    const char *path = sqlite3_db_filename(db, "main");

    files->count = 0;
    if (path[0] == '\0')
        return SQLITE_OK;
    int code = watch_file(files, path);
    return code == SQLITE_OK ? watch_file(files, sqlite3_filename_wal(path)) : code;
}

static bool is_in_place(const struct watched_file *file)
{
    struct stat status;

    return stat(file->path, &status) == 0 && status.st_ino == file->inode &&
           status.st_dev == file->device;
}

const char *files_find_lost(const struct files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        if (!is_in_place(&files->watched[i]))
            return files->watched[i].path;
    }
    return NULL;
}

bool files_are_in_place(const struct files *files)
{
    char quoted[LOG_QUOTED_BYTES];
    const char *lost = files_find_lost(files);

    if (lost == NULL)
        return true;
    log_error("a database file was removed or replaced, changes are no longer saved",
              "path=%s", log_quoted(lost, quoted));
    return false;
}
