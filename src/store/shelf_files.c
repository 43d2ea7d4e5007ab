#include "shelf_internal.h"

#include "base/memory.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* No snapshot can have this name, because it has a dot. */
#define SCRATCH ".scratch"
#define SUFFIX ".db"

struct folder {
    struct shelf shelf;
    char *path;
};

static const char *path_of(const struct shelf *shelf, struct arena *arena,
                           const char *name)
{
    return arena_printf(arena, "%s/%s" SUFFIX, ((const struct folder *)shelf)->path,
                        name);
}

/* Also removes what a process that died may have left. */
static void remove_scratch(const struct shelf *shelf, struct arena *arena)
{
    static const char *const endings[] = {"", "-journal", "-wal", "-shm"};
    const char *path = path_of(shelf, arena, SCRATCH);

    for (size_t i = 0; i < COUNT_OF(endings); i++)
        (void)unlink(arena_printf(arena, "%s%s", path, endings[i]));
}

/* Creates the folder and the file, both accessible only to the user: SQLite would apply
 * the umask. */
static int make_scratch(const struct shelf *shelf, const char *path)
{
    if (mkdir(((const struct folder *)shelf)->path, 0700) != 0 && errno != EEXIST)
        return SQLITE_CANTOPEN;
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return errno == ENOSPC ? SQLITE_FULL : SQLITE_CANTOPEN;
    close(file);
    return SQLITE_OK;
}

