/*
 * Too much of something: bodies without end, connections that say nothing. The program
 * keeps its memory and goes on answering.
 */
#include "support/wire.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

enum {
    PIECE = 64 * 1024,
    FLOOD = 20 * 1024 * 1024,
    GROWTH_MAX_KIB = 8 * 1024,
};

/* The most memory the program ever had, in KiB. */
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

/* Sends pieces until all is sent or the server has enough. */
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
        fail_msg("the server does not answer");
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

static void connections_that_were_dropped_are_forgotten(void **state)
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
        wire_test_without_server(half_open_connections_stop_nobody_else),
        wire_test_without_server(connections_that_were_dropped_are_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
