/*
 * The files of snapshots: their properties, and which are refused.
 */
#include "snapshots.h"

#include "base/log.h"
#include "base/memory.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/cmocka_all.h"

static void snapshots_outlive_the_store(void **state)
{
    struct place *place = *state;
    const struct snapshot *all;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "lobby");
    place_must_save(place, store, "clean");
    store_close(store);
    assert_int_equal(unlink(place->path), 0);

    store = place_open(place);

    assert_false(place_has(place, store, "lobby"));
    place_must_restore(place, store, "clean");
    assert_true(place_has(place, store, "lobby"));
    assert_int_equal(place_snapshots(place, store, &all), 1);
    assert_int_equal(all[0].saved_at_ms, SAVED_AT_MS);
    store_close(store);
    store = place_open(place);
    assert_true(place_has(place, store, "lobby"));
    store_close(store);
}

static void snapshots_are_accessible_to_their_user_only(void **state)
{
    struct place *place = *state;
    struct stat status;
    mode_t before = umask(0);
    struct store *store = place_open(place);

    place_must_save(place, store, "clean");

    umask(before);
    assert_int_equal(stat(place_snapshot_path(place, "clean"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(
        stat(arena_printf(place->arena, "%s.snapshots", place->path), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    store_close(store);
}

/* The number of files in the folder of snapshots, including hidden ones. */
static int files_there(struct place *place)
{
    DIR *folder = opendir(arena_printf(place->arena, "%s.snapshots", place->path));
    const struct dirent *entry;
    int count = 0;

    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(folder);
    return count;
}

static void one_file_is_all_there_is_of_one(void **state)
{
    struct place *place = *state;
    struct store *store = place_open(place);
    /* The file that a process leaves if it dies while saving. */
    place_must_save(place, store, "clean");
    const char *scratch = place_snapshot_path(place, ".scratch");
    assert_int_equal(rename(place_snapshot_path(place, "clean"), scratch), 0);
    assert_int_equal(link(scratch, arena_printf(place->arena, "%s-wal", scratch)), 0);

    place_must_save(place, store, "clean");
    assert_int_equal(files_there(place), 1);

    place_must_restore(place, store, "clean");
    assert_int_equal(files_there(place), 1);
    store_close(store);
}

static void other_files_in_the_folder_are_not_snapshots(void **state)
{
    static const char *const names[] = {"a.b", ".hidden", "a b", "with\xc3\xa9"};
    struct place *place = *state;
    const struct snapshot *all;
    struct store *store = place_open(place);
    place_must_save(place, store, "clean");
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_int_equal(link(place_snapshot_path(place, "clean"),
                              place_snapshot_path(place, names[i])),
                         0);
    assert_int_equal(mkdir(place_snapshot_path(place, "folder"), 0700), 0);

    assert_int_equal(place_snapshots(place, store, &all), 1);

    store_close(store);
}

static void every_older_schema_is_upgraded(void **state)
{
    struct place *place = *state;

    for (size_t version = 1; version <= store_migrations_count; version++) {
        const char *why = NULL;
        place->path = arena_printf(place->arena, "%s/v%zu.db", place->directory, version);
        struct store *old =
            store_open_at(place->path, store_migrations, version, place->arena, &why);
        store_add_channel(old, place->arena, "old");
        place_must_save(place, old, "old");
        store_close(old);
        struct store *store = place_open(place);
        store_add_channel(store, place->arena, "new");

        place_must_restore(place, store, "old");

        assert_true(place_has(place, store, "old"));
        assert_false(place_has(place, store, "new"));
        store_add_channel(store, place->arena, "new");
        store_close(store);
        store_close(place_open(place));
    }
}

static void a_snapshot_with_larger_pages_is_accepted(void **state)
{
    struct place *place = *state;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "old");
    store_run(store, place->arena, "PRAGMA journal_mode = DELETE");
    store_run(store, place->arena, "PRAGMA page_size = 8192");
    store_run(store, place->arena, "VACUUM");
    place_must_save(place, store, "clean");
    store_close(store);
    assert_int_equal(unlink(place->path), 0);
    store = place_open(place);
    store_add_channel(store, place->arena, "new");

    place_must_restore(place, store, "clean");

    assert_true(place_has(place, store, "old"));
    assert_false(place_has(place, store, "new"));
    store_add_channel(store, place->arena, "new");
    store_close(store);
    store_close(place_open(place));
}

/* The test fails unless restoring is refused with this message and the state is
 * unchanged. */
static void assert_refused(struct place *place, struct store *store, const char *name,
                           const char *expected)
{
    const char *why = NULL;

    store_add_channel(store, place->arena, "lobby");
    assert_int_equal(place_restore(place, store, name, &why), SNAPSHOT_UNUSABLE);
    assert_string_equal(why, expected);
    assert_true(place_has(place, store, "lobby"));
    store_add_channel(store, place->arena, "later");
    store_close(store);
    store = place_open(place);
    assert_true(place_has(place, store, "lobby"));
    assert_true(place_has(place, store, "later"));
    store_close(store);
}

static void a_snapshot_of_a_newer_schema_is_refused(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    struct migration *newer =
        arena_alloc(place->arena, (store_migrations_count + 1) * sizeof(*newer));
    for (size_t i = 0; i < store_migrations_count; i++)
        newer[i] = store_migrations[i];
    newer[store_migrations_count] =
        (struct migration){"later", "CREATE TABLE later (x INTEGER) STRICT"};
    struct store *store =
        store_open_at(place->path, newer, store_migrations_count + 1, place->arena, &why);
    place_must_save(place, store, "newer");
    store_close(store);
    assert_int_equal(unlink(place->path), 0);

    assert_refused(place, place_open(place), "newer",
                   arena_printf(place->arena,
                                "snapshot newer has schema version %zu, newer than this "
                                "program's %zu",
                                store_migrations_count + 1, store_migrations_count));
}

static void write_snapshot(struct place *place, const char *bytes, size_t length)
{
    struct place file = {.path = place_snapshot_path(place, "clean")};

    place_write(&file, bytes, length);
}

static void a_damaged_snapshot_is_refused(void **state)
{
    struct place *place = *state;
    struct place file = {.arena = place->arena,
                         .path = place_snapshot_path(place, "clean")};
    size_t length;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "old");
    place_must_save(place, store, "clean");
    char *bytes = place_read(&file, &length);

    for (size_t at = 0; at < length; at += PAGE_BYTES) {
        char *damaged = arena_alloc(place->arena, length);
        memcpy(damaged, bytes, length);
        memset(damaged + at, 0xff, PAGE_BYTES);
        write_snapshot(place, damaged, length);
        const char *why = NULL;
        assert_int_equal(place_restore(place, store, "clean", &why), SNAPSHOT_UNUSABLE);
        assert_true(place_has(place, store, "old"));
    }
    assert_refused(place, store, "clean", "snapshot clean is corrupt or not a database");
}

static void a_truncated_snapshot_is_refused(void **state)
{
    struct place *place = *state;
    struct place file = {.arena = place->arena,
                         .path = place_snapshot_path(place, "clean")};
    size_t length;
    struct store *store = place_open(place);
    place_must_save(place, store, "clean");
    char *bytes = place_read(&file, &length);
    write_snapshot(place, bytes, length / 2);

    assert_refused(place, store, "clean", "snapshot clean is corrupt or not a database");
}

static void an_empty_file_is_refused(void **state)
{
    struct place *place = *state;
    struct store *store = place_open(place);
    place_must_save(place, store, "clean");
    write_snapshot(place, "", 0);

    assert_refused(place, store, "clean", "snapshot clean is corrupt or not a database");
}

static void a_text_file_is_refused(void **state)
{
    struct place *place = *state;
    char text[5000];
    struct store *store = place_open(place);
    place_must_save(place, store, "clean");
    memset(text, 'x', sizeof(text));
    write_snapshot(place, text, sizeof(text));

    assert_refused(place, store, "clean", "snapshot clean is corrupt or not a database");
}

static void a_snapshot_that_is_not_a_file_is_refused(void **state)
{
    struct place *place = *state;
    struct store *store = place_open(place);
    place_must_save(place, store, "clean");
    const char *path = place_snapshot_path(place, "clean");
    const char *why = NULL;
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/dev/zero", path), 0);

    assert_int_equal(place_restore(place, store, "clean", &why), SNAPSHOT_UNUSABLE);

    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_refused(place, store, "clean", "snapshot clean is corrupt or not a database");
    store = place_open(place);
    place_must_save(place, store, "clean");
    place_must_restore(place, store, "clean");
    store_close(store);
}

static void a_snapshot_of_another_program_is_refused(void **state)
{
    static const struct migration theirs = {"theirs",
                                            "CREATE TABLE theirs (x INTEGER) STRICT"};
    struct place *place = *state;
    const char *why = NULL;
    struct store *store = store_open_at(place->path, &theirs, 1, place->arena, &why);
    store_run(store, place->arena, "PRAGMA application_id = 7");
    place_must_save(place, store, "theirs");
    store_close(store);
    assert_int_equal(unlink(place->path), 0);

    assert_refused(place, place_open(place), "theirs",
                   "snapshot theirs belongs to another program");
}

/* Runs in a process whose files cannot grow, which is a full disk for SQLite. The exit
 * status is the number of the step that failed, or 0. */
static int save_on_a_full_disk(struct place *place, rlim_t bytes)
{
    const struct rlimit none = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};
    const struct rlimit all = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    const char *why = NULL;
    struct store *store = store_open(place->path, place->arena, &why);

    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &none) != 0)
        return 1;
    if (snapshot_save(store, "more", SAVED_AT_MS, place->arena, &why) != SNAPSHOT_FAILED)
        return 2;
    if (snapshot_save(store, "clean", SAVED_AT_MS, place->arena, &why) != SNAPSHOT_FAILED)
        return 3;
    if (setrlimit(RLIMIT_FSIZE, &all) != 0)
        return 4;
    if (snapshot_restore(store, "clean", NULL, place->arena, &why) != SNAPSHOT_DONE)
        return 5;
    if (snapshot_save(store, "then", SAVED_AT_MS, place->arena, &why) != SNAPSHOT_DONE)
        return 6;
    store_close(store);
    return 0;
}

