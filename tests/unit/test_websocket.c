/*
 * A WebSocket connection on one end of a socket pair; the test has the other end.
 */
#include "http/websocket.h"

#include "base/memory.h"
#include "support/gate.h"
#include "support/websocket_bytes.h"
#include "support/websocket_peer.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/cmocka_all.h"

enum { AN_HOUR_MS = 60 * 60 * 1000, SHORT_MS = 20, INPUT_MAX_BYTES = 1024 * 1024 };

#define FINAL_TEXT (FRAME_FINAL | WEBSOCKET_TEXT)
#define FINAL_BINARY (FRAME_FINAL | WEBSOCKET_BINARY)
#define FINAL_PING (FRAME_FINAL | WEBSOCKET_PING)
#define FINAL_PONG (FRAME_FINAL | WEBSOCKET_PONG)

struct bench {
    struct poller *poller;
    struct websocket_options options;
    struct websocket_endpoint endpoint;
    struct websocket_peer peer;
    struct buf input;            /* what the peer sends */
    int fd;                      /* of the connection, until it is open */
    struct allowance *allowance; /* which that counts against; NULL: none */

    struct websocket *websocket; /* with a reference, when it is open */
    struct gate opened, released;
    /* The poller's until `released`: */
    int closed_count, message_count;
    int code;
    char reason[WEBSOCKET_REASON_MAX_BYTES + 1];
};

static void on_open(struct websocket *websocket, void *context)
{
    struct bench *bench = context;

    bench->websocket = websocket_ref(websocket);
    gate_pass(&bench->opened);
}

/* Sends every message back, and closes where it is asked to. */
static void on_message(struct websocket *websocket, void *context,
                       const struct websocket_message *message)
{
    struct bench *bench = context;

    bench->message_count++;
    if (message->opcode == WEBSOCKET_BINARY)
        websocket_send_binary(websocket, message->bytes, message->length);
    else if (strcmp(message->bytes, "close") == 0)
        websocket_close(websocket, 4001, "as you wish");
    else
        websocket_send_text(websocket, message->bytes, message->length);
}

static void on_close(struct websocket *websocket, void *context, int code,
                     const char *reason)
{
    struct bench *bench = context;

    bench->closed_count++;
    bench->code = code;
    snprintf(bench->reason, sizeof(bench->reason), "%s", reason);
    websocket_send_text(websocket, "too late", 8); /* does nothing */
    websocket_close(websocket, 1000, "");          /* likewise */
}

static void on_release(void *context)
{
    struct bench *bench = context;

    gate_pass(&bench->released);
}

static const struct websocket_handler handler = {on_open, on_message, on_close,
                                                 on_release};

static int setup(void **state)
{
    struct bench *bench = mem_zalloc(sizeof(*bench));
    int ends[2];

    gate_init(&bench->opened);
    gate_init(&bench->released);
    buf_init(&bench->input, INPUT_MAX_BYTES);
    bench->poller = poller_start();
    assert_non_null(bench->poller);
    bench->options = websocket_default_options;
    bench->endpoint =
        (struct websocket_endpoint){bench->poller, &handler, &bench->options, NULL};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    bench->fd = ends[0];
    peer_init(&bench->peer, ends[1]);
    *state = bench;
    return 0;
}

static void stop(struct bench *bench)
{
    websocket_unref(bench->websocket);
    bench->websocket = NULL;
    poller_stop(bench->poller);
    bench->poller = NULL;
}

static int teardown(void **state)
{
    struct bench *bench = *state;

    stop(bench);
    peer_done(&bench->peer);
    buf_done(&bench->input);
    gate_done(&bench->opened);
    gate_done(&bench->released);
    free(bench);
    return 0;
}

static void open_with(struct bench *bench, const char *early, size_t early_length)
{
    const struct http_socket socket = {bench->fd, bench->allowance, early, early_length};

    websocket_open(&bench->endpoint, bench, &socket);
    gate_expect(&bench->opened, 1);
}

