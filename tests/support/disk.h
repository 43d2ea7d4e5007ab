/*
 * The disk of a program: a folder in which the calls that change files are recorded, made
 * to fail, or used to kill the program (support/disk_shim.h). For one program at a time.
 */
#ifndef TESTS_SUPPORT_DISK_H
#define TESTS_SUPPORT_DISK_H

#include "base/arena.h"
#include "base/attrs.h"
#include "disk_shim.h"

#include <stdbool.h>
#include <stddef.h>

struct disk;

/* What happens to which calls. */
struct disk_plan {
    int calls; /* kinds of enum disk_call */
    enum disk_fault fault;
    int error;    /* an errno, for faults that return one */
    int at;       /* the first, second, ... call of these kinds */
    bool lasting; /* and all later ones */
};

/* A disk whose folder, which is new and empty, is in an existing directory. It lives as
 * long as the arena, but disk_free() unmaps what it shares. */
struct disk *disk_new(struct arena *arena, const char *directory) NODISCARD;

/* Accepts NULL. */
void disk_free(struct disk *disk);

/* The path of its folder. */
const char *disk_folder(const struct disk *disk);

/* The environment of a program that uses the disk, as for program_start(). */
const char *const *disk_environment(const struct disk *disk);

/* From now on, calls are counted and the plan applies. */
void disk_arm(struct disk *disk, const struct disk_plan *plan);

/* The plan no longer applies. Returns the number of calls that the fault was applied to.
 */
int disk_disarm(struct disk *disk);

/* From now on, calls are recorded. */
void disk_record(struct disk *disk);

/* The number of recorded calls so far. */
long disk_recorded(const struct disk *disk);

/* The bytes of the record, as support/disk_shim.h describes them. The test fails if a
 * change was made that cannot be recorded. The caller frees them. */
char *disk_read_record(struct disk *disk, size_t *length) NODISCARD;

#endif
