/*
 * WebSocket frames as a client sends them (RFC 6455, section 5.2), right or wrong.
 */
#ifndef TESTS_SUPPORT_WEBSOCKET_BYTES_H
#define TESTS_SUPPORT_WEBSOCKET_BYTES_H

#include "base/buf.h"

#include <stddef.h>

/* The first byte of a frame is its opcode and these. */
enum { FRAME_FINAL = 0x80, FRAME_RSV1 = 0x40, FRAME_RSV2 = 0x20, FRAME_RSV3 = 0x10 };

/* Appends a masked frame with this first byte. */
void frame_put(struct buf *out, int first, const void *payload, size_t length);

/* Appends the header of a masked frame that says it has so many bytes of payload. */
void frame_put_header(struct buf *out, int first, size_t length);

/* The same with a text for a payload. */
void frame_put_text(struct buf *out, int first, const char *payload);

/* Appends a close frame; a code below 0 is left out. */
void frame_put_close(struct buf *out, int code, const char *reason);

#endif
