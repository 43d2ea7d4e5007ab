/*
 * Commit listeners: which are called after which commit, when, and in which thread.
 */
#include "base/log.h"
#include "store/store.h"
#include "store/txn.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/cmocka_all.h"

enum { APPLES = 1, PEARS = 2, PLUMS = 4, THREADS = 4, COMMITS = 200 };

struct bench {
    struct arena *arena;
    struct store *store;
};

static struct bench bench;

static int setup(void **state)
{
    static const struct migration schema = {
        "notes", "CREATE TABLE note (id INTEGER PRIMARY KEY) STRICT"};
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

static enum db_result add(struct txn *txn, int64_t id)
{
    static const char sql[] = "INSERT INTO note VALUES (nullif(:id, 0))";
    struct stmt *q AUTO(stmt_done) = txn_query(txn, sql);

    stmt_int(q, ":id", id);
    return stmt_step(q);
}

/* Adds a row and notes these topics. */
static void commit(uint32_t topics)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn = txn_begin(bench.store, arena, TXN_WRITE);

    assert_int_equal(add(txn, 0), DB_DONE);
    txn_note(txn, topics);
    assert_int_equal(txn_commit(&txn), DB_DONE);
}

/* What a listener was called with. */
struct ear {
    atomic_int calls;
    uint32_t last_topics;
};

static void hear(void *context, uint32_t topics)
{
    struct ear *ear = context;

    atomic_fetch_add(&ear->calls, 1);
    ear->last_topics = topics;
}

static void a_listener_is_called_for_its_topics_and_no_others(void **state)
{
    struct ear apples = {0}, fruit = {0};
    (void)state;
    store_add_listener(bench.store, APPLES, hear, &apples);
    store_add_listener(bench.store, APPLES | PEARS, hear, &fruit);

    commit(APPLES | PLUMS);
    assert_int_equal(apples.calls, 1);
    assert_int_equal(apples.last_topics, APPLES | PLUMS);
    assert_int_equal(fruit.calls, 1);
    commit(PEARS);
    commit(PLUMS);

    assert_int_equal(apples.calls, 1);
    assert_int_equal(fruit.calls, 2);
}

static void topics_noted_one_by_one_make_one_call(void **state)
{
    struct ear ear = {0};
    struct txn *txn = txn_begin(bench.store, bench.arena, TXN_WRITE);
    (void)state;
    store_add_listener(bench.store, APPLES | PEARS, hear, &ear);

    txn_note(txn, APPLES);
    txn_note(txn, PEARS);
    txn_note(txn, APPLES);
    assert_int_equal(ear.calls, 0);
    assert_int_equal(txn_commit(&txn), DB_DONE);

    assert_int_equal(ear.calls, 1);
    assert_int_equal(ear.last_topics, APPLES | PEARS);
}

static void a_commit_without_topics_calls_no_listener(void **state)
{
    struct ear ear = {0};
    struct txn *txn = txn_begin(bench.store, bench.arena, TXN_READ);
    (void)state;
    store_add_listener(bench.store, STORE_ALL_TOPICS, hear, &ear);

    assert_int_equal(txn_commit(&txn), DB_DONE);
    commit(0);

    assert_int_equal(ear.calls, 0);
}

static void a_rollback_calls_no_listener(void **state)
{
    struct ear ear = {0};
    struct txn *txn = txn_begin(bench.store, bench.arena, TXN_WRITE);
    (void)state;
    store_add_listener(bench.store, STORE_ALL_TOPICS, hear, &ear);

    txn_note(txn, APPLES);
    txn_abandon(&txn);
    commit(0);

    assert_int_equal(ear.calls, 0);
}

static void a_failed_commit_calls_no_listener(void **state)
{
    struct ear ear = {0};
    struct txn *txn = txn_begin(bench.store, bench.arena, TXN_WRITE);
    (void)state;
    store_add_listener(bench.store, STORE_ALL_TOPICS, hear, &ear);
    print_message("(the SQL failure that is logged here is part of the test)\n");
    assert_int_equal(add(txn, 1), DB_DONE);
    assert_int_equal(add(txn, 1), DB_ERROR);

    txn_note(txn, APPLES);
    assert_int_equal(txn_commit(&txn), DB_ERROR);

    assert_int_equal(ear.calls, 0);
}

/* Records the order of the calls. */
struct diary {
    char names[8];
    size_t count;
};

struct author {
    struct diary *diary;
    char name;
};

static void sign(void *context)
{
    const struct author *author = context;

    author->diary->names[author->diary->count++] = author->name;
}

static void sign_for_topics(void *context, uint32_t topics)
{
    (void)topics;
    sign(context);
}

static void hooks_run_in_order_before_the_listeners_in_theirs(void **state)
{
    struct diary diary = {0};
    struct author a = {&diary, 'a'}, b = {&diary, 'b'}, c = {&diary, 'c'},
                  d = {&diary, 'd'}, e = {&diary, 'e'};
    struct txn *txn = txn_begin(bench.store, bench.arena, TXN_WRITE);
    (void)state;
    store_add_listener(bench.store, APPLES, sign_for_topics, &d);
    store_add_listener(bench.store, APPLES, sign_for_topics, &e);

    txn_note(txn, APPLES);
    txn_on_commit(txn, sign, &a);
    txn_on_commit(txn, sign, &b);
    txn_on_commit(txn, sign, &c);
    assert_int_equal(txn_commit(&txn), DB_DONE);

    assert_string_equal(diary.names, "abcde");
}

