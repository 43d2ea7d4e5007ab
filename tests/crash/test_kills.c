/*
 * The program is killed at one of its calls that change a file: before it, in the middle
 * of it, or after it. What was acknowledged is there, and nothing is half done.
 */
#include "workload.h"

#include "base/ids.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "support/cmocka_all.h"

enum {
    ROUNDS = 24,
    ROUNDS_UNDER_LOAD = 4,
    WRITERS = 4,
    LOAD_WRITES_MAX = 400, /* the program is killed at one of the first writes */
    CHANNELS_MAX = 1000,   /* of a writer, more than it can create until then */
    NAME_BYTES = 32
};

static const enum disk_fault kills[] = {DISK_KILL_BEFORE, DISK_KILL_MIDWAY,
                                        DISK_KILL_AFTER};

/* A number from 0 up to but not including `end`. */
static int choose(struct ids *chance, int end)
{
    return (int)(ids_fraction(chance) * end);
}

static void ids_done(struct ids **ids)
{
    ids_free(*ids);
}

/* The states of a run in which nothing is killed. */
static void read_history(struct machine *machine, struct history *out)
{
    machine_new_disk(machine);
    disk_record(machine->disk);
    assert_true(machine_start(machine));
    workload_run_all(machine, STEPS_SMALL, out);
    machine_kill(machine);
}

/* A plan that kills in a step that is left to chance, or at the start of the program. So
 * a step with few calls is chosen as often as one with many. */
static struct disk_plan choose_plan(const struct history *history, struct ids *chance)
{
    int step = choose(chance, (int)history->steps + 1);
    long first = step > 0 ? history->begun[step - 1] : 0;
    long end = step > 0 ? history->acknowledged[step - 1] : history->begun[0];

    return (struct disk_plan){
        .calls = DISK_CHANGES,
        .fault = kills[choose(chance, COUNT_OF(kills))],
        .at = (int)first + 1 + choose(chance, (int)(end - first)),
    };
}

/* Starts the program and runs the steps until it dies. Returns whether it died, and the
 * number of acknowledged steps; `begun` is greater if it died in one. */
static bool run_until_death(struct machine *machine, size_t *acknowledged, size_t *begun)
{
    *acknowledged = *begun = 0;
    if (!machine_start(machine))
        return true;
    while (*acknowledged < STEPS_SMALL) {
        *begun = *acknowledged + 1;
        enum step_result result = workload_run(machine, *acknowledged);
        if (result == STEP_DIED)
            return true;
        assert_int_equal(result, STEP_DONE);
        ++*acknowledged;
    }
    return false;
}

/* Returns whether the plan killed the program: the last calls are not made in every
 * run. */
static bool run_and_kill(struct machine *machine, const struct history *history,
                         const struct disk_plan *plan)
{
    size_t acknowledged, begun;

    machine->doing = arena_printf(machine->arena, "killed at call %d (%d)", plan->at,
                                  (int)plan->fault);
    machine_new_disk(machine);
    disk_arm(machine->disk, plan);
    bool died = run_until_death(machine, &acknowledged, &begun);
    (void)disk_disarm(machine->disk);
    if (!died)
        machine_kill(machine);
    workload_check(machine, machine->db, history,
                   &(struct bounds){.first = acknowledged,
                                    .last = begun,
                                    .acknowledged = acknowledged,
                                    .begun = begun});
    machine->doing = NULL;
    return died;
}

/* Few calls decide what is durable and which file has which name: each is tried. */
static void a_program_killed_before_a_sync_or_a_new_name_has_it_all(void **state)
{
    struct machine *machine = *state;
    struct history history;
    struct disk_plan plan = {.calls = DISK_CHANGES & ~DISK_WRITE,
                             .fault = DISK_KILL_BEFORE};

    read_history(machine, &history);
    do {
        plan.at++;
    } while (run_and_kill(machine, &history, &plan));
    assert_true(plan.at > 10);
}

