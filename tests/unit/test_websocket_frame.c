/*
 * The decoder and the encoder of WebSocket frames (RFC 6455, section 5).
 */
#include "http/websocket_frame.h"

#include "base/memory.h"
#include "support/websocket_bytes.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

enum { MESSAGE_MAX_BYTES = 100000, MAX_FRAGMENTS = 4, INPUT_MAX_BYTES = 256 * 1024 };

#define FINAL_TEXT (FRAME_FINAL | WEBSOCKET_TEXT)
#define FINAL_BINARY (FRAME_FINAL | WEBSOCKET_BINARY)
#define FINAL_MORE (FRAME_FINAL | WEBSOCKET_CONTINUATION)
#define PING (FRAME_FINAL | WEBSOCKET_PING)

struct bench {
    struct websocket_decoder decoder;
    struct websocket_event event; /* the last one */
    struct buf input;
    size_t at; /* of the input, what is not decoded yet */
};

static int setup(void **state)
{
    static const struct websocket_limits limits = {MESSAGE_MAX_BYTES, MAX_FRAGMENTS};
    struct bench *bench = mem_zalloc(sizeof(*bench));

    websocket_decoder_init(&bench->decoder, limits);
    buf_init(&bench->input, INPUT_MAX_BYTES);
    *state = bench;
    return 0;
}

static int teardown(void **state)
{
    struct bench *bench = *state;

    websocket_decoder_done(&bench->decoder);
    buf_done(&bench->input);
    free(bench);
    return 0;
}

/* A decoder to which nothing was given yet. */
static struct bench *begin_again(void **state)
{
    teardown(state);
    setup(state);
    return *state;
}

/* Decodes up to the next event of the input. */
static enum websocket_event_kind next(struct bench *bench)
{
    bench->at += websocket_decode(&bench->decoder, bench->input.bytes + bench->at,
                                  bench->input.length - bench->at, &bench->event);
    return bench->event.kind;
}

static void assert_message(struct bench *bench, enum websocket_opcode opcode,
                           const char *bytes, size_t length)
{
    assert_int_equal(next(bench), WEBSOCKET_MESSAGE);
    assert_int_equal(bench->event.opcode, opcode);
    assert_int_equal(bench->event.length, length);
    assert_memory_equal(bench->event.bytes, bytes, length);
    assert_int_equal(bench->event.bytes[length], '\0');
}

/* Every length whose form in the header differs, at both ends. */
static void messages_of_all_lengths_come_as_they_were_sent(void **state)
{
    static const size_t lengths[] = {0, 1, 2, 3, 4, 5, 125, 126, 65535, 65536, 100000};
    struct bench *bench = *state;
    char *payload = mem_alloc(MESSAGE_MAX_BYTES);

    for (size_t i = 0; i < MESSAGE_MAX_BYTES; i++)
        payload[i] = (char)(i * 7);
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        buf_done(&bench->input);
        bench->at = 0;
        frame_put(&bench->input, FINAL_BINARY, payload, lengths[i]);
        assert_message(bench, WEBSOCKET_BINARY, payload, lengths[i]);
        assert_int_equal(next(bench), WEBSOCKET_NOTHING);
    }
    free(payload);
}

static void fragments_become_one_message_and_control_frames_may_come_between(void **state)
{
    struct bench *bench = *state;

    frame_put_text(&bench->input, WEBSOCKET_TEXT, "one ");
    frame_put_text(&bench->input, PING, "are you there?");
    frame_put_text(&bench->input, WEBSOCKET_CONTINUATION, "");
    frame_put_text(&bench->input, FRAME_FINAL | WEBSOCKET_PONG, "I am");
    frame_put_text(&bench->input, FINAL_MORE, "two");
    frame_put_text(&bench->input, FINAL_TEXT, "three");

    assert_int_equal(next(bench), WEBSOCKET_PINGED);
    assert_string_equal(bench->event.bytes, "are you there?");
    assert_int_equal(next(bench), WEBSOCKET_PONGED);
    assert_string_equal(bench->event.bytes, "I am");
    assert_message(bench, WEBSOCKET_TEXT, "one two", 7);
    assert_message(bench, WEBSOCKET_TEXT, "three", 5);
    assert_int_equal(next(bench), WEBSOCKET_NOTHING);
}

