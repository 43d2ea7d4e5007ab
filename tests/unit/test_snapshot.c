/*
 * Snapshots: saved and restored completely or not at all, for databases in a file and in
 * memory.
 */
#include "snapshots.h"

#include "base/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "support/cmocka_all.h"

static int memory_setup(void **state)
{
    int outcome = place_setup(state);

    ((struct place *)*state)->path = ":memory:";
    return outcome;
}

static void a_restore_brings_the_saved_state_back(void **state)
{
    struct place *place = *state;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "before");
    place_must_save(place, store, "clean");
    store_add_channel(store, place->arena, "after");

    place_must_restore(place, store, "clean");

    assert_true(place_has(place, store, "before"));
    assert_false(place_has(place, store, "after"));
    store_add_channel(store, place->arena, "again");
    place_must_restore(place, store, "clean");
    assert_false(place_has(place, store, "again"));
    store_close(store);
}

static void saving_again_replaces_the_snapshot(void **state)
{
    struct place *place = *state;
    const struct snapshot *all;
    struct store *store = place_open(place);
    place_must_save(place, store, "clean");
    store_add_channel(store, place->arena, "lobby");

    place_must_save(place, store, "clean");

    place_must_restore(place, store, "clean");
    assert_true(place_has(place, store, "lobby"));
    assert_int_equal(place_snapshots(place, store, &all), 1);
    store_close(store);
}

static void a_snapshot_is_listed_with_its_time_and_size(void **state)
{
    struct place *place = *state;
    const struct snapshot *all;
    const char *why = NULL;
    struct store *store = place_open(place);
    assert_int_equal(place_snapshots(place, store, &all), 0);

    place_must_save(place, store, "b");
    place_must_save(place, store, "a");
    assert_int_equal(snapshot_save(store, "first", SAVED_AT_MS - 1, place->arena, &why),
                     SNAPSHOT_DONE);

    assert_int_equal(place_snapshots(place, store, &all), 3);
    assert_string_equal(all[0].name, "first");
    assert_string_equal(all[1].name, "a");
    assert_string_equal(all[2].name, "b");
    assert_int_equal(all[0].saved_at_ms, SAVED_AT_MS - 1);
    assert_true(all[0].bytes >= PAGE_BYTES && all[0].bytes % PAGE_BYTES == 0);
    store_close(store);
}

static void a_deleted_snapshot_is_gone(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    const struct snapshot *all;
    struct store *store = place_open(place);
    place_must_save(place, store, "clean");

    assert_int_equal(snapshot_delete(store, "clean", place->arena, &why), SNAPSHOT_DONE);

    assert_int_equal(snapshot_delete(store, "clean", place->arena, &why), SNAPSHOT_NONE);
    assert_int_equal(place_restore(place, store, "clean", &why), SNAPSHOT_NONE);
    assert_int_equal(place_snapshots(place, store, &all), 0);
    store_close(store);
}

static void an_unknown_name_changes_nothing(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "lobby");

    assert_int_equal(place_restore(place, store, "clean", &why), SNAPSHOT_NONE);

    assert_true(place_has(place, store, "lobby"));
    store_close(store);
}

static void the_number_of_snapshots_is_limited(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    const struct snapshot *all;
    struct store *store = place_open(place);
    for (int i = 0; i < SNAPSHOTS_MAX; i++)
        place_must_save(place, store, arena_printf(place->arena, "s%d", i));

    assert_int_equal(snapshot_save(store, "more", SAVED_AT_MS, place->arena, &why),
                     SNAPSHOT_FULL);

    assert_string_equal(why, "At most 100 snapshots can be kept");
    place_must_save(place, store, "s7");
    assert_int_equal(place_snapshots(place, store, &all), SNAPSHOTS_MAX);
    store_close(store);
}

/* Fills the database with so many bytes of unused data. */
static void fill(struct place *place, struct store *store, int bytes)
{
    struct txn *txn = txn_begin(store, place->arena, TXN_WRITE);
    static const char table[] = "CREATE TABLE ballast (x BLOB) STRICT";
    static const char row[] = "INSERT INTO ballast VALUES (zeroblob(:bytes))";
    struct stmt *q = txn_query(txn, table);

    assert_int_equal(stmt_step(q), DB_DONE);
    stmt_done(&q);
    q = txn_query(txn, row);
    stmt_int(q, ":bytes", bytes);
    assert_int_equal(stmt_step(q), DB_DONE);
    stmt_done(&q);
    assert_int_equal(txn_commit(&txn), DB_DONE);
}

