#include "http_client.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/memory.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "cmocka_all.h"

enum {
    PATIENCE_SECONDS =
        20, /* far longer than any response takes: only a hang reaches it */
    PIECE_BYTES = 16384,
    ANSWER_MAX_BYTES = 16 * 1024 * 1024
};

struct http_client {
    int fd;
    int port;
    struct arena *arena;
    struct buf received; /* and not yet part of a response */
    cJSON *bodies;       /* an array: every JSON body so far */
};

/* `receive_bytes` 0: as large a buffer as the system likes. */
static struct http_client *open_client(int port, int receive_bytes)
{
    const struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)port),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        return NULL;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (receive_bytes > 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes,
                         sizeof(receive_bytes));
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
        close(fd);
        return NULL;
    }
    struct http_client *client = mem_zalloc(sizeof(*client));
    client->fd = fd;
    client->port = port;
    client->arena = arena_new();
    client->bodies = cJSON_CreateArray();
    buf_init(&client->received, ANSWER_MAX_BYTES);
    return client;
}

struct http_client *http_client_open(int port)
{
    return open_client(port, 0);
}

struct http_client *http_client_open_narrow(int port)
{
    return open_client(port, 1);
}

void http_client_close(struct http_client *client)
{
    if (client == NULL)
        return;
    close(client->fd);
    buf_done(&client->received);
    cJSON_Delete(client->bodies);
    arena_free(client->arena);
    free(client);
}

