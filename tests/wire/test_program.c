/*
 * The command line of the program: its output, its refusals and its exit status.
 */
#include "base/blob.h"
#include "http/server.h"
#include "support/wire.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/cmocka_all.h"

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The test fails unless the text is one line that contains all of these words. */
static void assert_one_line(const char *text, const char *word, const char *other)
{
    const char *newline = strchr(text, '\n');

    if (newline == NULL || newline[1] != '\0')
        fail_msg("not a single line: %s", text);
    if (strstr(text, word) == NULL || strstr(text, other) == NULL)
        fail_msg("not about %s %s: %s", word, other, text);
}

static void the_ready_line_names_the_address(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", NULL, NULL);

    int port = program_port(program);
    assert_serves(wire, port);
    program_signal(program, SIGTERM);

    assert_int_equal(program_end(program), 0);
    const char *line = program_text(program, PROGRAM_OUT);
    assert_one_line(line, wire_printf(wire, "http://127.0.0.1:%d (", port), ":memory:");
}

static void two_servers_on_port_zero_get_two_ports(void **state)
{
    struct wire *wire = *state;
    int first = program_port(wire_serve(wire, ":memory:", NULL, NULL));
    int second = program_port(wire_serve(wire, ":memory:", NULL, NULL));

    assert_int_not_equal(first, second);
    assert_serves(wire, first);
    assert_serves(wire, second);
}

static void serving_is_the_default_command(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_run(wire, ARGS("--port=0", "--db=:memory:"));

    assert_serves(wire, program_port(program));
}

static void a_port_in_use_is_one_line_and_status_1(void **state)
{
    struct wire *wire = *state;
    int port = program_port(wire_serve(wire, ":memory:", NULL, NULL));
    const char *number = wire_printf(wire, "%d", port);

    struct program *second =
        wire_run_to_end(wire, ARGS("--port", number, "--db", ":memory:"), 1);

    assert_one_line(program_text(second, PROGRAM_ERR), number,
                    "Address already in use (see --host and --port)");
    assert_string_equal(program_text(second, PROGRAM_OUT), "");
    assert_serves(wire, port);
}

static void an_ipv6_address_is_written_with_or_without_brackets(void **state)
{
    static const char *const hosts[] = {"::1", "[::1]"};
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(hosts); i++) {
        struct program *server = wire_serve(wire, ":memory:", "--host", hosts[i]);
        int port = program_port_or_end(server);
        if (port < 0)
            skip(); /* this machine has no IPv6 */
        const char *number = wire_printf(wire, "%d", port);
        (void)wire_run_to_end(wire, ARGS("health", "--host", hosts[i], "--port", number),
                              0);
        program_signal(server, SIGTERM);
        assert_int_equal(program_end(server), 0);
        assert_one_line(program_text(server, PROGRAM_OUT), "http://[::1]:", number);
    }
}

static void an_invalid_argument_is_named_with_status_2(void **state)
{
    static const char *const cases[][3] = {
        {"--nonsense",                  NULL,           "--nonsense"   },
        {"--port",                      "65536",        "--port"       },
        {"--port",                      "-1",           "--port"       },
        {"--port",                      "x",            "--port"       },
        {"--port",                      "",             "--port"       },
        {"--port",                      " 80",          "--port"       },
        {"--port=99999999999999999999", NULL,           "--port"       },
        {"--port",                      NULL,           "--port"       },
        {"--account",                   "12345",        "--account"    },
        {"--account",                   "12345678901a", "--account"    },
        {"--region",                    "Mars!",        "--region"     },
        {"--quotas",                    "maybe",        "--quotas"     },
        {"--urls",                      "remote",       "--urls"       },
        {"--transitions",               "-5",           "--transitions"},
        {"--transitions",               "3600001",      "--transitions"},
        {"--log-level",                 "loud",         "--log-level"  },
        {"--db=",                       NULL,           "--db"         },
        {"--host=",                     NULL,           "--host"       },
        {"-p",                          "80",           "-p"           },
        {"launch",                      NULL,           "launch"       },
        {"serve",                       "health",       "health"       },
    };
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct program *program =
            wire_run_to_end(wire, ARGS(cases[i][0], cases[i][1]), 2);
        assert_one_line(program_text(program, PROGRAM_ERR), cases[i][2], "ivs-local: ");
        assert_string_equal(program_text(program, PROGRAM_OUT), "");
    }
}