static void open_now(struct bench *bench)
{
    open_with(bench, "", 0);
}

/* Sends what was put into the input. */
static void send_input(struct bench *bench)
{
    assert_true(peer_send(&bench->peer, bench->input.bytes, bench->input.length));
    buf_done(&bench->input);
}

static void send_text(struct bench *bench, int first, const char *payload)
{
    frame_put_text(&bench->input, first, payload);
    send_input(bench);
}

static void send_close(struct bench *bench, int code, const char *reason)
{
    frame_put_close(&bench->input, code, reason);
    send_input(bench);
}

/* Waits until the connection is over, and says how. */
static void assert_closed(struct bench *bench, int code, const char *reason)
{
    gate_expect(&bench->released, 1);
    assert_int_equal(bench->closed_count, 1);
    assert_int_equal(bench->code, code);
    assert_string_equal(bench->reason, reason);
}

/* The same, once the peer has hung up. */
static void assert_closed_with_peer(struct bench *bench, int code, const char *reason)
{
    peer_done(&bench->peer);
    assert_closed(bench, code, reason);
}

static void messages_come_and_go(void **state)
{
    struct bench *bench = *state;

    open_now(bench);
    send_text(bench, FINAL_TEXT, "hello");
    peer_expect_text(&bench->peer, FINAL_TEXT, "hello");
    frame_put(&bench->input, FINAL_BINARY, "\0\xff", 2);
    frame_put_text(&bench->input, FINAL_TEXT, "");
    send_input(bench);
    peer_expect(&bench->peer, FINAL_BINARY, "\0\xff", 2);
    peer_expect_text(&bench->peer, FINAL_TEXT, "");
}

static void bytes_that_came_early_come_first(void **state)
{
    struct bench *bench = *state;
    struct buf early AUTO(buf_done);

    buf_init(&early, INPUT_MAX_BYTES);
    frame_put_text(&early, FINAL_TEXT, "first");
    frame_put_text(&early, FINAL_TEXT, "second");
    assert_true(peer_send(&bench->peer, early.bytes + 9, early.length - 9));

    open_with(bench, early.bytes, 9);

    peer_expect_text(&bench->peer, FINAL_TEXT, "first");
    peer_expect_text(&bench->peer, FINAL_TEXT, "second");
}

static void a_ping_is_answered_with_its_payload(void **state)
{
    struct bench *bench = *state;

    open_now(bench);
    send_text(bench, FINAL_PING, "are you there?");

    peer_expect_text(&bench->peer, FINAL_PONG, "are you there?");
}

static void a_close_frame_is_answered_with_its_code(void **state)
{
    struct bench *bench = *state;

    open_now(bench);
    frame_put_text(&bench->input, FINAL_TEXT, "last words");
    frame_put_close(&bench->input, 4321, "leaving");
    frame_put_text(&bench->input, FINAL_TEXT, "ignored");
    send_input(bench);

    peer_expect_text(&bench->peer, FINAL_TEXT, "last words");
    peer_expect_close(&bench->peer, 4321);
    assert_closed_with_peer(bench, 4321, "leaving");
    assert_int_equal(bench->message_count, 1);
}

static void a_close_frame_without_a_code_is_answered_without_one(void **state)
{
    struct bench *bench = *state;

    open_now(bench);
    send_close(bench, -1, "");

    peer_expect_close(&bench->peer, -1);
    assert_closed_with_peer(bench, WEBSOCKET_NO_CODE, "");
}

static void a_violation_closes_the_connection_with_its_code(void **state)
{
    struct bench *bench = *state;

    open_now(bench);
    frame_put_text(&bench->input, FINAL_TEXT | FRAME_RSV1, "compressed?");
    frame_put_text(&bench->input, FINAL_TEXT, "ignored");
    send_input(bench);

    peer_expect_close(&bench->peer, WEBSOCKET_PROTOCOL_ERROR);
    assert_closed_with_peer(bench, WEBSOCKET_PROTOCOL_ERROR, "a reserved bit is set");
    assert_int_equal(bench->message_count, 0);
}

