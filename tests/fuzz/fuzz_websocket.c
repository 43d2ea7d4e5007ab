/*
 * The frames of a WebSocket client. The first three bytes of an input say how long a
 * message may be, how many fragments it may have, and into what pieces the rest is cut.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "base/bug.h"
#include "base/utf8.h"
#include "http/websocket_frame.h"

#include <string.h>

enum { TRANSCRIPT_MAX_BYTES = 4 * 1024 * 1024, BYTES_PER_STEP = 16, SPARE_BYTES = 512 };

static void check_bytes(const struct websocket_event *event, size_t most, bool is_text)
{
    if (event->length > most)
        BUG("%zu bytes instead of %zu", event->length, most);
    if (event->bytes[event->length] != '\0' && event->kind == WEBSOCKET_MESSAGE)
        BUG("a message without its zero byte");
    if (is_text && !utf8_valid(event->bytes, event->length))
        BUG("it is not UTF-8");
}

static void check_event(const struct websocket_decoder *decoder,
                        const struct websocket_event *event)
{
    switch (event->kind) {
    case WEBSOCKET_NOTHING:
        break;
    case WEBSOCKET_MESSAGE:
        if (event->opcode != WEBSOCKET_TEXT && event->opcode != WEBSOCKET_BINARY)
            BUG("a message with the opcode %d", event->opcode);
        check_bytes(event, decoder->limits.message_bytes,
                    event->opcode == WEBSOCKET_TEXT);
        break;
    case WEBSOCKET_PINGED:
    case WEBSOCKET_PONGED:
        check_bytes(event, WEBSOCKET_CONTROL_MAX_BYTES, false);
        break;
    case WEBSOCKET_CLOSED:
        check_bytes(event, WEBSOCKET_REASON_MAX_BYTES, true);
        if (event->code != WEBSOCKET_NO_CODE && !websocket_code_is_sendable(event->code))
            BUG("closed with %d", event->code);
        break;
    case WEBSOCKET_VIOLATION:
        check_bytes(event, WEBSOCKET_REASON_MAX_BYTES, true);
        if (event->code != WEBSOCKET_PROTOCOL_ERROR &&
            event->code != WEBSOCKET_INVALID_DATA && event->code != WEBSOCKET_TOO_BIG)
            BUG("failed with %d", event->code);
        break;
    }
}

static void check_memory(const struct websocket_decoder *decoder)
{
    if (decoder->message.length > decoder->limits.message_bytes ||
        decoder->message.capacity > 2 * decoder->limits.message_bytes + SPARE_BYTES)
        BUG("%zu bytes for a message of %zu", decoder->message.capacity,
            decoder->limits.message_bytes);
}

/* Writes down what the decoder says when it gets the bytes in pieces of this length. */
static void decode(struct websocket_limits limits, const char *bytes, size_t size,
                   size_t piece, struct buf *transcript)
{
    struct websocket_decoder decoder;
    struct websocket_event event;
    bool over = false;

    websocket_decoder_init(&decoder, limits);
    for (size_t at = 0; at < size; at += piece) {
        size_t length = size - at < piece ? size - at : piece, taken = 0;
        do {
            taken +=
                websocket_decode(&decoder, bytes + at + taken, length - taken, &event);
            check_event(&decoder, &event);
            check_memory(&decoder);
            if (event.kind == WEBSOCKET_NOTHING)
                break;
            if (over)
                BUG("an event after the last one");
            over = event.kind == WEBSOCKET_CLOSED || event.kind == WEBSOCKET_VIOLATION;
            buf_printf(transcript, "%d %d %d %zu:", event.kind, event.opcode, event.code,
                       event.length);
            buf_add(transcript, event.bytes, event.length);
        } while (true);
        if (taken != length)
            BUG("%zu bytes of %zu were taken", taken, length);
        if (over && decoder.message.capacity > 0)
            BUG("memory is kept after the end");
    }
    websocket_decoder_done(&decoder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf whole AUTO(buf_done), pieces AUTO(buf_done), single AUTO(buf_done);

    buf_init(&whole, TRANSCRIPT_MAX_BYTES);
    buf_init(&pieces, TRANSCRIPT_MAX_BYTES);
    buf_init(&single, TRANSCRIPT_MAX_BYTES);
    if (size < 3)
        return 0;
    const struct websocket_limits limits = {(size_t)data[0] * BYTES_PER_STEP,
                                            (size_t)data[1] + 1};
    const size_t piece = (size_t)data[2] + 2;
    size -= 3;
    char *bytes AUTO(fuzz_text_done) = fuzz_text(data + 3, size);
    decode(limits, bytes, size, size > 0 ? size : 1, &whole);
    decode(limits, bytes, size, piece, &pieces);
    decode(limits, bytes, size, 1, &single);
    if (whole.length != pieces.length || whole.length != single.length ||
        memcmp(whole.bytes, pieces.bytes, whole.length) != 0 ||
        memcmp(whole.bytes, single.bytes, whole.length) != 0)
        BUG("what is decoded depends on how it is cut");
    return 0;
}
