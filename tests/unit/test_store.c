/*
 * The database file: opened, refused, upgraded, and locked by one process.
 */
#include "store/store.h"

#include "base/log.h"
#include "data/channel.h"
#include "store_files.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/cmocka_all.h"

/* The test fails unless opening the file fails with this reason and leaves it
 * unchanged. */
static void assert_refused(struct place *place, const char *expected)
{
    size_t length_before, length_after;
    const char *before = place_read(place, &length_before);
    const char *why = NULL;

    struct store *store = store_open(place->path, place->arena, &why);

    assert_null(store);
    assert_string_equal(why, expected);
    const char *after = place_read(place, &length_after);
    assert_int_equal(length_before, length_after);
    assert_memory_equal(before, after, length_before);
    assert_int_equal(place_file_count(place), 1);
}

static void a_new_file_is_made_with_its_directories(void **state)
{
    struct place *place = *state;
    place->path = arena_printf(place->arena, "%s/a/b/ivs.db", place->directory);

    store_close(place_open(place));

    assert_int_equal(access(place->path, F_OK), 0);
}

static void what_was_committed_is_there_after_a_reopening(void **state)
{
    struct place *place = *state;
    struct store *first = place_open(place);
    store_add_channel(first, place->arena, "lobby");
    store_close(first);

    struct store *second = place_open(place);

    assert_true(store_has_channel(second, place->arena, "lobby"));
    store_close(second);
}

static void an_empty_file_becomes_a_database(void **state)
{
    struct place *place = *state;
    place_write(place, "", 0);

    struct store *store = place_open(place);

    store_add_channel(store, place->arena, "lobby");
    store_close(store);
}

static void a_database_in_memory_leaves_no_file(void **state)
{
    struct place *place = *state;
    place->path = ":memory:";

    struct store *store = place_open(place);

    store_add_channel(store, place->arena, "lobby");
    assert_true(store_has_channel(store, place->arena, "lobby"));
    store_close(store);
    assert_int_equal(access(":memory:", F_OK), -1);
}

/* Creates a database of another program, of the usual kind: without a write-ahead log. */
static void make_foreign(struct place *place, const char *sql)
{
    const struct migration schema = {"theirs", "CREATE TABLE theirs (x INTEGER) STRICT"};
    const char *why = NULL;
    struct store *store = store_open_at(place->path, &schema, 1, place->arena, &why);

    assert_non_null(store);
    store_run(store, place->arena, "PRAGMA user_version = 0");
    store_run(store, place->arena, sql);
    store_run(store, place->arena, "PRAGMA journal_mode = DELETE");
    store_close(store);
}

static void a_database_of_another_program_is_refused_and_unchanged(void **state)
{
    struct place *place = *state;
    make_foreign(place, "PRAGMA application_id = 7");

    assert_refused(place,
                   arena_printf(place->arena, "database %s belongs to another program",
                                place->path));
}

static void a_database_without_an_application_id_is_refused_and_unchanged(void **state)
{
    struct place *place = *state;
    make_foreign(place, "PRAGMA application_id = 0");

    assert_refused(place,
                   arena_printf(place->arena, "database %s belongs to another program",
                                place->path));
}

static void a_file_that_is_not_a_database_is_refused_and_unchanged(void **state)
{
    struct place *place = *state;
    char text[5000];
    memset(text, 'x', sizeof(text));
    place_write(place, text, sizeof(text));

    assert_refused(place,
                   arena_printf(place->arena, "database %s is corrupt or not a database",
                                place->path));
}

static void a_corrupt_database_is_refused_and_unchanged(void **state)
{
    enum { DAMAGE_AT = 4096, DAMAGE_BYTES = 4096 };
    struct place *place = *state;
    struct store *store = place_open(place);
    size_t length;
    store_add_channel(store, place->arena, "lobby");
    store_close(store);

    char *bytes = place_read(place, &length);
    assert_true(length >= DAMAGE_AT + DAMAGE_BYTES);
    memset(bytes + DAMAGE_AT, 0xff, DAMAGE_BYTES);
    place_write(place, bytes, length);

    assert_refused(place,
                   arena_printf(place->arena, "database %s is corrupt or not a database",
                                place->path));
}

static void a_truncated_database_is_refused_and_unchanged(void **state)
{
    struct place *place = *state;
    size_t length;
    store_close(place_open(place));

    char *bytes = place_read(place, &length);
    place_write(place, bytes, length / 2);

    assert_refused(place,
                   arena_printf(place->arena, "database %s is corrupt or not a database",
                                place->path));
}

