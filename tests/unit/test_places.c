/*
 * Places, by address: who is counted, who is refused, and whose connections give way.
 */
#include "../../src/http/places_internal.h"
#include "base/log.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "support/cmocka_all.h"

enum { LONG_MS = 60 * 60 * 1000, PATIENCE_S = 20, MAX_PLACES = 16 };

/* The limit of an address is 8: more than 7 are many. Nobody gives way unless the test
 * says so. */
static const struct http_limits patient = {
    .connections = 1000,
    .address_connections = 8,
    .idle_ms = LONG_MS,
    .request_ms = LONG_MS,
    .pressed_idle_ms = LONG_MS,
    .pressed_request_ms = LONG_MS,
};

struct hall {
    struct places *places;
    size_t count;
    struct place *taken[MAX_PLACES];
    int peers[MAX_PLACES]; /* the other end of each place's socket */
    int own[MAX_PLACES];
};

static int setup_with(void **state, int64_t pressed_idle_ms)
{
    static struct hall hall;
    struct http_limits limits = patient;

    limits.pressed_idle_ms = pressed_idle_ms;
    log_set_level(LOG_WARN);
    memset(&hall, 0, sizeof(hall));
    hall.places = places_new(&limits);
    assert_non_null(hall.places);
    *state = &hall;
    return 0;
}

static int setup(void **state)
{
    return setup_with(state, LONG_MS);
}

static int setup_impatient(void **state)
{
    return setup_with(state, 1);
}

static int teardown(void **state)
{
    struct hall *hall = *state;

    for (size_t i = 0; i < hall->count; i++) {
        place_leave(hall->taken[i]);
        close(hall->own[i]);
        close(hall->peers[i]);
    }
    places_free(hall->places);
    return 0;
}

static struct sockaddr_storage address_of(const char *text)
{
    struct sockaddr_storage storage = {.ss_family = AF_INET};
    struct sockaddr_in ipv4 = {.sin_family = AF_INET};
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &ipv4.sin_addr) == 1) {
        memcpy(&storage, &ipv4, sizeof(ipv4));
    } else {
        assert_int_equal(inet_pton(AF_INET6, text, &ipv6.sin6_addr), 1);
        memcpy(&storage, &ipv6, sizeof(ipv6));
    }
    return storage;
}

static bool admits(struct hall *hall, const char *text)
{
    const struct sockaddr_storage address = address_of(text);

    return places_admit(hall->places, (const struct sockaddr *)&address);
}

/* A place for a connection from the address, for which the server responds. */
static size_t enter(struct hall *hall, const char *text)
{
    const struct sockaddr_storage address = address_of(text);
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    size_t i = hall->count++;
    int pair[2];

    assert_true(i < MAX_PLACES);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    (void)setsockopt(pair[1], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    hall->own[i] = pair[0];
    hall->peers[i] = pair[1];
    hall->taken[i] =
        places_enter(hall->places, pair[0], (const struct sockaddr *)&address);
    return i;
}

static void leave_last(struct hall *hall)
{
    size_t i = --hall->count;

    place_leave(hall->taken[i]);
    close(hall->own[i]);
    close(hall->peers[i]);
}

static void enter_busy(struct hall *hall, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        place_responds(hall->taken[enter(hall, text)]);
}

static void an_address_may_have_as_many_connections_as_the_limit(void **state)
{
    struct hall *hall = *state;

    for (int i = 0; i < 8; i++) {
        assert_true(admits(hall, "192.0.2.1"));
        enter_busy(hall, "192.0.2.1", 1);
    }
    assert_false(admits(hall, "192.0.2.1"));
    assert_false(admits(hall, "::ffff:192.0.2.1"));
    assert_true(admits(hall, "192.0.2.2"));
    assert_true(admits(hall, "::ffff:192.0.2.2"));
    assert_true(admits(hall, "2001:db8::1"));

    leave_last(hall);
    assert_true(admits(hall, "192.0.2.1"));
}

static void a_refused_address_is_logged_once_until_it_has_places_again(void **state)
{
    struct hall *hall = *state;
    char log[1024] = "";
    FILE *file = tmpfile();
    int standard_error = dup(STDERR_FILENO);

    assert_non_null(file);
    log_finish(); /* an earlier test may have logged the same */
    enter_busy(hall, "192.0.2.1", 8);
    assert_int_equal(dup2(fileno(file), STDERR_FILENO), STDERR_FILENO);
    assert_false(admits(hall, "192.0.2.1"));
    assert_false(admits(hall, "192.0.2.1"));
    leave_last(hall);
    leave_last(hall);
    enter_busy(hall, "192.0.2.1", 2);
    log_finish(); /* as if the first line were old */
    assert_false(admits(hall, "192.0.2.1"));
    (void)dup2(standard_error, STDERR_FILENO);
    close(standard_error);

    rewind(file);
    size_t length = fread(log, 1, sizeof(log) - 1, file);
    (void)fclose(file);
    size_t lines = 0;
    for (size_t i = 0; i < length; i++)
        lines += log[i] == '\n';
    assert_int_equal(lines, 2);
    assert_non_null(strstr(log, "connections of one address"));
}

static void an_ipv6_client_is_known_by_64_bits(void **state)
{
    struct hall *hall = *state;

    enter_busy(hall, "2001:db8:0:1::1", 4);
    enter_busy(hall, "2001:db8:0:1:ffff::2", 4);

    assert_false(admits(hall, "2001:db8:0:1::3"));
    assert_true(admits(hall, "2001:db8:0:2::1"));
}

static void this_machine_has_no_such_limit(void **state)
{
    static const char *const own[] = {"127.0.0.1", "127.9.9.9", "::1",
                                      "::ffff:127.0.0.1"};
    struct hall *hall = *state;

    for (size_t i = 0; i < COUNT_OF(own) * 3; i++)
        enter_busy(hall, own[i % COUNT_OF(own)], 1);

    for (size_t i = 0; i < COUNT_OF(own); i++)
        assert_true(admits(hall, own[i]));
}

static bool is_ended(struct hall *hall, size_t i)
{
    char byte;

    return recv(hall->peers[i], &byte, 1, 0) == 0;
}

static bool is_open(struct hall *hall, size_t i)
{
    char byte;

    return recv(hall->peers[i], &byte, 1, MSG_DONTWAIT) < 0;
}

static void only_the_idle_connections_of_a_busy_address_give_way(void **state)
{
    struct hall *hall = *state;
    size_t other = enter(hall, "192.0.2.2");
    size_t local = enter(hall, "127.0.0.1");
    size_t first = enter(hall, "192.0.2.1");
    size_t second = enter(hall, "192.0.2.1");
    size_t third = enter(hall, "192.0.2.1");

    enter_busy(hall, "192.0.2.1", 5);

    assert_true(is_ended(hall, first));
    assert_true(is_ended(hall, second));
    assert_true(is_open(hall, third));
    assert_true(is_open(hall, other));
    assert_true(is_open(hall, local));
    assert_true(admits(hall, "192.0.2.1"));
}

#define places_test(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        places_test(an_address_may_have_as_many_connections_as_the_limit),
        places_test(a_refused_address_is_logged_once_until_it_has_places_again),
        places_test(an_ipv6_client_is_known_by_64_bits),
        places_test(this_machine_has_no_such_limit),
        cmocka_unit_test_setup_teardown(
            only_the_idle_connections_of_a_busy_address_give_way, setup_impatient,
            teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
