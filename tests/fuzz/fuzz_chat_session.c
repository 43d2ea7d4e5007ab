/*
 * A chat connection, from its handshake to its end: a request as text (request_text.h),
 * whose body is what the client sends then, a message in each line. <token 0> is a token
 * that the handshake may use.
 */
#include "fuzz.h"
#include "request_text.h"

#include "app/front.h"
#include "app/origin.h"
#include "base/bug.h"
#include "base/json.h"
#include "chat/chat.h"
#include "http/websocket_frame.h"
#include "support/websocket_bytes.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SENT_MAX_BYTES = 1024 * 1024, PATIENCE_MS = 10 * 1000, MESSAGES_MAX = 64 };

/* The last request, so that the end of the responses is seen. */
#define LAST_ID "the last one"
#define LAST_REQUEST                                                                     \
    "{\"Action\":\"SEND_MESSAGE\",\"Content\":\"x\",\"RequestId\":\"" LAST_ID "\"}"

/* The other end of the connection. */
struct client {
    int fd;
    struct buf received;
    size_t requests, replies;
    bool closed; /* by the server, with a close frame */
    bool over;   /* nothing more is to come */
};

/* What the client sends. */

static void put_messages(struct client *client, const char *text, struct buf *out)
{
    while (*text != '\0' && client->requests < MESSAGES_MAX) {
        size_t length = strcspn(text, "\n");
        frame_put(out, FRAME_FINAL | WEBSOCKET_TEXT, text, length);
        client->requests++;
        text += length + (text[length] != '\0');
    }
    frame_put_text(out, FRAME_FINAL | WEBSOCKET_TEXT, LAST_REQUEST);
    client->requests++;
}

/* What it gets. */

static void check_message(struct client *client, const char *text, size_t length)
{
    const char *why = NULL;
    cJSON *frame AUTO(json_done) = json_read(text, length, &why);
    const char *type = json_string_or(frame, "Type", "");
    bool is_error = strcmp(type, "ERROR") == 0;

    if (!cJSON_IsObject(frame))
        BUG("no object: %.*s", (int)length, text);
    if (strlen(json_string_or(frame, "Id", "")) != CHAT_ID_CHARS)
        BUG("a frame without an id: %.*s", (int)length, text);
    if (!is_error && strcmp(type, "MESSAGE") != 0 && strcmp(type, "EVENT") != 0)
        BUG("a frame of no type: %.*s", (int)length, text);
    if (is_error && json_string_or(frame, "ErrorMessage", "")[0] == '\0')
        BUG("an error without a text: %.*s", (int)length, text);
    client->replies++;
    if (strcmp(json_string_or(frame, "RequestId", ""), LAST_ID) == 0 &&
        client->replies == client->requests)
        client->over = true;
}

/* Returns the bytes of a frame; 0: it is not complete. */
static size_t take_frame(struct client *client, const char *bytes, size_t length)
{
    const unsigned char *head = (const unsigned char *)bytes;
    size_t header = 2, payload;

    if (length < 2)
        return 0;
    payload = head[1];
    if (payload > 126)
        BUG("a frame is masked or too long");
    if (payload == 126) {
        header = 4;
        if (length < header)
            return 0;
        payload = (size_t)head[2] << 8 | head[3];
    }
    if (length < header + payload)
        return 0;
    if (head[0] == (FRAME_FINAL | WEBSOCKET_CLOSE))
        client->closed = true;
    else if (head[0] == (FRAME_FINAL | WEBSOCKET_TEXT))
        check_message(client, bytes + header, payload);
    else
        BUG("an unexpected frame: %d", head[0]);
    return header + payload;
}

static void read_replies(struct client *client)
{
    char piece[4096];

    while (!client->over && !client->closed) {
        struct pollfd ready = {.fd = client->fd, .events = POLLIN};
        if (poll(&ready, 1, PATIENCE_MS) != 1)
            BUG("%zu replies to %zu requests", client->replies, client->requests);
        ssize_t got = recv(client->fd, piece, sizeof(piece), 0);
        if (got <= 0)
            break;
        buf_add(&client->received, piece, (size_t)got);
        for (size_t taken = 1; taken > 0; buf_drop(&client->received, taken))
            taken = take_frame(client, client->received.bytes, client->received.length);
    }
}

/* Each request has one reply, unless one of them ends the connection. */
static void run_session(const struct http_response *response, const char *body)
{
    struct client client = {0};
    struct buf sent AUTO(buf_done);
    int ends[2];

    buf_init(&sent, SENT_MAX_BYTES);
    buf_init(&client.received, SENT_MAX_BYTES);
    put_messages(&client, body, &sent);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0 ||
        fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0)
        BUG("no sockets");
    client.fd = ends[1];
    response->body.upgrade.upgraded(
        response->body.upgrade.context,
        &(struct http_socket){ends[0], NULL, sent.bytes, sent.length});
    read_replies(&client);
    if (!client.closed && client.replies != client.requests)
        BUG("%zu replies to %zu requests", client.replies, client.requests);
    close(client.fd);
    buf_done(&client.received);
}

/* The handshake. */

/* Also of the page that browsers get, and of OPTIONS. */
static void check_refusal(const struct http_response *response)
{
    if (response->status < 200 || response->status >= 500)
        BUG("status %d", response->status);
}

static void check_acceptance(const struct http_request *request,
                             const struct http_response *response, const char *token)
{
    static const struct config_list none;
    const char *origin = http_request_header(request, "Origin");

    if (response->status != 101 ||
        strcmp(response_header(response, "Sec-WebSocket-Protocol"), token) != 0)
        BUG("status %d, but the connection is accepted", response->status);
    if (origin != NULL && !origin_allowed(&none, origin))
        BUG("a page of %s gets a connection", origin);
}

static void response_done(struct http_response *response)
{
    if (response->body.kind == HTTP_BODY_MEMORY)
        free(response->body.memory.bytes);
    if (response->body.kind == HTTP_BODY_BLOB)
        blob_unref(response->body.blob);
}

static void shake_hands(const struct front *front, const struct http_request *request,
                        const char *token)
{
    struct http_response response = {0};

    front_handle((void *)(uintptr_t)front, request, &response);
    response_check_lines(&response);
    if (response.body.kind == HTTP_BODY_UPGRADE) {
        check_acceptance(request, &response, token);
        run_session(&response, request->body);
        fuzz_emulator_written();
    } else {
        check_refusal(&response);
    }
    response_done(&response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct front front = {.emu = fuzz_emulator(), .default_host = "127.0.0.1"};
    size_t length, token_length;
    char *text = arena_strdup(
        arena, seen_fill(fuzz_seen(), arena, (const char *)data, size, &length));
    const char *token =
        seen_fill(fuzz_seen(), arena, "<token 0>", strlen("<token 0>"), &token_length);
    struct request_headers headers;
    struct http_request request;

    if (!request_from_text(arena, text, strlen(text), &headers, &request) ||
        !chat_is_asked_for(&request))
        return 0;
    chat_start(front.emu->chat);
    shake_hands(&front, &request, token);
    chat_stop(front.emu->chat);
    fuzz_emulator_rest();
    return 0;
}
