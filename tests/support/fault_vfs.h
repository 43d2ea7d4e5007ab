/*
 * A file system under SQLite that fails on purpose: it hands every call on to the real
 * one, but for those that the test chose. To sync does nothing, for the machine is not to
 * die, only the process. It is for tests with one thread.
 */
#ifndef TESTS_SUPPORT_FAULT_VFS_H
#define TESTS_SUPPORT_FAULT_VFS_H

#include <stdbool.h>

enum fault_kind {
    FAULT_IO,  /* whatever is called fails, each call with its own error */
    FAULT_FULL /* what writes fails, halfway, because the disk is full */
};

struct fault_plan {
    enum fault_kind kind;
    int at;       /* the first, second, ... call of that kind fails */
    bool lasting; /* and all after it: as if the process died there */
};

/* Puts it under every database that is opened from now on. */
void fault_vfs_install(void);

/* From now on calls are counted and fail by this plan. */
void fault_vfs_arm(const struct fault_plan *plan);

/* All is well again. Answers how many calls failed. */
int fault_vfs_disarm(void);

#endif