static void a_killed_program_has_what_it_acknowledged(void **state)
{
    struct machine *machine = *state;
    struct ids *chance AUTO(ids_done) = ids_new_seeded(machine->seed);
    struct history history;

    int rounds = machine_rounds(ROUNDS), deaths = 0;

    read_history(machine, &history);
    for (int round = 0; round < rounds; round++) {
        struct disk_plan plan = choose_plan(&history, chance);
        deaths += run_and_kill(machine, &history, &plan);
    }
    assert_true(deaths > rounds / 2);
}

/* Creates channels over its own connection until the program is dead. It asserts nothing:
 * only the test's thread may. */
struct writer {
    pthread_t thread;
    int port;
    int number;
    int acknowledged; /* channels */
};

static void name_channel(char name[NAME_BYTES], int writer, int channel)
{
    snprintf(name, NAME_BYTES, "w%d-%d", writer, channel);
}

static void *write_until_death(void *arg)
{
    struct writer *writer = arg;
    struct http_client *client = http_client_open(writer->port);
    struct http_answer answer;
    bool alive = client != NULL;

    while (alive && writer->acknowledged < CHANNELS_MAX) {
        char name[NAME_BYTES], body[NAME_BYTES + 16];
        name_channel(name, writer->number, writer->acknowledged);
        int length = snprintf(body, sizeof(body), "{\"name\":\"%s\"}", name);
        alive = http_send_request(client, "POST", "/CreateChannel", "", body,
                                  (size_t)length) &&
                http_receive(client, false, &answer) == HTTP_ANSWER &&
                answer.reply.status == 200;
        writer->acknowledged += alive;
    }
    http_client_close(client);
    return NULL;
}

static void run_writers(struct machine *machine, struct writer *writers)
{
    int port = program_port(machine->program);

    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){.port = port, .number = i};
        assert_int_equal(
            pthread_create(&writers[i].thread, NULL, write_until_death, &writers[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++)
        pthread_join(writers[i].thread, NULL);
}

static bool has_channel(const char *view, int writer, int channel)
{
    char name[NAME_BYTES], line[NAME_BYTES + 16];

    name_channel(name, writer, channel);
    snprintf(line, sizeof(line), "channel %s ", name);
    return strstr(view, line) != NULL;
}

/* All that a writer knows to be created is there, and at most the next one. */
static void check_writer(const char *view, const struct writer *writer)
{
    for (int i = 0; i < writer->acknowledged; i++) {
        if (!has_channel(view, writer->number, i))
            fail_msg("channel %d of writer %d was acknowledged and is lost", i,
                     writer->number);
    }
    assert_false(has_channel(view, writer->number, writer->acknowledged + 1));
}

static void kill_under_load(struct machine *machine, struct ids *chance)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct writer writers[WRITERS];

    struct disk_plan plan = {.calls = DISK_WRITE,
                             .fault = kills[choose(chance, COUNT_OF(kills))],
                             .at = 1 + choose(chance, LOAD_WRITES_MAX)};

    machine->doing =
        arena_printf(machine->arena, "killed at write %d (%d)", plan.at, (int)plan.fault);
    machine_new_disk(machine);
    assert_true(machine_start(machine));
    disk_arm(machine->disk, &plan);
    run_writers(machine, writers);
    machine_expect_death(machine);
    assert_true(machine_start_on(machine, machine->db));
    const char *view = machine_view(machine, arena);
    for (int i = 0; i < WRITERS; i++)
        check_writer(view, &writers[i]);
    machine_kill(machine);
    machine->doing = NULL;
}

static void a_program_killed_under_load_has_what_it_acknowledged(void **state)
{
    struct machine *machine = *state;
    struct ids *chance AUTO(ids_done) = ids_new_seeded(machine->seed);
    int rounds = machine_rounds(ROUNDS) * ROUNDS_UNDER_LOAD / ROUNDS;

    for (; rounds > 0; rounds--)
        kill_under_load(machine, chance);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MACHINE_TEST(a_program_killed_before_a_sync_or_a_new_name_has_it_all),
        MACHINE_TEST(a_killed_program_has_what_it_acknowledged),
        MACHINE_TEST(a_program_killed_under_load_has_what_it_acknowledged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
