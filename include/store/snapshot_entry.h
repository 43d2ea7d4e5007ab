/*
 * The name and size of a snapshot, and the limits on both.
 */
#ifndef STORE_SNAPSHOT_ENTRY_H
#define STORE_SNAPSHOT_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SNAPSHOT_NAME_MAX_CHARS = 64,
    SNAPSHOTS_MAX = 100,
    SNAPSHOTS_IN_MEMORY_MAX_BYTES = 256 * 1024 * 1024, /* of all snapshots together */
};

struct snapshot {
    const char *name;
    int64_t saved_at_ms;
    int64_t bytes;
};

/* Whether this is a valid name of a snapshot: [A-Za-z0-9_-]{1,64}, so that it can never
 * be a path. */
bool snapshot_is_name(const char *name);

#endif