static void the_options_limit_messages(void **state)
{
    struct bench *bench = *state;

    bench->options.limits.message_bytes = 4;
    open_now(bench);
    send_text(bench, FINAL_TEXT, "four");
    peer_expect_text(&bench->peer, FINAL_TEXT, "four");
    send_text(bench, FINAL_TEXT, "more");
    peer_expect_text(&bench->peer, FINAL_TEXT, "more");
    send_text(bench, FINAL_TEXT, "fives");

    peer_expect_close(&bench->peer, WEBSOCKET_TOO_BIG);
    assert_closed_with_peer(bench, WEBSOCKET_TOO_BIG, "the message is too long");
}

static void a_peer_that_hangs_up_without_a_close_frame_is_noticed(void **state)
{
    struct bench *bench = *state;

    open_now(bench);
    assert_closed_with_peer(bench, WEBSOCKET_ABNORMAL, "");
}

static void a_half_closed_connection_is_over(void **state)
{
    struct bench *bench = *state;

    open_now(bench);
    assert_int_equal(shutdown(bench->peer.fd, SHUT_WR), 0);

    peer_expect_end(&bench->peer);
    assert_closed(bench, WEBSOCKET_ABNORMAL, "");
}

static void the_answer_to_a_close_frame_is_waited_for(void **state)
{
    struct bench *bench = *state;

    open_now(bench);
    frame_put_text(&bench->input, FINAL_TEXT, "close");
    frame_put_text(&bench->input, FINAL_TEXT, "ignored");
    frame_put_text(&bench->input, FINAL_PING, "ignored");
    send_input(bench);

    struct peer_frame frame;
    assert_true(peer_receive(&bench->peer, &frame));
    assert_int_equal(frame.first, FRAME_FINAL | WEBSOCKET_CLOSE);
    assert_int_equal(frame.length, 2 + strlen("as you wish"));
    assert_memory_equal(frame.payload,
                        "\x0f\xa1"
                        "as you wish",
                        frame.length);
    assert_int_equal(gate_count(&bench->released), 0);
    send_close(bench, 1000, "fine");
    peer_expect_end(&bench->peer);
    assert_closed_with_peer(bench, 4001, "as you wish");
    assert_int_equal(bench->message_count, 1);
}

static void a_close_frame_that_is_not_answered_is_waited_for_no_longer(void **state)
{
    struct bench *bench = *state;

    bench->options.close_ms = SHORT_MS;
    open_now(bench);
    send_text(bench, FINAL_TEXT, "close");

    peer_expect_close(&bench->peer, 4001);
    assert_closed(bench, 4001, "as you wish");
}

static void a_peer_that_does_not_hang_up_after_closing_is_dropped(void **state)
{
    struct bench *bench = *state;

    bench->options.close_ms = SHORT_MS;
    open_now(bench);
    send_close(bench, 1000, "");

    peer_expect_close(&bench->peer, 1000);
    assert_closed(bench, 1000, "");
}

/* More than the limit in one turn, for a peer that reads it all. */
static void send_many(void *context)
{
    struct bench *bench = context;
    char payload[1000] = "";

    for (int i = 0; i < 50; i++)
        websocket_send_binary(bench->websocket, payload, sizeof(payload));
}

static void only_what_the_socket_does_not_take_counts_as_slow(void **state)
{
    struct bench *bench = *state;
    const char payload[1000] = "";

    bench->options.queue_max_bytes = 3000;
    open_now(bench);
    assert_true(poller_post(bench->poller, send_many, bench));

    for (int i = 0; i < 50; i++)
        peer_expect(&bench->peer, FINAL_BINARY, payload, sizeof(payload));
}

