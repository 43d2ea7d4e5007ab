/*
 * WebSocket frames (RFC 6455): a decoder for what clients send and an encoder for what a
 * server sends. They work on bytes alone; http/websocket.h has the connection.
 *
 * No extension is ever negotiated, so the reserved bits of a frame are always zero.
 */
#ifndef HTTP_WEBSOCKET_FRAME_H
#define HTTP_WEBSOCKET_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/buf.h"
#include "base/utf8.h"

/* RFC 6455, section 11.8. */
enum websocket_opcode {
    WEBSOCKET_CONTINUATION = 0x0,
    WEBSOCKET_TEXT = 0x1,
    WEBSOCKET_BINARY = 0x2,
    WEBSOCKET_CLOSE = 0x8,
    WEBSOCKET_PING = 0x9,
    WEBSOCKET_PONG = 0xa,
};

/* Why a connection ends: RFC 6455, section 7.4.1, and the registry "WebSocket Close Code
 * Number" of IANA. */
enum websocket_code {
    WEBSOCKET_NORMAL = 1000,
    WEBSOCKET_GOING_AWAY = 1001,
    WEBSOCKET_PROTOCOL_ERROR = 1002,
    WEBSOCKET_UNSUPPORTED_DATA = 1003,
    WEBSOCKET_NO_CODE = 1005,  /* never sent: the close frame had no code */
    WEBSOCKET_ABNORMAL = 1006, /* never sent: there was no close frame */
    WEBSOCKET_INVALID_DATA = 1007,
    WEBSOCKET_POLICY_VIOLATION = 1008,
    WEBSOCKET_TOO_BIG = 1009,
    WEBSOCKET_INTERNAL_ERROR = 1011,
    WEBSOCKET_TRY_AGAIN_LATER = 1013,
};

enum {
    WEBSOCKET_HEADER_MAX_BYTES = 10,   /* of a frame that a server sends */
    WEBSOCKET_CONTROL_MAX_BYTES = 125, /* section 5.5 */
    WEBSOCKET_REASON_MAX_BYTES = 123,  /* what the code leaves of that */
};

/* Whether a close frame may have the code: 1000 to 1003, 1007 to 1014, 3000 to 4999. */
bool websocket_code_is_sendable(int code);

/* The maximum size of a message. */
struct websocket_limits {
    size_t message_bytes;
    size_t fragments;
};

enum websocket_event_kind {
    WEBSOCKET_NOTHING, /* all bytes were decoded, and nothing is complete */
    WEBSOCKET_MESSAGE,
    WEBSOCKET_PINGED,
    WEBSOCKET_PONGED,
    WEBSOCKET_CLOSED,    /* by the peer, with `code` and a reason */
    WEBSOCKET_VIOLATION, /* the connection must be failed with `code` and a reason */
};

struct websocket_event {
    enum websocket_event_kind kind;
    enum websocket_opcode opcode; /* of a message: text or binary */
    int code;
    /* The message, the payload of a ping or pong, or the reason. They belong to the
     * decoder until it is called again, and end with a zero byte that `length` does not
     * count. Text and reasons are UTF-8. */
    const char *bytes;
    size_t length;
};

enum websocket_stage {
    WEBSOCKET_AT_OPCODE,
    WEBSOCKET_AT_LENGTH,
    WEBSOCKET_AT_LONG_LENGTH,
    WEBSOCKET_AT_MASK,
    WEBSOCKET_AT_PAYLOAD,
    WEBSOCKET_AT_END, /* after a close frame or a violation */
};

/* The decoder. Between messages it uses no memory but its own. Its members are private.
 */
struct websocket_decoder {
    struct websocket_limits limits;
    uint64_t left;    /* of the payload of the frame */
    size_t fragments; /* of the message */
    struct buf message;
    struct utf8_check text;
    enum websocket_stage stage;
    bool final;                   /* the frame is the last one of its message */
    bool delivered;               /* `message` was, and is freed by the next call */
    unsigned char opcode;         /* of the frame */
    unsigned char message_opcode; /* 0: between messages */
    unsigned char field_length;   /* of the header field, so far */
    unsigned char field_wanted;   /* its length when it is complete */
    unsigned char field[8];       /* its bytes */
    unsigned char mask[4];
    unsigned char mask_at;
    unsigned char control_length;
    char control[WEBSOCKET_CONTROL_MAX_BYTES + 1];
};

void websocket_decoder_init(struct websocket_decoder *decoder,
                            struct websocket_limits limits);

/* Frees its memory. */
void websocket_decoder_done(struct websocket_decoder *decoder);

/*
 * Decodes bytes up to the end of the next event, which it stores in *event, and returns
 * the number of bytes decoded. Call it until the event is WEBSOCKET_NOTHING. After the
 * peer's close frame and after a violation, all further bytes are ignored.
 *
 * How the bytes are split between calls makes no difference to the events. A violation is
 * reported at its first byte, except that text is checked as far as it was passed.
 */
size_t websocket_decode(struct websocket_decoder *decoder, const char *bytes,
                        size_t length, struct websocket_event *event) NODISCARD;

/* Writes the header of a final frame with `length` bytes of payload. Returns the length
 * of the header. */
size_t websocket_encode_header(unsigned char out[WEBSOCKET_HEADER_MAX_BYTES],
                               enum websocket_opcode opcode, uint64_t length) NODISCARD;

/* Writes the payload of a close frame and returns its length. The reason is truncated to
 * what fits. WEBSOCKET_NO_CODE: the payload is empty. */
size_t websocket_encode_close(unsigned char out[WEBSOCKET_CONTROL_MAX_BYTES], int code,
                              const char *reason) NODISCARD;

#endif
