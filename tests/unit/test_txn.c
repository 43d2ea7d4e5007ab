/*
 * Transactions and statements.
 */
#include "store/txn.h"

#include "base/log.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "support/cmocka_all.h"

static const char insert[] = "INSERT INTO note VALUES (:id, :text)";

/* A store in memory with one table. */
struct bench {
    struct arena *arena;
    struct store *store;
};

static struct bench bench;

static int setup(void **state)
{
    static const struct migration schema = {
        "notes", "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT) STRICT"};
    const char *why = NULL;

    bench.arena = arena_new();
    bench.store = store_open_at(":memory:", &schema, 1, bench.arena, &why);
    *state = &bench;
    return bench.store != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    store_close(bench.store);
    arena_free(bench.arena);
    return 0;
}

static enum db_result add(struct txn *txn, int64_t id, const char *text)
{
    struct stmt *q AUTO(stmt_done) = txn_query(txn, insert);

    stmt_int(q, ":id", id);
    stmt_text_or_null(q, ":text", text);
    return stmt_step(q);
}

static int64_t count(void)
{
    static const char sql[] = "SELECT count(*) FROM note";
    struct txn *txn AUTO(txn_abandon) = txn_begin(bench.store, bench.arena, TXN_READ);
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    assert_int_equal(stmt_step(q), DB_ROW);
    return stmt_column_int(q, 0);
}

static void committed_changes_stay(void **state)
{
    struct txn *txn = txn_begin(bench.store, bench.arena, TXN_WRITE);

    (void)state;
    assert_int_equal(add(txn, 1, "a"), DB_DONE);
    assert_int_equal(txn_commit(&txn), DB_DONE);

    assert_null(txn);
    assert_int_equal(count(), 1);
}

static void an_abandoned_transaction_is_rolled_back(void **state)
{
    struct txn *txn = txn_begin(bench.store, bench.arena, TXN_WRITE);

    (void)state;
    assert_int_equal(add(txn, 1, "a"), DB_DONE);
    txn_abandon(&txn);

    assert_null(txn);
    assert_int_equal(count(), 0);
}

static void abandoning_null_does_nothing(void **state)
{
    struct txn *txn = NULL;

    (void)state;
    txn_abandon(&txn);
}

static void a_transaction_with_a_failed_statement_is_not_committed(void **state)
{
    struct txn *txn = txn_begin(bench.store, bench.arena, TXN_WRITE);

    (void)state;
    print_message("(the SQL failure that is logged here is part of the test)\n");
    assert_int_equal(add(txn, 1, "a"), DB_DONE);
    assert_int_equal(add(txn, 1, "again"), DB_ERROR);
    assert_int_equal(add(txn, 2, "b"), DB_ERROR);
    assert_int_equal(txn_commit(&txn), DB_ERROR);

    assert_null(txn);
    assert_int_equal(count(), 0);
}

static void the_store_works_after_a_failure(void **state)
{
    struct txn *failed = txn_begin(bench.store, bench.arena, TXN_WRITE);

    (void)state;
    print_message("(the SQL failure that is logged here is part of the test)\n");
    assert_int_equal(add(failed, 1, "a"), DB_DONE);
    assert_int_equal(add(failed, 1, "a"), DB_ERROR);
    txn_abandon(&failed);
    struct txn *next = txn_begin(bench.store, bench.arena, TXN_WRITE);
    assert_int_equal(add(next, 1, "a"), DB_DONE);
    assert_int_equal(txn_commit(&next), DB_DONE);

    assert_int_equal(count(), 1);
}

/* Another thread, which begins a transaction and records it. */
struct other {
    pthread_t thread;
    atomic_bool got_the_store;
};

static void *begin_and_note(void *context)
{
    struct other *other = context;
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn = txn_begin(bench.store, arena, TXN_READ);

    atomic_store(&other->got_the_store, true);
    txn_abandon(&txn);
    return NULL;
}

static void start_another(void *context)
{
    struct other *other = context;

    assert_int_equal(pthread_create(&other->thread, NULL, begin_and_note, other), 0);
    for (int i = 0; i < 100; i++)
        sched_yield();
    assert_false(atomic_load(&other->got_the_store));
}

static void hooks_run_before_the_store_is_unlocked(void **state)
{
    struct other other = {.got_the_store = false};
    struct txn *txn = txn_begin(bench.store, bench.arena, TXN_WRITE);
    (void)state;

    txn_on_commit(txn, start_another, &other);
    assert_int_equal(txn_commit(&txn), DB_DONE);

    assert_int_equal(pthread_join(other.thread, NULL), 0);
    assert_true(atomic_load(&other.got_the_store));
}

