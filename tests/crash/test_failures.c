/*
 * Calls on the files of the database fail while the program serves, each in turn: a
 * change that cannot be made is answered 500 and leaves no trace, nothing acknowledged is
 * lost, and the program works again as soon as the disk does.
 */
#include "workload.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "support/cmocka_all.h"

enum {
    CALLS_MAX = 5000, /* more than any step makes */
    EACH_MAX = 12,    /* the first calls, each of which fails */
    FILLING_ROUNDS = 12,
    LINE_BYTES = 64
};

enum { SIZES = DISK_SYNC | DISK_TRUNCATE, NAMES = DISK_OPEN | DISK_RENAME | DISK_MKDIR };

/* Which calls, what happens to them, the error, the first of them, all later ones too. */
static const struct disk_plan plans[] = {
    {DISK_WRITE,             DISK_FAIL,  EIO,    1, false},
    {DISK_WRITE,             DISK_FAIL,  EDQUOT, 1, true },
    {DISK_WRITE,             DISK_FILLS, ENOSPC, 1, false},
    {DISK_WRITE,             DISK_FILLS, ENOSPC, 1, true },
    {DISK_WRITE,             DISK_SHORT, 0,      1, true },
    {SIZES,                  DISK_FAIL,  EIO,    1, false},
    {DISK_SYNC,              DISK_FAIL,  ENOSPC, 1, true },
    {NAMES,                  DISK_FAIL,  EIO,    1, false},
    {NAMES,                  DISK_FAIL,  ENOSPC, 1, true },
    {DISK_UNLINK | DISK_MAP, DISK_FAIL,  EIO,    1, true },
    {DISK_ANY,               DISK_FAIL,  EIO,    1, true },
};

static void check_view(struct machine *machine, const char *expected)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *view = machine_view(machine, arena);

    if (strcmp(view, expected) != 0)
        fail_msg("the state is %s instead of %s", view, expected);
}

/* A start that failed ended with a message, not by a signal. */
static void check_failed_start(struct machine *machine)
{
    assert_int_equal(machine->status, 1);
    assert_true(machine_start(machine));
}

/*
 * Tries a step while a call fails, and checks the state before the disk works again, if
 * it can be read, and after that. Returns whether the step is done.
 */
static bool try_step(struct machine *machine, const struct history *history, size_t step,
                     const struct disk_plan *plan, bool *struck)
{
    disk_arm(machine->disk, plan);
    enum step_result result = workload_run(machine, step);
    const char *expected = history->views[result == STEP_REFUSED ? step : step + 1];

    if (result != STEP_DIED)
        check_view(machine, expected);
    *struck = disk_disarm(machine->disk) > 0;
    if (result == STEP_DIED)
        check_failed_start(machine);
    check_view(machine, expected);
    return result != STEP_REFUSED;
}

/* Tries a step until it is done: first its first call fails, then a later one. Not each
 * of very many, such as the writes of a snapshot. Returns whether any failed. */
static bool run_step(struct machine *machine, const struct history *history, size_t step,
                     const struct disk_plan *faults)
{
    struct disk_plan plan = *faults;
    bool struck = false, any = false;

    while (!try_step(machine, history, step, &plan, &struck)) {
        assert_true(struck);
        any = true;
        plan.at += plan.at < EACH_MAX ? 1 : plan.at / 2;
        assert_true(plan.at < CALLS_MAX);
    }
    return any || struck;
}

static void run_under(struct machine *machine, const struct history *history,
                      const struct disk_plan *plan)
{
    bool struck = false;

    machine_new_disk(machine);
    assert_true(machine_start(machine));
    for (size_t step = 0; step < history->steps; step++) {
        machine->doing =
            arena_printf(machine->arena, "step %zu, calls %#x, fault %d, error %d", step,
                         (unsigned)plan->calls, (int)plan->fault, plan->error);
        struck |= run_step(machine, history, step, plan);
    }
    assert_true(struck);
    machine_kill(machine);
    workload_check(machine, machine->db, history,
                   &(struct bounds){.first = history->steps,
                                    .last = history->steps,
                                    .acknowledged = history->steps,
                                    .begun = history->steps});
    machine->doing = NULL;
}

