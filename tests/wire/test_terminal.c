/*
 * The program at a terminal: lines for people, colors, and where to begin.
 */
#include "support/wire.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "support/cmocka_all.h"

#define COLORS                                                                           \
    (const char *const[])                                                                \
    {                                                                                    \
        "TERM=xterm", "NO_COLOR=", NULL                                                  \
    }
#define NO_COLORS                                                                        \
    (const char *const[])                                                                \
    {                                                                                    \
        "TERM=xterm", "NO_COLOR=1", NULL                                                 \
    }

/* Starts a server at a terminal, with one more argument or NULL. */
static struct program *serve(struct wire *wire, const char *db, const char *option,
                             const char *const *environment)
{
    const char *const args[] = {"--port", "0", "--db", db, option, NULL};

    return wire_run_at_terminal(wire, args, environment);
}

/* What the terminal shows of a server that gets a call which fails. */
static const char *show_failed_call(struct wire *wire, struct program *program)
{
    struct http_client *client = wire_connect_to(wire, program_port(program));

    (void)http_post(client, "/CreateChannel", "{\"name\":\"a b\"}");
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);
    return program_text(program, PROGRAM_OUT);
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("missing: %s\nin: %s", part, text);
}

static void the_log_is_text_without_colors_where_they_are_unwanted(void **state)
{
    struct program *program = serve(*state, ":memory:", NULL, NO_COLORS);

    const char *shown = show_failed_call(*state, program);

    assert_has(shown,
               " CreateChannel 400 ValidationException: CreateChannel.name does not "
               "match pattern [a-zA-Z0-9-_]*  000000000000/us-east-1  ");
    assert_has(shown, " ms\r\n");
    assert_null(strchr(shown, '\x1b'));
}

static void the_log_has_colors_at_a_terminal(void **state)
{
    struct program *program = serve(*state, ":memory:", NULL, COLORS);

    const char *shown = show_failed_call(*state, program);

    assert_has(shown, "CreateChannel \x1b[33m400\x1b[0m ValidationException");
}

static void the_form_of_the_log_can_be_chosen_at_a_terminal(void **state)
{
    struct program *program = serve(*state, ":memory:", "--log-format=logfmt", COLORS);

    const char *shown = show_failed_call(*state, program);

    assert_has(shown, "level=info event=\"call\" ");
    assert_null(strchr(shown, '\x1b'));
}

static void text_in_a_pipe_has_no_colors(void **state)
{
    const char *const args[] = {
        "--port", "0", "--db", ":memory:", "--log-format", "text", NULL};
    struct program *program = wire_run_with(*state, args, COLORS);

    (void)show_failed_call(*state, program);

    assert_has(program_text(program, PROGRAM_ERR), " CreateChannel 400 Validation");
    assert_null(strchr(program_text(program, PROGRAM_ERR), '\x1b'));
}

static void after_the_ready_line_it_says_where_to_begin(void **state)
{
    const char *absolute = wire_path(*state, "ivs.db");
    struct program *program = serve(*state, absolute, NULL, COLORS);
    const char *url = wire_printf(*state, "http://127.0.0.1:%d", program_port(program));

    const char *shown = show_failed_call(*state, program);

    assert_true(strncmp(shown, "ivs-local ready on ", strlen("ivs-local ready on ")) ==
                0);
    assert_has(shown, wire_printf(*state, "  data     %s\r\n", absolute));
    assert_has(shown, wire_printf(*state, "export AWS_ENDPOINT_URL_IVS=%s\r\n", url));
    assert_has(shown, "export AWS_ACCESS_KEY_ID=000000000000 AWS_SECRET_ACCESS_KEY=any "
                      "AWS_DEFAULT_REGION=us-east-1\r\n");
    assert_has(shown, wire_printf(*state, "%s/_ivs-local/health", url));
    assert_has(shown, "ivs-local --help");
    assert_null(strstr(shown, "AWS_ENDPOINT_URL_CONTROL"));
}

static void the_path_of_the_data_is_absolute(void **state)
{
    char folder[1024];
    assert_non_null(getcwd(folder, sizeof(folder)));
    const char *absolute = wire_path(*state, "ivs.db");
    assert_int_equal(chdir(wire_path(*state, ".")), 0);
    struct program *program = serve(*state, "ivs.db", NULL, COLORS);

    const char *shown = show_failed_call(*state, program);

    assert_int_equal(chdir(folder), 0);
    assert_has(shown, "  data     /");
    assert_has(shown, strrchr(absolute, '/'));
}

static void data_in_memory_has_no_path(void **state)
{
    struct program *program = serve(*state, ":memory:", NULL, COLORS);

    assert_has(show_failed_call(*state, program), "  data     in memory");
}

static void quiet_leaves_the_ready_line(void **state)
{
    struct program *program = serve(*state, ":memory:", "--quiet", COLORS);

    const char *shown = show_failed_call(*state, program);

    assert_true(strncmp(shown, "ivs-local ready on ", strlen("ivs-local ready on ")) ==
                0);
    assert_string_equal(strchr(shown, '\n'), "\n");
}

static void a_pipe_gets_the_ready_line_alone(void **state)
{
    struct program *program = wire_serve(*state, ":memory:", NULL, NULL);

    const char *shown = show_failed_call(*state, program);

    assert_string_equal(strchr(shown, '\n'), "\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(the_log_is_text_without_colors_where_they_are_unwanted),
        wire_test_without_server(the_log_has_colors_at_a_terminal),
        wire_test_without_server(the_form_of_the_log_can_be_chosen_at_a_terminal),
        wire_test_without_server(text_in_a_pipe_has_no_colors),
        wire_test_without_server(after_the_ready_line_it_says_where_to_begin),
        wire_test_without_server(the_path_of_the_data_is_absolute),
        wire_test_without_server(data_in_memory_has_no_path),
        wire_test_without_server(quiet_leaves_the_ready_line),
        wire_test_without_server(a_pipe_gets_the_ready_line_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
