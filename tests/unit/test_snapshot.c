/*
 * Snapshots: kept, restored, refused, and none of it halfway. What holds wherever a
 * database is, is shown for a file and for memory.
 */
#include "store/snapshot.h"

#include "base/log.h"
#include "base/memory.h"
#include "store_files.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/cmocka_all.h"

enum { PAGE_BYTES = 2048, SAVED_AT = 1617753600 };
#define SAVED_AT_MS (SAVED_AT * INT64_C(1000) + 250)

static int memory_setup(void **state)
{
    int outcome = place_setup(state);

    ((struct place *)*state)->path = ":memory:";
    return outcome;
}

static enum snapshot_result save(struct place *place, struct store *store,
                                 const char *name)
{
    const char *why = NULL;

    return snapshot_save(store, name, SAVED_AT_MS, place->arena, &why);
}

static enum snapshot_result restore(struct place *place, struct store *store,
                                    const char *name, const char **why)
{
    return snapshot_restore(store, name, NULL, place->arena, why);
}

static void must_save(struct place *place, struct store *store, const char *name)
{
    assert_int_equal(save(place, store, name), SNAPSHOT_DONE);
}

static void must_restore(struct place *place, struct store *store, const char *name)
{
    const char *why = "";
    enum snapshot_result result = restore(place, store, name, &why);

    if (result != SNAPSHOT_DONE)
        fail_msg("%d: %s", (int)result, why);
}

static size_t list(struct place *place, struct store *store, const struct snapshot **out)
{
    const char *why = NULL;
    size_t count = 99;

    assert_int_equal(snapshot_list(store, place->arena, out, &count, &why),
                     SNAPSHOT_DONE);
    return count;
}

static bool has(struct place *place, struct store *store, const char *channel)
{
    return store_has_channel(store, place->arena, channel);
}

static const char *snapshot_path(struct place *place, const char *name)
{
    return arena_printf(place->arena, "%s.snapshots/%s.db", place->path, name);
}

static void what_was_saved_comes_back_and_what_came_later_goes(void **state)
{
    struct place *place = *state;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "before");
    must_save(place, store, "clean");
    store_add_channel(store, place->arena, "after");

    must_restore(place, store, "clean");

    assert_true(has(place, store, "before"));
    assert_false(has(place, store, "after"));
    store_add_channel(store, place->arena, "again");
    must_restore(place, store, "clean");
    assert_false(has(place, store, "again"));
    store_close(store);
}

static void saving_again_replaces(void **state)
{
    struct place *place = *state;
    const struct snapshot *all;
    struct store *store = place_open(place);
    must_save(place, store, "clean");
    store_add_channel(store, place->arena, "lobby");

    must_save(place, store, "clean");

    must_restore(place, store, "clean");
    assert_true(has(place, store, "lobby"));
    assert_int_equal(list(place, store, &all), 1);
    store_close(store);
}

static void a_snapshot_is_listed_with_its_time_and_size(void **state)
{
    struct place *place = *state;
    const struct snapshot *all;
    const char *why = NULL;
    struct store *store = place_open(place);
    assert_int_equal(list(place, store, &all), 0);

    must_save(place, store, "b");
    must_save(place, store, "a");
    assert_int_equal(snapshot_save(store, "first", SAVED_AT_MS - 1, place->arena, &why),
                     SNAPSHOT_DONE);

    assert_int_equal(list(place, store, &all), 3);
    assert_string_equal(all[0].name, "first");
    assert_string_equal(all[1].name, "a");
    assert_string_equal(all[2].name, "b");
    assert_int_equal(all[0].saved_at_ms, SAVED_AT_MS - 1);
    assert_true(all[0].bytes >= PAGE_BYTES && all[0].bytes % PAGE_BYTES == 0);
    store_close(store);
}

static void what_was_deleted_is_gone(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    const struct snapshot *all;
    struct store *store = place_open(place);
    must_save(place, store, "clean");

    assert_int_equal(snapshot_delete(store, "clean", place->arena, &why), SNAPSHOT_DONE);

    assert_int_equal(snapshot_delete(store, "clean", place->arena, &why), SNAPSHOT_NONE);
    assert_int_equal(restore(place, store, "clean", &why), SNAPSHOT_NONE);
    assert_int_equal(list(place, store, &all), 0);
    store_close(store);
}

static void an_unknown_name_changes_nothing(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "lobby");

    assert_int_equal(restore(place, store, "clean", &why), SNAPSHOT_NONE);

    assert_true(has(place, store, "lobby"));
    store_close(store);
}

