/*
 * Every case of websocket_cases.h against a server over TCP: step by step, in one write,
 * and in small chops.
 */
#include "websocket_cases.h"

#include "base/memory.h"
#include "http/websocket_frame.h"
#include "support/echo_server.h"
#include "support/websocket_bytes.h"
#include "support/websocket_peer.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

enum {
    MAX_CONNECTIONS = 64, /* of the echo server */
    INPUT_MAX_BYTES = 16 * 1024 * 1024,
    SHORT_INPUT_BYTES = 8 * 1024, /* is sent byte by byte; what is longer, in these: */
    CHOP_BYTES = 997,
    ROUNDS = 100,
};

#define FINAL_TEXT (FRAME_FINAL | WEBSOCKET_TEXT)
#define FINAL_BINARY (FRAME_FINAL | WEBSOCKET_BINARY)

static const struct step close_at_end[] = {
    {.kind = STEP_SEND,
     .first = FRAME_FINAL | WEBSOCKET_CLOSE,
     .payload = "\x03\xe8",
     .length = 2},
    {.kind = STEP_EXPECT_CLOSE, .code = 1000},
    {.kind = STEP_END                    },
};

static int setup(void **state)
{
    *state = echo_server_start(MAX_CONNECTIONS);
    return *state != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    echo_server_stop(*state);
    return 0;
}

static char *asterisks(size_t length)
{
    return memset(mem_alloc(length), '*', length);
}

static void put_long(struct buf *out, const struct step *step)
{
    const size_t fragment = step->fragment > 0 ? step->fragment : step->length;
    char *payload = asterisks(step->length);
    size_t at = 0;

    do {
        size_t length = step->length - at < fragment ? step->length - at : fragment;
        int first = at == 0 ? step->first & ~FRAME_FINAL : WEBSOCKET_CONTINUATION;
        if (at + length == step->length)
            first |= FRAME_FINAL;
        frame_put(out, first, payload + at, length);
        at += length;
    } while (at < step->length);
    free(payload);
}

/* Appends what the step sends, if anything. */
static void put_step(struct buf *out, const struct step *step)
{
    switch (step->kind) {
    case STEP_SEND:
        frame_put(out, step->first, step->payload, step->length);
        break;
    case STEP_SEND_BYTES:
        buf_add(out, step->payload, step->length);
        break;
    case STEP_SEND_LONG:
        put_long(out, step);
        break;
    default:
        break;
    }
}

static void expect_step(struct websocket_peer *peer, const struct step *step)
{
    char *payload;

    switch (step->kind) {
    case STEP_EXPECT:
        peer_expect(peer, step->first, step->payload, step->length);
        break;
    case STEP_EXPECT_LONG:
        payload = asterisks(step->length);
        peer_expect(peer, step->first, payload, step->length);
        free(payload);
        break;
    case STEP_EXPECT_CLOSE:
        peer_expect_close(peer, step->code);
        break;
    default:
        break;
    }
}

/* Whether the server closes before the client does. */
static bool closes(const struct step *steps)
{
    while (steps->kind != STEP_END && steps->kind != STEP_EXPECT_CLOSE)
        steps++;
    return steps->kind == STEP_EXPECT_CLOSE;
}

static void run_in_order(struct websocket_peer *peer, const struct step *steps)
{
    for (; steps->kind != STEP_END; steps++) {
        struct buf input AUTO(buf_done);
        buf_init(&input, INPUT_MAX_BYTES);
        put_step(&input, steps);
        assert_true(peer_send(peer, input.bytes, input.length));
        expect_step(peer, steps);
    }
}

/* Sends all of it in chops, then expects all of it. */
static void run_in_chops(struct websocket_peer *peer, const struct step *steps,
                         size_t (*chop_for)(size_t))
{
    struct buf input AUTO(buf_done);

    buf_init(&input, INPUT_MAX_BYTES);
    for (const struct step *step = steps; step->kind != STEP_END; step++)
        put_step(&input, step);
    if (!closes(steps))
        put_step(&input, close_at_end);
    assert_false(input.overflow);
    const size_t chop = chop_for(input.length);
    for (size_t at = 0; at < input.length; at += chop) {
        size_t rest = input.length - at;
        assert_true(peer_send(peer, input.bytes + at, rest < chop ? rest : chop));
    }
    for (const struct step *step = steps; step->kind != STEP_END; step++)
        expect_step(peer, step);
    if (!closes(steps))
        expect_step(peer, &close_at_end[1]);
}

static size_t everything(size_t length)
{
    return length;
}

static size_t little(size_t length)
{
    return length <= SHORT_INPUT_BYTES ? 1 : CHOP_BYTES;
}

