/*
 * The opening handshake of WebSocket (RFC 6455, section 4.2).
 */
#include "http/websocket_handshake.h"

#include <stdio.h>
#include <string.h>

#include "support/cmocka_all.h"

enum { MAX_HEADERS = 12 };

/* The key and its answer of RFC 6455, section 1.3. */
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

struct bench {
    struct arena *arena;
    struct http_header headers[MAX_HEADERS + 1];
    struct websocket_offer offer;
    const char *why;
};

static int setup(void **state)
{
    struct arena *arena = arena_new();
    struct bench *bench = arena_alloc(arena, sizeof(*bench));

    bench->arena = arena;
    bench->headers[0] = (struct http_header){"Host", "localhost"};
    bench->headers[1] = (struct http_header){"Upgrade", "websocket"};
    bench->headers[2] = (struct http_header){"Connection", "Upgrade"};
    bench->headers[3] = (struct http_header){"Sec-WebSocket-Version", "13"};
    bench->headers[4] = (struct http_header){"Sec-WebSocket-Key", KEY};
    *state = bench;
    return 0;
}

static int teardown(void **state)
{
    struct bench *bench = *state;

    arena_free(bench->arena);
    return 0;
}

static int read_offer(struct bench *bench)
{
    return websocket_offer_read(bench->arena, "GET", bench->headers, &bench->offer,
                                &bench->why);
}

static void add(struct bench *bench, const char *name, const char *value)
{
    size_t count = 0;

    while (bench->headers[count].name != NULL)
        count++;
    assert_true(count < MAX_HEADERS);
    bench->headers[count] = (struct http_header){name, value};
}

/* Gives the header another value; NULL takes it away. */
static void set(struct bench *bench, const char *name, const char *value)
{
    size_t i = 0;

    while (strcmp(bench->headers[i].name, name) != 0)
        i++;
    bench->headers[i].value = value;
    if (value == NULL)
        bench->headers[i] = (struct http_header){"X-Else", "nothing"};
}

static void the_key_is_answered_as_in_the_standard(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(read_offer(bench), 0);

    assert_string_equal(bench->offer.accept, ACCEPT);
    assert_null(bench->offer.protocols[0]);
}

static void names_and_tokens_may_be_in_any_case_and_among_others(void **state)
{
    struct bench *bench = *state;

    set(bench, "Upgrade", "h2c ,\tWebSocket");
    set(bench, "Connection", "keep-alive, UPGRADE");
    bench->headers[4].name = "sec-websocket-KEY";

    assert_int_equal(read_offer(bench), 0);
}

static void only_get_opens_a_websocket(void **state)
{
    static const char *const methods[] = {"POST", "HEAD", "get", "CONNECT"};
    struct bench *bench = *state;

    for (size_t i = 0; i < COUNT_OF(methods); i++)
        assert_int_equal(websocket_offer_read(bench->arena, methods[i], bench->headers,
                                              &bench->offer, &bench->why),
                         405);
}

static void what_is_missing_or_wrong_is_refused(void **state)
{
    static const struct {
        const char *name, *value;
        int status;
    } faults[] = {
        {"Upgrade",               NULL,                        426},
        {"Upgrade",               "",                          426},
        {"Upgrade",               "websockets",                426},
        {"Upgrade",               "websocket/13",              426},
        {"Connection",            NULL,                        400},
        {"Connection",            "keep-alive",                400},
        {"Sec-WebSocket-Version", NULL,                        426},
        {"Sec-WebSocket-Version", "8",                         426},
        {"Sec-WebSocket-Version", "13, 8",                     426},
        {"Sec-WebSocket-Version", "014",                       426},
        {"Sec-WebSocket-Key",     NULL,                        400},
        {"Sec-WebSocket-Key",     "",                          400},
        {"Sec-WebSocket-Key",     "dGhlIHNhbXBsZSBub25jZQ=",   400},
        {"Sec-WebSocket-Key",     "dGhlIHNhbXBsZSBub25jZQ",    400},
        {"Sec-WebSocket-Key",     "dGhlIHNhbXBsZSBub25jZTE=",  400},
        {"Sec-WebSocket-Key",     "dGhlIHNhbXBsZSBub25j",      400},
        {"Sec-WebSocket-Key",     "dGhlIHNhbXBsZSBub25j*Q==",  400},
        {"Sec-WebSocket-Key",     "dGhlIHNhbXBsZSBub25jZQ== ", 400},
    };

    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        teardown(state);
        setup(state);
        struct bench *bench = *state;
        set(bench, faults[i].name, faults[i].value);

        assert_int_equal(read_offer(bench), faults[i].status);
        assert_non_null(bench->why);
        assert_null(bench->offer.accept);
    }
}