static void pass_gate(void *context)
{
    gate_pass(context);
}

/* Waits until the poller has run all that this thread posted and sent. */
static void wait_for_poller(struct bench *bench)
{
    struct gate passed;

    gate_init(&passed);
    assert_true(poller_post(bench->poller, pass_gate, &passed));
    gate_expect(&passed, 1);
    gate_done(&passed);
}

static void a_reference_may_be_used_after_the_poller_was_stopped(void **state)
{
    struct bench *bench = *state;

    open_now(bench);
    struct websocket *websocket = websocket_ref(bench->websocket);
    stop(bench);
    /* The endpoint may be gone, too. */
    bench->endpoint = (struct websocket_endpoint){0};
    websocket_send_text(websocket, "too late", 8);
    websocket_close(websocket, WEBSOCKET_NORMAL, "");
    websocket_unref(websocket);

    peer_expect_close(&bench->peer, WEBSOCKET_GOING_AWAY);
    assert_closed(bench, WEBSOCKET_GOING_AWAY, "the server stops");
}

/* Fills the connection, which its peer does not read. */
static void a_peer_that_reads_too_slowly_is_closed(void **state)
{
    struct bench *bench = *state;
    struct blob *frame;
    char *payload = mem_zalloc(100000);
    struct peer_frame got;
    size_t count = 0;

    bench->options.queue_max_bytes = 300000;
    bench->options.close_ms = AN_HOUR_MS;
    open_now(bench);
    frame = websocket_frame(WEBSOCKET_BINARY, payload, 100000);
    for (int i = 0; i < 50; i++)
        websocket_send(bench->websocket, frame);
    blob_unref(frame);
    wait_for_poller(bench);

    /* Whole frames, then the close frame: nothing is cut in the middle. */
    while (peer_receive(&bench->peer, &got) && got.first == FINAL_BINARY) {
        assert_int_equal(got.length, 100000);
        count++;
    }
    assert_int_equal(got.first, FRAME_FINAL | WEBSOCKET_CLOSE);
    assert_memory_equal(got.payload, "\x03\xf0", 2);
    assert_true(count < 50);
    peer_expect_end(&bench->peer);
    assert_closed_with_peer(bench, WEBSOCKET_POLICY_VIOLATION,
                            "messages are read too slowly");
    free(payload);
}

/* Keeps the poller's thread inside one callback, so that what is posted meanwhile is run
 * in one turn. */
struct hold {
    struct gate entered, released;
};

static void wait_in_callback(void *context)
{
    struct hold *hold = context;

    gate_pass(&hold->entered);
    gate_expect(&hold->released, 1);
}

static void hold_poller(struct bench *bench, struct hold *hold)
{
    gate_init(&hold->entered);
    gate_init(&hold->released);
    assert_true(poller_post(bench->poller, wait_in_callback, hold));
    gate_expect(&hold->entered, 1);
}

static void release_poller(struct hold *hold)
{
    gate_pass(&hold->released);
}

static void hold_done(struct hold *hold)
{
    gate_done(&hold->entered);
    gate_done(&hold->released);
}

/* Other threads send faster than the poller, which is busy, can queue. */
static void what_other_threads_send_is_limited(void **state)
{
    struct bench *bench = *state;
    struct hold hold;
    struct blob *frame = websocket_frame(WEBSOCKET_TEXT, "message", 7);

    bench->options.queue_max_bytes = 10 * (frame->length + WEBSOCKET_QUEUED_BYTES);
    open_now(bench);
    hold_poller(bench, &hold);
    for (int i = 0; i < 10; i++)
        websocket_send(bench->websocket, frame);
    assert_int_equal(atomic_load(&frame->references), 11);
    for (int i = 0; i < 1000; i++)
        websocket_send(bench->websocket, frame);
    assert_int_equal(atomic_load(&frame->references), 11);
    release_poller(&hold);

    peer_expect_close(&bench->peer, WEBSOCKET_POLICY_VIOLATION);
    assert_closed_with_peer(bench, WEBSOCKET_POLICY_VIOLATION,
                            "messages are read too slowly");
    hold_done(&hold);
    blob_unref(frame);
}

