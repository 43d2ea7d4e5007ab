/*
 * The fixture of the crash tests: a program on a recorded disk, which may die at any
 * moment, and what a client sees of its state.
 */
#ifndef TESTS_CRASH_MACHINE_H
#define TESTS_CRASH_MACHINE_H

#include "base/arena.h"
#include "base/attrs.h"
#include "support/disk.h"
#include "support/http_client.h"
#include "support/program.h"

#include <stdbool.h>
#include <stdint.h>

struct machine {
    struct arena *arena;
    char *directory;
    struct disk *disk;
    const char *db;          /* on the disk */
    struct program *program; /* NULL: none was started */
    struct http_client *client;
    int status;        /* of the last program that ended, as of program_end() */
    uint64_t seed;     /* of what the test leaves to chance */
    const char *doing; /* while something is checked: if it fails, the teardown prints
                        * this and keeps the files; NULL: nothing is */
};

/* The number of rounds of a longer run, and its seed; both have a default. */
#define MACHINE_ROUNDS_VARIABLE "CRASH_ROUNDS"
#define MACHINE_SEED_VARIABLE "CRASH_SEED"

/* Setup and teardown of a cmocka test: *state is a struct machine *. */
int machine_setup(void **state);
int machine_teardown(void **state);

#define MACHINE_TEST(test)                                                               \
    cmocka_unit_test_setup_teardown(test, machine_setup, machine_teardown)

/* The number of rounds that the environment asks for, or this one. */
int machine_rounds(int otherwise);

/* Replaces the disk with a new one, on which the database does not exist yet. */
void machine_new_disk(struct machine *machine);

/* Starts the program on the disk. False: it ended without a ready line. */
bool machine_start(struct machine *machine) NODISCARD;

/* Starts it on another database, without the recorded disk. */
bool machine_start_on(struct machine *machine, const char *db) NODISCARD;

/* Waits for the end of a program that dies by itself. */
void machine_expect_death(struct machine *machine);

void machine_kill(struct machine *machine);

/* Ends the program by SIGTERM. Returns whether it ended without an error. */
bool machine_stop(struct machine *machine) NODISCARD;

/* Calls an operation. Returns the status of the response; -1: the program died. */
int machine_call(struct machine *machine, const char *target, const char *body,
                 struct reply *out) NODISCARD;

/*
 * The state as text, in the arena: channels, streams and events, without what differs
 * between two runs, such as identifiers. The test fails if the program dies.
 */
const char *machine_view(struct machine *machine, struct arena *arena) NODISCARD;

/* The ARN of a channel by its name; NULL: the program died. The test fails if there is
 * no such channel. */
const char *machine_find_channel(struct machine *machine, const char *name) NODISCARD;

/* Whether there is a snapshot of that name. */
bool machine_has_snapshot(struct machine *machine, const char *name) NODISCARD;

/* What the last program logged, after it ended. */
const char *machine_log(const struct machine *machine) NODISCARD;

#endif
