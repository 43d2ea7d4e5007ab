#include "exchange_internal.h"

#include "base/bug.h"
#include "base/log.h"
#include "base/memory.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* How much of a body over the limit is read, so that its sender gets to see the refusal,
 * before the connection is dropped instead. */
#define DRAIN_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* What libmicrohttpd asks for at a time of a body that breaks off. */
enum { BLOCK_BYTES = 4096 };

struct exchange *exchange_new(struct arena *arena, const char *target, size_t body_limit)
{
    struct exchange *x = mem_zalloc(sizeof(*x));

    x->arena = arena;
    x->target = arena_strdup(x->arena, target);
    buf_init(&x->body, body_limit);
    return x;
}

void exchange_free(struct exchange *x)
{
    if (x == NULL)
        return;
    free(x->answer.body);
    /* The answer was not sent, or there would be no receiver left. */
    if (x->answer.upgraded != NULL)
        x->answer.upgraded(x->answer.upgraded_context, -1, "", 0);
    buf_done(&x->body);
    free(x);
}

enum MHD_Result exchange_take_body(struct exchange *x, const char *bytes, size_t length)
{
    buf_add(&x->body, bytes, length);
    if (!x->body.overflow)
        return MHD_YES;
    x->drained += length;
    return x->drained <= DRAIN_MAX_BYTES ? MHD_YES : MHD_NO;
}

const char *http_request_header(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result take_header(void *next, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct http_header **at = next;

    (void)kind;
    *(*at)++ = (struct http_header){name, value != NULL ? value : ""};
    return MHD_YES;
}

const struct http_header *http_request_headers(const struct http_request *request)
{
    int count =
        MHD_get_connection_values(request->connection, MHD_HEADER_KIND, NULL, NULL);
    struct http_header *headers =
        arena_alloc(request->arena, ((size_t)count + 1) * sizeof(*headers));
    struct http_header *next = headers;

    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, take_header, &next);
    return headers;
}

void http_response_header(struct http_response *response, const char *name,
                          const char *value)
{
    if (response->header_count == HTTP_MAX_HEADERS)
        BUG("more than %d headers", HTTP_MAX_HEADERS);
    response->headers[response->header_count].name = name;
    response->headers[response->header_count].value = value;
    response->header_count++;
}

void http_respond_upgrade(struct http_response *response, const char *protocol,
                          http_upgraded *upgraded, void *context)
{
    if (response->upgraded != NULL)
        BUG("upgraded twice");
    response->status = MHD_HTTP_SWITCHING_PROTOCOLS;
    response->upgraded = upgraded;
    response->upgraded_context = context;
    http_response_header(response, MHD_HTTP_HEADER_UPGRADE, protocol);
}

/* A descriptor of one's own for the connection's socket, or -1. */
static int duplicate(MHD_socket socket)
{
    const int on = 1;
    int fd = fcntl(socket, F_DUPFD_CLOEXEC, 0);

    if (fd < 0) {
        log_warn("upgraded connection closed", "reason=\"no descriptor is free\"");
        return -1;
    }
    /* libmicrohttpd turned it off. A failure costs speed alone. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return fd;
}

/*
 * The client has the answer. A connection that stays libmicrohttpd's keeps its memory and
 * its place among the connections, so it is given back at once and the receiver gets a
 * duplicate of the socket: 0.9.75 closes its own one without a shutdown().
 */
static void hand_over(void *cls, struct MHD_Connection *connection, void *state,
                      const char *early, size_t early_length, MHD_socket socket,
                      struct MHD_UpgradeResponseHandle *handle)
{
    struct exchange *x = cls;
    http_upgraded *upgraded = x->answer.upgraded;
    int fd = duplicate(socket);

    (void)connection;
    (void)state;
    x->answer.upgraded = NULL;
    upgraded(x->answer.upgraded_context, fd, fd < 0 ? "" : early,
             fd < 0 ? 0 : early_length);
    (void)MHD_upgrade_action(handle, MHD_UPGRADE_ACTION_CLOSE);
}

/* Gives half of the body, then breaks off. */
static ssize_t give_half(void *cls, uint64_t position, char *out, size_t most)
{
    const char *body = cls;
    size_t half = strlen(body) / 2;

    if (position >= half)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t length = half - (size_t)position;
    if (length > most)
        length = most;
    memcpy(out, body + position, length);
    return (ssize_t)length;
}

/* Takes the body over. */
static struct MHD_Response *body_of(struct http_response *answer)
{
    size_t length = answer->body != NULL ? strlen(answer->body) : 0;
    struct MHD_Response *response =
        answer->ending == HTTP_CUT
            ? MHD_create_response_from_callback(length, BLOCK_BYTES, give_half,
                                                answer->body, free)
            : MHD_create_response_from_buffer(length, answer->body,
                                              MHD_RESPMEM_MUST_FREE);

    answer->body = NULL;
    return response;
}

static struct MHD_Response *response_of(struct exchange *x)
{
    struct MHD_Response *response = x->answer.upgraded != NULL
                                        ? MHD_create_response_for_upgrade(hand_over, x)
                                        : body_of(&x->answer);

    if (response == NULL)
        BUG("no response object");
    return response;
}

enum MHD_Result exchange_answer(struct exchange *x, struct MHD_Connection *connection)
{
    struct http_response *answer = &x->answer;

    if (answer->ending == HTTP_DROPPED ||
        (answer->ending == HTTP_CUT && answer->body == NULL))
        return MHD_NO;
    struct MHD_Response *response = response_of(x);
    for (size_t i = 0; i < answer->header_count; i++) {
        /* Refused only for text that no header may have, which ours never is. */
        if (MHD_add_response_header(response, answer->headers[i].name,
                                    answer->headers[i].value) == MHD_NO)
            log_warn("header left out", "name=%s", answer->headers[i].name);
    }
    enum MHD_Result queued =
        MHD_queue_response(connection, (unsigned)answer->status, response);
    MHD_destroy_response(response);
    /* The answer has all it needs, and a slow client may take long over it. */
    arena_reset(x->arena);
    return queued;
}

void exchange_handle(struct exchange *x, const struct exchange_line *line, int port,
                     http_handler *handler, void *context)
{
    struct http_request request = {
        .arena = x->arena,
        .method = line->method,
        .port = port,
        .target = x->target,
        .body = x->body.bytes,
        .body_length = x->body.length,
        .body_too_large = x->body.overflow,
        .may_upgrade = strcmp(line->version, MHD_HTTP_VERSION_1_1) == 0,
        .connection = line->connection,
    };

    handler(context, &request, &x->answer);
    x->answered = true;
}