static void a_removed_listener_is_no_longer_called(void **state)
{
    struct ear first = {0}, second = {0}, third = {0};
    (void)state;
    store_add_listener(bench.store, APPLES, hear, &first);
    store_add_listener(bench.store, APPLES, hear, &second);
    store_add_listener(bench.store, APPLES, hear, &third);

    store_remove_listener(bench.store, &second);
    store_remove_listener(bench.store, &second);
    commit(APPLES);

    assert_int_equal(first.calls, 1);
    assert_int_equal(second.calls, 0);
    assert_int_equal(third.calls, 1);
}

static void *read_once(void *context)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn = txn_begin(bench.store, arena, TXN_READ);

    (void)context;
    txn_abandon(&txn);
    return NULL;
}

static void have_another_thread_read(void *context, uint32_t topics)
{
    pthread_t other;

    (void)topics;
    assert_int_equal(pthread_create(&other, NULL, read_once, NULL), 0);
    assert_int_equal(pthread_join(other, NULL), 0);
    *(bool *)context = true;
}

static void the_store_is_free_while_a_listener_is_called(void **state)
{
    bool has_read = false;
    (void)state;
    store_add_listener(bench.store, APPLES, have_another_thread_read, &has_read);

    commit(APPLES);

    assert_true(has_read);
}

/* A slow listener, and the thread that removes it meanwhile. */
struct slow {
    sem_t entered;
    sem_t may_leave;
    atomic_bool removed;
};

static void take_time(void *context, uint32_t topics)
{
    struct slow *slow = context;

    (void)topics;
    sem_post(&slow->entered);
    sem_wait(&slow->may_leave);
}

static void *commit_apples(void *context)
{
    (void)context;
    commit(APPLES);
    return NULL;
}

static void *remove_slow(void *context)
{
    struct slow *slow = context;

    store_remove_listener(bench.store, slow);
    atomic_store(&slow->removed, true);
    return NULL;
}

static void a_removal_waits_for_the_running_call(void **state)
{
    struct slow slow = {.removed = false};
    pthread_t committing, removing;
    (void)state;
    sem_init(&slow.entered, 0, 0);
    sem_init(&slow.may_leave, 0, 0);
    store_add_listener(bench.store, APPLES, take_time, &slow);
    assert_int_equal(pthread_create(&committing, NULL, commit_apples, NULL), 0);
    sem_wait(&slow.entered);

    assert_int_equal(pthread_create(&removing, NULL, remove_slow, &slow), 0);
    for (int i = 0; i < 100; i++)
        sched_yield();
    assert_false(atomic_load(&slow.removed));
    sem_post(&slow.may_leave);

    assert_int_equal(pthread_join(committing, NULL), 0);
    assert_int_equal(pthread_join(removing, NULL), 0);
    assert_true(atomic_load(&slow.removed));
    sem_destroy(&slow.entered);
    sem_destroy(&slow.may_leave);
}

static void *commit_many(void *context)
{
    (void)context;
    for (int i = 0; i < COMMITS; i++)
        commit(i % 2 == 0 ? APPLES : PEARS);
    return NULL;
}

static void *come_and_go(void *context)
{
    struct ear *ear = context;

    for (int i = 0; i < COMMITS; i++) {
        store_add_listener(bench.store, APPLES, hear, ear);
        store_remove_listener(bench.store, ear);
    }
    return NULL;
}

static void each_commit_of_each_thread_is_heard_once(void **state)
{
    struct ear apples = {0}, fruit = {0}, passing = {0};
    pthread_t threads[THREADS], other;
    (void)state;
    store_add_listener(bench.store, APPLES, hear, &apples);
    store_add_listener(bench.store, APPLES | PEARS, hear, &fruit);

    assert_int_equal(pthread_create(&other, NULL, come_and_go, &passing), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, commit_many, NULL), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(pthread_join(other, NULL), 0);

    assert_int_equal(apples.calls, THREADS * COMMITS / 2);
    assert_int_equal(fruit.calls, THREADS * COMMITS);
}

static void commit_again(void *context, uint32_t topics)
{
    (void)context;
    commit(topics);
}

static void a_listener_that_commits_stops_the_program(void **state)
{
    int status = 0;
    (void)state;
    print_message("(the bug that is reported here is part of the test)\n");

    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit no_core = {0};
        (void)setrlimit(RLIMIT_CORE, &no_core);
        signal(SIGABRT, SIG_DFL);
        store_add_listener(bench.store, APPLES, commit_again, &bench);
        commit(APPLES);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);

    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

#define BENCH_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH_TEST(a_listener_is_called_for_its_topics_and_no_others),
        BENCH_TEST(topics_noted_one_by_one_make_one_call),
        BENCH_TEST(a_commit_without_topics_calls_no_listener),
        BENCH_TEST(a_rollback_calls_no_listener),
        BENCH_TEST(a_failed_commit_calls_no_listener),
        BENCH_TEST(hooks_run_in_order_before_the_listeners_in_theirs),
        BENCH_TEST(a_removed_listener_is_no_longer_called),
        BENCH_TEST(the_store_is_free_while_a_listener_is_called),
        BENCH_TEST(a_removal_waits_for_the_running_call),
        BENCH_TEST(each_commit_of_each_thread_is_heard_once),
        BENCH_TEST(a_listener_that_commits_stops_the_program),
    };

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
