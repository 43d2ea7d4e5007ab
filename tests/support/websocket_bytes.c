#include "websocket_bytes.h"

#include "http/websocket_frame.h"

#include <string.h>

static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};

static void put_byte(struct buf *out, size_t byte)
{
    const char c = (char)(byte & 0xff);

    buf_add(out, &c, 1);
}

static void put_number(struct buf *out, int bytes, size_t number)
{
    for (int i = bytes; i > 0; i--)
        put_byte(out, number >> 8 * (i - 1));
}

void frame_put_header(struct buf *out, int first, size_t length)
{
    put_byte(out, (size_t)first);
    if (length < 126) {
        put_byte(out, 0x80 | length);
    } else if (length <= UINT16_MAX) {
        put_byte(out, 0x80 | 126);
        put_number(out, 2, length);
    } else {
        put_byte(out, 0x80 | 127);
        put_number(out, 8, length);
    }
    buf_add(out, (const char *)mask, sizeof(mask));
}

void frame_put(struct buf *out, int first, const void *payload, size_t length)
{
    const unsigned char *bytes = payload;

    frame_put_header(out, first, length);
    for (size_t i = 0; i < length; i++)
        put_byte(out, bytes[i] ^ mask[i % sizeof(mask)]);
}

void frame_put_text(struct buf *out, int first, const char *payload)
{
    frame_put(out, first, payload, strlen(payload));
}

void frame_put_close(struct buf *out, int code, const char *reason)
{
    struct buf payload AUTO(buf_done);

    buf_init(&payload, 65536);
    if (code >= 0)
        put_number(&payload, 2, (size_t)code);
    buf_text(&payload, reason);
    frame_put(out, FRAME_FINAL | WEBSOCKET_CLOSE, payload.bytes, payload.length);
}
