/*
 * Shortcuts that save and restore snapshots of a place's database.
 */
#ifndef TESTS_UNIT_SNAPSHOTS_H
#define TESTS_UNIT_SNAPSHOTS_H

#include "store/snapshot.h"
#include "store_files.h"

enum { PAGE_BYTES = 2048, SAVED_AT = 1617753600 };

/* The time of the snapshots that the functions below save. */
#define SAVED_AT_MS (SAVED_AT * INT64_C(1000) + 250)

enum snapshot_result place_save(struct place *place, struct store *store,
                                const char *name) NODISCARD;
enum snapshot_result place_restore(struct place *place, struct store *store,
                                   const char *name, const char **why) NODISCARD;

/* The same; the test fails unless it succeeds. */
void place_must_save(struct place *place, struct store *store, const char *name);
void place_must_restore(struct place *place, struct store *store, const char *name);

/* Reads all snapshots into *out. Returns their number. */
size_t place_snapshots(struct place *place, struct store *store,
                       const struct snapshot **out);

/* Whether the channel exists. */
bool place_has(struct place *place, struct store *store, const char *channel);

/* The path of a snapshot of a database file. */
const char *place_snapshot_path(struct place *place, const char *name);

#endif