static void there_can_be_so_many(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    const struct snapshot *all;
    struct store *store = place_open(place);
    for (int i = 0; i < SNAPSHOTS_MAX; i++)
        must_save(place, store, arena_printf(place->arena, "s%d", i));

    assert_int_equal(snapshot_save(store, "more", SAVED_AT_MS, place->arena, &why),
                     SNAPSHOT_FULL);

    assert_string_equal(why, "There can be 100 snapshots");
    must_save(place, store, "s7");
    assert_int_equal(list(place, store, &all), SNAPSHOTS_MAX);
    store_close(store);
}

/* Fills the database with so many bytes, which are nobody's business. */
static void fill(struct place *place, struct store *store, int bytes)
{
    struct txn *txn = txn_begin(store, place->arena, TXN_WRITE);
    static const char table[] = "CREATE TABLE ballast (x BLOB) STRICT";
    static const char row[] = "INSERT INTO ballast VALUES (zeroblob(:bytes))";
    struct stmt *q = txn_query(txn, table);

    assert_int_equal(stmt_step(q), DB_NONE);
    stmt_done(&q);
    q = txn_query(txn, row);
    stmt_int(q, ":bytes", bytes);
    assert_int_equal(stmt_step(q), DB_NONE);
    stmt_done(&q);
    assert_int_equal(txn_commit(&txn), DB_NONE);
}

static void in_memory_they_have_a_greatest_size_together(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    struct store *store = place_open(place);
    fill(place, store, SNAPSHOTS_IN_MEMORY_MAX_BYTES / 2);
    must_save(place, store, "half");

    assert_int_equal(snapshot_save(store, "more", SAVED_AT_MS, place->arena, &why),
                     SNAPSHOT_FULL);

    assert_string_equal(
        why, "Snapshots of a database in memory can have 268435456 bytes together");
    must_save(place, store, "half");
    store_close(store);
}

static void they_outlive_the_store(void **state)
{
    struct place *place = *state;
    const struct snapshot *all;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "lobby");
    must_save(place, store, "clean");
    store_close(store);
    assert_int_equal(unlink(place->path), 0);

    store = place_open(place);

    assert_false(has(place, store, "lobby"));
    must_restore(place, store, "clean");
    assert_true(has(place, store, "lobby"));
    assert_int_equal(list(place, store, &all), 1);
    assert_int_equal(all[0].saved_at_ms, SAVED_AT_MS);
    store_close(store);
    store = place_open(place);
    assert_true(has(place, store, "lobby"));
    store_close(store);
}

