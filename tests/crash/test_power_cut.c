/*
 * The machine loses power while the program works, at any call of a recorded run. The
 * files that the disk may have then are a whole database: some state of the past, with
 * all that was synced, and every snapshot that was acknowledged.
 */
#include "power.h"
#include "workload.h"

#include "support/folder.h"

#include <stdio.h>
#include <stdlib.h>

#include "support/cmocka_all.h"

/* Of so many rounds, one in which everything written is there. */
enum { ROUNDS = 60, KEPT_EVERY = 5 };

/* The steps until the snapshot "one" is saved, and its file. */
enum { SNAPSHOT_STEPS = 4 };
#define SNAPSHOT_FILE "/ivs.db.snapshots/one.db"

/* A run with everything that its process did to its disk. */
struct run {
    struct history history;
    char *record;
    size_t record_bytes;
    long calls;
    long *syncs;
    size_t sync_count;
};

static void ids_done(struct ids **ids)
{
    ids_free(*ids);
}

static void run_done(struct run *run)
{
    free(run->record);
    free(run->syncs);
}

static void start_record(struct machine *machine, size_t steps, struct run *out)
{
    machine_new_disk(machine);
    disk_record(machine->disk);
    assert_true(machine_start(machine));
    workload_run_all(machine, steps, &out->history);
    assert_true(machine_stop(machine));
}

static void finish_record(struct machine *machine, struct run *out)
{
    out->calls = disk_recorded(machine->disk);
    out->record = disk_read_record(machine->disk, &out->record_bytes);
    out->syncs = power_find_syncs(out->record, out->record_bytes);
    for (out->sync_count = 0; out->syncs[out->sync_count] != 0; out->sync_count++)
        continue;
}

static void record_run(struct machine *machine, struct run *out)
{
    start_record(machine, workload_steps(), out);
    finish_record(machine, out);
}

/* Saves a snapshot, and starts the program on its file, which is a database without a
 * log. Returns the number of calls before that start. */
static long record_start_on_snapshot(struct machine *machine, struct run *out)
{
    start_record(machine, SNAPSHOT_STEPS, out);
    long before = disk_recorded(machine->disk);
    machine->db =
        arena_printf(machine->arena, "%s" SNAPSHOT_FILE, disk_folder(machine->disk));
    assert_true(machine_start(machine));
    machine_kill(machine);
    finish_record(machine, out);
    return before;
}

/* A number from `first` to `last`. */
static long choose_between(struct ids *chance, long first, long last)
{
    return first + (long)(ids_fraction(chance) * (double)(last - first + 1));
}

/* A place for a cut: during the first start, next to a sync, where the order of writes
 * matters, or during a step, of which each is as likely as any other. */
static long choose_cut(const struct run *run, struct ids *chance)
{
    const struct history *history = &run->history;
    double kind = ids_fraction(chance);

    if (kind < 0.15)
        return choose_between(chance, 0, history->begun[0]);
    if (kind < 0.5) {
        long sync = run->syncs[choose_between(chance, 0, (long)run->sync_count - 1)];
        return choose_between(chance, sync - 2, sync + 1 < run->calls ? sync + 1 : sync);
    }
    size_t step = (size_t)choose_between(chance, 0, (long)history->steps - 1);
    long end = step + 1 < history->steps ? history->begun[step + 1] : run->calls;
    return choose_between(chance, history->begun[step], end);
}

/* The number of steps that had been acknowledged at a call, or begun. */
static size_t count_acknowledged(const struct history *history, long call)
{
    size_t count = 0;

    while (count < history->steps && history->acknowledged[count] <= call)
        count++;
    return count;
}

/* A step that made no call is begun when it is acknowledged. */
static size_t count_begun(const struct history *history, long call)
{
    size_t count = count_acknowledged(history, call);

    while (count < history->steps && history->begun[count] < call)
        count++;
    return count;
}

