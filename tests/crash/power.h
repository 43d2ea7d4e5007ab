/*
 * A model of a disk that loses power: from the record of a program's calls, it makes the
 * files that the disk may have afterwards.
 *
 * What was synced is there. A write that was not synced is there or not, in units of a
 * sector, and a later one may be there without an earlier one; the same for sizes. The
 * changes of a folder (created, renamed and removed names) are kept in their order, of
 * which the folder's next sync makes all durable, and no sync of anything else: that is
 * all that POSIX promises.
 */
#ifndef TESTS_CRASH_POWER_H
#define TESTS_CRASH_POWER_H

#include "base/attrs.h"
#include "base/ids.h"

#include <stddef.h>

enum power_loss {
    POWER_KEPT, /* only the program died: everything is there */
    POWER_LOST,
    /* Without chance: of what was not synced, writes of at most a sector and sizes are
     * there, and longer writes and names are not. So a journal may have its frame
     * without its pages. */
    POWER_LOST_BUT_SMALL,
    POWER_LOST_BUT_SMALL_AND_NAMES /* the same, and names are there, too */
};

/* A place in the record to cut it at. */
struct power_cut {
    const char *record; /* as support/disk_shim.h describes it */
    size_t record_bytes;
    long calls; /* the first ones of the record are made */
    enum power_loss loss;
    const char *log; /* the name of the database's log in the record */
};

/*
 * Writes the files after the cut into a folder that does not exist yet. What is left to
 * chance comes from `chance`. Returns how many of the calls are certain to be on the
 * disk as far as they wrote to the log.
 */
long power_cut(const struct power_cut *cut, struct ids *chance,
               const char *folder) NODISCARD;

/* The numbers of the calls in the record that sync a file or a folder, followed by 0. The
 * caller frees them. The first call has the number 1. */
long *power_find_syncs(const char *record, size_t record_bytes) NODISCARD;

#endif
