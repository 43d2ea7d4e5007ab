#include "http/websocket_frame.h"

#include "base/bug.h"

#include <string.h>

/* Bits of a frame's first two bytes (RFC 6455, section 5.2). */
enum {
    FINAL_BIT = 0x80,
    RESERVED_BITS = 0x70,
    OPCODE_BITS = 0x0f,
    CONTROL_BIT = 0x08,
    MASKED_BIT = 0x80,
    LENGTH_BITS = 0x7f,
};

/* Values of the seven length bits: the length is in the next two or eight bytes. */
enum { LENGTH_16 = 126, LENGTH_64 = 127 };

static const struct {
    int first, last;
} sendable_codes[] = {
    {1000, 1003},
    {1007, 1014},
    {3000, 4999},
};

bool websocket_code_is_sendable(int code)
{
    for (size_t i = 0; i < COUNT_OF(sendable_codes); i++)
        if (code >= sendable_codes[i].first && code <= sendable_codes[i].last)
            return true;
    return false;
}

/* Expects the next field of the header, which has this many bytes. */
static void expect_field(struct websocket_decoder *decoder, enum websocket_stage stage,
                         unsigned char bytes)
{
    decoder->stage = stage;
    decoder->field_length = 0;
    decoder->field_wanted = bytes;
}

void websocket_decoder_init(struct websocket_decoder *decoder,
                            struct websocket_limits limits)
{
    *decoder = (struct websocket_decoder){.limits = limits};
    buf_init(&decoder->message, limits.message_bytes);
    expect_field(decoder, WEBSOCKET_AT_OPCODE, 1);
}

void websocket_decoder_done(struct websocket_decoder *decoder)
{
    buf_done(&decoder->message);
}

static void end_decoding(struct websocket_decoder *decoder)
{
    decoder->stage = WEBSOCKET_AT_END;
    decoder->delivered = true; /* the next call frees an unfinished message, if any */
}

static void report_violation(struct websocket_decoder *decoder,
                             struct websocket_event *event, enum websocket_code code,
                             const char *reason)
{
    end_decoding(decoder);
    *event = (struct websocket_event){
        .kind = WEBSOCKET_VIOLATION,
        .code = code,
        .bytes = reason,
        .length = strlen(reason),
    };
}

static bool is_control_frame(const struct websocket_decoder *decoder)
{
    return (decoder->opcode & CONTROL_BIT) != 0;
}

/* Why the first byte of a frame is invalid, or NULL. */
static const char *opcode_fault(const struct websocket_decoder *decoder,
                                unsigned char byte)
{
    const bool within_message = decoder->message_opcode != 0;

    if ((byte & RESERVED_BITS) != 0)
        return "a reserved bit is set";
    switch (byte & OPCODE_BITS) {
    case WEBSOCKET_CONTINUATION:
        return within_message ? NULL : "there is no message to continue";
    case WEBSOCKET_TEXT:
    case WEBSOCKET_BINARY:
        return within_message ? "the previous message is not complete" : NULL;
    case WEBSOCKET_CLOSE:
    case WEBSOCKET_PING:
    case WEBSOCKET_PONG:
        return (byte & FINAL_BIT) != 0 ? NULL : "a control frame is fragmented";
    default:
        return "the opcode is reserved";
    }
}

static void parse_opcode(struct websocket_decoder *decoder, struct websocket_event *event)
{
    const unsigned char byte = decoder->field[0];
    const char *fault = opcode_fault(decoder, byte);

    if (fault != NULL) {
        report_violation(decoder, event, WEBSOCKET_PROTOCOL_ERROR, fault);
        return;
    }
    decoder->final = (byte & FINAL_BIT) != 0;
    decoder->opcode = byte & OPCODE_BITS;
    if (is_control_frame(decoder)) {
        decoder->control_length = 0;
    } else {
        if (decoder->opcode != WEBSOCKET_CONTINUATION) {
            decoder->message_opcode = decoder->opcode;
            decoder->fragments = 0;
            decoder->text = (struct utf8_check){0};
        }
        if (decoder->fragments++ == decoder->limits.fragments) {
            report_violation(decoder, event, WEBSOCKET_TOO_BIG,
                             "the message has too many fragments");
            return;
        }
    }
    expect_field(decoder, WEBSOCKET_AT_LENGTH, 1);
}

/* Checks the length of the payload, which is complete now. */
static void begin_payload(struct websocket_decoder *decoder,
                          struct websocket_event *event, uint64_t length)
{
    if (!is_control_frame(decoder) &&
        length > decoder->limits.message_bytes - decoder->message.length) {
        report_violation(decoder, event, WEBSOCKET_TOO_BIG, "the message is too long");
        return;
    }
    decoder->left = length;
    expect_field(decoder, WEBSOCKET_AT_MASK, sizeof(decoder->mask));
}