static void a_message_is_given_back_when_it_was_seen(void **state)
{
    struct bench *bench = *state;

    frame_put_text(&bench->input, FINAL_TEXT, "hello");
    assert_message(bench, WEBSOCKET_TEXT, "hello", 5);
    assert_int_equal(next(bench), WEBSOCKET_NOTHING);

    assert_int_equal(bench->decoder.message.capacity, 0);
}

/* Bytes that break a rule, and how many of them it takes to see that. */
static const struct violation {
    const char *what;
    const char *bytes;
    size_t length, seen_after;
    int code;
} violations[] = {
    {"RSV1",                         "\xc1",                                     1,  1,  1002},
    {"RSV2",                         "\xa1",                                     1,  1,  1002},
    {"RSV3",                         "\x91",                                     1,  1,  1002},
    {"opcode 3",                     "\x83",                                     1,  1,  1002},
    {"opcode 7",                     "\x87",                                     1,  1,  1002},
    {"opcode 11",                    "\x8b",                                     1,  1,  1002},
    {"opcode 15",                    "\x8f",                                     1,  1,  1002},
    {"fragmented ping",              "\x09",                                     1,  1,  1002},
    {"fragmented close",             "\x08",                                     1,  1,  1002},
    {"nothing to continue",          "\x80",                                     1,  1,  1002},
    {"a first fragment of nothing",  "\x00",                                     1,  1,  1002},
    {"a message within a message",   "\x01\x80mask\x81",                         7,  7,  1002},
    {"binary within text",           "\x01\x80mask\x02",                         7,  7,  1002},
    {"not masked",                   "\x81\x05",                                 2,  2,  1002},
    {"a ping of 126 bytes",          "\x89\xfe",                                 2,  2,  1002},
    {"a close frame of 64 KiB",      "\x88\xff",                                 2,  2,  1002},
    {"125 in two bytes",             "\x82\xfe\x00\x7d",                         4,  4,  1002},
    {"65535 in eight bytes",         "\x82\xff\0\0\0\0\0\0\xff\xff",             10, 10, 1002},
    {"a length with the sign bit",   "\x82\xff\x80\0\0\0\0\x01\0\0",             10, 10, 1002},
    {"one byte over the limit",      "\x82\xff\0\0\0\0\0\x01\x86\xa1",           10, 10, 1009},
    {"the longest length",           "\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff", 10, 10, 1009},
    {"text that is not UTF-8",
     "\x81\x83\0\0\0\0"
     "a\xff"
     "b",                                                                        9,  8,  1007},
    {"text that ends in mid-letter",
     "\x81\x82\0\0\0\0"
     "a\xc3",                                                                    8,  8,  1007},
    {"half a close code",            "\x88\x81\0\0\0\0\x03",                     7,  7,  1002},
    {"close code 1005",              "\x88\x82\0\0\0\0\x03\xed",                 8,  8,  1002},
    {"a reason that is not UTF-8",   "\x88\x83\0\0\0\0\x03\xe8\xff",             9,  9,  1007},
};

static void every_rule_that_is_broken_is_named_with_its_code(void **state)
{
    for (size_t i = 0; i < COUNT_OF(violations); i++) {
        const struct violation *v = &violations[i];
        struct bench *bench = begin_again(state);
        buf_add(&bench->input, v->bytes, v->length);

        print_message("%s\n", v->what);
        assert_int_equal(next(bench), WEBSOCKET_VIOLATION);
        assert_int_equal(bench->event.code, v->code);
        assert_true(bench->event.length > 0);
    }
}

static void a_length_is_refused_with_its_reason(void **state)
{
    struct bench *bench = *state;

    buf_add(&bench->input, "\x82\xff\x80\0\0\0\0\x01\0\0", 10);
    assert_int_equal(next(bench), WEBSOCKET_VIOLATION);
    assert_string_equal(bench->event.bytes, "the highest bit of a length is set");

    bench = begin_again(state);
    buf_add(&bench->input, "\x82\xfe\x00\x7d", 4);
    assert_int_equal(next(bench), WEBSOCKET_VIOLATION);
    assert_string_equal(bench->event.bytes, "a length is not in its shortest form");
}