static void an_invalid_variable_is_named_with_status_2(void **state)
{
    static const char *const variables[] = {
        "IVS_LOCAL_PORT=http",  "IVS_LOCAL_ACCOUNT=me",  "IVS_LOCAL_REGION=US EAST",
        "IVS_LOCAL_QUOTAS=yes", "IVS_LOCAL_LOG_LEVEL=5", "IVS_LOCAL_TRANSITIONS=1s"};
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(variables); i++) {
        struct program *program =
            wire_run_with(wire, ARGS("--db=:memory:"), ARGS(variables[i]));
        assert_int_equal(program_end(program), 2);
        size_t name_length = strcspn(variables[i], "=");
        assert_one_line(program_text(program, PROGRAM_ERR),
                        wire_printf(wire, "%.*s", (int)name_length, variables[i]),
                        variables[i] + name_length + 1);
    }
}

static void an_unknown_variable_is_a_warning(void **state)
{
    struct wire *wire = *state;
    struct program *program =
        wire_run_with(wire, ARGS("--port=0", "--db=:memory:"),
                      ARGS("IVS_LOCAL_PROT=secret", "IVS_LOCAL_SERVICE_HOST=10.0.0.1",
                           "IVS_LOCALE=en", "IVS_LOCAL_REGION=eu-west-1"));

    (void)program_port(program);
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);

    const char *log = program_text(program, PROGRAM_ERR);
    assert_non_null(strstr(log, "level=warn event=\"unknown environment variable, "
                                "ignoring it\" name=\"IVS_LOCAL_PROT\" "
                                "nearest=IVS_LOCAL_PORT\n"));
    assert_non_null(strstr(log, "name=\"IVS_LOCAL_SERVICE_HOST\"\n"));
    assert_null(strstr(log, "secret"));
    assert_null(strstr(log, "IVS_LOCALE"));
    assert_null(strstr(log, "IVS_LOCAL_REGION"));
}

static void the_number_of_warnings_of_variables_is_limited(void **state)
{
    enum { VARIABLES = 100, MOST = 20 };
    struct wire *wire = *state;
    const char *variables[VARIABLES + 1] = {NULL};

    for (int i = 0; i < VARIABLES; i++)
        variables[i] = wire_printf(wire, "IVS_LOCAL_X%d=1", i);
    struct program *program =
        wire_run_with(wire, ARGS("--port=0", "--db=:memory:"), variables);
    (void)program_port(program);
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);

    int lines = 0;
    for (const char *at = program_text(program, PROGRAM_ERR);
         (at = strstr(at, "name=\"IVS_LOCAL_X")) != NULL; at++)
        lines++;
    assert_in_range(lines, 1, MOST);
}

/* The account and region of a new channel, which are the server's defaults. */
static const char *default_owner(struct wire *wire, struct program *program)
{
    return wire_create_channel(wire, wire_connect_to(wire, program_port(program)), "a");
}

static void the_environment_sets_options(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_run_with(
        wire, NULL,
        ARGS("IVS_LOCAL_PORT=0", "IVS_LOCAL_DB=:memory:", "IVS_LOCAL_REGION=eu-west-1",
             "IVS_LOCAL_ACCOUNT=111122223333"));

    assert_non_null(strstr(default_owner(wire, program), ":eu-west-1:111122223333:"));
}

static void the_command_line_wins_over_the_environment(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_run_with(
        wire, ARGS("--port", "0", "--region", "us-west-2"),
        ARGS("IVS_LOCAL_PORT=1", "IVS_LOCAL_DB=:memory:", "IVS_LOCAL_REGION=eu-west-1",
             "IVS_LOCAL_ACCOUNT=111122223333"));

    assert_non_null(strstr(default_owner(wire, program), ":us-west-2:111122223333:"));
}