static void they_are_for_the_user_alone(void **state)
{
    struct place *place = *state;
    struct stat status;
    mode_t before = umask(0);
    struct store *store = place_open(place);

    must_save(place, store, "clean");

    umask(before);
    assert_int_equal(stat(snapshot_path(place, "clean"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(
        stat(arena_printf(place->arena, "%s.snapshots", place->path), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    store_close(store);
}

/* How many files the folder of snapshots has, hidden ones too. */
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
    /* What a process that died while saving leaves. */
    must_save(place, store, "clean");
    const char *scratch = snapshot_path(place, ".scratch");
    assert_int_equal(rename(snapshot_path(place, "clean"), scratch), 0);
    assert_int_equal(link(scratch, arena_printf(place->arena, "%s-wal", scratch)), 0);

    must_save(place, store, "clean");
    assert_int_equal(files_there(place), 1);

    must_restore(place, store, "clean");
    assert_int_equal(files_there(place), 1);
    store_close(store);
}

static void other_files_there_are_no_snapshots(void **state)
{
    static const char *const names[] = {"a.b", ".hidden", "a b", "with\xc3\xa9"};
    struct place *place = *state;
    const struct snapshot *all;
    struct store *store = place_open(place);
    must_save(place, store, "clean");
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_int_equal(
            link(snapshot_path(place, "clean"), snapshot_path(place, names[i])), 0);
    assert_int_equal(mkdir(snapshot_path(place, "folder"), 0700), 0);

    assert_int_equal(list(place, store, &all), 1);

    store_close(store);
}

static void every_older_schema_is_brought_up_to_date(void **state)
{
    struct place *place = *state;

    for (size_t version = 1; version <= store_migrations_count; version++) {
        const char *why = NULL;
        place->path = arena_printf(place->arena, "%s/v%zu.db", place->directory, version);
        struct store *old =
            store_open_at(place->path, store_migrations, version, place->arena, &why);
        store_add_channel(old, place->arena, "old");
        must_save(place, old, "old");
        store_close(old);
        struct store *store = place_open(place);
        store_add_channel(store, place->arena, "new");

        must_restore(place, store, "old");

        assert_true(has(place, store, "old"));
        assert_false(has(place, store, "new"));
        store_add_channel(store, place->arena, "new");
        store_close(store);
        store_close(place_open(place));
    }
}

static void one_with_larger_pages_is_taken_too(void **state)
{
    struct place *place = *state;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "old");
    store_run(store, place->arena, "PRAGMA journal_mode = DELETE");
    store_run(store, place->arena, "PRAGMA page_size = 8192");
    store_run(store, place->arena, "VACUUM");
    must_save(place, store, "clean");
    store_close(store);
    assert_int_equal(unlink(place->path), 0);
    store = place_open(place);
    store_add_channel(store, place->arena, "new");

    must_restore(place, store, "clean");

    assert_true(has(place, store, "old"));
    assert_false(has(place, store, "new"));
    store_add_channel(store, place->arena, "new");
    store_close(store);
    store_close(place_open(place));
}

/* Restoring is refused with this sentence, and the state is what it was. */
static void assert_refused(struct place *place, struct store *store, const char *name,
                           const char *expected)
{
    const char *why = NULL;

    store_add_channel(store, place->arena, "lobby");
    assert_int_equal(restore(place, store, name, &why), SNAPSHOT_UNUSABLE);
    assert_string_equal(why, expected);
    assert_true(has(place, store, "lobby"));
    store_add_channel(store, place->arena, "later");
    store_close(store);
    store = place_open(place);
    assert_true(has(place, store, "lobby"));
    assert_true(has(place, store, "later"));
    store_close(store);
}

static void one_of_a_newer_schema_is_refused(void **state)
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
    must_save(place, store, "newer");
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
    struct place file = {.path = snapshot_path(place, "clean")};

    place_write(&file, bytes, length);
}

static void a_damaged_one_is_refused(void **state)
{
    struct place *place = *state;
    struct place file = {.arena = place->arena, .path = snapshot_path(place, "clean")};
    size_t length;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "old");
    must_save(place, store, "clean");
    char *bytes = place_read(&file, &length);

    for (size_t at = 0; at < length; at += PAGE_BYTES) {
        char *damaged = arena_alloc(place->arena, length);
        memcpy(damaged, bytes, length);
        memset(damaged + at, 0xff, PAGE_BYTES);
        write_snapshot(place, damaged, length);
        const char *why = NULL;
        assert_int_equal(restore(place, store, "clean", &why), SNAPSHOT_UNUSABLE);
        assert_true(has(place, store, "old"));
    }
    assert_refused(place, store, "clean", "snapshot clean is corrupt or not a database");
}

static void one_that_is_cut_short_is_refused(void **state)
{
    struct place *place = *state;
    struct place file = {.arena = place->arena, .path = snapshot_path(place, "clean")};
    size_t length;
    struct store *store = place_open(place);
    must_save(place, store, "clean");
    char *bytes = place_read(&file, &length);
    write_snapshot(place, bytes, length / 2);

    assert_refused(place, store, "clean", "snapshot clean is corrupt or not a database");
}

static void an_empty_file_is_refused(void **state)
{
    struct place *place = *state;
    struct store *store = place_open(place);
    must_save(place, store, "clean");
    write_snapshot(place, "", 0);

    assert_refused(place, store, "clean", "snapshot clean is corrupt or not a database");
}

static void a_text_is_refused(void **state)
{
    struct place *place = *state;
    char text[5000];
    struct store *store = place_open(place);
    must_save(place, store, "clean");
    memset(text, 'x', sizeof(text));
    write_snapshot(place, text, sizeof(text));

    assert_refused(place, store, "clean", "snapshot clean is corrupt or not a database");
}

static void one_of_another_program_is_refused(void **state)
{
    static const struct migration theirs = {"theirs",
                                            "CREATE TABLE theirs (x INTEGER) STRICT"};
    struct place *place = *state;
    const char *why = NULL;
    struct store *store = store_open_at(place->path, &theirs, 1, place->arena, &why);
    store_run(store, place->arena, "PRAGMA application_id = 7");
    must_save(place, store, "theirs");
    store_close(store);
    assert_int_equal(unlink(place->path), 0);

    assert_refused(place, place_open(place), "theirs",
                   "snapshot theirs belongs to another program");
}

/* In a process whose files cannot grow: a full disk, as far as SQLite can tell. The
 * exit status says which of the steps did not go as it must, 0 for none. */
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

static void a_full_disk_leaves_no_half_file(void **state)
{
    struct place *place = *state;
    const struct snapshot *all;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "lobby");
    must_save(place, store, "clean");
    assert_int_equal(list(place, store, &all), 1);
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
    must_restore(place, store, "clean");
    assert_true(has(place, store, "lobby"));
    store_close(store);
}

