#include "fault_vfs.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

#include "cmocka_all.h"

/* The file of the real file system follows this one in the same memory. */
struct file {
    sqlite3_file base;
    sqlite3_file *real;
};

static struct {
    sqlite3_vfs *real;
    bool armed;
    struct fault_plan plan;
    int calls;  /* of the plan's kind, since it was armed */
    int failed; /* of these */
} faults;

/* Whether this call is to fail. */
static bool call_fails(bool writes)
{
    if (!faults.armed || (faults.plan.kind == FAULT_FULL && !writes))
        return false;
    faults.calls++;
    bool struck = faults.plan.lasting ? faults.calls >= faults.plan.at
                                      : faults.calls == faults.plan.at;
    faults.failed += struck;
    return struck;
}

static sqlite3_file *real(sqlite3_file *file)
{
    return ((struct file *)(void *)file)->real;
}

static int file_close(sqlite3_file *file)
{
    return real(file)->pMethods->xClose(real(file));
}

static int file_read(sqlite3_file *file, void *to, int length, sqlite3_int64 at)
{
    if (call_fails(false))
        return SQLITE_IOERR_READ;
    return real(file)->pMethods->xRead(real(file), to, length, at);
}

static int file_write(sqlite3_file *file, const void *from, int length, sqlite3_int64 at)
{
    if (!call_fails(true))
        return real(file)->pMethods->xWrite(real(file), from, length, at);
    if (faults.plan.kind == FAULT_IO)
        return SQLITE_IOERR_WRITE;
    /* The part that fits has been written. */
    (void)real(file)->pMethods->xWrite(real(file), from, length / 2, at);
    return SQLITE_FULL;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    if (call_fails(false))
        return SQLITE_IOERR_TRUNCATE;
    return real(file)->pMethods->xTruncate(real(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    return call_fails(false) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    if (call_fails(false))
        return SQLITE_IOERR_FSTAT;
    return real(file)->pMethods->xFileSize(real(file), size);
}

static int file_lock(sqlite3_file *file, int level)
{
    if (call_fails(false))
        return SQLITE_IOERR_LOCK;
    return real(file)->pMethods->xLock(real(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
    if (call_fails(false))
        return SQLITE_IOERR_UNLOCK;
    return real(file)->pMethods->xUnlock(real(file), level);
}

static int file_check_lock(sqlite3_file *file, int *out)
{
    if (call_fails(false))
        return SQLITE_IOERR_CHECKRESERVEDLOCK;
    return real(file)->pMethods->xCheckReservedLock(real(file), out);
}

static int file_control(sqlite3_file *file, int op, void *argument)
{
    return real(file)->pMethods->xFileControl(real(file), op, argument);
}

static int file_sector_size(sqlite3_file *file)
{
    return real(file)->pMethods->xSectorSize(real(file));
}

static int file_characteristics(sqlite3_file *file)
{
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend,
                        void volatile **out)
{
    if (call_fails(true))
        return SQLITE_IOERR_SHMMAP;
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    if (call_fails(false))
        return SQLITE_IOERR_SHMLOCK;
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
    real(file)->pMethods->xShmBarrier(real(file));
}

static int file_shm_unmap(sqlite3_file *file, int delete_flag)
{
    return real(file)->pMethods->xShmUnmap(real(file), delete_flag);
}

/* Version 2: no memory mapping, so all reads go through this file system. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *out, int flags,
                    int *out_flags)
{
    struct file *file = (struct file *)(void *)out;

    (void)vfs;
    file->base.pMethods = NULL;
    file->real = (sqlite3_file *)(void *)(file + 1);
    if (call_fails(false))
        return SQLITE_CANTOPEN;
    int code = faults.real->xOpen(faults.real, name, file->real, flags, out_flags);
    if (code == SQLITE_OK)
        file->base.pMethods = &methods;
    return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    (void)sync;
    if (call_fails(false))
        return SQLITE_IOERR_DELETE;
    return faults.real->xDelete(faults.real, name, 0);
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs;
    if (call_fails(false))
        return SQLITE_IOERR_ACCESS;
    return faults.real->xAccess(faults.real, name, flags, out);
}

static int vfs_full_pathname(sqlite3_vfs *vfs, const char *name, int length, char *out)
{
    (void)vfs;
    if (call_fails(false))
        return SQLITE_CANTOPEN_FULLPATH;
    return faults.real->xFullPathname(faults.real, name, length, out);
}

void fault_vfs_install(void)
{
    static sqlite3_vfs vfs;

    if (faults.real != NULL)
        return;
    faults.real = sqlite3_vfs_find(NULL);
    vfs = *faults.real; /* the rest is that of the real one, including its own data */
    vfs.zName = "fault";
    vfs.pNext = NULL;
    vfs.szOsFile = (int)sizeof(struct file) + faults.real->szOsFile;
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    vfs.xAccess = vfs_access;
    vfs.xFullPathname = vfs_full_pathname;
    assert_int_equal(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}

void fault_vfs_arm(const struct fault_plan *plan)
{
    faults.plan = *plan;
    faults.calls = faults.failed = 0;
    faults.armed = true;
}

int fault_vfs_disarm(void)
{
    faults.armed = false;
    return faults.failed;
}