static void other_threads_may_send_again_what_was_queued_before(void **state)
{
    struct bench *bench = *state;
    struct blob *frame = websocket_frame(WEBSOCKET_TEXT, "message", 7);

    bench->options.queue_max_bytes = frame->length + WEBSOCKET_QUEUED_BYTES;
    open_now(bench);
    for (int i = 0; i < 20; i++) {
        websocket_send(bench->websocket, frame);
        wait_for_poller(bench);
        peer_expect_text(&bench->peer, FINAL_TEXT, "message");
    }
    blob_unref(frame);
}

static void an_empty_message_needs_no_bytes(void **state)
{
    struct bench *bench = *state;

    open_with(bench, NULL, 0);
    websocket_send_binary(bench->websocket, NULL, 0);

    peer_expect_text(&bench->peer, FINAL_BINARY, "");
}

/* A peer that sends pings and reads nothing must not fill the memory. */
static void pongs_that_nobody_reads_count_too(void **state)
{
    struct bench *bench = *state;

    bench->options.queue_max_bytes = 100 * WEBSOCKET_QUEUED_BYTES;
    bench->options.close_ms = SHORT_MS;
    open_now(bench);
    for (int i = 0; i < 50000; i++)
        frame_put_text(&bench->input, FINAL_PING, "");
    (void)peer_send(&bench->peer, bench->input.bytes, bench->input.length);

    assert_closed(bench, WEBSOCKET_POLICY_VIOLATION, "messages are read too slowly");
}

static void a_silent_peer_is_pinged_and_lives_if_it_answers(void **state)
{
    struct bench *bench = *state;

    bench->options.ping_ms = SHORT_MS;
    bench->options.idle_ms = AN_HOUR_MS;
    open_now(bench);

    for (int i = 0; i < 3; i++) {
        peer_expect_text(&bench->peer, FINAL_PING, "");
        send_text(bench, FINAL_PONG, "");
    }
    assert_int_equal(gate_count(&bench->released), 0);
}

static void a_peer_that_is_silent_for_too_long_is_closed(void **state)
{
    struct bench *bench = *state;

    bench->options.ping_ms = 0;
    bench->options.idle_ms = SHORT_MS;
    open_now(bench);

    struct peer_frame frame;
    assert_true(peer_receive(&bench->peer, &frame));
    assert_int_equal(frame.first, FRAME_FINAL | WEBSOCKET_CLOSE);
    assert_memory_equal(frame.payload, "\x03\xe9", 2);
    assert_closed_with_peer(bench, WEBSOCKET_GOING_AWAY,
                            "the client was silent for too long");
}

static void an_aborted_connection_ends_without_a_close_frame(void **state)
{
    struct bench *bench = *state;

    open_now(bench);
    websocket_abort(bench->websocket);
    peer_expect_end(&bench->peer);
    gate_expect(&bench->released, 1);
    assert_int_equal(bench->closed_count, 1);
    assert_int_equal(bench->code, WEBSOCKET_ABNORMAL);
    websocket_abort(bench->websocket); /* does nothing */
}

/* Everything in the poller's thread, in one turn. */
static void send_around_an_abort(void *context)
{
    struct bench *bench = context;

    websocket_send_text(bench->websocket, "before", 6);
    websocket_abort(bench->websocket);
    websocket_send_text(bench->websocket, "after", 5);
    websocket_close(bench->websocket, 1000, "");
}

static void nothing_is_sent_around_an_abort(void **state)
{
    struct bench *bench = *state;

    open_now(bench);
    assert_true(poller_post(bench->poller, send_around_an_abort, bench));
    peer_expect_end(&bench->peer);
    gate_expect(&bench->released, 1);
    assert_int_equal(bench->code, WEBSOCKET_ABNORMAL);
}