static void a_broken_rule_is_seen_at_its_first_byte(void **state)
{
    for (size_t i = 0; i < COUNT_OF(violations); i++) {
        const struct violation *v = &violations[i];
        size_t taken = 0;
        struct bench *bench = begin_again(state);

        print_message("%s\n", v->what);
        do {
            assert_true(taken < v->length);
            taken +=
                websocket_decode(&bench->decoder, v->bytes + taken, 1, &bench->event);
        } while (bench->event.kind == WEBSOCKET_NOTHING);
        assert_int_equal(bench->event.kind, WEBSOCKET_VIOLATION);
        assert_int_equal(taken, v->seen_after);
    }
}

static void nothing_counts_after_a_violation(void **state)
{
    struct bench *bench = *state;

    buf_add(&bench->input, "\xc1", 1);
    frame_put_text(&bench->input, FINAL_TEXT, "hello");
    frame_put_close(&bench->input, 1000, "");

    assert_int_equal(next(bench), WEBSOCKET_VIOLATION);
    assert_int_equal(next(bench), WEBSOCKET_NOTHING);
    assert_int_equal(bench->at, bench->input.length);
}

static void nothing_counts_after_a_close_frame(void **state)
{
    struct bench *bench = *state;

    frame_put_text(&bench->input, WEBSOCKET_TEXT, "unfinished");
    frame_put_close(&bench->input, 1001, "leaving");
    frame_put_text(&bench->input, FINAL_MORE, "business");

    assert_int_equal(next(bench), WEBSOCKET_CLOSED);
    assert_int_equal(bench->event.code, 1001);
    assert_string_equal(bench->event.bytes, "leaving");
    assert_int_equal(next(bench), WEBSOCKET_NOTHING);
    assert_int_equal(bench->at, bench->input.length);
    assert_int_equal(bench->decoder.message.capacity, 0);
}

static void a_close_frame_may_have_no_code_and_no_reason(void **state)
{
    struct bench *bench = *state;

    frame_put_close(&bench->input, -1, "");

    assert_int_equal(next(bench), WEBSOCKET_CLOSED);
    assert_int_equal(bench->event.code, WEBSOCKET_NO_CODE);
    assert_string_equal(bench->event.bytes, "");
}

/* RFC 6455, section 7.4, and 1012 to 1014 of the registry of IANA. */
static void close_codes_are_those_that_may_be_sent(void **state)
{
    static const struct {
        int first, last;
        bool sendable;
    } ranges[] = {
        {0,    999,   false},
        {1000, 1003,  true },
        {1004, 1006,  false},
        {1007, 1014,  true },
        {1015, 2999,  false},
        {3000, 4999,  true },
        {5000, 65535, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ranges); i++)
        for (int code = ranges[i].first; code <= ranges[i].last; code++)
            assert_int_equal(websocket_code_is_sendable(code), ranges[i].sendable);
}

static void a_message_may_be_as_long_as_the_limit_in_all_its_fragments(void **state)
{
    struct bench *bench = *state;
    char *payload = mem_zalloc(MESSAGE_MAX_BYTES);

    frame_put(&bench->input, WEBSOCKET_BINARY, payload, MESSAGE_MAX_BYTES - 1);
    frame_put(&bench->input, FINAL_MORE, payload, 1);
    frame_put(&bench->input, WEBSOCKET_BINARY, payload, MESSAGE_MAX_BYTES - 1);
    frame_put(&bench->input, FINAL_MORE, payload, 2);

    assert_message(bench, WEBSOCKET_BINARY, payload, MESSAGE_MAX_BYTES);
    assert_int_equal(next(bench), WEBSOCKET_VIOLATION);
    assert_int_equal(bench->event.code, WEBSOCKET_TOO_BIG);
    free(payload);
}

static void a_message_may_have_as_many_fragments_as_the_limit(void **state)
{
    struct bench *bench = *state;

    for (int message = 0; message < 2; message++) {
        frame_put_text(&bench->input, WEBSOCKET_TEXT, "");
        for (int i = 2; i < MAX_FRAGMENTS; i++)
            frame_put_text(&bench->input, WEBSOCKET_CONTINUATION, "");
        if (message > 0)
            frame_put_text(&bench->input, WEBSOCKET_CONTINUATION, "");
        frame_put_text(&bench->input, FINAL_MORE, "end");
    }

    assert_message(bench, WEBSOCKET_TEXT, "end", 3);
    assert_int_equal(next(bench), WEBSOCKET_VIOLATION);
    assert_int_equal(bench->event.code, WEBSOCKET_TOO_BIG);
}