static void a_newer_database_is_refused_and_unchanged(void **state)
{
    struct place *place = *state;
    struct migration *newer =
        arena_alloc(place->arena, (store_migrations_count + 1) * sizeof(*newer));
    const char *why = NULL;
    for (size_t i = 0; i < store_migrations_count; i++)
        newer[i] = store_migrations[i];
    newer[store_migrations_count] =
        (struct migration){"later", "CREATE TABLE later (x INTEGER) STRICT"};
    store_close(store_open_at(place->path, newer, store_migrations_count + 1,
                              place->arena, &why));
    assert_null(why);

    assert_refused(place, arena_printf(place->arena,
                                       "database %s has schema version %zu, newer than "
                                       "this program's %zu",
                                       place->path, store_migrations_count + 1,
                                       store_migrations_count));
}

static void every_older_schema_is_upgraded_with_its_data(void **state)
{
    struct place *place = *state;

    for (size_t version = 0; version <= store_migrations_count; version++) {
        const char *why = NULL;
        place->path = arena_printf(place->arena, "%s/v%zu.db", place->directory, version);
        struct store *old =
            store_open_at(place->path, store_migrations, version, place->arena, &why);
        assert_non_null(old);
        if (version > 0)
            store_add_channel(old, place->arena, "old");
        store_close(old);

        struct store *upgraded = place_open(place);
        store_add_channel(upgraded, place->arena, "new");
        if (version > 0)
            assert_true(store_has_channel(upgraded, place->arena, "old"));
        assert_true(store_has_channel(upgraded, place->arena, "new"));
        store_close(upgraded);
    }
}

static void a_migration_that_fails_changes_nothing(void **state)
{
    struct place *place = *state;
    const struct migration steps[] = {
        {"0001_good.sql", "CREATE TABLE a (x INTEGER) STRICT"                 },
        {"0002_bad.sql",  "CREATE TABLE b (x INTEGER) STRICT; CREATE NONSENSE"},
    };
    const char *why = NULL;
    store_close(store_open_at(place->path, steps, 1, place->arena, &why));

    struct store *store = store_open_at(place->path, steps, 2, place->arena, &why);

    assert_null(store);
    assert_non_null(strstr(why, "0002_bad.sql failed"));
    struct store *again = store_open_at(place->path, steps, 1, place->arena, &why);
    assert_non_null(again);
    store_run(again, place->arena, "CREATE TABLE b (x INTEGER) STRICT");
    store_close(again);
}

static void a_path_through_a_file_cannot_be_opened(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    place_write(place, "text", 4);

    struct store *store = store_open(arena_printf(place->arena, "%s/ivs.db", place->path),
                                     place->arena, &why);

    assert_null(store);
    assert_non_null(strstr(why, "cannot be opened for writing"));
}

static void a_directory_is_refused(void **state)
{
    struct place *place = *state;
    const char *why = NULL;

    assert_null(store_open(place->directory, place->arena, &why));
    assert_string_equal(
        why, arena_printf(place->arena,
                          "database %s is a directory; name a file in it with --db",
                          place->directory));
}

static void a_directory_that_cannot_be_created_is_named(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    place_write(place, "text", 4);

    assert_null(store_open(arena_printf(place->arena, "%s/a/ivs.db", place->path),
                           place->arena, &why));

    assert_non_null(strstr(why, "cannot be opened for writing: "));
    assert_non_null(strstr(why, "Not a directory"));
}

/* Opening a FIFO or reading a device could take for ever. */
static void only_regular_files_are_opened(void **state)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    struct place *place = *state;

    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        const char *why = NULL;
        place->path = arena_printf(place->arena, "%s/%zu.db", place->directory, i);
        store_close(place_open(place));
        const char *file = arena_printf(place->arena, "%s%s", place->path, endings[i]);
        (void)unlink(file);
        assert_int_equal(i % 2 == 0 ? mkfifo(file, 0600) : symlink("/dev/zero", file), 0);

        assert_null(store_open(place->path, place->arena, &why));

        assert_string_equal(why, arena_printf(place->arena,
                                              "database %s cannot be opened: %s is not a"
                                              " file",
                                              place->path, file));
    }
}

enum { CHILD_PASSED = 0, CHILD_FAILED = 1, CHILD_CANNOT = 77 };