static void an_empty_variable_counts_as_unset(void **state)
{
    struct wire *wire = *state;
    struct program *program =
        wire_run_with(wire, ARGS("--port=0", "--db=:memory:"),
                      ARGS("IVS_LOCAL_REGION=", "IVS_LOCAL_QUOTAS=", "IVS_LOCAL_PORT="));

    assert_non_null(strstr(default_owner(wire, program), ":us-east-1:000000000000:"));
}

static int status_for_origin(struct wire *wire, struct program *program,
                             const char *origin)
{
    struct http_client *client = wire_connect_to(wire, program_port(program));

    return http_call(client, "POST", "/ListChannels",
                     wire_printf(wire, "Origin: %s\r\n", origin), "{}")
        .reply.status;
}

static void a_list_in_the_environment_has_commas(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_run_with(
        wire, ARGS("--port=0", "--db=:memory:"),
        ARGS("IVS_LOCAL_ALLOW_ORIGINS=https://a.example,https://b.example"));

    assert_int_equal(status_for_origin(wire, program, "https://a.example"), 200);
    assert_int_equal(status_for_origin(wire, program, "https://b.example"), 200);
    assert_int_equal(status_for_origin(wire, program, "https://c.example"), 403);
}

static void a_list_on_the_command_line_replaces_the_one_of_the_environment(void **state)
{
    struct wire *wire = *state;
    struct program *program =
        wire_run_with(wire,
                      ARGS("--port=0", "--db=:memory:", "--allow-origin",
                           "https://b.example", "--allow-origin=https://c.example"),
                      ARGS("IVS_LOCAL_ALLOW_ORIGINS=https://a.example"));

    assert_int_equal(status_for_origin(wire, program, "https://a.example"), 403);
    assert_int_equal(status_for_origin(wire, program, "https://b.example"), 200);
    assert_int_equal(status_for_origin(wire, program, "https://c.example"), 200);
}

static void the_default_database_is_in_the_data_directory(void **state)
{
    struct wire *wire = *state;
    const char *directory = wire_path(wire, "");
    struct stat found;
    struct program *program =
        wire_run_with(wire, ARGS("--port", "0"),
                      ARGS(wire_printf(wire, "XDG_DATA_HOME=%s", directory)));

    (void)program_port(program);
    program_signal(program, SIGTERM);

    assert_int_equal(program_end(program), 0);
    const char *file = wire_printf(wire, "%sivs-local/ivs.db", directory);
    assert_int_equal(stat(file, &found), 0);
    assert_int_equal(remove(file), 0);
}

static void health_reports_whether_a_server_responds(void **state)
{
    struct wire *wire = *state;
    struct program *server = wire_serve(wire, ":memory:", NULL, NULL);
    const char *port = wire_printf(wire, "%d", program_port(server));

    struct program *up = wire_run_to_end(wire, ARGS("health", "--port", port), 0);
    program_signal(server, SIGTERM);
    assert_int_equal(program_end(server), 0);
    struct program *down = wire_run_to_end(wire, ARGS("health", "--port", port), 1);

    assert_string_equal(program_text(up, PROGRAM_ERR), "");
    assert_string_equal(program_text(down, PROGRAM_OUT), "");
    assert_string_equal(
        program_text(down, PROGRAM_ERR),
        wire_printf(wire, "ivs-local: nothing answers at http://127.0.0.1:%s\n", port));
}

/* Responds as another program does. */
static void handle_differently(void *context, const struct http_request *request,
                               struct http_response *response)
{
    const char *body = context;

    (void)request;
    response->status = 503;
    http_respond_blob(response, blob_wrap(body, strlen(body), NULL, NULL));
}

