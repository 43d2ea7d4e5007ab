/*
 * A file system for SQLite that fails on purpose: it passes every call to the real one,
 * except those that the test chose. Syncing does nothing, because only the process dies
 * in the tests, not the machine. It is for tests with one thread.
 */
#ifndef TESTS_SUPPORT_FAULT_VFS_H
#define TESTS_SUPPORT_FAULT_VFS_H

#include <stdbool.h>

enum fault_kind {
    FAULT_IO,  /* every call fails, with the error of its kind */
    FAULT_FULL /* every write fails halfway, because the disk is full */
};

struct fault_plan {
    enum fault_kind kind;
    int at;       /* the first, second, ... call of that kind fails */
    bool lasting; /* and all later ones: as if the process died there */
};

/* Installs it for every database that is opened from now on. */
void fault_vfs_install(void);

/* From now on calls are counted and fail by this plan. */
void fault_vfs_arm(const struct fault_plan *plan);

/* Stops failing. Returns the number of calls that failed. */
int fault_vfs_disarm(void);

#endif