/* Runs in a process without the privileges of root: the store must be refused. */
static int open_as_nobody(struct place *place)
{
    enum { NOBODY = 65534 };
    const char *why = NULL;

    if (geteuid() == 0 && setuid(NOBODY) != 0)
        return CHILD_CANNOT;
    if (store_open(place->path, place->arena, &why) != NULL)
        return CHILD_FAILED;
    return strstr(why, "cannot be opened for writing: Permission denied") != NULL
               ? CHILD_PASSED
               : CHILD_FAILED;
}

/* The test fails unless that process succeeds with the directory made read-only. */
static void assert_refused_to_nobody(struct place *place)
{
    int status;

    assert_int_equal(chmod(place->directory, 0555), 0);
    pid_t child = fork();
    if (child == 0)
        _exit(open_as_nobody(place));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(chmod(place->directory, 0700), 0);

    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == CHILD_CANNOT) {
        print_message("SKIPPED: root cannot become nobody here, so the test of a "
                      "read-only place proves nothing\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), CHILD_PASSED);
}

static void a_read_only_directory_takes_no_new_database(void **state)
{
    struct place *place = *state;

    assert_refused_to_nobody(place);

    assert_int_equal(place_file_count(place), 0);
}

static void a_read_only_database_is_refused_and_unchanged(void **state)
{
    struct place *place = *state;
    size_t length_before, length_after;
    store_close(place_open(place));
    const char *before = place_read(place, &length_before);
    assert_int_equal(chmod(place->path, 0444), 0);

    assert_refused_to_nobody(place);

    const char *after = place_read(place, &length_after);
    assert_int_equal(length_before, length_after);
    assert_memory_equal(before, after, length_before);
}

/* Starts a process that opens the store, adds a channel, and waits until it is killed. */
static pid_t start_holder(struct place *place)
{
    int ready[2];
    char byte = 0;

    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        const char *why = NULL;
        struct store *store = store_open(place->path, place->arena, &why);
        if (store == NULL)
            _exit(CHILD_FAILED);
        store_add_channel(store, place->arena, "held");
        if (write(ready[1], "r", 1) != 1)
            _exit(CHILD_FAILED);
        for (;;)
            pause();
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return child;
}

static void end_holder(pid_t child)
{
    int status;

    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
}

static void a_second_process_is_refused_while_the_first_lives(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    pid_t holder = start_holder(place);

    struct store *second = store_open(place->path, place->arena, &why);
    end_holder(holder);

    assert_null(second);
    assert_string_equal(
        why,
        arena_printf(
            place->arena,
            "database %s is in use by another process (one server per file; see --db)",
            place->path));
    store_close(place_open(place));
}

static void committed_changes_survive_the_death_of_the_process(void **state)
{
    struct place *place = *state;

    end_holder(start_holder(place));

    struct store *store = place_open(place);
    assert_true(store_has_channel(store, place->arena, "held"));
    store_close(store);
}

static mode_t mode_of(const char *path)
{
    struct stat status;

    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 07777;
}

static void new_files_are_accessible_to_their_user_only(void **state)
{
    struct place *place = *state;
    const char *folder = arena_printf(place->arena, "%s/new", place->directory);
    const char *path = arena_printf(place->arena, "%s/ivs.db", folder);
    const char *why = NULL;
    assert_int_equal(chmod(place->directory, 0777), 0);
    mode_t before = umask(0);

    struct store *store = store_open(path, place->arena, &why);
    umask(before);
    assert_non_null(store);
    store_add_channel(store, place->arena, "lobby");

    assert_int_equal(mode_of(folder), 0700);
    assert_int_equal(mode_of(path), 0600);
    assert_int_equal(mode_of(arena_printf(place->arena, "%s-wal", path)), 0600);
    store_close(store);
}

static void a_new_file_behind_a_link_is_accessible_to_its_user_only(void **state)
{
    struct place *place = *state;
    const char *target = arena_printf(place->arena, "%s/target.db", place->directory);
    assert_int_equal(symlink(target, place->path), 0);
    mode_t before = umask(0);

    struct store *store = place_open(place);
    umask(before);

    assert_int_equal(mode_of(target), 0600);
    assert_int_equal(mode_of(arena_printf(place->arena, "%s-wal", target)), 0600);
    store_close(store);
}

static void an_existing_file_keeps_its_mode_and_its_log_has_the_same(void **state)
{
    struct place *place = *state;
    store_close(place_open(place));
    assert_int_equal(chmod(place->path, 0640), 0);

    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "lobby");

    assert_int_equal(mode_of(place->path), 0640);
    assert_int_equal(mode_of(arena_printf(place->arena, "%s-wal", place->path)), 0640);
    store_close(store);
}