static void a_key_or_a_version_that_comes_twice_is_refused(void **state)
{
    struct bench *bench = *state;

    add(bench, "Sec-WebSocket-Key", KEY);
    assert_int_equal(read_offer(bench), 400);
    add(bench, "Sec-WebSocket-Version", "13");
    assert_int_equal(read_offer(bench), 426);
}

static void subprotocols_are_listed_in_the_order_of_the_client(void **state)
{
    struct bench *bench = *state;

    add(bench, "Sec-WebSocket-Protocol", "chat.v2 ,\t chat.v1,,");
    add(bench, "sec-websocket-protocol", "AQICAHg_-~!'*");

    assert_int_equal(read_offer(bench), 0);
    assert_string_equal(bench->offer.protocols[0], "chat.v2");
    assert_string_equal(bench->offer.protocols[1], "chat.v1");
    assert_string_equal(bench->offer.protocols[2], "AQICAHg_-~!'*");
    assert_null(bench->offer.protocols[3]);
}

static void subprotocols_that_are_no_tokens_or_come_twice_are_refused(void **state)
{
    static const char *const values[] = {"a b",   "a/b",         "a,b,a", "\"a\"",
                                         "a;q=1", "caf\xc3\xa9", "",      " , ,"};

    for (size_t i = 0; i < COUNT_OF(values); i++) {
        teardown(state);
        setup(state);
        add(*state, "Sec-WebSocket-Protocol", values[i]);
        assert_int_equal(read_offer(*state), 400);
    }
}

static void there_may_be_as_many_subprotocols_as_the_limit(void **state)
{
    struct bench *bench = *state;
    char list[WEBSOCKET_MAX_PROTOCOLS * 4 + 1] = "";

    for (int i = 0; i < WEBSOCKET_MAX_PROTOCOLS; i++)
        snprintf(list + 4 * i, 5, "p%02d,", i);
    add(bench, "Sec-WebSocket-Protocol", list);
    assert_int_equal(read_offer(bench), 0);
    assert_string_equal(bench->offer.protocols[WEBSOCKET_MAX_PROTOCOLS - 1], "p15");

    add(bench, "Sec-WebSocket-Protocol", "more");
    assert_int_equal(read_offer(bench), 400);
}

static void the_clients_favourite_of_what_is_supported_is_chosen(void **state)
{
    static const char *const supported[] = {"v1", "v2", NULL};
    static const char *const others[] = {"V2", NULL};
    struct bench *bench = *state;

    add(bench, "Sec-WebSocket-Protocol", "v3, v2, v1");
    assert_int_equal(read_offer(bench), 0);

    assert_string_equal(websocket_choose(&bench->offer, supported), "v2");
    assert_null(websocket_choose(&bench->offer, others));
}

#define HANDSHAKE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HANDSHAKE_TEST(the_key_is_answered_as_in_the_standard),
        HANDSHAKE_TEST(names_and_tokens_may_be_in_any_case_and_among_others),
        HANDSHAKE_TEST(only_get_opens_a_websocket),
        HANDSHAKE_TEST(what_is_missing_or_wrong_is_refused),
        HANDSHAKE_TEST(a_key_or_a_version_that_comes_twice_is_refused),
        HANDSHAKE_TEST(subprotocols_are_listed_in_the_order_of_the_client),
        HANDSHAKE_TEST(subprotocols_that_are_no_tokens_or_come_twice_are_refused),
        HANDSHAKE_TEST(there_may_be_as_many_subprotocols_as_the_limit),
        HANDSHAKE_TEST(the_clients_favourite_of_what_is_supported_is_chosen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
