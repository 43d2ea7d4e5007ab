/*
 * The space of deleted rows comes back: in the database, in its file, and in snapshots.
 */
#include "../../src/store/sql_internal.h"
#include "../../src/store/store_internal.h"
#include "snapshots.h"

#include <string.h>
#include <sys/stat.h>

#include "support/cmocka_all.h"

#define MIB (INT64_C(1024) * 1024)

/* More than five megabytes. */
static void add_events(struct place *place, struct store *store)
{
    store_run(store, place->arena,
              "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
              " LIMIT 6000) INSERT INTO event (account, region, detail_type, envelope)"
              " SELECT '0', 'r', 't', '{\"x\":\"' || hex(zeroblob(500)) || '\"}' FROM n");
}

static void delete_events(struct place *place, struct store *store)
{
    store_run(store, place->arena, "DELETE FROM event");
}

static int64_t size_of(struct store *store)
{
    int64_t bytes = 0;

    assert_int_equal(sql_read_bytes(store->db, &bytes), SQLITE_OK);
    return bytes;
}

static int64_t file_size(const char *path)
{
    struct stat status;

    assert_int_equal(stat(path, &status), 0);
    return status.st_size;
}

static void a_database_shrinks(void **state)
{
    struct place *place = *state;
    const char *const paths[] = {place->path, ":memory:"};

    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        const char *why = NULL;
        struct store *store = store_open(paths[i], place->arena, &why);
        store_add_channel(store, place->arena, "lobby");
        add_events(place, store);
        store_add_channel(store, place->arena, "later"); /* in the last page */
        delete_events(place, store);
        assert_true(size_of(store) > 5 * MIB);

        store_shrink(store);

        assert_true(size_of(store) < 2 * MIB);
        assert_true(store_has_channel(store, place->arena, "lobby"));
        assert_true(store_has_channel(store, place->arena, "later"));
        store_close(store);
    }
    assert_true(file_size(place->path) < 2 * MIB);
    store_close(place_open(place));
}

static void a_little_free_space_is_kept(void **state)
{
    struct place *place = *state;
    struct store *store = place_open(place);
    add_events(place, store);
    store_run(store, place->arena, "DELETE FROM event WHERE seq <= 600");
    int64_t before = size_of(store);

    store_shrink(store);

    assert_int_equal(size_of(store), before);
    store_close(store);
}

static void a_task_that_is_asked_to_stop_gives_up(void **state)
{
    struct place *place = *state;
    struct store *store = place_open(place);
    add_events(place, store);
    delete_events(place, store);
    store_ask_to_stop(store);

    store_shrink(store);

    assert_true(size_of(store) > 5 * MIB);
    store_close(store);
    store = place_open(place);
    store_shrink(store);
    assert_true(size_of(store) < 2 * MIB);
    store_close(store);
}

static void a_file_of_an_older_program_can_shrink_too(void **state)
{
    struct place *place = *state;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "lobby");
    add_events(place, store);
    store_run(store, place->arena, "PRAGMA auto_vacuum = NONE");
    store_run(store, place->arena, "VACUUM");
    place_must_save(place, store, "old");
    store_close(store);
    store = place_open(place);
    delete_events(place, store);

    store_shrink(store);

    assert_true(size_of(store) < 2 * MIB);
    place_must_restore(place, store, "old");
    assert_true(size_of(store) > 5 * MIB);
    delete_events(place, store);
    store_shrink(store);
    assert_true(size_of(store) < 2 * MIB);
    assert_true(place_has(place, store, "lobby"));
    store_close(store);
}

static void a_snapshot_has_no_free_space(void **state)
{
    struct place *place = *state;
    const char *const paths[] = {place->path, ":memory:"};

    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        const struct snapshot *all;
        const char *why = NULL;
        struct store *store = store_open(paths[i], place->arena, &why);
        store_add_channel(store, place->arena, "lobby");
        add_events(place, store);
        delete_events(place, store);

        place_must_save(place, store, "small");

        assert_int_equal(place_snapshots(place, store, &all), 1);
        assert_true(all[0].bytes < 2 * MIB);
        place_must_restore(place, store, "small");
        assert_true(size_of(store) < 2 * MIB);
        assert_true(place_has(place, store, "lobby"));
        store_close(store);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(a_database_shrinks),
        PLACE_TEST(a_little_free_space_is_kept),
        PLACE_TEST(a_task_that_is_asked_to_stop_gives_up),
        PLACE_TEST(a_file_of_an_older_program_can_shrink_too),
        PLACE_TEST(a_snapshot_has_no_free_space),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
