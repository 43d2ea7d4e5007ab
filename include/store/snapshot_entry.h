/*
 * What a snapshot is called, and how many there can be.
 */
#ifndef STORE_SNAPSHOT_ENTRY_H
#define STORE_SNAPSHOT_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SNAPSHOT_NAME_MAX_CHARS = 64,
    SNAPSHOTS_MAX = 100,
    SNAPSHOTS_IN_MEMORY_MAX_BYTES = 256 * 1024 * 1024, /* all together */
};

struct snapshot {
    const char *name;
    int64_t saved_at_ms;
    int64_t bytes;
};

/* Whether this can name a snapshot: [A-Za-z0-9_-]{1,64}, so that it is never a path. */
bool snapshot_is_name(const char *name);

#endif
