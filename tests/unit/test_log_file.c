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

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(held_frames_are_counted),
        PLACE_TEST(a_database_in_memory_holds_no_frames),
        PLACE_TEST(a_commit_with_held_frames_stops_the_program),
    };

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
