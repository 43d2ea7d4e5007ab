/*
 * A test bench for the delivery of events: a database in a file, sinks, and the delivery
 * from the one to the others. All of it ends with the test.
 */
#ifndef TESTS_SUPPORT_BENCH_H
#define TESTS_SUPPORT_BENCH_H

#include "base/arena.h"
#include "events/delivery.h"
#include "sink.h"
#include "store/store.h"

#include <stddef.h>

enum { BENCH_MAX_SINKS = 16 };

struct bench {
    struct arena *arena;
    char *folder;
    const char *db;
    struct store *store; /* NULL: not open */
    struct ids *chance;  /* for the faults, seeded */
    struct faults *faults;
    struct delivery *delivery; /* NULL: not started */
    struct sink *sinks[BENCH_MAX_SINKS];
    size_t sink_count;
    int log; /* the log can be read from here; -1: not watched */
    int own_stderr;
};

/* Setup and teardown of a cmocka test: *state is a struct bench *, its database open. */
int bench_setup(void **state);
int bench_teardown(void **state);

#define BENCH_TEST(test)                                                                 \
    cmocka_unit_test_setup_teardown(test, bench_setup, bench_teardown)

/* A sink that is freed with the bench. */
struct sink *bench_sink(struct bench *bench);
struct sink *bench_closed_sink(struct bench *bench);

/* The URL of a path at a sink. */
const char *bench_url(struct bench *bench, const struct sink *sink, const char *path);

/* Starts to deliver to one target, or to several. */
void bench_start(struct bench *bench, const char *url);
void bench_start_all(struct bench *bench, const char *const *urls, size_t count);

void bench_stop(struct bench *bench);

/* Closes and opens the database. No delivery may be running. */
void bench_close(struct bench *bench);
void bench_open(struct bench *bench);

/* The envelope of the test's event number `n`. */
const char *bench_envelope(struct bench *bench, int n);

/* Writes events number `first` to `last`, each in its transaction. */
void bench_write(struct bench *bench, int first, int last);

/* The test fails unless the sink's request number `index` is event number `n`. */
void assert_delivered(struct bench *bench, struct sink *sink, size_t index, int n);

/* From now on the test can wait for warnings and errors in the log. */
void bench_watch_log(struct bench *bench);
void bench_expect_log(struct bench *bench, const char *text);
void assert_log_is_empty(struct bench *bench);

#endif