bool http_send(struct http_client *client, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(client->fd, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

bool http_send_text(struct http_client *client, const char *text)
{
    return http_send(client, text, strlen(text));
}

bool http_send_at_once(struct http_client *client, const char *text)
{
    ssize_t length = (ssize_t)strlen(text);

    return send(client->fd, text, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT) == length;
}

bool http_send_request(struct http_client *client, const char *method, const char *target,
                       const char *headers, const char *body, size_t body_length)
{
    struct buf request AUTO(buf_done);

    buf_init(&request, ANSWER_MAX_BYTES);
    buf_printf(&request, "%s %s HTTP/1.1\r\nHost: localhost:%d\r\n%s", method, target,
               client->port, headers);
    if (body != NULL)
        buf_printf(&request, "Content-Length: %zu\r\n", body_length);
    buf_text(&request, "\r\n");
    if (body != NULL)
        buf_add(&request, body, body_length);
    return http_send(client, request.bytes, request.length);
}

void http_end_sending(struct http_client *client)
{
    (void)shutdown(client->fd, SHUT_WR);
}

/* Receives some more bytes. */
static enum http_outcome receive_more(struct http_client *client)
{
    char piece[PIECE_BYTES];
    ssize_t got = recv(client->fd, piece, sizeof(piece), 0);

    if (got > 0) {
        buf_add(&client->received, piece, (size_t)got);
        return client->received.overflow ? HTTP_SILENCE : HTTP_ANSWER;
    }
    return got == 0 || errno == ECONNRESET || errno == EPIPE ? HTTP_CLOSED : HTTP_SILENCE;
}

/* Removes the first bytes from what was received. */
static const char *take(struct http_client *client, size_t length)
{
    struct buf *received = &client->received;
    struct buf rest;
    const char *taken = arena_strndup(client->arena, received->bytes, length);

    buf_init(&rest, ANSWER_MAX_BYTES);
    buf_add(&rest, received->bytes + length, received->length - length);
    buf_done(received);
    *received = rest;
    return taken;
}

/* Parses the status line and the headers; false: they are invalid. */
static bool read_head(char *head, struct http_answer *out)
{
    char *line = head;
    char *end = strstr(line, "\r\n");

    if (strncmp(line, "HTTP/1.", 7) != 0 || strlen(line) < 12)
        return false;
    out->reply.status = (int)strtol(line + 9, NULL, 10);
    for (line = end + 2; strncmp(line, "\r\n", 2) != 0; line = end + 2) {
        char *colon = strchr(line, ':');
        end = strstr(line, "\r\n");
        if (colon == NULL || colon > end || out->header_count == HTTP_ANSWER_MAX_HEADERS)
            return false;
        *colon = *end = '\0';
        out->headers[out->header_count].name = line;
        out->headers[out->header_count].value = colon + 1 + strspn(colon + 1, " ");
        out->header_count++;
    }
    return true;
}

static bool has_body(const struct http_answer *answer, bool to_head)
{
    return !to_head && answer->reply.status >= 200 && answer->reply.status != 204;
}

static void read_json(struct http_client *client, struct http_answer *out)
{
    const char *type = http_header(out, "Content-Type");
    struct reply *reply = &out->reply;

    reply->error = http_header(out, "x-amzn-ErrorType");
    if (out->body_length == 0 || type == NULL || strcmp(type, "application/json") != 0)
        return;
    reply->body = cJSON_ParseWithLength(out->body, out->body_length);
    if (reply->body == NULL)
        return;
    cJSON_AddItemToArray(client->bodies, reply->body);
    reply->message = json_string_or(reply->body, "message", NULL);
}

/* Waits for a line, and removes and returns it without its end. */
static enum http_outcome take_line(struct http_client *client, const char **line)
{
    const char *end;

    while ((end = strstr(client->received.bytes, "\r\n")) == NULL) {
        enum http_outcome outcome = receive_more(client);
        if (outcome != HTTP_ANSWER)
            return outcome;
    }
    size_t length = (size_t)(end - client->received.bytes);
    *line = arena_strndup(client->arena, take(client, length + 2), length);
    return HTTP_ANSWER;
}

static enum http_outcome wait_for_bytes(struct http_client *client, size_t length)
{
    while (client->received.length < length) {
        enum http_outcome outcome = receive_more(client);
        if (outcome != HTTP_ANSWER)
            return outcome;
    }
    return HTTP_ANSWER;
}

/* Receives a body in chunks (RFC 9112, section 7.1) without trailers. */
static enum http_outcome receive_chunks(struct http_client *client, struct buf *out)
{
    for (size_t length = 1; length > 0;) {
        const char *line = NULL;
        enum http_outcome outcome = take_line(client, &line);
        if (outcome != HTTP_ANSWER)
            return outcome;
        length = (size_t)strtoull(line, NULL, 16);
        outcome = wait_for_bytes(client, length + 2);
        if (outcome != HTTP_ANSWER)
            return outcome;
        buf_add(out, take(client, length + 2), length);
    }
    return out->overflow ? HTTP_SILENCE : HTTP_ANSWER;
}

static bool is_chunked(const struct http_answer *answer)
{
    const char *encoding = http_header(answer, "Transfer-Encoding");

    return encoding != NULL && strcmp(encoding, "chunked") == 0;
}

/* Receives the body of a response that has one. */
static enum http_outcome receive_body(struct http_client *client, struct http_answer *out)
{
    const char *length = http_header(out, "Content-Length");
    struct buf chunks AUTO(buf_done);
    enum http_outcome outcome = HTTP_ANSWER;

    buf_init(&chunks, ANSWER_MAX_BYTES);
    if (is_chunked(out)) {
        outcome = receive_chunks(client, &chunks);
        out->body_length = chunks.length;
        out->body = arena_strndup(client->arena, chunks.bytes, chunks.length);
    } else if (length != NULL) {
        out->body_length = (size_t)strtoull(length, NULL, 10);
        outcome = wait_for_bytes(client, out->body_length);
        if (outcome == HTTP_ANSWER)
            out->body = take(client, out->body_length);
    }
    return outcome;
}

enum http_outcome http_receive(struct http_client *client, bool to_head,
                               struct http_answer *out)
{
    struct http_answer answer = {.body = ""};
    const char *head_end;

    while ((head_end = strstr(client->received.bytes, "\r\n\r\n")) == NULL) {
        enum http_outcome outcome = receive_more(client);
        if (outcome != HTTP_ANSWER)
            return outcome;
    }
    size_t head_length = (size_t)(head_end + 4 - client->received.bytes);
    char *head = arena_strdup(client->arena, take(client, head_length));
    if (!read_head(head, &answer))
        return HTTP_SILENCE;
    if (has_body(&answer, to_head)) {
        enum http_outcome outcome = receive_body(client, &answer);
        if (outcome != HTTP_ANSWER)
            return outcome;
    }
    read_json(client, &answer);
    *out = answer;
    return HTTP_ANSWER;
}

const char *http_receive_bytes(struct http_client *client, size_t length)
{
    return wait_for_bytes(client, length) == HTTP_ANSWER ? take(client, length) : NULL;
}

static struct http_answer expect(struct http_client *client, bool to_head)
{
    struct http_answer answer = {0};

    switch (http_receive(client, to_head, &answer)) {
    case HTTP_ANSWER:
        return answer;
    case HTTP_CLOSED:
        fail_msg("the server closed the connection instead of responding");
        break;
    case HTTP_SILENCE:
        fail_msg("the server does not respond");
        break;
    }
    return answer;
}

struct http_answer http_expect(struct http_client *client)
{
    return expect(client, false);
}

void http_expect_closed(struct http_client *client)
{
    struct http_answer answer;

    switch (http_receive(client, false, &answer)) {
    case HTTP_ANSWER:
        fail_msg("a response with status %d instead of a closed connection",
                 answer.reply.status);
        break;
    case HTTP_CLOSED:
        break;
    case HTTP_SILENCE:
        fail_msg("the server keeps the connection open");
        break;
    }
}

struct http_answer http_call(struct http_client *client, const char *method,
                             const char *target, const char *headers, const char *body)
{
    assert_true(http_send_request(client, method, target, headers, body,
                                  body != NULL ? strlen(body) : 0));
    return expect(client, strcmp(method, "HEAD") == 0);
}

struct http_answer http_post(struct http_client *client, const char *target,
                             const char *body)
{
    return http_call(client, "POST", target, "", body);
}

const char *http_header(const struct http_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++) {
        if (strcasecmp(answer->headers[i].name, name) == 0)
            return answer->headers[i].value;
    }
    return NULL;
}

void assert_header(const struct http_answer *answer, const char *name, const char *value)
{
    int count = 0;

    for (size_t i = 0; i < answer->header_count; i++)
        count += strcasecmp(answer->headers[i].name, name) == 0;
    if (count != 1)
        fail_msg("the response has the header %s %d times", name, count);
    assert_string_equal(http_header(answer, name), value);
}

void assert_error_answer(const struct http_answer *answer, int status, const char *error)
{
    assert_header(answer, "x-amzn-ErrorType", error);
    assert_header(answer, "Content-Type", "application/json");
    assert_error(answer->reply, status, error);
    assert_string_equal(reply_string(answer->reply, "__type"), error);
    assert_true(reply_string(answer->reply, "message")[0] != '\0');
}