static enum db_result carry_lobby(struct txn *now, struct txn *restored)
{
    static const char find[] = "SELECT srt_passphrase FROM channel WHERE id = 'lobby'";
    static const char change[] = "UPDATE channel SET srt_passphrase = :value";
    struct stmt *q AUTO(stmt_done) = txn_query(now, find);

    if (stmt_step(q) != DB_ROW)
        return DB_ERROR;
    struct stmt *w AUTO(stmt_done) = txn_query(restored, change);
    stmt_text(w, ":value", stmt_column_text(q, 0));
    return stmt_step(w);
}

static const char *passphrase_of_old(struct place *place, struct store *store)
{
    static const char sql[] = "SELECT srt_passphrase FROM channel WHERE id = 'old'";
    struct txn *txn AUTO(txn_abandon) = txn_begin(store, place->arena, TXN_READ);
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    assert_int_equal(stmt_step(q), DB_ROW);
    return stmt_column_text(q, 0);
}

static void what_is_carried_over_is_there_with_the_rest(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "old");
    must_save(place, store, "clean");
    store_add_channel(store, place->arena, "lobby");
    store_run(store, place->arena, "UPDATE channel SET srt_passphrase = 'carried'");

    assert_int_equal(snapshot_restore(store, "clean", carry_lobby, place->arena, &why),
                     SNAPSHOT_DONE);

    assert_string_equal(passphrase_of_old(place, store), "carried");
    assert_false(has(place, store, "lobby"));
    store_close(store);
}

static void what_cannot_be_carried_over_changes_nothing(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    struct store *store = place_open(place);
    must_save(place, store, "clean");
    store_add_channel(store, place->arena, "other");

    assert_int_equal(snapshot_restore(store, "clean", carry_lobby, place->arena, &why),
                     SNAPSHOT_FAILED);

    assert_true(has(place, store, "other"));
    store_close(store);
}

struct counter {
    int calls;
    int64_t channels;
};

static void count_channels(void *context, struct txn *txn)
{
    static const char sql[] = "SELECT count(*) FROM channel";
    struct counter *counter = context;
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    assert_int_equal(stmt_step(q), DB_ROW);
    counter->channels = stmt_column_int(q, 0);
    counter->calls++;
}

static void who_mirrors_the_state_reads_it_anew(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    struct counter first = {.channels = -1}, second = {.channels = -1};
    struct store *store = place_open(place);
    store_add_mirror(store, count_channels, &first);
    store_add_mirror(store, count_channels, &second);
    store_add_channel(store, place->arena, "one");
    must_save(place, store, "clean");
    store_add_channel(store, place->arena, "two");
    assert_int_equal(restore(place, store, "other", &why), SNAPSHOT_NONE);
    assert_int_equal(first.calls, 0);

    must_restore(place, store, "clean");

    assert_int_equal(first.calls, 1);
    assert_int_equal(second.calls, 1);
    assert_int_equal(first.channels, 1);
    assert_int_equal(second.channels, 1);
    store_close(store);
}

/* Threads that write and read while snapshots are saved and restored. In each
 * transaction two channels are added, or all deleted when there are many: half a state
 * would have an odd number, and however slow the machine is, the states stay small. */
struct crowd {
    struct store *store;
    atomic_bool over;
    atomic_int seen;
};

static bool pairs_are_whole(struct crowd *crowd, struct arena *arena)
{
    static const char sql[] = "SELECT count(*) FROM channel";
    struct txn *txn AUTO(txn_abandon) = txn_begin(crowd->store, arena, TXN_READ);
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    return stmt_step(q) == DB_ROW && stmt_column_int(q, 0) % 2 == 0;
}

static bool changes(struct txn *txn, const char *sql)
{
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    return stmt_step(q) == DB_NONE;
}