static long make_cut(struct machine *machine, const struct run *run, long calls,
                     enum power_loss loss, struct ids *chance, const char *folder)
{
    folder_remove(machine->arena, folder);
    return power_cut(&(struct power_cut){.record = run->record,
                                         .record_bytes = run->record_bytes,
                                         .calls = calls,
                                         .loss = loss,
                                         .log = "/ivs.db-wal"},
                     chance, folder);
}

static void cut_and_check(struct machine *machine, const struct run *run, int round,
                          long calls, enum power_loss loss)
{
    /* Its own source of chance, so that a round can be repeated alone. */
    struct ids *chance AUTO(ids_done) =
        ids_new_seeded(machine->seed + (uint64_t)round * 1000003);
    const char *folder = arena_printf(machine->arena, "%s/after", machine->directory);

    machine->doing = arena_printf(machine->arena, "round %d, cut at call %ld of %ld (%d)",
                                  round, calls, run->calls, (int)loss);
    long certain = make_cut(machine, run, calls, loss, chance, folder);
    workload_check(
        machine, arena_printf(machine->arena, "%s/ivs.db", folder), &run->history,
        &(struct bounds){.first = count_acknowledged(&run->history, certain),
                         .last = count_begun(&run->history, calls),
                         .acknowledged = count_acknowledged(&run->history, calls),
                         .begun = count_begun(&run->history, calls),
                         .lost_names = loss != POWER_KEPT});
    machine->doing = NULL;
}

/* The run is long enough for the log to be copied while the program serves: otherwise
 * nothing is certain before the program ends, and little is tested. */
static void assert_log_is_copied(struct machine *machine, const struct run *run,
                                 struct ids *chance)
{
    const char *folder = arena_printf(machine->arena, "%s/after", machine->directory);
    const struct history *history = &run->history;
    long end = history->acknowledged[history->steps - 1];

    assert_true(make_cut(machine, run, end, POWER_LOST, chance, folder) >
                history->acknowledged[STEPS_SMALL]);
}

static void a_disk_without_power_keeps_whole_states(void **state)
{
    struct machine *machine = *state;
    struct ids *chance AUTO(ids_done) = ids_new_seeded(machine->seed);
    struct run run AUTO(run_done) = {0};
    int rounds = machine_rounds(ROUNDS);

    record_run(machine, &run);
    assert_log_is_copied(machine, &run, chance);
    for (int round = 0; round < rounds; round++)
        cut_and_check(machine, &run, round, choose_cut(&run, chance),
                      round % KEPT_EVERY == 0 ? POWER_KEPT : POWER_LOST);
    for (long calls = 0; calls <= run.history.begun[0]; calls++) {
        cut_and_check(machine, &run, rounds, calls, POWER_LOST_BUT_SMALL);
        cut_and_check(machine, &run, rounds, calls, POWER_LOST_BUT_SMALL_AND_NAMES);
    }
}

static void a_snapshot_that_becomes_the_database_is_whole_without_power(void **state)
{
    struct machine *machine = *state;
    struct ids *chance AUTO(ids_done) = ids_new_seeded(machine->seed);
    struct run run AUTO(run_done) = {0};
    const char *folder = arena_printf(machine->arena, "%s/after", machine->directory);

    long before = record_start_on_snapshot(machine, &run);
    assert_true(run.calls > before);
    for (long calls = before; calls <= run.calls; calls++) {
        machine->doing = arena_printf(machine->arena, "cut at call %ld", calls);
        (void)make_cut(machine, &run, calls, POWER_LOST_BUT_SMALL_AND_NAMES, chance,
                       folder);
        workload_check(machine, arena_printf(machine->arena, "%s" SNAPSHOT_FILE, folder),
                       &run.history,
                       &(struct bounds){.first = SNAPSHOT_STEPS, .last = SNAPSHOT_STEPS});
        machine->doing = NULL;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MACHINE_TEST(a_disk_without_power_keeps_whole_states),
        MACHINE_TEST(a_snapshot_that_becomes_the_database_is_whole_without_power),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