static void a_change_that_the_disk_refuses_leaves_no_trace(void **state)
{
    struct machine *machine = *state;
    struct history history;

    machine_new_disk(machine);
    assert_true(machine_start(machine));
    workload_run_all(machine, STEPS_SMALL, &history);
    for (size_t i = 0; i < COUNT_OF(plans); i++)
        run_under(machine, &history, &plans[i]);
}

static void name_channel(char name[LINE_BYTES], int number)
{
    snprintf(name, LINE_BYTES, "x%d", number);
}

/* Creates a channel. Returns whether that was acknowledged. */
static bool create_numbered(struct machine *machine, int number)
{
    char name[LINE_BYTES], body[2 * LINE_BYTES];
    struct reply reply;

    name_channel(name, number);
    snprintf(body, sizeof(body), "{\"name\":\"%s\"}", name);
    int status = machine_call(machine, "/CreateChannel", body, &reply);
    if (status != 200)
        assert_error(reply, 500, "InternalServerException");
    return status == 200;
}

static void check_numbered(struct machine *machine, const bool *present, int end)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *view = machine_view(machine, arena);

    for (int i = 0; i < end; i++) {
        char name[LINE_BYTES], line[2 * LINE_BYTES];
        name_channel(name, i);
        snprintf(line, sizeof(line), "channel %s ", name);
        if ((strstr(view, line) != NULL) != present[i])
            fail_msg("channel %d is %s", i, present[i] ? "lost" : "there");
    }
}

/* Fills the log until it should be copied into the database, which fails meanwhile, as
 * does every sync. No change needs one. */
static void fill_log(struct machine *machine)
{
    struct reply reply;

    disk_arm(machine->disk, &(struct disk_plan){.calls = DISK_SYNC,
                                                .fault = DISK_FAIL,
                                                .error = EIO,
                                                .at = 1,
                                                .lasting = true});
    for (int round = 0; round < FILLING_ROUNDS; round++) {
        assert_int_equal(workload_add_fat(machine), STEP_DONE);
        assert_int_equal(machine_call(machine, "/_ivs-local/Reset", "{}", &reply), 204);
    }
    assert_true(disk_disarm(machine->disk) > 0);
}

/* Creates a channel for each call that fails while the log is copied, until none is left
 * that could. Returns the number of channels that it tried to create. */
static int create_while_copying_fails(struct machine *machine, bool *present)
{
    struct disk_plan plan = {
        .calls = DISK_ANY, .fault = DISK_FAIL, .error = EIO, .at = 1};
    int count = 0;

    do {
        assert_true(plan.at < CALLS_MAX);
        disk_arm(machine->disk, &plan);
        present[count] = create_numbered(machine, count);
        plan.at += 1 + plan.at / 8;
        count++;
    } while (disk_disarm(machine->disk) > 0);
    return count;
}

static void a_log_that_cannot_be_copied_loses_nothing(void **state)
{
    struct machine *machine = *state;
    bool present[CALLS_MAX] = {false};

    machine->doing = "the log is copied";
    machine_new_disk(machine);
    assert_true(machine_start(machine));
    fill_log(machine);
    int count = create_while_copying_fails(machine, present);
    check_numbered(machine, present, count);
    machine_kill(machine);

    assert_true(machine_start(machine));
    check_numbered(machine, present, count);
    assert_true(count > 10); /* it was copied, in many calls */
    assert_false(present[0]);
    assert_true(present[count - 1]);
    machine_kill(machine);
    machine->doing = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MACHINE_TEST(a_change_that_the_disk_refuses_leaves_no_trace),
        MACHINE_TEST(a_log_that_cannot_be_copied_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
