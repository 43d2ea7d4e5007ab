/*
 * The preloaded library. It replaces the functions of the C library by which SQLite and
 * our own code change files. One lock is held over each call and its record, so that the
 * record has the order in which the calls took effect.
 */
#include "disk_shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The functions of the C library. */
static struct {
    int (*open)(const char *path, int flags, ...);
    ssize_t (*write)(int fd, const void *bytes, size_t length);
    ssize_t (*pwrite)(int fd, const void *bytes, size_t length, off64_t at);
    int (*ftruncate)(int fd, off64_t size);
    int (*fsync)(int fd);
    int (*fdatasync)(int fd);
    int (*rename)(const char *from, const char *to);
    int (*unlink)(const char *path);
    int (*mkdir)(const char *path, mode_t mode);
    void *(*mmap)(void *at, size_t length, int protection, int flags, int fd,
                  off64_t offset);
    int (*fallocate)(int fd, int mode, off64_t at, off64_t length);
    int (*posix_fallocate)(int fd, off64_t at, off64_t length);
} real;

static pthread_once_t functions_loaded = PTHREAD_ONCE_INIT;
static pthread_once_t control_mapped = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct disk_control *control; /* NULL: the program does not run under a test */
static char real_folder[PATH_MAX];   /* without symbolic links */
static int record_fd = -1;

static void load_function(void *function, const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);

    if (found == NULL)
        abort();
    memcpy(function, &found,
           sizeof(found)); /* C has no cast to a pointer to a function */
}

static void load_functions(void)
{
    load_function(&real.open, "open64");
    load_function(&real.write, "write");
    load_function(&real.pwrite, "pwrite64");
    load_function(&real.ftruncate, "ftruncate64");
    load_function(&real.fsync, "fsync");
    load_function(&real.fdatasync, "fdatasync");
    load_function(&real.rename, "rename");
    load_function(&real.unlink, "unlink");
    load_function(&real.mkdir, "mkdir");
    load_function(&real.mmap, "mmap64");
    load_function(&real.fallocate, "fallocate64");
    load_function(&real.posix_fallocate, "posix_fallocate64");
}

static void open_record(const char *path)
{
    char record[PATH_MAX];

    snprintf(record, sizeof(record), "%s%s", path, DISK_SHIM_RECORD);
    record_fd = real.open(record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (record_fd < 0)
        abort();
}

static void map_control(void)
{
    const char *path = getenv(DISK_SHIM_VARIABLE);

    if (path == NULL)
        return;
    int fd = real.open(path, O_RDWR | O_CLOEXEC);
    void *mapped =
        real.mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd < 0 || mapped == MAP_FAILED)
        abort();
    close(fd);
    open_record(path);
    if (realpath(((struct disk_control *)mapped)->folder, real_folder) == NULL)
        abort();
    control = mapped;
}

/* Sanitizers call these functions before the process has an environment. */
static void load_shim(void)
{
    (void)pthread_once(&functions_loaded, load_functions);
    if (environ != NULL)
        (void)pthread_once(&control_mapped, map_control);
}

/* A call on a file begins: whether it concerns the test. Takes the lock if so. */
static bool begin_call(const char *name)
{
    if (name == NULL)
        return false;
    pthread_mutex_lock(&lock);
    return true;
}

/* The call ends with this error, if it failed. */
static void end_call(int error)
{
    pthread_mutex_unlock(&lock);
    errno = error;
}

/* What follows the folder in the path, or NULL: it is not in the folder. */
static const char *strip_folder(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    return strncmp(path, folder, length) == 0 &&
                   (path[length] == '/' || path[length] == '\0')
               ? path + length
               : NULL;
}

/* The name of a path in the record; NULL: it does not concern the test. */
static const char *name_of_path(const char *path)
{
    load_shim();
    if (control == NULL)
        return NULL;
    const char *name = strip_folder(path, control->folder);
    return name != NULL ? name : strip_folder(path, real_folder);
}