/* One transaction of tens of megabytes. */
static void write_much(struct store *store, struct arena *arena)
{
    store_run(
        store, arena,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000)"
        " INSERT INTO channel (account, region, id, name, latency_mode, type,"
        " preset, container_format, authorized, insecure_ingest, srt_passphrase,"
        " tags) SELECT '000000000000', 'us-east-1', 'much' || i, 'much' || i, 'LOW',"
        " 'STANDARD', '', 'TS', 0, 0, 'x',"
        " '{\"x\":\"' || hex(zeroblob(1000)) || '\"}' FROM n");
}

static off_t log_length(struct place *place)
{
    struct stat status;

    assert_int_equal(stat(arena_printf(place->arena, "%s-wal", place->path), &status), 0);
    return status.st_size;
}

static void a_long_log_is_truncated(void **state)
{
    enum { LONG = 32 * 1024 * 1024, SHORT = 17 * 1024 * 1024 };
    struct place *place = *state;
    struct store *store = place_open(place);

    write_much(store, place->arena);
    assert_true(log_length(place) > LONG);
    store_add_channel(store, place->arena, "next");

    assert_true(log_length(place) < SHORT);
    store_close(store);
}

/* Runs a process that dies after writing all this to the log and to nothing else. */
static void leave_long_log(struct place *place, bool goes_on)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        struct store *store = place_open(place);
        store_run(store, place->arena, "PRAGMA wal_autocheckpoint = 0");
        store_add_channel(store, place->arena, "before");
        write_much(store, place->arena);
        if (goes_on)
            store_add_channel(store, place->arena, "after");
        _exit(CHILD_PASSED);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void a_long_log_of_a_dead_process_is_recovered(void **state)
{
    struct place *place = *state;
    leave_long_log(place, true);

    struct store *store = place_open(place);

    static const char *const ids[] = {"before", "much1", "much20000", "after"};
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        assert_true(store_has_channel(store, place->arena, ids[i]));
    store_close(store);
    assert_int_equal(place_file_count(place), 1);
}

static void a_commit_too_large_for_memory_survives_the_death_of_the_process(void **state)
{
    struct place *place = *state;
    leave_long_log(place, false);

    struct store *store = place_open(place);

    assert_true(store_has_channel(store, place->arena, "much1"));
    assert_true(store_has_channel(store, place->arena, "much20000"));
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(a_new_file_is_made_with_its_directories),
        PLACE_TEST(what_was_committed_is_there_after_a_reopening),
        PLACE_TEST(new_files_are_accessible_to_their_user_only),
        PLACE_TEST(a_new_file_behind_a_link_is_accessible_to_its_user_only),
        PLACE_TEST(an_existing_file_keeps_its_mode_and_its_log_has_the_same),
        PLACE_TEST(an_empty_file_becomes_a_database),
        PLACE_TEST(a_database_in_memory_leaves_no_file),
        PLACE_TEST(a_database_of_another_program_is_refused_and_unchanged),
        PLACE_TEST(a_database_without_an_application_id_is_refused_and_unchanged),
        PLACE_TEST(a_file_that_is_not_a_database_is_refused_and_unchanged),
        PLACE_TEST(a_corrupt_database_is_refused_and_unchanged),
        PLACE_TEST(a_truncated_database_is_refused_and_unchanged),
        PLACE_TEST(a_newer_database_is_refused_and_unchanged),
        PLACE_TEST(every_older_schema_is_upgraded_with_its_data),
        PLACE_TEST(a_migration_that_fails_changes_nothing),
        PLACE_TEST(a_path_through_a_file_cannot_be_opened),
        PLACE_TEST(a_directory_is_refused),
        PLACE_TEST(a_directory_that_cannot_be_created_is_named),
        PLACE_TEST(only_regular_files_are_opened),
        PLACE_TEST(a_read_only_directory_takes_no_new_database),
        PLACE_TEST(a_read_only_database_is_refused_and_unchanged),
        PLACE_TEST(a_second_process_is_refused_while_the_first_lives),
        PLACE_TEST(committed_changes_survive_the_death_of_the_process),
        PLACE_TEST(a_long_log_is_truncated),
        PLACE_TEST(a_long_log_of_a_dead_process_is_recovered),
        PLACE_TEST(a_commit_too_large_for_memory_survives_the_death_of_the_process),
    };

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
