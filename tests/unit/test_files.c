/*
 * The files of a database are removed while it is open; tests/wire/test_lost_files.c has
 * the other ways to lose them.
 */
#include "base/log.h"
#include "store/snapshot.h"
#include "store/txn.h"
#include "store_files.h"

#include <unistd.h>

#include "support/cmocka_all.h"

static const char *const endings[] = {"", "-wal"};

static const char insert[] =
    "INSERT INTO channel (account, region, id, name, latency_mode, type, preset,"
    " container_format, authorized, insecure_ingest, srt_passphrase, tags)"
    " VALUES ('000000000000', 'us-east-1', 'late', 'late', 'LOW', 'STANDARD', '', 'TS',"
    " 0, 0, 'x', '{}')";

/* Called after the commit. */
struct calls {
    int hooks;
    int listeners;
};

static void count_hook(void *context)
{
    ((struct calls *)context)->hooks++;
}

static void count_listener(void *context, uint32_t topics)
{
    (void)topics;
    ((struct calls *)context)->listeners++;
}

/* A transaction that adds the channel "late". */
static struct txn *begin_change(struct store *store, struct arena *arena,
                                struct calls *calls)
{
    struct txn *txn = txn_begin(store, arena, TXN_WRITE);
    struct stmt *q AUTO(stmt_done) = txn_query(txn, insert);

    assert_int_equal(stmt_step(q), DB_DONE);
    txn_note(txn, 1);
    txn_on_commit(txn, count_hook, calls);
    return txn;
}

static const char *file_of(struct place *place, size_t i)
{
    return arena_printf(place->arena, "%s%s", place->path, endings[i]);
}

static void changes_before_the_loss_are_rolled_back(void **state)
{
    struct place *place = *state;

    print_message("(the lost files that are logged here are part of the test)\n");
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        struct store *store = place_open(place);
        struct calls calls = {0};
        store_add_listener(store, STORE_ALL_TOPICS, count_listener, &calls);
        struct txn *txn = begin_change(store, place->arena, &calls);
        assert_null(txn_lost_file(txn));

        assert_int_equal(unlink(file_of(place, i)), 0);
        assert_string_equal(txn_lost_file(txn), file_of(place, i));
        assert_int_equal(txn_commit(&txn), DB_ERROR);

        assert_null(txn);
        assert_false(store_has_channel(store, place->arena, "late"));
        assert_int_equal(calls.hooks, 0);
        assert_int_equal(calls.listeners, 0);
        store_close(store);
    }
}

static void reads_work_without_the_files(void **state)
{
    struct place *place = *state;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "lobby");

    for (size_t i = 0; i < COUNT_OF(endings); i++)
        assert_int_equal(unlink(file_of(place, i)), 0);

    assert_true(store_has_channel(store, place->arena, "lobby"));
    store_close(store);
}

static void no_snapshot_is_restored_into_a_lost_log(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    struct store *store = place_open(place);
    assert_int_equal(snapshot_save(store, "clean", 0, place->arena, &why), SNAPSHOT_DONE);
    store_add_channel(store, place->arena, "lobby");

    assert_int_equal(unlink(file_of(place, 1)), 0);
    print_message("(the lost file that is logged here is part of the test)\n");

    assert_int_equal(snapshot_restore(store, "clean", NULL, place->arena, &why),
                     SNAPSHOT_FAILED);
    assert_string_equal(why, "A file of the database was removed or replaced");
    assert_true(store_has_channel(store, place->arena, "lobby"));
    store_close(store);
}

static void a_database_in_memory_has_no_files_to_lose(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    struct store *store = store_open(":memory:", place->arena, &why);
    struct txn *txn = txn_begin(store, place->arena, TXN_WRITE);

    assert_null(txn_lost_file(txn));
    assert_int_equal(txn_commit(&txn), DB_DONE);

    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(changes_before_the_loss_are_rolled_back),
        PLACE_TEST(reads_work_without_the_files),
        PLACE_TEST(no_snapshot_is_restored_into_a_lost_log),
        PLACE_TEST(a_database_in_memory_has_no_files_to_lose),
    };

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
