/*
 * Floods: endless bodies, silent connections. The memory of the program stays limited and
 * it continues to serve.
 */
#include "support/wire.h"

#include "base/memory.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "support/cmocka_all.h"

enum {
    PIECE = 64 * 1024,
    FLOOD = 20 * 1024 * 1024,
    GROWTH_MAX_KIB = 8 * 1024,
};

/* The peak memory of the program in KiB. */
static long peak_memory(struct wire *wire, struct program *program)
{
    char line[256];
    long kib = 0;
    FILE *status =
        fopen(wire_printf(wire, "/proc/%d/status", (int)program_pid(program)), "r");

    assert_non_null(status);
    while (fgets(line, sizeof(line), status) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0)
            kib = strtol(line + 6, NULL, 10);
    }
    fclose(status);
    assert_true(kib > 0);
    return kib;
}

/* Sends pieces until all is sent or the server stops reading. */
static void flood(struct http_client *client, bool chunked)
{
    char *piece = mem_alloc(PIECE);
    bool open = true;

    memset(piece, 'a', PIECE);
    for (size_t sent = 0; open && sent < FLOOD; sent += PIECE) {
        if (chunked)
            open = http_send_text(client, "10000\r\n");
        open = open && http_send(client, piece, PIECE);
        if (chunked)
            open = open && http_send_text(client, "\r\n");
    }
    if (open && chunked)
        (void)http_send_text(client, "0\r\n\r\n");
    free(piece);
}

static void assert_flood_is_stopped(struct wire *wire, const char *header, bool chunked)
{
    struct program *program = wire_serve(wire, ":memory:", NULL, NULL);
    int port = program_port(program);
    struct http_answer answer;
    assert_int_equal(wire_count_channels(wire_connect_to(wire, port)), 0);
    long before = peak_memory(wire, program);

    struct http_client *client = wire_connect_to(wire, port);
    (void)http_send_text(client, "POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\n");
    (void)http_send_text(client, header);
    flood(client, chunked);
    switch (http_receive(client, false, &answer)) {
    case HTTP_ANSWER:
        assert_error_answer(&answer, 413, "RequestTooLargeException");
        break;
    case HTTP_CLOSED:
        break;
    case HTTP_SILENCE:
        fail_msg("the server does not respond");
    }

    assert_in_range(peak_memory(wire, program) - before, 0, GROWTH_MAX_KIB);
    assert_int_equal(wire_count_channels(wire_connect_to(wire, port)), 0);
}

static void a_body_of_twenty_megabytes_is_refused_in_little_memory(void **state)
{
    struct wire *wire = *state;

    assert_flood_is_stopped(wire, wire_printf(wire, "Content-Length: %d\r\n\r\n", FLOOD),
                            false);
}

static void a_chunked_body_of_twenty_megabytes_is_refused_in_little_memory(void **state)
{
    assert_flood_is_stopped(*state, "Transfer-Encoding: chunked\r\n\r\n", true);
}

/* The test gets as many descriptors as the system allows. */
static void raise_file_limit(void)
{
    struct rlimit files;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
}

/* Their memory is limited, ordinary calls are served, and every client gets a response.
 * Without the limit they hold 500 MiB. The thread sanitizer needs much of its own. */
static void five_hundred_stalled_bodies_hold_little_memory(void **state)
{
    enum { CONNECTIONS = 500, BODY = 1024 * 1024, MOST_KIB = 384 * 1024 };
    struct wire *wire = *state;
    struct http_client *stalled[CONNECTIONS];
    char *body = mem_alloc(BODY);
    size_t refused = 0;

    raise_file_limit();
    struct program *program = wire_serve(wire, ":memory:", NULL, NULL);
    int port = program_port(program);
    struct http_client *good = wire_connect_to(wire, port);
    memset(body, ' ', BODY);
    assert_int_equal(wire_count_channels(good), 0);
    long before = peak_memory(wire, program);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        stalled[i] = wire_connect_to(wire, port);
        assert_true(http_send_text(
            stalled[i], wire_printf(wire,
                                    "POST /ListChannels HTTP/1.1\r\nHost: localhost\r\n"
                                    "Content-Length: %d\r\n\r\n",
                                    BODY)));
        assert_true(http_send(stalled[i], body, BODY - 2));
    }
    (void)wire_create_channel(wire, good, "good");
    for (size_t i = 0; i < CONNECTIONS; i++) {
        assert_true(http_send_text(stalled[i], "{}"));
        struct http_answer answer = http_expect(stalled[i]);
        if (answer.reply.status == 200)
            continue;
        assert_error_answer(&answer, 503, "ServiceUnavailable");
        assert_header(&answer, "Retry-After", "1");
        refused++;
    }
    free(body);

    assert_in_range(refused, 1, CONNECTIONS);
    assert_in_range(peak_memory(wire, program) - before, 0, MOST_KIB);
    assert_int_equal(wire_count_channels(good), 1);
}

static void half_open_connections_stop_nobody_else(void **state)
{
    enum { CONNECTIONS = 300 };
    static const char *const beginnings[] = {
        "",
        "P",
        "POST /CreateChannel HTTP/1.1\r\n",
        "POST /CreateChannel HTTP/1.1\r\nHost: localh",
        "POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n",
        "POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
        "9\r\n\r\n{\"n",
        "POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\n"
        "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    };
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", NULL, NULL);
    int port = program_port(program);

    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct http_client *client = wire_connect_to(wire, port);
        assert_true(http_send_text(client, beginnings[i % COUNT_OF(beginnings)]));
    }

    struct http_client *good = wire_connect_to(wire, port);
    for (int i = 0; i < 50; i++)
        (void)wire_create_channel(wire, good, "good");
    for (int i = 0; i < 20; i++)
        assert_serves(wire, port);
    assert_int_equal(wire_count_channels(good), 50);
}

