#include "disk.h"

#include "base/memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmocka_all.h"

enum { ENVIRONMENT_MAX = 4 };

struct disk {
    struct disk_control *control; /* shared with the program */
    const char *folder;
    const char *record_path;
    const char *environment[ENVIRONMENT_MAX];
};

static struct disk_control *map_control(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, sizeof(struct disk_control)), 0);
    void *mapped = mmap(NULL, sizeof(struct disk_control), PROT_READ | PROT_WRITE,
                        MAP_SHARED, fd, 0);
    assert_true(mapped != MAP_FAILED);
    close(fd);
    return mapped;
}

/* The address sanitizer insists on being loaded first, because it could miss what others
 * allocate; the shim allocates nothing. */
static const char *sanitizer_options(struct arena *arena)
{
    const char *present = getenv("ASAN_OPTIONS");

    return arena_printf(arena, "ASAN_OPTIONS=%s%sverify_asan_link_order=0",
                        present != NULL ? present : "", present != NULL ? ":" : "");
}

struct disk *disk_new(struct arena *arena, const char *directory)
{
    struct disk *disk = arena_alloc(arena, sizeof(*disk));
    const char *control = arena_printf(arena, "%s/control", directory);

    disk->folder = arena_printf(arena, "%s/disk", directory);
    disk->record_path = arena_printf(arena, "%s" DISK_SHIM_RECORD, control);
    disk->environment[0] = "LD_PRELOAD=" DISK_SHIM_LIBRARY;
    disk->environment[1] = arena_printf(arena, DISK_SHIM_VARIABLE "=%s", control);
    disk->environment[2] = sanitizer_options(arena);
    assert_int_equal(mkdir(disk->folder, 0700), 0);
    disk->control = map_control(control);
    assert_true(strlen(disk->folder) < sizeof(disk->control->folder));
    memcpy(disk->control->folder, disk->folder, strlen(disk->folder) + 1);
    return disk;
}

void disk_free(struct disk *disk)
{
    if (disk != NULL)
        (void)munmap(disk->control, sizeof(*disk->control));
}

const char *disk_folder(const struct disk *disk)
{
    return disk->folder;
}

const char *const *disk_environment(const struct disk *disk)
{
    return disk->environment;
}

void disk_arm(struct disk *disk, const struct disk_plan *plan)
{
    struct disk_control *control = disk->control;

    atomic_store(&control->fault, (int)plan->fault);
    atomic_store(&control->error, plan->error);
    atomic_store(&control->at, plan->at);
    atomic_store(&control->lasting, plan->lasting);
    atomic_store(&control->counted, 0);
    atomic_store(&control->struck, 0);
    atomic_store(&control->calls, plan->calls);
}

int disk_disarm(struct disk *disk)
{
    atomic_store(&disk->control->calls, 0);
    return atomic_load(&disk->control->struck);
}

void disk_record(struct disk *disk)
{
    atomic_store(&disk->control->recording, 1);
}

long disk_recorded(const struct disk *disk)
{
    return atomic_load(&disk->control->recorded);
}

char *disk_read_record(struct disk *disk, size_t *length)
{
    struct stat status;
    FILE *file = fopen(disk->record_path, "rb");

    assert_int_equal(atomic_load(&disk->control->unknown), 0);
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &status), 0);
    *length = (size_t)status.st_size;
    char *bytes = mem_alloc(*length);
    assert_int_equal(fread(bytes, 1, *length, file), *length);
    fclose(file);
    return bytes;
}
