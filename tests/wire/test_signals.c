/*
 * The program stops on a signal, whatever it is doing.
 */
#include "support/wire.h"

#include <signal.h>
#include <string.h>

#include "support/cmocka_all.h"

/* The duration of a stop is not measured: each of these tests would last as long as the
 * idle timeout of a connection if the program waited for it, and fail. */
static void assert_stops_cleanly(struct program *program, int signal_number)
{
    program_signal(program, signal_number);

    assert_int_equal(program_end(program), 0);
}

static void sigterm_ends_an_idle_server(void **state)
{
    struct program *program = wire_serve(*state, ":memory:", NULL, NULL);

    (void)program_port(program);

    assert_stops_cleanly(program, SIGTERM);
}

static void sigint_ends_an_idle_server(void **state)
{
    struct program *program = wire_serve(*state, ":memory:", NULL, NULL);

    (void)program_port(program);

    assert_stops_cleanly(program, SIGINT);
}

static void sighup_ends_an_idle_server(void **state)
{
    struct program *program = wire_serve(*state, ":memory:", NULL, NULL);

    (void)program_port(program);

    assert_stops_cleanly(program, SIGHUP);
}

static void an_ignored_sighup_does_not_end_the_server(void **state)
{
    struct wire *wire = *state;
    assert_true(signal(SIGHUP, SIG_IGN) != SIG_ERR); /* as nohup does */
    struct program *program = wire_serve(wire, ":memory:", NULL, NULL);
    assert_true(signal(SIGHUP, SIG_DFL) != SIG_ERR);

    (void)program_port(program);
    program_signal(program, SIGHUP);

    assert_stops_cleanly(program, SIGTERM);
    /* If both were pending, SIGHUP would be received first. */
    assert_non_null(strstr(program_text(program, PROGRAM_ERR), "signal=15"));
}

static void stopping_does_not_wait_for_an_idle_connection(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", NULL, NULL);
    struct http_client *used = wire_connect_to(wire, program_port(program));
    struct http_client *unused = wire_connect_to(wire, program_port(program));

    assert_int_equal(wire_count_channels(used), 0);

    assert_stops_cleanly(program, SIGTERM);
    http_expect_closed(used);
    http_expect_closed(unused);
}

static void stopping_does_not_wait_for_a_partial_request(void **state)
{
    static const char *const beginnings[] = {
        "POST /Creat", "POST /CreateChannel HTTP/1.1\r\nHost: loc",
        "POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"};
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", NULL, NULL);
    int port = program_port(program);

    for (size_t i = 0; i < COUNT_OF(beginnings); i++)
        assert_true(http_send_text(wire_connect_to(wire, port), beginnings[i]));
    assert_serves(wire, port);

    assert_stops_cleanly(program, SIGTERM);
}

static void a_request_in_flight_is_finished(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    struct program *program = wire_serve(wire, db, NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));

    /* The interim response shows that the server has the first half. */
    assert_true(http_send_text(client, "POST /CreateChannel HTTP/1.1\r\n"
                                       "Host: localhost\r\nContent-Length: 16\r\n"
                                       "Expect: 100-continue\r\n\r\n"));
    assert_int_equal(http_expect(client).reply.status, 100);
    program_signal(program, SIGTERM);
    program_expect(program, PROGRAM_ERR, "stopping");
    assert_true(http_send_text(client, "{\"name\":\"lobby\"}"));
    struct http_answer answer = http_expect(client);

    assert_success(answer.reply, 200);
    assert_int_equal(program_end(program), 0);
    struct program *again = wire_serve(wire, db, NULL, NULL);
    assert_int_equal(wire_count_channels(wire_connect_to(wire, program_port(again))), 1);
}

static void a_client_that_disconnects_does_not_end_the_server(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", NULL, NULL);
    int port = program_port(program);

    /* Responses to a closed connection would raise SIGPIPE. */
    for (int i = 0; i < 100; i++) {
        struct http_client *client = http_client_open(port);
        assert_non_null(client);
        for (int request = 0; request < 20; request++)
            (void)http_send_request(client, "POST", "/ListChannels", "", "{}", 2);
        http_client_close(client);
    }

    assert_serves(wire, port);
    assert_stops_cleanly(program, SIGTERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(sigterm_ends_an_idle_server),
        wire_test_without_server(sigint_ends_an_idle_server),
        wire_test_without_server(sighup_ends_an_idle_server),
        wire_test_without_server(an_ignored_sighup_does_not_end_the_server),
        wire_test_without_server(stopping_does_not_wait_for_an_idle_connection),
        wire_test_without_server(stopping_does_not_wait_for_a_partial_request),
        wire_test_without_server(a_request_in_flight_is_finished),
        wire_test_without_server(a_client_that_disconnects_does_not_end_the_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
