#include "chatter.h"

#include "base/arena.h"
#include "base/json.h"
#include "http/websocket_frame.h"
#include "websocket_bytes.h"

#include <stdarg.h>
#include <string.h>

#include "cmocka_all.h"

enum { INPUT_MAX_BYTES = 256 * 1024 };

const char *chatter_room(struct wire *wire, struct http_client *client,
                         const char *members)
{
    struct http_answer answer =
        http_post(client, "/CreateRoom", wire_printf(wire, "{%s}", members));

    assert_int_equal(answer.reply.status, 200);
    return wire_printf(wire, "%s", reply_string(answer.reply, "arn"));
}

const char *chatter_token(struct wire *wire, struct http_client *client, const char *room,
                          const char *user, const char *capabilities, const char *members)
{
    struct http_answer answer = http_post(
        client, "/CreateChatToken",
        wire_printf(
            wire, "{\"roomIdentifier\":\"%s\",\"userId\":\"%s\",\"capabilities\":[%s]%s}",
            room, user, capabilities, members));

    assert_int_equal(answer.reply.status, 200);
    return wire_printf(wire, "%s", reply_string(answer.reply, "token"));
}

static int try_at(struct chatter *chatter, struct wire *wire, int port, const char *token)
{
    *chatter = (struct chatter){0};
    return peer_ask(&chatter->peer, port, "/",
                    wire_printf(wire, "Sec-WebSocket-Protocol: %s\r\n", token));
}

int chatter_try(struct chatter *chatter, struct wire *wire, const char *token)
{
    return try_at(chatter, wire, wire_port(wire), token);
}

void chatter_join_at(struct chatter *chatter, struct wire *wire, int port,
                     struct http_client *client, const char *room, const char *user,
                     const char *capabilities)
{
    const char *token = chatter_token(wire, client, room, user, capabilities, "");

    assert_int_equal(try_at(chatter, wire, port, token), 101);
}

void chatter_join(struct chatter *chatter, struct wire *wire, struct http_client *client,
                  const char *room, const char *user, const char *capabilities)
{
    chatter_join_at(chatter, wire, wire_port(wire), client, room, user, capabilities);
}

void chatter_leave(struct chatter *chatter)
{
    cJSON_Delete(chatter->heard);
    chatter->heard = NULL;
    peer_done(&chatter->peer);
}

void chatter_ask(struct chatter *chatter, const char *format, ...)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct buf frame AUTO(buf_done);
    va_list args;

    buf_init(&frame, INPUT_MAX_BYTES);
    va_start(args, format);
    frame_put_text(&frame, FRAME_FINAL | WEBSOCKET_TEXT,
                   arena_vprintf(arena, format, args));
    va_end(args);
    assert_true(peer_send(&chatter->peer, frame.bytes, frame.length));
}

void chatter_say(struct chatter *chatter, const char *content)
{
    chatter_ask(chatter, "{\"Action\":\"SEND_MESSAGE\",\"Content\":\"%s\"}", content);
}

const cJSON *chatter_hear(struct chatter *chatter)
{
    struct peer_frame frame;
    const char *why = NULL;

    if (!peer_receive(&chatter->peer, &frame))
        fail_msg("the connection ended instead of a frame");
    assert_int_equal(frame.first, FRAME_FINAL | WEBSOCKET_TEXT);
    cJSON_Delete(chatter->heard);
    chatter->heard = json_read(frame.payload, frame.length, &why);
    if (chatter->heard == NULL)
        fail_msg("%s", why);
    return chatter->heard;
}

const char *chatter_text(const struct chatter *chatter, const char *path)
{
    const struct reply reply = {.body = chatter->heard};

    return reply_string(reply, path);
}

static const cJSON *hear_type(struct chatter *chatter, const char *type)
{
    const cJSON *frame = chatter_hear(chatter);

    assert_string_equal(chatter_text(chatter, "Type"), type);
    assert_int_equal(strlen(chatter_text(chatter, "Id")), 12);
    return frame;
}

const cJSON *chatter_hear_message(struct chatter *chatter, const char *content)
{
    const cJSON *frame = hear_type(chatter, "MESSAGE");

    assert_string_equal(chatter_text(chatter, "Content"), content);
    return frame;
}

const cJSON *chatter_hear_event(struct chatter *chatter, const char *name)
{
    const cJSON *frame = hear_type(chatter, "EVENT");

    assert_string_equal(chatter_text(chatter, "EventName"), name);
    return frame;
}

const cJSON *chatter_hear_error(struct chatter *chatter, int code)
{
    const cJSON *frame = hear_type(chatter, "ERROR");
    const struct reply reply = {.body = chatter->heard};

    assert_int_equal(reply_int(reply, "ErrorCode"), code);
    return frame;
}

/* The code of a close frame; -1: there is none. */
static int close_code(const struct peer_frame *frame)
{
    const unsigned char *payload = (const unsigned char *)frame->payload;

    return frame->length >= 2 ? payload[0] << 8 | payload[1] : -1;
}

/* Otherwise the server waits for the reply. It may be gone. */
static void reply_to_close(struct chatter *chatter, int code)
{
    struct buf frame AUTO(buf_done);

    buf_init(&frame, INPUT_MAX_BYTES);
    frame_put_close(&frame, code, "");
    (void)!peer_send(&chatter->peer, frame.bytes, frame.length);
}

int chatter_skip_to_close(struct chatter *chatter, int code)
{
    struct peer_frame frame;
    int count = 0;

    for (;; count++) {
        if (!peer_receive(&chatter->peer, &frame))
            fail_msg("the connection ended without a close frame");
        if (frame.first != (FRAME_FINAL | WEBSOCKET_TEXT))
            break;
    }
    assert_int_equal(frame.first, FRAME_FINAL | WEBSOCKET_CLOSE);
    assert_int_equal(close_code(&frame), code);
    reply_to_close(chatter, code);
    peer_expect_end(&chatter->peer);
    return count;
}

void chatter_expect_close(struct chatter *chatter, int code)
{
    assert_int_equal(chatter_skip_to_close(chatter, code), 0);
}