static int open_scratch(struct shelf *shelf, struct arena *arena, sqlite3 **out)
{
    const char *path = path_of(shelf, arena, SCRATCH);

    remove_scratch(shelf, arena);
    int code = make_scratch(shelf, path);
    if (code != SQLITE_OK)
        return code;
    code = sqlite3_open_v2(path, out, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    /* The scratch database is discarded if anything fails, and synced once it is
     * complete. */
    if (code == SQLITE_OK)
        code = sqlite3_exec(*out,
                            "PRAGMA locking_mode = EXCLUSIVE;"
                            "PRAGMA journal_mode = OFF;"
                            "PRAGMA synchronous = OFF",
                            NULL, NULL, NULL);
    return code;
}

static void drop_scratch(struct shelf *shelf, struct arena *arena, sqlite3 *scratch)
{
    sqlite3_close(scratch);
    remove_scratch(shelf, arena);
}

static int sync_path(const char *path, int flags, const struct timespec times[2])
{
    int file = open(path, flags | O_CLOEXEC);
    int outcome = -1;

    if (file < 0)
        return -1;
    if (times == NULL || futimens(file, times) == 0)
        outcome = fsync(file);
    close(file);
    return outcome;
}

/* Makes the names in the folder of snapshots durable, and its own name in its parent. A
 * parent that cannot be listed is left to the system, as SQLite does. */
static int sync_folder(const char *path, struct arena *arena)
{
    const char *slash = strrchr(path, '/');
    const char *parent =
        slash == NULL ? "." : arena_strndup(arena, path, (size_t)(slash - path) + 1);

    if (sync_path(path, O_RDONLY | O_DIRECTORY, NULL) != 0)
        return -1;
    return sync_path(parent, O_RDONLY | O_DIRECTORY, NULL) != 0 && errno != EACCES ? -1
                                                                                   : 0;
}

/* The copy is marked as having a write-ahead log, like the original. Without that mark,
 * it is one file that can be read from a read-only place. */
static int close_whole(sqlite3 *scratch)
{
    int code = sqlite3_exec(scratch, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    int closed = sqlite3_close(scratch);

    return code != SQLITE_OK ? code : closed;
}

/* The time of a snapshot, by the emulator's clock, is the time of its file. */
static int keep_snapshot(struct shelf *shelf, struct arena *arena, sqlite3 *scratch,
                         const char *name, int64_t now_ms)
{
    const char *path = path_of(shelf, arena, SCRATCH);
    const struct timespec time = {.tv_sec = (time_t)(now_ms / 1000),
                                  .tv_nsec = (long)(now_ms % 1000) * 1000000};
    int code = close_whole(scratch);

    if (code == SQLITE_OK &&
        (sync_path(path, O_RDWR, (struct timespec[2]){time, time}) != 0 ||
         rename(path, path_of(shelf, arena, name)) != 0 ||
         sync_folder(((struct folder *)shelf)->path, arena) != 0))
        code = errno == ENOSPC ? SQLITE_FULL : SQLITE_IOERR;
    if (code != SQLITE_OK)
        remove_scratch(shelf, arena);
    return code;
}

static int borrow_snapshot(struct shelf *shelf, struct arena *arena, const char *name,
                           sqlite3 **out)
{
    const char *path = path_of(shelf, arena, name);
    struct stat status;

    if (stat(path, &status) != 0)
        return errno == ENOENT ? SQLITE_NOTFOUND : SQLITE_CANTOPEN;
    if (!S_ISREG(status.st_mode)) /* opening a FIFO would wait for its other end */
        return SQLITE_NOTADB;
    return sqlite3_open_v2(path, out, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
}

static void give_back(sqlite3 *snapshot)
{
    sqlite3_close(snapshot);
}

static int remove_snapshot(struct shelf *shelf, struct arena *arena, const char *name)
{
    if (unlink(path_of(shelf, arena, name)) == 0)
        return SQLITE_OK;
    return errno == ENOENT || errno == ENOTDIR ? SQLITE_NOTFOUND : SQLITE_IOERR;
}

/* Whether the entry is a snapshot; if so, fills *out. */
static bool read_entry(const struct shelf *shelf, struct arena *arena, const char *entry,
                       struct snapshot *out)
{
    struct stat status;

    if (!text_ends_with(entry, SUFFIX))
        return false;
    const char *name = arena_strndup(arena, entry, strlen(entry) - strlen(SUFFIX));
    if (!snapshot_is_name(name) || stat(path_of(shelf, arena, name), &status) != 0 ||
        !S_ISREG(status.st_mode))
        return false;
    *out = (struct snapshot){
        .name = name,
        .saved_at_ms =
            (int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000,
        .bytes = status.st_size,
    };
    return true;
}

static int list_snapshots(struct shelf *shelf, struct arena *arena, struct snapshot **out,
                          size_t *count)
{
    DIR *folder = opendir(((struct folder *)shelf)->path);
    const struct dirent *entry;
    size_t room = 0;

    *out = NULL;
    *count = 0;
    if (folder == NULL)
        return errno == ENOENT ? SQLITE_OK : SQLITE_CANTOPEN;
    while (readdir(folder) != NULL)
        room++;
    *out = arena_alloc(arena, room * sizeof(**out));
    rewinddir(folder);
    while (*count < room && (entry = readdir(folder)) != NULL)
        *count += read_entry(shelf, arena, entry->d_name, &(*out)[*count]);
    closedir(folder);
    return SQLITE_OK;
}

static void free_folder(struct shelf *shelf)
{
    free(((struct folder *)shelf)->path);
    free(shelf);
}

static const struct shelf_kind in_folder = {
    .open_scratch = open_scratch,
    .drop_scratch = drop_scratch,
    .keep = keep_snapshot,
    .borrow = borrow_snapshot,
    .give_back = give_back,
    .remove = remove_snapshot,
    .list = list_snapshots,
    .free = free_folder,
    .max_bytes = INT64_MAX,
    .can_be_damaged = true,
};

struct shelf *shelf_in_folder(const char *database_path)
{
    static const char ending[] = ".snapshots";
    struct folder *folder = mem_zalloc(sizeof(*folder));

    folder->shelf.kind = &in_folder;
    pthread_mutex_init(&folder->shelf.lock, NULL);
    folder->path = mem_alloc(strlen(database_path) + sizeof(ending));
    memcpy(folder->path, database_path, strlen(database_path));
    memcpy(folder->path + strlen(database_path), ending, sizeof(ending));
    return &folder->shelf;
}