static void a_full_disk_leaves_no_partial_file(void **state)
{
    struct place *place = *state;
    const struct snapshot *all;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "lobby");
    place_must_save(place, store, "clean");
    assert_int_equal(place_snapshots(place, store, &all), 1);
    rlim_t bytes = (rlim_t)all[0].bytes;
    store_close(store);

    /* Nothing can be written; the first page; nearly all. */
    const rlim_t limits[] = {0, 4096, bytes - 4096};
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        int status;
        pid_t child = fork();
        if (child == 0)
            _exit(save_on_a_full_disk(place, limits[i]));
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        assert_int_equal(files_there(place), 2);
    }
    store = place_open(place);
    place_must_restore(place, store, "clean");
    assert_true(place_has(place, store, "lobby"));
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(snapshots_outlive_the_store),
        PLACE_TEST(snapshots_are_accessible_to_their_user_only),
        PLACE_TEST(one_file_is_all_there_is_of_one),
        PLACE_TEST(other_files_in_the_folder_are_not_snapshots),
        PLACE_TEST(every_older_schema_is_upgraded),
        PLACE_TEST(a_snapshot_with_larger_pages_is_accepted),
        PLACE_TEST(a_snapshot_of_a_newer_schema_is_refused),
        PLACE_TEST(a_damaged_snapshot_is_refused),
        PLACE_TEST(a_truncated_snapshot_is_refused),
        PLACE_TEST(an_empty_file_is_refused),
        PLACE_TEST(a_text_file_is_refused),
        PLACE_TEST(a_snapshot_that_is_not_a_file_is_refused),
        PLACE_TEST(a_snapshot_of_another_program_is_refused),
        PLACE_TEST(a_full_disk_leaves_no_partial_file),
    };

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