static void one_frame_is_sent_to_many_without_a_copy(void **state)
{
    struct bench *bench = *state;
    struct blob *frame = websocket_frame(WEBSOCKET_TEXT, "to all", 6);

    open_now(bench);
    for (int i = 0; i < 40; i++)
        websocket_send(bench->websocket, frame);
    for (int i = 0; i < 40; i++)
        peer_expect_text(&bench->peer, FINAL_TEXT, "to all");
    stop(bench);

    assert_int_equal(atomic_load(&frame->references), 1);
    blob_unref(frame);
}

enum { SENDERS = 4, SENT_BY_EACH = 200 };

struct sender {
    struct bench *bench;
    pthread_t thread;
    char name;
};

static void *send_numbers(void *context)
{
    struct sender *sender = context;
    char text[16];

    for (int i = 0; i < SENT_BY_EACH; i++) {
        snprintf(text, sizeof(text), "%c%d", sender->name, i);
        websocket_send_text(sender->bench->websocket, text, strlen(text));
    }
    return NULL;
}

static void any_thread_may_send_and_its_order_stays(void **state)
{
    struct bench *bench = *state;
    struct sender senders[SENDERS];
    int next[SENDERS] = {0};

    open_now(bench);
    for (int i = 0; i < SENDERS; i++) {
        senders[i] = (struct sender){.bench = bench, .name = (char)('a' + i)};
        assert_int_equal(
            pthread_create(&senders[i].thread, NULL, send_numbers, &senders[i]), 0);
    }
    for (int i = 0; i < SENDERS * SENT_BY_EACH; i++) {
        struct peer_frame frame;
        char wanted[16];
        assert_true(peer_receive(&bench->peer, &frame));
        int sender = frame.payload[0] - 'a';
        assert_in_range(sender, 0, SENDERS - 1);
        snprintf(wanted, sizeof(wanted), "%c%d", 'a' + sender, next[sender]++);
        assert_int_equal(frame.length, strlen(wanted));
        assert_memory_equal(frame.payload, wanted, frame.length);
    }
    for (int i = 0; i < SENDERS; i++)
        pthread_join(senders[i].thread, NULL);
}

static void another_thread_may_close(void **state)
{
    struct bench *bench = *state;

    open_now(bench);
    websocket_send_text(bench->websocket, "bye", 3);
    websocket_close(bench->websocket, 1000, "done");
    websocket_send_text(bench->websocket, "ignored", 7);
    websocket_close(bench->websocket, 1001, "ignored");

    peer_expect_text(&bench->peer, FINAL_TEXT, "bye");
    peer_expect_text(&bench->peer, FRAME_FINAL | WEBSOCKET_CLOSE,
                     "\x03\xe8"
                     "done");
    send_close(bench, 1000, "");
    peer_expect_end(&bench->peer);
    assert_closed_with_peer(bench, 1000, "done");
}

static void a_reference_outlives_the_connection(void **state)
{
    struct bench *bench = *state;

    open_now(bench);
    assert_closed_with_peer(bench, WEBSOCKET_ABNORMAL, "");

    websocket_send_text(bench->websocket, "too late", 8);
    websocket_close(bench->websocket, 1000, "");
    stop(bench);
    assert_int_equal(bench->closed_count, 1);
}

static void a_poller_that_stops_says_goodbye(void **state)
{
    struct bench *bench = *state;

    open_now(bench);
    websocket_send_text(bench->websocket, "last words", 10);
    stop(bench);

    peer_expect_text(&bench->peer, FINAL_TEXT, "last words");
    peer_expect_close(&bench->peer, WEBSOCKET_GOING_AWAY);
    assert_closed(bench, WEBSOCKET_GOING_AWAY, "the server stops");
}

/* Both limits that a connection counts against allow one: nothing more can be taken until
 * it is over. */