static void run(void **state, const char *id, const struct step *steps)
{
    struct websocket_peer peer;

    print_message("%s\n", id);
    peer_connect(&peer, echo_server_port(*state), "/");
    run_in_order(&peer, steps);
    if (!closes(steps))
        run_in_order(&peer, close_at_end);
    peer_done(&peer);

    peer_connect(&peer, echo_server_port(*state), "/");
    run_in_chops(&peer, steps, everything);
    peer_done(&peer);

    peer_connect(&peer, echo_server_port(*state), "/");
    run_in_chops(&peer, steps, little);
    peer_done(&peer);
}

static void the_server_reacts_to_all_cases_as_it_should(void **state)
{
    for (size_t i = 0; i < websocket_case_count; i++)
        run(state, websocket_cases[i].id, websocket_cases[i].steps);
}

static void text_is_sent_back_or_refused_as_it_is_utf8_or_not(void **state)
{
    for (size_t i = 0; i < utf8_case_count; i++) {
        const struct utf8_case *text = &utf8_cases[i];
        const struct step steps[] = {
            {.kind = STEP_SEND,
             .first = FINAL_TEXT,
             .payload = text->payload,
             .length = text->length},
            {.kind = text->valid ? STEP_EXPECT : STEP_EXPECT_CLOSE,
             .first = FINAL_TEXT,
             .payload = text->payload,
             .length = text->length,
             .code = WEBSOCKET_INVALID_DATA},
            {.kind = STEP_END                       },
        };
        run(state, text->id, steps);
    }
}

static void close_codes_are_answered_as_they_may_be_sent_or_not(void **state)
{
    for (size_t i = 0; i < close_case_count; i++) {
        const struct close_case *close = &close_cases[i];
        const char payload[] = {(char)(close->code >> 8), (char)close->code};
        const struct step steps[] = {
            {.kind = STEP_SEND,
             .first = FRAME_FINAL | WEBSOCKET_CLOSE,
             .payload = payload,
             .length = sizeof(payload)},
            {.kind = STEP_EXPECT_CLOSE, .code = close->answer},
            {.kind = STEP_END                 },
        };
        run(state, close->id, steps);
    }
}

/* Cases 9.5 and 9.6: a message in one frame that arrives in chops of all sizes. */
static void long_messages_may_come_in_chops_of_any_size(void **state)
{
    static const size_t chops[] = {64, 128, 256, 512, 1024, 2048};
    const struct step message = {
        .kind = STEP_SEND_LONG, .first = FINAL_TEXT, .length = 256 * 1024};
    struct buf input AUTO(buf_done);

    buf_init(&input, INPUT_MAX_BYTES);
    put_step(&input, &message);
    for (size_t i = 0; i < COUNT_OF(chops); i++) {
        struct websocket_peer peer;
        peer_connect(&peer, echo_server_port(*state), "/");
        for (size_t at = 0; at < input.length; at += chops[i]) {
            size_t rest = input.length - at;
            assert_true(
                peer_send(&peer, input.bytes + at, rest < chops[i] ? rest : chops[i]));
        }
        const struct step answer = {
            .kind = STEP_EXPECT_LONG, .first = FINAL_TEXT, .length = message.length};
        expect_step(&peer, &answer);
        peer_done(&peer);
    }
}

/* Cases 9.7 and 9.8: there and back, many times. */
static void many_messages_go_there_and_back(void **state)
{
    static const size_t lengths[] = {0, 16, 64, 256, 1024, 4096, 16384, 65536};
    static const int firsts[] = {FINAL_TEXT, FINAL_BINARY};

    for (size_t i = 0; i < COUNT_OF(lengths) * COUNT_OF(firsts); i++) {
        const struct step round[] = {
            {.kind = STEP_SEND_LONG,    .first = firsts[i % 2], .length = lengths[i / 2]},
            {.kind = STEP_EXPECT_LONG, .first = firsts[i % 2], .length = lengths[i / 2]},
            {.kind = STEP_END },
        };
        struct websocket_peer peer;
        peer_connect(&peer, echo_server_port(*state), "/");
        for (int n = 0; n < ROUNDS; n++)
            run_in_order(&peer, round);
        run_in_order(&peer, close_at_end);
        peer_done(&peer);
    }
}

#define CASES_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASES_TEST(the_server_reacts_to_all_cases_as_it_should),
        CASES_TEST(text_is_sent_back_or_refused_as_it_is_utf8_or_not),
        CASES_TEST(close_codes_are_answered_as_they_may_be_sent_or_not),
        CASES_TEST(long_messages_may_come_in_chops_of_any_size),
        CASES_TEST(many_messages_go_there_and_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