/* The same for an open file. The name is in `out`. */
static const char *name_of_file(int fd, char out[PATH_MAX])
{
    char descriptor[sizeof("/proc/self/fd/-2147483648")];
    int error = errno;

    load_shim();
    if (control == NULL)
        return NULL;
    snprintf(descriptor, sizeof(descriptor), "/proc/self/fd/%d", fd);
    ssize_t length = readlink(descriptor, out, PATH_MAX - 1);
    errno = error;
    if (length < 0)
        return NULL;
    out[length] = '\0';
    return name_of_path(out);
}

static void kill_program(void)
{
    (void)kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

/* What happens to a call. */
enum outcome { PASS, FAIL, HALF, HALF_AND_DIE, DIE_AFTER };

/* The fault that is applied to the call. */
static enum outcome apply_fault(enum disk_call call, int struck)
{
    bool writes = call == DISK_WRITE;

    switch ((enum disk_fault)atomic_load(&control->fault)) {
    case DISK_FAIL:
        return FAIL;
    case DISK_SHORT:
        return writes ? HALF : PASS;
    case DISK_FILLS:
        return writes && struck % 2 == 1 ? HALF : FAIL;
    case DISK_KILL_BEFORE:
        kill_program();
        break;
    case DISK_KILL_MIDWAY:
        if (writes)
            return HALF_AND_DIE;
        kill_program();
        break;
    case DISK_KILL_AFTER:
        return DIE_AFTER;
    }
    return PASS;
}

/* Counts a call under the lock, and decides what happens to it. */
static enum outcome decide_outcome(enum disk_call call)
{
    if ((atomic_load(&control->calls) & (int)call) == 0)
        return PASS;
    int counted = atomic_fetch_add(&control->counted, 1) + 1;
    int at = atomic_load(&control->at);
    bool strikes = atomic_load(&control->lasting) != 0 ? counted >= at : counted == at;
    /* A disk that fills refuses the rest of the write that it shortened. */
    if (atomic_load(&control->fault) == DISK_FILLS && counted == at + 1)
        strikes = true;
    if (!strikes)
        return PASS;
    return apply_fault(call, atomic_fetch_add(&control->struck, 1) + 1);
}

static void write_all(const void *bytes, size_t length)
{
    if (real.write(record_fd, bytes, length) != (ssize_t)length)
        abort();
}

static void add_record(const struct disk_record *head, const void *bytes)
{
    if (atomic_load(&control->recording) == 0)
        return;
    write_all(head, sizeof(*head));
    if (head->length > 0)
        write_all(bytes, head->length);
    atomic_fetch_add(&control->recorded, 1);
}

static void record_name(enum disk_record_kind kind, const char *name, uint64_t inode)
{
    add_record(&(struct disk_record){.kind = kind,
                                     .length = (uint32_t)strlen(name) + 1,
                                     .inode = inode},
               name);
}

static uint64_t inode_of(int fd)
{
    struct stat status;

    if (fstat(fd, &status) != 0)
        abort();
    return status.st_ino;
}

static void record_open(const char *name, int flags, bool existed, int fd)
{
    if ((flags & O_CREAT) != 0 && !existed)
        record_name(DISK_RECORD_CREATE, name, inode_of(fd));
    else if ((flags & O_TRUNC) != 0)
        add_record(
            &(struct disk_record){.kind = DISK_RECORD_TRUNCATE, .inode = inode_of(fd)},
            NULL);
}

static int open_path(const char *path, int flags, mode_t mode)
{
    const char *name = name_of_path(path);
    struct stat status;

    if (!begin_call(name))
        return real.open(path, flags, mode);
    bool existed = stat(path, &status) == 0;
    enum outcome outcome = decide_outcome(DISK_OPEN);
    int fd = outcome == FAIL ? -1 : real.open(path, flags, mode);
    int error = outcome == FAIL ? atomic_load(&control->error) : errno;
    if (fd >= 0)
        record_open(name, flags, existed, fd);
    if (outcome == DIE_AFTER)
        kill_program();
    end_call(error);
    return fd;
}

/* Writes, at the position of the file if `at` is negative. */
static ssize_t write_real(int fd, const void *bytes, size_t length, off64_t at)
{
    return at < 0 ? real.write(fd, bytes, length) : real.pwrite(fd, bytes, length, at);
}

static ssize_t write_watched(int fd, const void *bytes, size_t length, off64_t at)
{
    off64_t from = at < 0 ? lseek64(fd, 0, SEEK_CUR) : at;
    enum outcome outcome = decide_outcome(DISK_WRITE);
    bool half = outcome == HALF || outcome == HALF_AND_DIE;

    if (outcome == FAIL) {
        errno = atomic_load(&control->error);
        return -1;
    }
    /* Never 0 bytes, which no file system writes. */
    ssize_t written = write_real(fd, bytes, half ? length - length / 2 : length, at);
    if (written > 0)
        add_record(&(struct disk_record){.kind = DISK_RECORD_WRITE,
                                         .length = (uint32_t)written,
                                         .inode = inode_of(fd),
                                         .at = from},
                   bytes);
    if (outcome == HALF_AND_DIE || outcome == DIE_AFTER)
        kill_program();
    return written;
}

static ssize_t write_file(int fd, const void *bytes, size_t length, off64_t at)
{
    char path[PATH_MAX];

    if (!begin_call(name_of_file(fd, path)))
        return write_real(fd, bytes, length, at);
    ssize_t written = write_watched(fd, bytes, length, at);
    end_call(errno);
    return written;
}

static int truncate_file(int fd, off64_t size)
{
    char path[PATH_MAX];

    if (!begin_call(name_of_file(fd, path)))
        return real.ftruncate(fd, size);
    enum outcome outcome = decide_outcome(DISK_TRUNCATE);
    int code = outcome == FAIL ? -1 : real.ftruncate(fd, size);
    int error = outcome == FAIL ? atomic_load(&control->error) : errno;
    if (code == 0)
        add_record(&(struct disk_record){.kind = DISK_RECORD_TRUNCATE,
                                         .inode = inode_of(fd),
                                         .at = size},
                   NULL);
    if (outcome == DIE_AFTER)
        kill_program();
    end_call(error);
    return code;
}

static void record_sync(int fd, const char *name)
{
    struct stat status;

    if (fstat(fd, &status) != 0)
        abort();
    if (S_ISDIR(status.st_mode))
        record_name(DISK_RECORD_SYNC_FOLDER, name, status.st_ino);
    else
        add_record(
            &(struct disk_record){.kind = DISK_RECORD_SYNC, .inode = status.st_ino},
            NULL);
}

/* The disk of a test loses nothing but what the model of a power cut drops from the
 * record, so the sync itself is left out: it would only take time. */
static int sync_file(int fd, int (*sync)(int fd))
{
    char path[PATH_MAX];
    const char *name = name_of_file(fd, path);

    if (!begin_call(name))
        return sync(fd);
    enum outcome outcome = decide_outcome(DISK_SYNC);
    int error = outcome == FAIL ? atomic_load(&control->error) : errno;
    if (outcome != FAIL)
        record_sync(fd, name);
    if (outcome == DIE_AFTER)
        kill_program();
    end_call(error);
    return outcome == FAIL ? -1 : 0;
}

static void record_rename(const char *from, const char *to)
{
    char names[2 * PATH_MAX];

    if (to == NULL) { /* it was moved out of the folder */
        atomic_fetch_add(&control->unknown, 1);
        return;
    }
    size_t from_bytes = strlen(from) + 1, to_bytes = strlen(to) + 1;
    memcpy(names, from, from_bytes);
    memcpy(names + from_bytes, to, to_bytes);
    add_record(&(struct disk_record){.kind = DISK_RECORD_RENAME,
                                     .length = (uint32_t)(from_bytes + to_bytes)},
               names);
}

static void record_change(enum disk_call call, const char *name, const char *to)
{
    if (call == DISK_MKDIR)
        record_name(DISK_RECORD_MKDIR, name, 0);
    else if (call == DISK_UNLINK)
        record_name(DISK_RECORD_UNLINK, name, 0);
    else
        record_rename(name, name_of_path(to));
}

/* Removes, renames or creates what has a name. */
static int change_path(enum disk_call call, const char *path, const char *to, mode_t mode)
{
    if (call == DISK_MKDIR)
        return real.mkdir(path, mode);
    return call == DISK_UNLINK ? real.unlink(path) : real.rename(path, to);
}

static int change_name(enum disk_call call, const char *path, const char *to, mode_t mode)
{
    const char *name = name_of_path(path);

    if (!begin_call(name))
        return change_path(call, path, to, mode);
    enum outcome outcome = decide_outcome(call);
    int code = outcome == FAIL ? -1 : change_path(call, path, to, mode);
    int error = outcome == FAIL ? atomic_load(&control->error) : errno;
    if (code == 0)
        record_change(call, name, to);
    if (outcome == DIE_AFTER)
        kill_program();
    end_call(error);
    return code;
}

static void *map_file(void *at, size_t length, int protection, int flags, int fd,
                      off64_t offset)
{
    char path[PATH_MAX];

    if (fd < 0 || !begin_call(name_of_file(fd, path))) {
        load_shim();
        return real.mmap(at, length, protection, flags, fd, offset);
    }
    enum outcome outcome = decide_outcome(DISK_MAP);
    void *mapped = outcome == FAIL ? MAP_FAILED
                                   : real.mmap(at, length, protection, flags, fd, offset);
    int error = outcome == FAIL ? atomic_load(&control->error) : errno;
    if ((flags & MAP_SHARED) != 0 && (protection & PROT_WRITE) != 0)
        atomic_fetch_add(&control->unknown, 1);
    if (outcome == DIE_AFTER)
        kill_program();
    end_call(error);
    return mapped;
}

static void note_unknown(int fd)
{
    char path[PATH_MAX];

    if (name_of_file(fd, path) != NULL)
        atomic_fetch_add(&control->unknown, 1);
}

/* The replaced functions, with both widths of off_t, which is the same on 64 bits. */

static mode_t mode_of(int flags, va_list args)
{
    bool creates = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;

    return creates ? va_arg(args, mode_t) : 0;
}

/* The C library's header names the parameters of these functions by reserved names:
 * NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

int open(const char *path, int flags, ...)
{
    va_list args;

    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return open_path(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list args;

    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return open_path(path, flags, mode);
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    return write_file(fd, bytes, length, -1);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at)
{
    return write_file(fd, bytes, length, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at)
{
    return write_file(fd, bytes, length, at);
}

int ftruncate(int fd, off_t size)
{
    return truncate_file(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    return truncate_file(fd, size);
}

int fsync(int fd)
{
    load_shim();
    return sync_file(fd, real.fsync);
}

int fdatasync(int fd)
{
    load_shim();
    return sync_file(fd, real.fdatasync);
}

int rename(const char *from, const char *to)
{
    return change_name(DISK_RENAME, from, to, 0);
}

int unlink(const char *path)
{
    return change_name(DISK_UNLINK, path, NULL, 0);
}

int mkdir(const char *path, mode_t mode)
{
    return change_name(DISK_MKDIR, path, NULL, mode);
}

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset)
{
    return map_file(at, length, protection, flags, fd, offset);
}

void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset)
{
    return map_file(at, length, protection, flags, fd, offset);
}

int fallocate(int fd, int mode, off_t at, off_t length)
{
    note_unknown(fd);
    return real.fallocate(fd, mode, at, length);
}

int fallocate64(int fd, int mode, off64_t at, off64_t length)
{
    note_unknown(fd);
    return real.fallocate(fd, mode, at, length);
}

int posix_fallocate(int fd, off_t at, off_t length)
{
    note_unknown(fd);
    return real.posix_fallocate(fd, at, length);
}

int posix_fallocate64(int fd, off64_t at, off64_t length)
{
    note_unknown(fd);
    return real.posix_fallocate(fd, at, length);
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