static void health_says_what_another_server_responds(void **state)
{
    static const char *const cases[][2] = {
        {"{\"message\":\"too\\nbad\"}", "is not healthy: \"too\\x0abad\""},
        {"<html>",                      "responded with status 503"      },
    };
    struct wire *wire = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *arena AUTO(arena_done) = arena_new();
        const char *why = NULL;
        const struct http_options options = {
            .host = "127.0.0.1",
            .handler = handle_differently,
            .context = (void *)(uintptr_t)cases[i][0],
        };
        struct http_server *server = http_server_start(&options, arena, &why);
        assert_non_null(server);
        const char *port = wire_printf(wire, "%d", http_server_port(server));

        struct program *program =
            wire_run_to_end(wire, ARGS("health", "--port", port), 1);
        http_server_stop(server, 0);

        assert_string_equal(
            program_text(program, PROGRAM_ERR),
            wire_printf(wire, "ivs-local: http://127.0.0.1:%s %s\n", port, cases[i][1]));
    }
}

static void a_server_on_every_address_is_reached_on_this_machine(void **state)
{
    struct wire *wire = *state;
    struct program *server = wire_serve(wire, ":memory:", "--host", "0.0.0.0");
    const char *port = wire_printf(wire, "%d", program_port(server));

    (void)wire_run_to_end(wire, ARGS("health", "--host", "0.0.0.0", "--port", port), 0);

    program_signal(server, SIGTERM);
    assert_int_equal(program_end(server), 0);

    assert_one_line(program_text(server, PROGRAM_OUT), "http://127.0.0.1:", port);
}

static void the_version_is_one_line(void **state)
{
    struct program *program = wire_run_to_end(*state, ARGS("--version"), 0);
    const char *line = program_text(program, PROGRAM_OUT);

    assert_one_line(line, "ivs-local ", ".");
    assert_true(isdigit((unsigned char)line[strlen("ivs-local ")]));
    assert_string_equal(program_text(program, PROGRAM_ERR), "");
}

static void the_help_lists_every_option(void **state)
{
    static const char *const words[] = {
#define TEXT(member, name, environment, argument, fallback, check, must_be, help)        \
    "--" name, environment, help,
#define NUMBER(member, name, environment, argument, fallback, least, most, help)         \
    "--" name, environment, help,
#define CHOICE(member, name, environment, argument, fallback, values, help)              \
    "--" name, environment, help,
#define FLAG(member, name, environment, help) "--" name, environment, help,
#define CLIENT_FLAG FLAG
#define LIST(member, name, environment, argument, fallback, check, must_be, help)        \
    "--" name, environment, help,
#define SECRETS(member, name, environment, argument, fallback, check, must_be, help)     \
    "--" name, environment, help,
#include "../../src/app/options.def"
        "--version",
        "--help",
        "health",
    };
    struct program *program = wire_run_to_end(*state, ARGS("--help"), 0);
    const char *help = program_text(program, PROGRAM_OUT);

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (strstr(help, words[i]) == NULL)
            fail_msg("the help does not contain: %s", words[i]);
    }
    assert_string_equal(program_text(program, PROGRAM_ERR), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(the_ready_line_names_the_address),
        wire_test_without_server(two_servers_on_port_zero_get_two_ports),
        wire_test_without_server(serving_is_the_default_command),
        wire_test_without_server(a_port_in_use_is_one_line_and_status_1),
        wire_test_without_server(an_ipv6_address_is_written_with_or_without_brackets),
        wire_test_without_server(an_invalid_argument_is_named_with_status_2),
        wire_test_without_server(an_invalid_variable_is_named_with_status_2),
        wire_test_without_server(an_unknown_variable_is_a_warning),
        wire_test_without_server(the_number_of_warnings_of_variables_is_limited),
        wire_test_without_server(the_environment_sets_options),
        wire_test_without_server(the_command_line_wins_over_the_environment),
        wire_test_without_server(an_empty_variable_counts_as_unset),
        wire_test_without_server(a_list_in_the_environment_has_commas),
        wire_test_without_server(
            a_list_on_the_command_line_replaces_the_one_of_the_environment),
        wire_test_without_server(the_default_database_is_in_the_data_directory),
        wire_test_without_server(health_reports_whether_a_server_responds),
        wire_test_without_server(health_says_what_another_server_responds),
        wire_test_without_server(a_server_on_every_address_is_reached_on_this_machine),
        wire_test_without_server(the_version_is_one_line),
        wire_test_without_server(the_help_lists_every_option),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