static void is_not_to_be_called(void *context)
{
    (void)context;
    fail_msg("nothing was committed");
}

static void no_hook_runs_after_a_commit_that_failed(void **state)
{
    struct txn *txn = txn_begin(bench.store, bench.arena, TXN_WRITE);
    (void)state;
    assert_int_equal(add(txn, 1, "once"), DB_DONE);
    assert_int_equal(add(txn, 1, "twice"), DB_ERROR);

    txn_on_commit(txn, is_not_to_be_called, NULL);
    txn_on_commit(txn, is_not_to_be_called, NULL);

    assert_int_equal(txn_commit(&txn), DB_ERROR);
}

static void no_hook_runs_after_a_rollback(void **state)
{
    struct txn *txn = txn_begin(bench.store, bench.arena, TXN_WRITE);
    (void)state;

    txn_on_commit(txn, is_not_to_be_called, NULL);

    txn_abandon(&txn);
    assert_int_equal(count(), 0);
}

static void columns_are_read_by_position_and_null_reads_as_none(void **state)
{
    static const char sql[] = "SELECT id, text, NULL, 1 = 1 FROM note ORDER BY id";
    struct txn *txn AUTO(txn_abandon) = txn_begin(bench.store, bench.arena, TXN_WRITE);

    (void)state;
    assert_int_equal(add(txn, INT64_MAX, "caf\xc3\xa9"), DB_DONE);
    assert_int_equal(add(txn, INT64_MIN, ""), DB_DONE);
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    assert_int_equal(stmt_step(q), DB_ROW);
    assert_true(stmt_column_int(q, 0) == INT64_MIN);
    assert_string_equal(stmt_column_text(q, 1), "");
    assert_int_equal(stmt_column_int(q, 2), 0);
    assert_true(stmt_column_bool(q, 3));
    assert_int_equal(stmt_step(q), DB_ROW);
    assert_true(stmt_column_int(q, 0) == INT64_MAX);
    assert_string_equal(stmt_column_text(q, 1), "caf\xc3\xa9");
    assert_int_equal(stmt_step(q), DB_NONE);
}

static void an_empty_text_that_means_none_is_stored_as_null(void **state)
{
    static const char sql[] = "SELECT count(*) FROM note WHERE text IS NULL";
    struct txn *txn AUTO(txn_abandon) = txn_begin(bench.store, bench.arena, TXN_WRITE);

    (void)state;
    assert_int_equal(add(txn, 1, ""), DB_DONE);
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    assert_int_equal(stmt_step(q), DB_ROW);
    assert_int_equal(stmt_column_int(q, 0), 1);
}

static void a_statement_keeps_no_values_of_its_last_use(void **state)
{
    static const char sql[] = "SELECT text FROM note WHERE id = 2";
    struct txn *txn AUTO(txn_abandon) = txn_begin(bench.store, bench.arena, TXN_WRITE);

    (void)state;
    assert_int_equal(add(txn, 1, "a"), DB_DONE);
    struct stmt *again = txn_query(txn, insert);
    stmt_int(again, ":id", 2);
    assert_int_equal(stmt_step(again), DB_DONE);
    stmt_done(&again);

    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);
    assert_int_equal(stmt_step(q), DB_ROW);
    assert_string_equal(stmt_column_text(q, 0), "");
}

static void text_read_outlives_its_statement(void **state)
{
    static const char sql[] = "SELECT text FROM note";
    struct txn *txn AUTO(txn_abandon) = txn_begin(bench.store, bench.arena, TXN_WRITE);

    (void)state;
    assert_int_equal(add(txn, 1, "lasting"), DB_DONE);
    struct stmt *q = txn_query(txn, sql);
    assert_int_equal(stmt_step(q), DB_ROW);
    const char *text = stmt_column_text(q, 0);
    stmt_done(&q);
    txn_abandon(&txn);

    assert_string_equal(text, "lasting");
}

#define BENCH_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(committed_changes_stay),
        BENCH_TEST(an_abandoned_transaction_is_rolled_back),
        BENCH_TEST(abandoning_null_does_nothing),
        BENCH_TEST(a_transaction_with_a_failed_statement_is_not_committed),
        BENCH_TEST(the_store_works_after_a_failure),
        BENCH_TEST(hooks_run_before_the_store_is_unlocked),
        BENCH_TEST(no_hook_runs_after_a_commit_that_failed),
        BENCH_TEST(no_hook_runs_after_a_rollback),
        BENCH_TEST(columns_are_read_by_position_and_null_reads_as_none),
        BENCH_TEST(an_empty_text_that_means_none_is_stored_as_null),
        BENCH_TEST(a_statement_keeps_no_values_of_its_last_use),
        BENCH_TEST(text_read_outlives_its_statement),
    };

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