static void *work_in_pairs(void *context)
{
    static const char sql[] =
        "INSERT INTO channel (account, region, id, name, latency_mode, type, preset,"
        " container_format, authorized, insecure_ingest, srt_passphrase, tags)"
        " VALUES ('000000000000', 'us-east-1', hex(randomblob(8)), '', 'LOW',"
        " 'STANDARD', '', 'TS', 0, 0, 'x', '{}')";
    static const char deletion[] =
        "DELETE FROM channel WHERE (SELECT count(*) FROM channel) > 1000";
    struct crowd *crowd = context;
    bool whole = true;

    while (whole && !atomic_load(&crowd->over)) {
        struct arena *arena AUTO(arena_done) = arena_new();
        struct txn *txn = txn_begin(crowd->store, arena, TXN_WRITE);
        for (int i = 0; i < 2; i++)
            whole = whole && changes(txn, sql);
        whole = whole && changes(txn, deletion);
        whole = txn_commit(&txn) == DB_NONE && whole && pairs_are_whole(crowd, arena);
        atomic_fetch_add(&crowd->seen, 1);
    }
    return whole ? crowd : NULL;
}

static void others_work_on_and_never_see_half_a_state(void **state)
{
    enum { THREADS = 3, ROUNDS = 40 };
    struct place *place = *state;
    pthread_t threads[THREADS];
    struct crowd crowd = {.store = place_open(place)};

    must_save(place, crowd.store, "clean");
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work_in_pairs, &crowd), 0);
    for (int i = 0; i < ROUNDS; i++) {
        must_save(place, crowd.store, i % 2 == 0 ? "even" : "odd");
        must_restore(place, crowd.store, i % 3 == 0 ? "clean" : "even");
    }
    atomic_store(&crowd.over, true);
    for (size_t i = 0; i < THREADS; i++) {
        void *whole = NULL;
        pthread_join(threads[i], &whole);
        assert_non_null(whole);
    }

    assert_true(atomic_load(&crowd.seen) > 0);
    store_close(crowd.store);
}

static void a_name_is_never_a_path(void **state)
{
    static const char *const good[] = {"a", "A-b_9", "-", "_", "0"};
    static const char *const bad[] = {"",    ".",    "..",  "a.b",      "a/b",
                                      "/",   "a b",  "a\n", "\xc3\xa9", "a%00",
                                      "a\\", "../a", "a:b", "~",        "$a"};
    char longest[SNAPSHOT_NAME_MAX_CHARS + 2];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(snapshot_is_name(good[i]));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(snapshot_is_name(bad[i]));
    memset(longest, 'a', sizeof(longest));
    longest[SNAPSHOT_NAME_MAX_CHARS + 1] = '\0';
    assert_false(snapshot_is_name(longest));
    longest[SNAPSHOT_NAME_MAX_CHARS] = '\0';
    assert_true(snapshot_is_name(longest));
}

#define IN_BOTH(test)                                                                    \
    PLACE_TEST(test), cmocka_unit_test_setup_teardown(test, memory_setup, place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_BOTH(what_was_saved_comes_back_and_what_came_later_goes),
        IN_BOTH(saving_again_replaces),
        IN_BOTH(a_snapshot_is_listed_with_its_time_and_size),
        IN_BOTH(what_was_deleted_is_gone),
        IN_BOTH(an_unknown_name_changes_nothing),
        IN_BOTH(there_can_be_so_many),
        IN_BOTH(what_is_carried_over_is_there_with_the_rest),
        IN_BOTH(what_cannot_be_carried_over_changes_nothing),
        IN_BOTH(who_mirrors_the_state_reads_it_anew),
        IN_BOTH(others_work_on_and_never_see_half_a_state),
        cmocka_unit_test_setup_teardown(in_memory_they_have_a_greatest_size_together,
                                        memory_setup, place_teardown),
        PLACE_TEST(they_outlive_the_store),
        PLACE_TEST(they_are_for_the_user_alone),
        PLACE_TEST(one_file_is_all_there_is_of_one),
        PLACE_TEST(other_files_there_are_no_snapshots),
        PLACE_TEST(every_older_schema_is_brought_up_to_date),
        PLACE_TEST(one_with_larger_pages_is_taken_too),
        PLACE_TEST(one_of_a_newer_schema_is_refused),
        PLACE_TEST(a_damaged_one_is_refused),
        PLACE_TEST(one_that_is_cut_short_is_refused),
        PLACE_TEST(an_empty_file_is_refused),
        PLACE_TEST(a_text_is_refused),
        PLACE_TEST(one_of_another_program_is_refused),
        PLACE_TEST(a_full_disk_leaves_no_half_file),
        cmocka_unit_test(a_name_is_never_a_path),
    };

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
