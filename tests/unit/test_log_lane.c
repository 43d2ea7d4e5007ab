/*
 * Lanes of chat logging: records that wait for a thread.
 */
#include "../../src/chat/log_lane_internal.h"

#include "base/memory.h"
#include "base/worker.h"
#include "chat/log_writer.h"
#include "log_entries.h"
#include "support/gate.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

enum { TAKEN_MAX = 64 };

/* Whether the system has no more threads. */
static bool no_thread;

/* The linker replaces worker_start() by the second of these.
 * NOLINTBEGIN(*-reserved-identifier,cert-dcl*) */
struct worker *__real_worker_start(worker_body *body, void *context);
struct worker *__wrap_worker_start(worker_body *body, void *context);

struct worker *__wrap_worker_start(worker_body *body, void *context)
{
    return no_thread ? NULL : __real_worker_start(body, context);
}
/* NOLINTEND(*-reserved-identifier,cert-dcl*) */

/* What the fake work of a lane has seen. */
struct fixture {
    struct log_tally tally;
    struct log_lane *lane;
    struct gate taken, written, cancelled, open;
    bool blocks;           /* the first entry waits until `open` */
    char lines[TAKEN_MAX]; /* the first characters of the entries, in order */
    size_t count;
    int64_t wait_ms; /* what write() returns */
    bool wrote_everything;
};

static void take_entry(void *context, struct log_entry *entry)
{
    struct fixture *fixture = context;

    gate_pass(&fixture->taken);
    if (fixture->blocks)
        gate_expect(&fixture->open, 1);
    if (fixture->count < TAKEN_MAX - 1)
        fixture->lines[fixture->count++] = *(entry->closes ? "." : entry->line);
    free(entry);
}

static int64_t write_due(void *context, bool everything)
{
    struct fixture *fixture = context;

    fixture->wrote_everything = everything;
    gate_pass(&fixture->written);
    return fixture->wait_ms;
}

static void cancel(void *context)
{
    struct fixture *fixture = context;

    gate_pass(&fixture->cancelled);
    gate_pass(&fixture->open);
}

static const struct log_lane_work work = {
    .kind = "test", .take = take_entry, .write = write_due, .cancel = cancel};

static int setup(void **state)
{
    struct fixture *fixture = mem_zalloc(sizeof(*fixture));

    gate_init(&fixture->taken);
    gate_init(&fixture->written);
    gate_init(&fixture->cancelled);
    gate_init(&fixture->open);
    fixture->wait_ms = -1;
    fixture->lane = log_lane_new(&work, fixture, &fixture->tally);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    assert_null(fixture->lane); /* the test has ended it */
    gate_done(&fixture->taken);
    gate_done(&fixture->written);
    gate_done(&fixture->cancelled);
    gate_done(&fixture->open);
    free(fixture);
    return 0;
}

static void add(struct fixture *fixture, const char *line)
{
    log_lane_add(fixture->lane, log_entry_of("room", "name", LOG_TIME_MS, line));
}

static void end(struct fixture *fixture, int64_t patience_ms)
{
    const struct timespec until = deadline_after_ms(patience_ms);

    log_lane_ask_to_end(fixture->lane);
    log_lane_end(fixture->lane, &until);
    fixture->lane = NULL;
}

static void an_entry_is_a_copy(void **state)
{
    struct fixture *fixture = *state;
    struct log_entry *entry = log_entry_of("room", "name", LOG_TIME_MS, "line");
    struct log_entry *closing = log_entry_closing(true);

    assert_string_equal(entry->scope.account, "123456789012");
    assert_string_equal(entry->room_id, "room");
    assert_string_equal(entry->destination, "name");
    assert_string_equal(entry->line, "line");
    assert_true(entry->bytes > sizeof(*entry));
    assert_null(closing->scope.account);
    assert_true(closing->closes);
    free(entry);
    free(closing);
    end(fixture, 60000);
}

static void records_are_taken_in_order(void **state)
{
    struct fixture *fixture = *state;

    add(fixture, "1");
    log_lane_add(fixture->lane, log_entry_closing(true));
    add(fixture, "2");
    gate_expect(&fixture->taken, 3);
    add(fixture, "3");
    end(fixture, 60000);

    assert_string_equal(fixture->lines, "1.23");
}

static void a_lane_that_was_not_used_has_no_thread(void **state)
{
    struct fixture *fixture = *state;

    log_lane_wake(fixture->lane);
    end(fixture, 60000);

    assert_int_equal(gate_count(&fixture->written), 0);
    assert_int_equal(gate_count(&fixture->cancelled), 0);
}

static void what_is_due_is_written_in_time(void **state)
{
    struct fixture *fixture = *state;
    fixture->wait_ms = 1;

    add(fixture, "1");
    gate_expect(&fixture->written, 3);

    end(fixture, 60000);
    assert_true(fixture->wrote_everything);
}

static void waking_the_thread_writes_what_is_due(void **state)
{
    struct fixture *fixture = *state;
    add(fixture, "1");
    gate_expect(&fixture->written, 1);

    log_lane_wake(fixture->lane);
    gate_expect(&fixture->written, 2);

    end(fixture, 60000);
}

static void records_wait_until_there_is_a_thread(void **state)
{
    struct fixture *fixture = *state;
    no_thread = true;
    add(fixture, "1");
    add(fixture, "2");

    no_thread = false;
    add(fixture, "3");
    end(fixture, 60000);

    assert_string_equal(fixture->lines, "123");
}

static void records_without_a_thread_are_dropped_at_the_end(void **state)
{
    struct fixture *fixture = *state;
    no_thread = true;
    add(fixture, "1");
    log_lane_add(fixture->lane, log_entry_closing(true));

    end(fixture, 60000);

    no_thread = false;
    assert_tally(&fixture->tally, 0, 1, 0);
}

static void an_end_that_takes_too_long_is_cut_short(void **state)
{
    struct fixture *fixture = *state;
    fixture->blocks = true;
    add(fixture, "1");
    add(fixture, "2");
    gate_expect(&fixture->taken, 1);

    end(fixture, 1);

    assert_int_equal(gate_count(&fixture->cancelled), 1);
    assert_string_equal(fixture->lines, "12");
    assert_true(fixture->wrote_everything);
}

static void beyond_the_memory_of_a_lane_the_oldest_are_dropped(void **state)
{
    enum { LINE_BYTES = LOG_QUEUE_MAX_BYTES / 4 };
    struct fixture *fixture = *state;
    char *line = mem_zalloc(LINE_BYTES);
    memset(line, 'x', LINE_BYTES - 1);
    fixture->blocks = true;
    add(fixture, "0");
    gate_expect(&fixture->taken, 1);
    log_lane_add(fixture->lane, log_entry_closing(true));

    for (line[0] = '1'; line[0] <= '6'; line[0]++)
        add(fixture, line);
    gate_pass(&fixture->open);
    end(fixture, 60000);

    assert_string_equal(fixture->lines, "0456");
    assert_tally(&fixture->tally, 0, 3, 0);
    free(line);
}

#define LANE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANE_TEST(an_entry_is_a_copy),
        LANE_TEST(records_are_taken_in_order),
        LANE_TEST(a_lane_that_was_not_used_has_no_thread),
        LANE_TEST(what_is_due_is_written_in_time),
        LANE_TEST(waking_the_thread_writes_what_is_due),
        LANE_TEST(records_wait_until_there_is_a_thread),
        LANE_TEST(records_without_a_thread_are_dropped_at_the_end),
        LANE_TEST(an_end_that_takes_too_long_is_cut_short),
        LANE_TEST(beyond_the_memory_of_a_lane_the_oldest_are_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
