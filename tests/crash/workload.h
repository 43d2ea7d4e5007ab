/*
 * The changes that the crash tests make: a fixed sequence of steps with every kind of
 * change, one after the other, so that each state has a number.
 */
#ifndef TESTS_CRASH_WORKLOAD_H
#define TESTS_CRASH_WORKLOAD_H

#include "machine.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    STEPS_MAX = 64,
    /* Steps before this one change little; those from it on fill the log several times
     * over, so that it is copied into the database and restarted. */
    STEPS_SMALL = 22
};

/* The number of all steps. */
size_t workload_steps(void);

/* What became of a step. */
enum step_result {
    STEP_DONE,    /* acknowledged */
    STEP_REFUSED, /* 500 InternalServerException; the test fails at any other error */
    STEP_DIED     /* the program ended, or did not start */
};

enum step_result workload_run(struct machine *machine, size_t number) NODISCARD;

/* Adds channels of a megabyte in one transaction. */
enum step_result workload_add_fat(struct machine *machine) NODISCARD;

/*
 * The states of a run: views[i] is the state before step i, and so after step i - 1. They
 * are the same in every run.
 */
struct history {
    const char *views[STEPS_MAX + 1];
    /* The numbers of recorded calls before a step, and when it was acknowledged. */
    long begun[STEPS_MAX], acknowledged[STEPS_MAX];
    size_t steps;
};

/* Runs this many steps on a started machine, none of which may fail. */
void workload_run_all(struct machine *machine, size_t count, struct history *out);

/* What is certain about a state after a crash. */
struct bounds {
    size_t first, last;  /* it is one of these views */
    size_t acknowledged; /* steps, all of which were acknowledged */
    size_t begun;        /* steps, of which the last may have been half done */
    bool lost_names;     /* removing a file may have been undone */
};

/*
 * Starts the program on the database that the crash left and fails the test unless its
 * state is whole and within these bounds: the state of the server, that of each snapshot,
 * and the pages of the file after all this. Changes the database.
 */
void workload_check(struct machine *machine, const char *db,
                    const struct history *history, const struct bounds *bounds);

#endif
