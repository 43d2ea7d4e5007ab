#include "snapshots.h"

#include "support/cmocka_all.h"

enum snapshot_result place_save(struct place *place, struct store *store,
                                const char *name)
{
    const char *why = NULL;

    return snapshot_save(store, name, SAVED_AT_MS, place->arena, &why);
}

enum snapshot_result place_restore(struct place *place, struct store *store,
                                   const char *name, const char **why)
{
    return snapshot_restore(store, name, NULL, place->arena, why);
}

void place_must_save(struct place *place, struct store *store, const char *name)
{
    assert_int_equal(place_save(place, store, name), SNAPSHOT_DONE);
}

void place_must_restore(struct place *place, struct store *store, const char *name)
{
    const char *why = "";
    enum snapshot_result result = place_restore(place, store, name, &why);

    if (result != SNAPSHOT_DONE)
        fail_msg("%d: %s", (int)result, why);
}

size_t place_snapshots(struct place *place, struct store *store,
                       const struct snapshot **out)
{
    const char *why = NULL;
    size_t count = 99;

    assert_int_equal(snapshot_list(store, place->arena, out, &count, &why),
                     SNAPSHOT_DONE);
    return count;
}

bool place_has(struct place *place, struct store *store, const char *channel)
{
    return store_has_channel(store, place->arena, channel);
}

const char *place_snapshot_path(struct place *place, const char *name)
{
    return arena_printf(place->arena, "%s.snapshots/%s.db", place->path, name);
}