static void the_end_of_a_connection_gives_back_what_it_counted_for(void **state)
{
    struct bench *bench = *state;
    struct allowance *sockets = allowance_new(1, "sockets");
    struct allowance *connections = allowance_new(1, "connections");

    assert_true(allowance_take(sockets));
    assert_true(allowance_take(connections));
    bench->allowance = sockets;
    bench->endpoint.connections = connections;
    open_now(bench);
    assert_false(allowance_take(sockets));
    assert_false(allowance_take(connections));
    assert_closed_with_peer(bench, WEBSOCKET_ABNORMAL, "");

    assert_true(allowance_take(sockets));
    assert_true(allowance_take(connections));
    allowance_give_back(sockets);
    allowance_give_back(connections);
    allowance_free(sockets);
    allowance_free(connections);
}

static void what_cannot_be_watched_is_released(void **state)
{
    struct bench *bench = *state;
    FILE *file = tmpfile();

    assert_non_null(file);
    const struct http_socket socket = {.fd = dup(fileno(file))};
    websocket_open(&bench->endpoint, bench, &socket);
    gate_expect(&bench->released, 1);
    fclose(file);
    close(bench->fd);

    assert_int_equal(gate_count(&bench->opened), 0);
    assert_int_equal(bench->closed_count, 0);
}

#define WEBSOCKET_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WEBSOCKET_TEST(messages_come_and_go),
        WEBSOCKET_TEST(bytes_that_came_early_come_first),
        WEBSOCKET_TEST(a_ping_is_answered_with_its_payload),
        WEBSOCKET_TEST(a_close_frame_is_answered_with_its_code),
        WEBSOCKET_TEST(a_close_frame_without_a_code_is_answered_without_one),
        WEBSOCKET_TEST(a_violation_closes_the_connection_with_its_code),
        WEBSOCKET_TEST(the_options_limit_messages),
        WEBSOCKET_TEST(a_peer_that_hangs_up_without_a_close_frame_is_noticed),
        WEBSOCKET_TEST(a_half_closed_connection_is_over),
        WEBSOCKET_TEST(the_answer_to_a_close_frame_is_waited_for),
        WEBSOCKET_TEST(a_close_frame_that_is_not_answered_is_waited_for_no_longer),
        WEBSOCKET_TEST(a_peer_that_does_not_hang_up_after_closing_is_dropped),
        WEBSOCKET_TEST(a_peer_that_reads_too_slowly_is_closed),
        WEBSOCKET_TEST(only_what_the_socket_does_not_take_counts_as_slow),
        WEBSOCKET_TEST(what_other_threads_send_is_limited),
        WEBSOCKET_TEST(other_threads_may_send_again_what_was_queued_before),
        WEBSOCKET_TEST(an_empty_message_needs_no_bytes),
        WEBSOCKET_TEST(pongs_that_nobody_reads_count_too),
        WEBSOCKET_TEST(a_silent_peer_is_pinged_and_lives_if_it_answers),
        WEBSOCKET_TEST(a_peer_that_is_silent_for_too_long_is_closed),
        WEBSOCKET_TEST(an_aborted_connection_ends_without_a_close_frame),
        WEBSOCKET_TEST(nothing_is_sent_around_an_abort),
        WEBSOCKET_TEST(one_frame_is_sent_to_many_without_a_copy),
        WEBSOCKET_TEST(any_thread_may_send_and_its_order_stays),
        WEBSOCKET_TEST(another_thread_may_close),
        WEBSOCKET_TEST(a_reference_outlives_the_connection),
        WEBSOCKET_TEST(a_reference_may_be_used_after_the_poller_was_stopped),
        WEBSOCKET_TEST(a_poller_that_stops_says_goodbye),
        WEBSOCKET_TEST(the_end_of_a_connection_gives_back_what_it_counted_for),
        WEBSOCKET_TEST(what_cannot_be_watched_is_released),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
