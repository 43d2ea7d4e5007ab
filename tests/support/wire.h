/*
 * The fixture of a test over TCP: a server in this process, programs as children,
 * connections to both, and its own directory. All of it ends with the test.
 */
#ifndef TESTS_SUPPORT_WIRE_H
#define TESTS_SUPPORT_WIRE_H

#include "base/attrs.h"
#include "http_client.h"
#include "program.h"

#include <stdbool.h>
#include <stddef.h>

struct wire;

/*
 * Setups of a cmocka test: *state becomes a struct wire *. The first also starts a server
 * in this process, on a free port with a database in memory; *state is before that NULL
 * or its further arguments, ending with NULL.
 */
int wire_setup(void **state);
int wire_setup_without_server(void **state);
int wire_teardown(void **state);

/* A test with a server that has these further arguments. */
#define wire_test_with(function, arguments)                                              \
    cmocka_unit_test_prestate_setup_teardown(function, wire_setup, wire_teardown,        \
                                             (void *)(uintptr_t)(arguments))
#define wire_test(function)                                                              \
    cmocka_unit_test_setup_teardown(function, wire_setup, wire_teardown)
#define wire_test_without_server(function)                                               \
    cmocka_unit_test_setup_teardown(function, wire_setup_without_server, wire_teardown)

/* The port of the server in this process. */
int wire_port(struct wire *wire);

/* A new connection to the server in this process, or to a port. */
struct http_client *wire_connect(struct wire *wire);
struct http_client *wire_connect_to(struct wire *wire, int port);

/* Starts the program with these arguments (ending with NULL). */
struct program *wire_run(struct wire *wire, const char *const *args);
struct program *wire_run_with(struct wire *wire, const char *const *args,
                              const char *const *environment);

/* The same at a terminal: see program_start_at_terminal(). */
struct program *wire_run_at_terminal(struct wire *wire, const char *const *args,
                                     const char *const *environment);

/* Starts the program as a server on a database, with up to two more arguments. */
struct program *wire_serve(struct wire *wire, const char *db, const char *option,
                           const char *value);

/* The same with a limit on the descriptors it may have, and no more arguments. */
struct program *wire_serve_with_files(struct wire *wire, const char *db, int descriptors);

/* Runs the program until it ends; the test fails unless it ends with this status. */
struct program *wire_run_to_end(struct wire *wire, const char *const *args, int status);

/* The path of a file in the test's own directory. */
const char *wire_path(struct wire *wire, const char *name);

char *wire_printf(struct wire *wire, const char *format, ...) PRINTF(2, 3);

/* All bytes of a file, followed by a zero byte; the test fails if the file does not
 * exist. */
const char *wire_read_file(struct wire *wire, const char *path, size_t *length);
void wire_write_file(const char *path, const char *bytes, size_t length);

/* Creates a channel over a connection. Returns its ARN, which lives until the
 * teardown. */
const char *wire_create_channel(struct wire *wire, struct http_client *client,
                                const char *name);

/* The number of channels of the default account and region. */
int wire_count_channels(struct http_client *client);

/* The value of a series in a response of metrics, which must have it. */
double metrics_value(struct http_answer answer, const char *series);

/* The test fails unless the server responds to a valid request on a new connection. */
void assert_serves(struct wire *wire, int port);

#endif
