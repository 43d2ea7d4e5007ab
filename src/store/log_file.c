/*
 * A file system for SQLite that passes everything through to the real one, except that it
 * gathers writes to the write-ahead log. SQLite writes a changed page by two calls, the
 * header of a frame and the page; a commit that changes ten pages took twenty system
 * calls, and takes one here.
 *
 * When SQLite has written the last page of a commit, all of it is with the operating
 * system, as it would be without this file system: the header of the commit's last frame
 * marks it as the last, and overwrites are not held back. SQLite adds the frames to its
 * index only after that write, so a failed write fails the commit.
 */
#include "log_file_internal.h"

#include "base/bug.h"
#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* From the format of a log: www.sqlite.org/fileformat2.html, section 4.1. */
enum { LOG_HEADER_BYTES = 32, FRAME_HEADER_BYTES = 24, COMMIT_SIZE_AT = 4 };

/* A larger commit is written in several pieces. SQLite itself writes at most 128 KiB at
 * once. */
enum { GATHERED_MAX_BYTES = 64 * 1024 };

/* The real file follows this struct, in the same allocation. */
struct log_file {
    sqlite3_file base;
    sqlite3_file *real;
    unsigned char *bytes; /* gathered bytes, which belong at `at` in the file */
    int length;
    sqlite3_int64 at;
    bool ending;       /* they include the header of a commit's last frame */
    sqlite3_int64 end; /* of what was written since SQLite last restarted the log */
};

static struct log_file *log_of(sqlite3_file *file)
{
    return (struct log_file *)(void *)file;
}

static int flush_gathered(struct log_file *log)
{
    int length = log->length;

    log->length = 0;
    log->ending = false;
    if (length == 0)
        return SQLITE_OK;
    return log->real->pMethods->xWrite(log->real, log->bytes, length, log->at);
}

static bool is_last_header(const unsigned char *bytes, int length, sqlite3_int64 at)
{
    static const unsigned char none[COMMIT_SIZE_AT] = {0};

    return length == FRAME_HEADER_BYTES && at >= LOG_HEADER_BYTES &&
           memcmp(bytes + COMMIT_SIZE_AT, none, sizeof(none)) != 0;
}

/* After a transaction that did not fit in memory, SQLite rewrites the headers that it
 * wrote early. No page follows the last of them, so these writes are not held back. */
static int write_through(struct log_file *log, const void *from, int length,
                         sqlite3_int64 at)
{
    int code = flush_gathered(log);

    return code != SQLITE_OK ? code
                             : log->real->pMethods->xWrite(log->real, from, length, at);
}

static int log_write(sqlite3_file *file, const void *from, int length, sqlite3_int64 at)
{
    struct log_file *log = log_of(file);
    bool ends = log->ending; /* the last page, even if its header was not gathered */

    if (at == 0)
        log->end = 0;
    if (at < log->end)
        return write_through(log, from, length, at);
    log->end = at + length;

    if (at != log->at + log->length || length > GATHERED_MAX_BYTES - log->length) {
        int code = flush_gathered(log);
        if (code != SQLITE_OK)
            return code;
        log->at = at;
    }
    if (length > GATHERED_MAX_BYTES)
        return log->real->pMethods->xWrite(log->real, from, length, at);
    memcpy(log->bytes + log->length, from, (size_t)length);
    log->length += length;
    if (ends)
        return flush_gathered(log);
    log->ending = is_last_header(from, length, at);
    return SQLITE_OK;
}

static int log_close(sqlite3_file *file)
{
    struct log_file *log = log_of(file);
    int flushed = flush_gathered(log);
    int closed = log->real->pMethods->xClose(log->real);

    free(log->bytes);
    return flushed != SQLITE_OK ? flushed : closed;
}