static void a_thousand_slow_clients_stop_nobody_else(void **state)
{
    enum { CONNECTIONS = 1000, ROUNDS = 8, EACH_MAX_KIB = 256 };
    static const char *const beginnings[] = {
        "POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        "POST /CreateChannel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n",
        "POST /Crea",
    };
    struct wire *wire = *state;

    raise_file_limit();
    struct program *program = wire_serve(wire, ":memory:", NULL, NULL);
    int port = program_port(program);
    struct http_client *slow[CONNECTIONS];
    struct http_client *good = wire_connect_to(wire, port);
    long before = peak_memory(wire, program);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        slow[i] = wire_connect_to(wire, port);
        assert_true(http_send_text(slow[i], beginnings[i % COUNT_OF(beginnings)]));
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < CONNECTIONS; i++)
            assert_true(http_send_text(slow[i], "a"));
        (void)wire_create_channel(wire, good, "good");
        assert_serves(wire, port);
    }

    assert_int_equal(wire_count_channels(good), ROUNDS);
    assert_in_range(peak_memory(wire, program) - before, 0, CONNECTIONS * EACH_MAX_KIB);
}

/* Sends requests with large responses for as long as the server reads them. */
static void ask_and_never_read(struct http_client *client)
{
    enum { REQUESTS = 2000 };

    for (int i = 0; i < REQUESTS; i++) {
        if (!http_send_at_once(client, "POST /ListChannels HTTP/1.1\r\n"
                                       "Host: localhost\r\nContent-Length: 18\r\n\r\n"
                                       "{\"maxResults\":100}"))
            return;
    }
}

static void clients_that_never_read_stop_nobody_else(void **state)
{
    enum { CONNECTIONS = 20, CHANNELS = 100, EACH_MAX_KIB = 2048 };
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", NULL, NULL);
    int port = program_port(program);
    struct http_client *good = wire_connect_to(wire, port);

    for (int i = 0; i < CHANNELS; i++)
        (void)wire_create_channel(wire, good, "one-of-many");
    long before = peak_memory(wire, program);
    for (size_t i = 0; i < CONNECTIONS; i++)
        ask_and_never_read(wire_connect_to(wire, port));

    assert_int_equal(wire_count_channels(good), CHANNELS);
    assert_serves(wire, port);
    assert_in_range(peak_memory(wire, program) - before, 0, CONNECTIONS * EACH_MAX_KIB);
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);
}

/* More clients than the server has descriptors for: those it accepts are served, nothing
 * is lost, and after the flood the server works as before. */
static void assert_survives_without_descriptors(struct wire *wire, int descriptors)
{
    enum { CONNECTIONS = 300 };
    const char *db = wire_path(wire, wire_printf(wire, "%d.db", descriptors));
    struct program *program = wire_serve_with_files(wire, db, descriptors);
    int port = program_port(program);
    struct http_client *clients[CONNECTIONS];
    struct http_client *good = wire_connect_to(wire, port);

    (void)wire_create_channel(wire, good, "before");
    for (size_t i = 0; i < CONNECTIONS; i++) {
        clients[i] = http_client_open(port);
        assert_non_null(clients[i]);
        (void)http_send_text(clients[i], "POST /CreateChannel HTTP/1.1\r\nHo");
        /* It would have to give way if it were idle. */
        assert_int_equal(wire_count_channels(good), 1);
    }
    (void)wire_create_channel(wire, good, "meanwhile");
    for (size_t i = 0; i < CONNECTIONS; i++)
        http_client_close(clients[i]);
    assert_serves(wire, port);
    assert_int_equal(wire_count_channels(wire_connect_to(wire, port)), 2);
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);
}

static void a_server_recovers_from_a_lack_of_descriptors(void **state)
{
    static const int limits[] = {24, 64, 100, 200};

    for (size_t i = 0; i < COUNT_OF(limits); i++)
        assert_survives_without_descriptors(*state, limits[i]);
}

static void dropped_connections_are_released(void **state)
{
    enum { ROUNDS = 10, CONNECTIONS = 200 };
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", NULL, NULL);
    int port = program_port(program);
    struct http_client *clients[CONNECTIONS];

    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < CONNECTIONS; i++) {
            clients[i] = http_client_open(port);
            assert_non_null(clients[i]);
            (void)http_send_text(clients[i],
                                 i % 2 == 0 ? "POST /CreateChannel HTTP/1.1\r\nHo" : "");
        }
        for (size_t i = 0; i < CONNECTIONS; i++)
            http_client_close(clients[i]);
        assert_serves(wire, port);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(a_body_of_twenty_megabytes_is_refused_in_little_memory),
        wire_test_without_server(
            a_chunked_body_of_twenty_megabytes_is_refused_in_little_memory),
        wire_test_without_server(five_hundred_stalled_bodies_hold_little_memory),
        wire_test_without_server(half_open_connections_stop_nobody_else),
        wire_test_without_server(a_thousand_slow_clients_stop_nobody_else),
        wire_test_without_server(clients_that_never_read_stop_nobody_else),
        wire_test_without_server(a_server_recovers_from_a_lack_of_descriptors),
        wire_test_without_server(dropped_connections_are_released),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
