/*
 * The file system under the database: a commit that is still partly in memory is never
 * acknowledged. test_store_faults.c shows that no commit is.
 */
#include "../../src/store/log_file_internal.h"
#include "../../src/store/store_internal.h"
#include "base/log.h"
#include "store/txn.h"
#include "store_files.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/cmocka_all.h"

enum { FRAME_HEADER_BYTES = 24 };

/* After the commit, writes the header of one more frame to the log, without its page. */
static int write_half_a_frame(void *context, sqlite3 *db, const char *name, int pages)
{
    static const unsigned char header[FRAME_HEADER_BYTES] = {[3] = 1, [7] = 1};
    sqlite3_file *log = NULL;
    sqlite3_int64 end = 0;

    (void)context;
    (void)pages;
    if (sqlite3_file_control(db, name, SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK ||
        log->pMethods->xFileSize(log, &end) != SQLITE_OK)
        return SQLITE_IOERR;
    return log->pMethods->xWrite(log, header, FRAME_HEADER_BYTES, end);
}

static void held_frames_are_counted(void **state)
{
    struct place *place = *state;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "lobby");
    assert_int_equal(log_file_held_bytes(store->db), 0);

    assert_int_equal(write_half_a_frame(NULL, store->db, "main", 1), SQLITE_OK);

    assert_int_equal(log_file_held_bytes(store->db), FRAME_HEADER_BYTES);
    store_close(store);
}

static void a_database_in_memory_holds_no_frames(void **state)
{
    struct place *place = *state;
    const char *why = NULL;
    struct store *store = store_open(":memory:", place->arena, &why);

    store_add_channel(store, place->arena, "lobby");

    assert_int_equal(log_file_held_bytes(store->db), 0);
    store_close(store);
}

static void a_commit_with_held_frames_stops_the_program(void **state)
{
    struct place *place = *state;
    int status = 0;
    print_message("(the bug that is reported here is part of the test)\n");

    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit no_core = {0};
        (void)setrlimit(RLIMIT_CORE, &no_core);
        signal(SIGABRT, SIG_DFL);
        struct store *store = place_open(place);
        sqlite3_wal_hook(store->db, write_half_a_frame, NULL);
        store_add_channel(store, place->arena, "lobby");
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);

    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* More changes than the cache has room for, so that SQLite writes a part of them to the
 * log before the transaction ends. */
static void roll_back_a_large_transaction(struct store *store, struct arena *arena)
{
    static const char sql[] =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)"
        " INSERT INTO event (account, region, detail_type, envelope)"
        " SELECT '0', 'r', 't', printf('%1000d', i) FROM n";
    struct txn *txn AUTO(txn_abandon) = txn_begin(store, arena, TXN_WRITE);
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    assert_int_equal(stmt_step(q), DB_DONE);
}

static void a_commit_after_a_large_rollback_holds_nothing(void **state)
{
    struct place *place = *state;
    struct store *store = place_open(place);
    store_add_channel(store, place->arena, "lobby");
    store_close(store); /* empties the log, so that the rollback reads nothing from it */
    store = place_open(place);

    roll_back_a_large_transaction(store, place->arena);

    assert_true(log_file_held_bytes(store->db) > 0);
    struct txn *txn = txn_begin(store, place->arena, TXN_WRITE);
    assert_int_equal(txn_commit(&txn), DB_DONE); /* it writes nothing to the log */
    assert_int_equal(log_file_held_bytes(store->db), 0);
    store_add_channel(store, place->arena, "after");
    store_close(store);
    store = place_open(place);
    assert_true(store_has_channel(store, place->arena, "lobby"));
    assert_true(store_has_channel(store, place->arena, "after"));
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(held_frames_are_counted),
        PLACE_TEST(a_database_in_memory_holds_no_frames),
        PLACE_TEST(a_commit_with_held_frames_stops_the_program),
        PLACE_TEST(a_commit_after_a_large_rollback_holds_nothing),
    };

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
