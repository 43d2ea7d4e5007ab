/*
 * Each call of the file system fails in turn while a snapshot is saved or restored: the
 * state and the snapshot are the old or the new ones, and what was acknowledged has
 * happened.
 */
#include "store/snapshot.h"

#include "base/log.h"
#include "store_files.h"
#include "support/db_image.h"
#include "support/fault_vfs.h"

#include <string.h>
#include <unistd.h>

#include "support/cmocka_all.h"

struct torture {
    struct place *place;
    const char *prepared; /* the database before, closed */
    const char *snapshot; /* where the snapshot is */
    const char *bytes;    /* of the old snapshot */
    size_t length;
    const char *present; /* the contents of the database */
    const char *past;    /* the contents of the snapshot */
};

static enum snapshot_result save(struct store *store, struct arena *arena,
                                 const char **why)
{
    return snapshot_save(store, "clean", 0, arena, why);
}

static enum snapshot_result restore(struct store *store, struct arena *arena,
                                    const char **why)
{
    return snapshot_restore(store, "clean", NULL, arena, why);
}

typedef enum snapshot_result request(struct store *store, struct arena *arena,
                                     const char **why);

static void prepare(struct torture *torture, struct place *place)
{
    struct place file = {.arena = place->arena};
    const char *why = NULL;

    *torture = (struct torture){.place = place};
    torture->prepared = arena_printf(place->arena, "%s/prepared.db", place->directory);
    torture->snapshot = arena_printf(place->arena, "%s.snapshots/clean.db", place->path);
    struct store *store = place_open_unverified(place);
    store_add_channel(store, place->arena, "past");
    assert_int_equal(save(store, place->arena, &why), SNAPSHOT_DONE);
    store_add_channel(store, place->arena, "present");
    store_close(store);
    db_copy(place->arena, place->path, torture->prepared);
    torture->present = db_text(place->arena, place->path);
    torture->past = db_text(place->arena, torture->snapshot);
    assert_string_not_equal(torture->present, torture->past);
    file.path = torture->snapshot;
    torture->bytes = place_read(&file, &torture->length);
}

/* Puts both back as they were prepared. */
static struct store *open_prepared(struct torture *torture)
{
    struct place file = {.path = torture->snapshot};

    db_copy(torture->place->arena, torture->prepared, torture->place->path);
    place_write(&file, torture->bytes, torture->length);
    return place_open_unverified(torture->place);
}

static void assert_says(const struct torture *torture, const struct fault_plan *plan,
                        const char *path, const char *expected)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *text = db_text(arena, path);

    if (strcmp(text, expected) != 0)
        fail_msg("fault %d of kind %d%s: %s contains\n%s\ninstead of\n%s", plan->at,
                 plan->kind, plan->lasting ? ", lasting" : "",
                 strcmp(path, torture->snapshot) == 0 ? "the snapshot" : "the database",
                 text, expected);
}

/* Whether the plan made a call fail. A lasting one fails calls until the store is
 * closed. */
static bool survives(struct torture *torture, request *what,
                     const struct fault_plan *plan)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *path = torture->place->path;
    const char *why = NULL;
    int struck = 0;
    struct store *store = open_prepared(torture);

    store_run(store, arena, "PRAGMA shrink_memory");
    fault_vfs_arm(plan);
    enum snapshot_result result = what(store, arena, &why);
    if (!plan->lasting)
        struck = fault_vfs_disarm();
    store_close(store);
    if (plan->lasting)
        struck = fault_vfs_disarm();

    if (result != SNAPSHOT_DONE && result != SNAPSHOT_FAILED)
        fail_msg("fault %d of kind %d: %d: %s", plan->at, plan->kind, (int)result, why);
    if (result != SNAPSHOT_DONE)
        assert_non_null(strstr(why, "snapshot clean"));
    bool done = result == SNAPSHOT_DONE;
    assert_true(done || struck > 0);
    assert_says(torture, plan, path,
                done && what == restore ? torture->past : torture->present);
    assert_says(torture, plan, torture->snapshot,
                done && what == save ? torture->present : torture->past);
    store = place_open_unverified(torture->place);
    assert_int_equal(restore(store, arena, &why), SNAPSHOT_DONE);
    store_close(store);
    return struck > 0;
}

static void torture_all(struct place *place, request *what)
{
    struct torture torture;

    prepare(&torture, place);
    for (int kind = FAULT_IO; kind <= FAULT_FULL; kind++) {
        for (int lasting = 0; lasting <= 1; lasting++) {
            struct fault_plan plan = {
                .kind = (enum fault_kind)kind, .lasting = lasting == 1, .at = 1};
            while (survives(&torture, what, &plan))
                plan.at++;
            print_message("%d faults of kind %d\n", plan.at - 1, kind);
        }
    }
}

static void a_failed_save_leaves_the_old_or_the_new_snapshot(void **state)
{
    torture_all(*state, save);
}

static void a_failed_restore_leaves_the_old_or_the_new_state(void **state)
{
    torture_all(*state, restore);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(a_failed_save_leaves_the_old_or_the_new_snapshot),
        PLACE_TEST(a_failed_restore_leaves_the_old_or_the_new_state),
    };

    log_set_level(LOG_ERROR);
    fault_vfs_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
