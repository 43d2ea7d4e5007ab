/*
 * The built program ivs-local as a child process.
 */
#ifndef TESTS_SUPPORT_PROGRAM_H
#define TESTS_SUPPORT_PROGRAM_H

#include "base/attrs.h"

#include <sys/types.h>

struct program;

enum program_stream { PROGRAM_OUT, PROGRAM_ERR };

/*
 * Starts the program. `args` are its arguments and `environment` is added to the test's
 * own environment, in which no option is set; it replaces variables of the same name.
 * Both end with NULL, and NULL means none. The test fails if it cannot be started.
 */
struct program *program_start(const char *const *args,
                              const char *const *environment) NODISCARD;

/* The same with both outputs at one terminal: PROGRAM_OUT has both, with \r\n at the ends
 * of lines, and PROGRAM_ERR nothing. */
struct program *program_start_at_terminal(const char *const *args,
                                          const char *const *environment) NODISCARD;

/* As program_start(), with a limit on the descriptors it may have. */
struct program *program_start_with_files(const char *const *args,
                                         int descriptors) NODISCARD;

/* Kills it unless it ended, and frees it. Accepts NULL. */
void program_free(struct program *program);

/* Waits for the ready line. Returns its port. The test fails if there is none. */
int program_port(struct program *program);

/* The same, but -1 if the program ended instead. */
int program_port_or_end(struct program *program) NODISCARD;

/* Waits until it has written this text; the test fails if it never will. */
void program_expect(struct program *program, enum program_stream stream,
                    const char *text);

pid_t program_pid(const struct program *program);

void program_signal(struct program *program, int signal_number);

/* Waits for the end. Returns the exit status, or minus the number of the signal that
 * ended it. The test fails if it does not end. */
int program_end(struct program *program);

/* Its complete output, after it ended. */
const char *program_text(const struct program *program, enum program_stream stream);

#endif