static void parse_length(struct websocket_decoder *decoder, struct websocket_event *event)
{
    const unsigned char byte = decoder->field[0];
    const unsigned char length = byte & LENGTH_BITS;

    if ((byte & MASKED_BIT) == 0)
        report_violation(decoder, event, WEBSOCKET_PROTOCOL_ERROR,
                         "a frame is not masked");
    else if (length < LENGTH_16)
        begin_payload(decoder, event, length);
    else if (is_control_frame(decoder))
        report_violation(decoder, event, WEBSOCKET_PROTOCOL_ERROR,
                         "a control frame is too long");
    else
        expect_field(decoder, WEBSOCKET_AT_LONG_LENGTH, length == LENGTH_16 ? 2 : 8);
}

static void parse_long_length(struct websocket_decoder *decoder,
                              struct websocket_event *event)
{
    const uint64_t least = decoder->field_wanted == 2 ? LENGTH_16 : UINT16_MAX + 1;
    uint64_t length = 0;

    for (size_t i = 0; i < decoder->field_wanted; i++)
        length = length << 8 | decoder->field[i];
    if (length > INT64_MAX)
        report_violation(decoder, event, WEBSOCKET_PROTOCOL_ERROR,
                         "the highest bit of a length is set");
    else if (length < least)
        report_violation(decoder, event, WEBSOCKET_PROTOCOL_ERROR,
                         "a length is not in its shortest form");
    else
        begin_payload(decoder, event, length);
}

/* Reads the payload of a close frame (RFC 6455, section 5.5.1). */
static void parse_close(struct websocket_decoder *decoder, struct websocket_event *event)
{
    const unsigned char *bytes = (const unsigned char *)decoder->control;
    const size_t length = decoder->control_length;

    end_decoding(decoder);
    event->kind = WEBSOCKET_CLOSED;
    event->code = WEBSOCKET_NO_CODE;
    if (length == 0)
        return;
    if (length == 1) {
        report_violation(decoder, event, WEBSOCKET_PROTOCOL_ERROR, "half a close code");
        return;
    }
    event->code = bytes[0] << 8 | bytes[1];
    event->bytes += 2;
    event->length -= 2;
    if (!websocket_code_is_sendable(event->code))
        report_violation(decoder, event, WEBSOCKET_PROTOCOL_ERROR,
                         "the close code is reserved");
    else if (!utf8_valid(event->bytes, event->length))
        report_violation(decoder, event, WEBSOCKET_INVALID_DATA,
                         "the reason is not UTF-8");
}

static void end_control(struct websocket_decoder *decoder, struct websocket_event *event)
{
    decoder->control[decoder->control_length] = '\0';
    expect_field(decoder, WEBSOCKET_AT_OPCODE, 1);
    *event = (struct websocket_event){
        .kind = decoder->opcode == WEBSOCKET_PING ? WEBSOCKET_PINGED : WEBSOCKET_PONGED,
        .bytes = decoder->control,
        .length = decoder->control_length,
    };
    if (decoder->opcode == WEBSOCKET_CLOSE)
        parse_close(decoder, event);
}

static void end_message(struct websocket_decoder *decoder, struct websocket_event *event)
{
    if (!utf8_check_ends(&decoder->text)) {
        report_violation(decoder, event, WEBSOCKET_INVALID_DATA, "the text is not UTF-8");
        return;
    }
    *event = (struct websocket_event){
        .kind = WEBSOCKET_MESSAGE,
        .opcode = decoder->message_opcode,
        .bytes = decoder->message.bytes,
        .length = decoder->message.length,
    };
    decoder->message_opcode = 0;
    decoder->delivered = true;
}

static void end_frame(struct websocket_decoder *decoder, struct websocket_event *event)
{
    if (is_control_frame(decoder)) {
        end_control(decoder, event);
        return;
    }
    expect_field(decoder, WEBSOCKET_AT_OPCODE, 1);
    if (decoder->final)
        end_message(decoder, event);
}

static void parse_mask(struct websocket_decoder *decoder, struct websocket_event *event)
{
    memcpy(decoder->mask, decoder->field, sizeof(decoder->mask));
    decoder->mask_at = 0;
    decoder->stage = WEBSOCKET_AT_PAYLOAD;
    if (decoder->left == 0)
        end_frame(decoder, event);
}

