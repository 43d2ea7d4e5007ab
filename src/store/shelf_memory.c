#include "shelf_internal.h"

#include "base/memory.h"
#include "sql_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kept {
    char name[SNAPSHOT_NAME_MAX_CHARS + 1];
    int64_t saved_at_ms;
    sqlite3 *db; /* NULL: the slot is free */
};

struct memory {
    struct shelf shelf;
    struct kept kept[SNAPSHOTS_MAX];
};

/* The snapshot of that name, or NULL. */
static struct kept *find_snapshot(struct shelf *shelf, const char *name)
{
    struct memory *memory = (struct memory *)shelf;

    for (size_t i = 0; i < SNAPSHOTS_MAX; i++) {
        if (memory->kept[i].db != NULL && strcmp(memory->kept[i].name, name) == 0)
            return &memory->kept[i];
    }
    return NULL;
}

static int open_scratch(struct shelf *shelf, struct arena *arena, sqlite3 **out)
{
    (void)shelf;
    (void)arena;
    return sqlite3_open_v2(
        ":memory:", out, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
        NULL);
}

static void drop_scratch(struct shelf *shelf, struct arena *arena, sqlite3 *scratch)
{
    (void)shelf;
    (void)arena;
    sqlite3_close(scratch);
}

static struct kept *find_empty(struct shelf *shelf)
{
    struct memory *memory = (struct memory *)shelf;

    for (size_t i = 0; i < SNAPSHOTS_MAX; i++) {
        if (memory->kept[i].db == NULL)
            return &memory->kept[i];
    }
    return NULL;
}

static int keep_snapshot(struct shelf *shelf, struct arena *arena, sqlite3 *scratch,
                         const char *name, int64_t now_ms)
{
    struct kept *place = find_snapshot(shelf, name);

    (void)arena;
    if (place == NULL)
        place = find_empty(shelf);
    if (place == NULL) { /* the caller has checked that there is room */
        sqlite3_close(scratch);
        return SQLITE_FULL;
    }
    sqlite3_close(place->db);
    place->db = scratch;
    place->saved_at_ms = now_ms;
    snprintf(place->name, sizeof(place->name), "%s", name);
    return SQLITE_OK;
}

static int borrow_snapshot(struct shelf *shelf, struct arena *arena, const char *name,
                           sqlite3 **out)
{
    const struct kept *place = find_snapshot(shelf, name);

    (void)arena;
    if (place == NULL)
        return SQLITE_NOTFOUND;
    *out = place->db;
    return SQLITE_OK;
}

static void give_back(sqlite3 *snapshot)
{
    (void)snapshot; /* it stays open */
}

static int remove_snapshot(struct shelf *shelf, struct arena *arena, const char *name)
{
    struct kept *place = find_snapshot(shelf, name);

    (void)arena;
    if (place == NULL)
        return SQLITE_NOTFOUND;
    sqlite3_close(place->db);
    place->db = NULL;
    return SQLITE_OK;
}

static int list_snapshots(struct shelf *shelf, struct arena *arena, struct snapshot **out,
                          size_t *count)
{
    struct memory *memory = (struct memory *)shelf;

    *count = 0;
    *out = arena_alloc(arena, SNAPSHOTS_MAX * sizeof(**out));
    for (size_t i = 0; i < SNAPSHOTS_MAX; i++) {
        const struct kept *kept = &memory->kept[i];
        struct snapshot *entry = &(*out)[*count];
        if (kept->db == NULL)
            continue;
        entry->name = arena_strdup(arena, kept->name);
        entry->saved_at_ms = kept->saved_at_ms;
        int code = sql_read_bytes(kept->db, &entry->bytes);
        if (code != SQLITE_OK)
            return code;
        (*count)++;
    }
    return SQLITE_OK;
}

static void free_memory(struct shelf *shelf)
{
    struct memory *memory = (struct memory *)shelf;

    for (size_t i = 0; i < SNAPSHOTS_MAX; i++)
        sqlite3_close(memory->kept[i].db);
    free(memory);
}

static const struct shelf_kind in_memory = {
    .open_scratch = open_scratch,
    .drop_scratch = drop_scratch,
    .keep = keep_snapshot,
    .borrow = borrow_snapshot,
    .give_back = give_back,
    .remove = remove_snapshot,
    .list = list_snapshots,
    .free = free_memory,
    .max_bytes = SNAPSHOTS_IN_MEMORY_MAX_BYTES,
};

struct shelf *shelf_in_memory(void)
{
    struct memory *memory = mem_zalloc(sizeof(*memory));

    memory->shelf.kind = &in_memory;
    pthread_mutex_init(&memory->shelf.lock, NULL);
    return &memory->shelf;
}
