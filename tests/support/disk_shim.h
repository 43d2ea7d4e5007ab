/*
 * A library that is preloaded into the program (disk_shim.c): it records the calls that
 * change files, makes chosen ones fail, or kills the program at one of them. This is what
 * it and the tests share; tests use support/disk.h.
 */
#ifndef TESTS_SUPPORT_DISK_SHIM_H
#define TESTS_SUPPORT_DISK_SHIM_H

#include <stdatomic.h>
#include <stdint.h>

/* The variable that has the path of the control file: a struct disk_control, which both
 * map. The record is next to it, with this ending. */
#define DISK_SHIM_VARIABLE "DISK_SHIM"
#define DISK_SHIM_RECORD ".record"

enum { DISK_FOLDER_MAX_BYTES = 1024 };

/* The kinds of calls. Other calls are not touched. */
enum disk_call {
    DISK_OPEN = 1 << 0,
    DISK_WRITE = 1 << 1,
    DISK_TRUNCATE = 1 << 2,
    DISK_SYNC = 1 << 3,
    DISK_RENAME = 1 << 4,
    DISK_UNLINK = 1 << 5,
    DISK_MKDIR = 1 << 6,
    DISK_MAP = 1 << 7,
    DISK_CHANGES =
        DISK_WRITE | DISK_TRUNCATE | DISK_SYNC | DISK_RENAME | DISK_UNLINK | DISK_MKDIR,
    DISK_ANY = DISK_CHANGES | DISK_OPEN | DISK_MAP
};

enum disk_fault {
    DISK_FAIL,        /* the call does nothing and returns the error */
    DISK_SHORT,       /* a write writes half of its bytes and returns their number; other
                       * calls succeed */
    DISK_FILLS,       /* a write writes half of its bytes, the next one returns the error,
                       * and so on; other calls return the error */
    DISK_KILL_BEFORE, /* the program is killed before the call */
    DISK_KILL_MIDWAY, /* when half of the bytes are written; other calls: before it */
    DISK_KILL_AFTER   /* when the call is done, before the program knows */
};

/* Zeroed at first. The test writes the plan, then `calls`, which starts it. */
struct disk_control {
    char folder[DISK_FOLDER_MAX_BYTES]; /* calls on it, and on what is below it, count */
    atomic_int calls;                   /* kinds to which the plan applies; 0: no plan */
    atomic_int fault;
    atomic_int error; /* an errno */
    atomic_int at;    /* the first, second, ... call of these kinds */
    atomic_int lasting;
    atomic_int counted; /* calls of these kinds since the plan started */
    atomic_int struck;  /* of these, how many the fault was applied to */
    atomic_int recording;
    atomic_long recorded; /* calls in the record */
    atomic_int unknown;   /* calls that changed a file in a way that is not recorded */
};

enum disk_record_kind {
    DISK_RECORD_CREATE, /* a file of that name and inode */
    DISK_RECORD_MKDIR,
    DISK_RECORD_WRITE,
    DISK_RECORD_TRUNCATE,    /* to the size `at` */
    DISK_RECORD_SYNC,        /* of a file */
    DISK_RECORD_SYNC_FOLDER, /* of that name */
    DISK_RECORD_RENAME,      /* two names, each with its zero byte */
    DISK_RECORD_UNLINK
};

/* The beginning of each call in the record; `length` bytes follow, written bytes or names
 * with their zero bytes. A name is what follows the path of the folder: "" or "/ivs.db".
 * Only calls that succeeded are recorded, in their order. */
struct disk_record {
    uint32_t kind;
    uint32_t length;
    uint64_t inode; /* is used again after the file was removed */
    int64_t at;
};

#endif