static int log_read(sqlite3_file *file, void *to, int length, sqlite3_int64 at)
{
    struct log_file *log = log_of(file);
    int code = flush_gathered(log);

    return code != SQLITE_OK ? code
                             : log->real->pMethods->xRead(log->real, to, length, at);
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct log_file *log = log_of(file);
    int code = flush_gathered(log);

    return code != SQLITE_OK ? code : log->real->pMethods->xTruncate(log->real, size);
}

static int log_sync(sqlite3_file *file, int flags)
{
    struct log_file *log = log_of(file);
    int code = flush_gathered(log);

    return code != SQLITE_OK ? code : log->real->pMethods->xSync(log->real, flags);
}

static int log_size(sqlite3_file *file, sqlite3_int64 *size)
{
    struct log_file *log = log_of(file);
    int code = flush_gathered(log);

    return code != SQLITE_OK ? code : log->real->pMethods->xFileSize(log->real, size);
}

static int log_lock(sqlite3_file *file, int level)
{
    return log_of(file)->real->pMethods->xLock(log_of(file)->real, level);
}

static int log_unlock(sqlite3_file *file, int level)
{
    return log_of(file)->real->pMethods->xUnlock(log_of(file)->real, level);
}

static int log_check_lock(sqlite3_file *file, int *out)
{
    return log_of(file)->real->pMethods->xCheckReservedLock(log_of(file)->real, out);
}

static int log_control(sqlite3_file *file, int op, void *argument)
{
    return log_of(file)->real->pMethods->xFileControl(log_of(file)->real, op, argument);
}

static int log_sector_size(sqlite3_file *file)
{
    return log_of(file)->real->pMethods->xSectorSize(log_of(file)->real);
}

static int log_characteristics(sqlite3_file *file)
{
    return log_of(file)->real->pMethods->xDeviceCharacteristics(log_of(file)->real);
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_check_lock,
    .xFileControl = log_control,
    .xSectorSize = log_sector_size,
    .xDeviceCharacteristics = log_characteristics,
};

/* SQLite's list of file systems is global to the process, so this is too. */
static struct {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
} ours;

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *out_flags)
{
    struct log_file *log = log_of(file);

    (void)vfs;
    if ((flags & SQLITE_OPEN_WAL) == 0)
        return ours.real->xOpen(ours.real, name, file, flags, out_flags);
    *log = (struct log_file){.real = (sqlite3_file *)(void *)(log + 1)};
    int code = ours.real->xOpen(ours.real, name, log->real, flags, out_flags);
    if (log->real->pMethods == NULL)
        return code;
    log->bytes = mem_alloc(GATHERED_MAX_BYTES);
    log->base.pMethods = &methods;
    return code;
}

const char *log_file_system(void)
{
    if (ours.real == NULL) {
        /* File names, times and randomness still come from the real file system. */
        ours.real = sqlite3_vfs_find(NULL);
        ours.vfs = *ours.real;
        ours.vfs.zName = "ivs-local";
        ours.vfs.szOsFile = (int)sizeof(struct log_file) + ours.real->szOsFile;
        ours.vfs.pNext = NULL;
        ours.vfs.xOpen = open_file;
        sqlite3_vfs_register(&ours.vfs, 0);
    }
    return ours.vfs.zName;
}

/* The open log of the database, or NULL: it is in memory. */
static struct log_file *open_log(sqlite3 *db)
{
    sqlite3_file *file = NULL;

    (void)sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    return file != NULL && file->pMethods == &methods ? log_of(file) : NULL;
}

int log_file_held_bytes(sqlite3 *db)
{
    const struct log_file *log = open_log(db);

    return log != NULL ? log->length : 0;
}

void log_file_require_written(sqlite3 *db)
{
    int held_bytes = log_file_held_bytes(db);

    if (held_bytes > 0)
        BUG("%d bytes of a commit were not written", held_bytes);
}

void log_file_drop(sqlite3 *db)
{
    struct log_file *log = open_log(db);

    if (log == NULL)
        return;
    log->length = 0;
    log->ending = false;
}