/* Adds a byte of the header, and parses the field that it completes. */
static void add_header_byte(struct websocket_decoder *decoder, unsigned char byte,
                            struct websocket_event *event)
{
    static void (*const parsers[])(struct websocket_decoder *,
                                   struct websocket_event *) = {
        [WEBSOCKET_AT_OPCODE] = parse_opcode,
        [WEBSOCKET_AT_LENGTH] = parse_length,
        [WEBSOCKET_AT_LONG_LENGTH] = parse_long_length,
        [WEBSOCKET_AT_MASK] = parse_mask,
    };

    decoder->field[decoder->field_length++] = byte;
    if (decoder->field_length == decoder->field_wanted)
        parsers[decoder->stage](decoder, event);
}

static void unmask_payload(struct websocket_decoder *decoder, char *bytes, size_t length)
{
    const unsigned at = decoder->mask_at;

    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(bytes[i] ^ decoder->mask[(at + i) % sizeof(decoder->mask)]);
    decoder->mask_at = (unsigned char)((at + length) % sizeof(decoder->mask));
}

static void add_control_payload(struct websocket_decoder *decoder, const char *bytes,
                                size_t length)
{
    char *at = decoder->control + decoder->control_length;

    memcpy(at, bytes, length);
    unmask_payload(decoder, at, length);
    decoder->control_length = (unsigned char)(decoder->control_length + length);
}

/* Adds to the message. False: it is text that is not UTF-8. */
static bool add_message_payload(struct websocket_decoder *decoder, const char *bytes,
                                size_t length)
{
    buf_add(&decoder->message, bytes, length);
    if (decoder->message.overflow)
        BUG("a message outgrew the limit that its frames were checked against");
    char *at = decoder->message.bytes + decoder->message.length - length;
    unmask_payload(decoder, at, length);
    return decoder->message_opcode != WEBSOCKET_TEXT ||
           utf8_check_piece(&decoder->text, at, length);
}

/* Adds as much of the payload as there is, and returns how many bytes that is. */
static size_t add_payload(struct websocket_decoder *decoder, const char *bytes,
                          size_t length, struct websocket_event *event)
{
    if (length > decoder->left)
        length = (size_t)decoder->left;
    decoder->left -= length;
    if (is_control_frame(decoder)) {
        add_control_payload(decoder, bytes, length);
    } else if (!add_message_payload(decoder, bytes, length)) {
        report_violation(decoder, event, WEBSOCKET_INVALID_DATA, "the text is not UTF-8");
        return length;
    }
    if (decoder->left == 0)
        end_frame(decoder, event);
    return length;
}

size_t websocket_decode(struct websocket_decoder *decoder, const char *bytes,
                        size_t length, struct websocket_event *event)
{
    size_t taken = 0;

    *event = (struct websocket_event){.kind = WEBSOCKET_NOTHING, .bytes = ""};
    if (decoder->delivered) {
        buf_done(&decoder->message);
        decoder->delivered = false;
    }
    while (event->kind == WEBSOCKET_NOTHING && taken < length) {
        switch (decoder->stage) {
        case WEBSOCKET_AT_PAYLOAD:
            taken += add_payload(decoder, bytes + taken, length - taken, event);
            break;
        case WEBSOCKET_AT_END:
            taken = length;
            break;
        case WEBSOCKET_AT_OPCODE:
        case WEBSOCKET_AT_LENGTH:
        case WEBSOCKET_AT_LONG_LENGTH:
        case WEBSOCKET_AT_MASK:
            add_header_byte(decoder, (unsigned char)bytes[taken++], event);
            break;
        }
    }
    return taken;
}

static void put_number(unsigned char *out, size_t bytes, uint64_t number)
{
    for (size_t i = bytes; i > 0; i--, number >>= 8)
        out[i - 1] = (unsigned char)number;
}

size_t websocket_encode_header(unsigned char out[WEBSOCKET_HEADER_MAX_BYTES],
                               enum websocket_opcode opcode, uint64_t length)
{
    size_t more = length < LENGTH_16 ? 0 : length <= UINT16_MAX ? 2 : 8;

    out[0] = (unsigned char)(FINAL_BIT | opcode);
    out[1] = more == 0 ? (unsigned char)length : more == 2 ? LENGTH_16 : LENGTH_64;
    put_number(out + 2, more, length);
    return 2 + more;
}

size_t websocket_encode_close(unsigned char out[WEBSOCKET_CONTROL_MAX_BYTES], int code,
                              const char *reason)
{
    if (code == WEBSOCKET_NO_CODE)
        return 0;
    if (!websocket_code_is_sendable(code))
        BUG("a close frame with the code %d", code);
    size_t length = utf8_prefix(reason, WEBSOCKET_REASON_MAX_BYTES);
    put_number(out, 2, (uint64_t)code);
    memcpy(out + 2, reason, length);
    return 2 + length;
}