static void in_memory_the_total_size_of_snapshots_is_limited(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    struct store *store = place_open(place);
    fill(place, store, SNAPSHOTS_IN_MEMORY_MAX_BYTES / 2);
    place_must_save(place, store, "half");

    assert_int_equal(snapshot_save(store, "more", SAVED_AT_MS, place->arena, &why),
                     SNAPSHOT_FULL);

    assert_string_equal(
        why, "Snapshots of a database in memory are limited to 268435456 bytes in total");
    place_must_save(place, store, "half");
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

static void a_restore_keeps_the_carried_over_data(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "old");
    place_must_save(place, store, "clean");
    store_add_channel(store, place->arena, "lobby");
    store_run(store, place->arena, "UPDATE channel SET srt_passphrase = 'carried'");

    assert_int_equal(snapshot_restore(store, "clean", carry_lobby, place->arena, &why),
                     SNAPSHOT_DONE);

    assert_string_equal(passphrase_of_old(place, store), "carried");
    assert_false(place_has(place, store, "lobby"));
    store_close(store);
}

static void a_failure_to_carry_over_changes_nothing(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    struct store *store = place_open(place);
    place_must_save(place, store, "clean");
    store_add_channel(store, place->arena, "other");

    assert_int_equal(snapshot_restore(store, "clean", carry_lobby, place->arena, &why),
                     SNAPSHOT_FAILED);

    assert_true(place_has(place, store, "other"));
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

static void mirrors_of_the_state_are_reloaded(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    struct counter first = {.channels = -1}, second = {.channels = -1};
    struct store *store = place_open(place);
    store_add_mirror(store, count_channels, &first);
    store_add_mirror(store, count_channels, &second);
    store_add_channel(store, place->arena, "one");
    place_must_save(place, store, "clean");
    store_add_channel(store, place->arena, "two");
    assert_int_equal(place_restore(place, store, "other", &why), SNAPSHOT_NONE);
    assert_int_equal(first.calls, 0);

    place_must_restore(place, store, "clean");

    assert_int_equal(first.calls, 1);
    assert_int_equal(second.calls, 1);
    assert_int_equal(first.channels, 1);
    assert_int_equal(second.channels, 1);
    store_close(store);
}

/* Threads that write and read while snapshots are saved and restored. Each transaction
 * adds two channels, or deletes all when there are many: a partial state would have an
 * odd number, and the states stay small however slow the machine is. */
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

    return stmt_step(q) == DB_DONE;
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
        whole = txn_commit(&txn) == DB_DONE && whole && pairs_are_whole(crowd, arena);
        atomic_fetch_add(&crowd->seen, 1);
    }
    return whole ? crowd : NULL;
}

static void other_threads_continue_and_never_see_a_partial_state(void **state)
{
    enum { THREADS = 3, ROUNDS = 40 };
    struct place *place = *state;
    pthread_t threads[THREADS];
    struct crowd crowd = {.store = place_open(place)};

    place_must_save(place, crowd.store, "clean");
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work_in_pairs, &crowd), 0);
    for (int i = 0; i < ROUNDS; i++) {
        place_must_save(place, crowd.store, i % 2 == 0 ? "even" : "odd");
        place_must_restore(place, crowd.store, i % 3 == 0 ? "clean" : "even");
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
        IN_BOTH(a_restore_brings_the_saved_state_back),
        IN_BOTH(saving_again_replaces_the_snapshot),
        IN_BOTH(a_snapshot_is_listed_with_its_time_and_size),
        IN_BOTH(a_deleted_snapshot_is_gone),
        IN_BOTH(an_unknown_name_changes_nothing),
        IN_BOTH(the_number_of_snapshots_is_limited),
        IN_BOTH(a_restore_keeps_the_carried_over_data),
        IN_BOTH(a_failure_to_carry_over_changes_nothing),
        IN_BOTH(mirrors_of_the_state_are_reloaded),
        IN_BOTH(other_threads_continue_and_never_see_a_partial_state),
        cmocka_unit_test_setup_teardown(in_memory_the_total_size_of_snapshots_is_limited,
                                        memory_setup, place_teardown),
        cmocka_unit_test(a_name_is_never_a_path),
    };

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