static void a_letter_may_be_split_between_fragments(void **state)
{
    struct bench *bench = *state;

    frame_put_text(&bench->input, WEBSOCKET_TEXT, "\xf0\x9f");
    frame_put_text(&bench->input, PING, "\xff");
    frame_put_text(&bench->input, WEBSOCKET_CONTINUATION, "\x98");
    frame_put_text(&bench->input, FINAL_MORE, "\x80");

    assert_int_equal(next(bench), WEBSOCKET_PINGED);
    assert_message(bench, WEBSOCKET_TEXT, "\xf0\x9f\x98\x80", 4);
}

static void binary_messages_are_any_bytes(void **state)
{
    struct bench *bench = *state;

    frame_put(&bench->input, FINAL_BINARY, "\xff\x00\xfe", 3);

    assert_message(bench, WEBSOCKET_BINARY, "\xff\x00\xfe", 3);
}

static void headers_have_the_shortest_form(void **state)
{
    static const struct {
        uint64_t length;
        const char *header;
        size_t header_length;
    } headers[] = {
        {0,                            "\x81\x00",                                 2 },
        {125,                          "\x81\x7d",                                 2 },
        {126,                          "\x81\x7e\x00\x7e",                         4 },
        {65535,                        "\x81\x7e\xff\xff",                         4 },
        {65536,                        "\x81\x7f\0\0\0\0\0\x01\0\0",               10},
        {UINT64_C(0x0102030405060708), "\x81\x7f\x01\x02\x03\x04\x05\x06\x07\x08", 10},
    };
    unsigned char header[WEBSOCKET_HEADER_MAX_BYTES];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        assert_int_equal(
            websocket_encode_header(header, WEBSOCKET_TEXT, headers[i].length),
            headers[i].header_length);
        assert_memory_equal(header, headers[i].header, headers[i].header_length);
    }
}

static void a_close_frame_has_a_code_and_as_much_of_the_reason_as_fits(void **state)
{
    unsigned char payload[WEBSOCKET_CONTROL_MAX_BYTES];
    char reason[WEBSOCKET_REASON_MAX_BYTES + 2];

    (void)state;
    assert_int_equal(websocket_encode_close(payload, 1000, "done"), 6);
    assert_memory_equal(payload,
                        "\x03\xe8"
                        "done",
                        6);
    assert_int_equal(websocket_encode_close(payload, WEBSOCKET_NO_CODE, "done"), 0);

    memset(reason, 'a', sizeof(reason));
    memcpy(reason + WEBSOCKET_REASON_MAX_BYTES - 1, "\xc3\xa9", 3);
    assert_int_equal(websocket_encode_close(payload, 4999, reason),
                     2 + WEBSOCKET_REASON_MAX_BYTES - 1);
}

#define FRAME_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRAME_TEST(messages_of_all_lengths_come_as_they_were_sent),
        FRAME_TEST(fragments_become_one_message_and_control_frames_may_come_between),
        FRAME_TEST(a_message_is_given_back_when_it_was_seen),
        FRAME_TEST(every_rule_that_is_broken_is_named_with_its_code),
        FRAME_TEST(a_length_is_refused_with_its_reason),
        FRAME_TEST(a_broken_rule_is_seen_at_its_first_byte),
        FRAME_TEST(nothing_counts_after_a_violation),
        FRAME_TEST(nothing_counts_after_a_close_frame),
        FRAME_TEST(a_close_frame_may_have_no_code_and_no_reason),
        FRAME_TEST(close_codes_are_those_that_may_be_sent),
        FRAME_TEST(a_message_may_be_as_long_as_the_limit_in_all_its_fragments),
        FRAME_TEST(a_message_may_have_as_many_fragments_as_the_limit),
        FRAME_TEST(a_letter_may_be_split_between_fragments),
        FRAME_TEST(binary_messages_are_any_bytes),
        FRAME_TEST(headers_have_the_shortest_form),
        FRAME_TEST(a_close_frame_has_a_code_and_as_much_of_the_reason_as_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
