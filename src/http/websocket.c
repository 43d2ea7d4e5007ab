#include "http/websocket.h"

#include "base/memory.h"
#include "base/monotonic.h"
#include "send_queue_internal.h"
#include "websocket_internal.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

const struct websocket_options websocket_default_options = {
    .limits = {WEBSOCKET_MESSAGE_MAX_BYTES, WEBSOCKET_MAX_FRAGMENTS},
    .queue_max_bytes = WEBSOCKET_QUEUE_MAX_BYTES,
    .ping_ms = WEBSOCKET_PING_MS,
    .idle_ms = WEBSOCKET_IDLE_MS,
    .close_ms = WEBSOCKET_CLOSE_MS,
};

enum state {
    OPEN,
    CLOSING, /* our close frame is sent or queued; waits for that of the peer */
    ENDING,  /* sends the queue, to which nothing is added, then waits for the peer to
              * close the connection; what the peer sends is ignored */
    OVER,    /* the socket is closed */
};

struct websocket {
    atomic_size_t references; /* the poller's side has one until the connection is over */
    struct poller *poller; /* a reference: the connection's references may outlive it */
    const struct websocket_endpoint *endpoint; /* until the connection is over */
    void *context;

    struct websocket_posted posted;

    /* All below belongs to the poller's thread. */
    struct poller_socket socket;
    struct allowance *allowance; /* which the socket counts against */
    struct poller_timer timer;   /* of the next ping, or of the end */
    struct poller_task flush;    /* while it waits, its context is a reference */
    enum state state;
    bool close_reported; /* on_close was called */
    bool aborted;        /* the socket is closed at the next flush */
    bool write_shut;     /* our side of the connection is shut down */
    bool read_shut;      /* the peer's side is */
    struct websocket_decoder decoder;
    int64_t received_ms; /* the time of the last input */
    int64_t pinged_ms;   /* the time of the last ping */

    struct send_queue queue;

    int code; /* for on_close */
    char *reason;
};

struct websocket *websocket_ref(struct websocket *ws)
{
    atomic_fetch_add_explicit(&ws->references, 1, memory_order_relaxed);
    return ws;
}

void websocket_unref(struct websocket *ws)
{
    if (ws == NULL ||
        atomic_fetch_sub_explicit(&ws->references, 1, memory_order_acq_rel) > 1)
        return;
    poller_unref(ws->poller);
    free(ws->reason);
    free(ws);
}

struct poller *websocket_poller(const struct websocket *ws)
{
    return ws->poller;
}

struct websocket_posted *websocket_posted(struct websocket *ws)
{
    return &ws->posted;
}

struct blob *websocket_frame(enum websocket_opcode opcode, const char *bytes,
                             size_t length)
{
    unsigned char header[WEBSOCKET_HEADER_MAX_BYTES];
    size_t header_length = websocket_encode_header(header, opcode, length);
    char *frame = mem_alloc(header_length + length);

    memcpy(frame, header, header_length);
    if (length > 0) /* or `bytes` may be NULL */
        memcpy(frame + header_length, bytes, length);
    return blob_wrap(frame, header_length + length, free, frame);
}

/* The end. */

/* Calls on_close, once. */
static void report_close(struct websocket *ws)
{
    if (ws->close_reported)
        return;
    ws->close_reported = true;
    ws->endpoint->handler->on_close(ws, ws->context, ws->code,
                                    ws->reason != NULL ? ws->reason : "");
}

/* Closes a socket, which then no longer counts against the limits. */
static void close_socket(const struct websocket_endpoint *endpoint, int fd,
                         struct allowance *allowance)
{
    close(fd);
    allowance_give_back(allowance);
    allowance_give_back(endpoint->connections);
}

/* Closes the socket; the memory stays for as long as there are references. */
static void end_connection(struct websocket *ws)
{
    if (ws->state == OVER)
        return;
    ws->state = OVER;
    poller_timer_stop(&ws->timer);
    poller_remove(&ws->socket);
    close_socket(ws->endpoint, ws->socket.fd, ws->allowance);
    send_queue_clear(&ws->queue);
    websocket_decoder_done(&ws->decoder);
    report_close(ws);
    ws->endpoint->handler->release(ws->context);
    websocket_unref(ws);
}

/* Sending. */

static void schedule_flush(struct websocket *ws)
{
    if (ws->flush.waiting)
        return;
    ws->flush.context = websocket_ref(ws);
    poller_defer(ws->poller, &ws->flush);
}

/* Queues a frame without checking the limit. */
static void enqueue_frame(struct websocket *ws, struct blob *frame)
{
    send_queue_append(&ws->queue, frame);
    schedule_flush(ws);
}

static void enqueue_close(struct websocket *ws, int code, const char *reason)
{
    unsigned char payload[WEBSOCKET_CONTROL_MAX_BYTES];
    size_t length = websocket_encode_close(payload, code, reason);
    struct blob *frame = websocket_frame(WEBSOCKET_CLOSE, (const char *)payload, length);

    enqueue_frame(ws, frame);
    blob_unref(frame);
}

/* Keeps the code and the reason for on_close. */
static void record_close(struct websocket *ws, int code, const char *reason)
{
    const size_t length = utf8_prefix(reason, WEBSOCKET_REASON_MAX_BYTES);

    ws->code = code;
    if (length == 0)
        return;
    ws->reason = mem_zalloc(length + 1);
    memcpy(ws->reason, reason, length);
}

static void start_close_timer(struct websocket *ws)
{
    poller_timer_start(ws->poller, &ws->timer, ws->endpoint->options->close_ms);
}

/* Sends what is queued, then waits for the peer to close the connection. */
static void begin_ending(struct websocket *ws)
{
    ws->state = ENDING;
    start_close_timer(ws);
    schedule_flush(ws);
}

/* Begins to close from our side. */
static void begin_closing(struct websocket *ws, int code, const char *reason)
{
    enqueue_close(ws, code, reason);
    record_close(ws, code, reason);
    ws->state = CLOSING;
    start_close_timer(ws);
}

/* Fails the connection (RFC 6455, section 7.1.7): the peer's close frame will not be
 * waited for. */
static void begin_failing(struct websocket *ws, int code, const char *reason)
{
    if (ws->state == OPEN) {
        enqueue_close(ws, code, reason);
        record_close(ws, code, reason);
    }
    begin_ending(ws);
}

static bool queue_has_room(const struct websocket *ws, const struct blob *frame)
{
    return send_queue_bytes_with(&ws->queue, frame) <=
           ws->endpoint->options->queue_max_bytes;
}

/* Drops what waits to be sent, except the rest of a frame of which a part is sent, so
 * that the peer still understands the close frame. */
static void fail_slow_peer(struct websocket *ws)
{
    send_queue_clear_unsent(&ws->queue);
    begin_failing(ws, WEBSOCKET_POLICY_VIOLATION, "messages are read too slowly");
}

void websocket_send_here(struct websocket *ws, struct blob *frame)
{
    if (ws->state != OPEN)
        return;
    /* The peer is slow only if the socket does not accept what is queued. */
    if (!queue_has_room(ws, frame) && !send_queue_send(&ws->queue, ws->socket.fd)) {
        schedule_flush(ws); /* fails as well, and ends the connection */
        return;
    }
    if (queue_has_room(ws, frame))
        enqueue_frame(ws, frame);
    else
        fail_slow_peer(ws);
}

static void send_control_frame(struct websocket *ws, enum websocket_opcode opcode,
                               const char *bytes, size_t length)
{
    struct blob *frame = websocket_frame(opcode, bytes, length);

    websocket_send_here(ws, frame);
    blob_unref(frame);
}

/* Sends the queue. In the state ENDING, also shuts down our side when all is sent, and
 * ends the connection when both sides are. */
static void flush_queue(struct websocket *ws)
{
    if (ws->state == OVER)
        return;
    if (ws->aborted || !send_queue_send(&ws->queue, ws->socket.fd)) {
        end_connection(ws);
        return;
    }
    if (ws->state == ENDING) {
        report_close(ws);
        if (send_queue_is_empty(&ws->queue) && ws->read_shut) {
            end_connection(ws);
            return;
        }
        if (send_queue_is_empty(&ws->queue) && !ws->write_shut) {
            ws->write_shut = true;
            (void)shutdown(ws->socket.fd, SHUT_WR); /* fails if the peer has closed it */
        }
    }
    poller_change(&ws->socket, (ws->read_shut ? 0U : POLLER_READ) |
                                   (send_queue_is_empty(&ws->queue) ? 0U : POLLER_WRITE));
}

static void on_flush(void *context)
{
    struct websocket *ws = context;

    flush_queue(ws);
    /* This is not the reference that flush_queue() may release.
     * NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
    websocket_unref(ws);
}

void websocket_overflow_here(struct websocket *ws)
{
    if (ws->state == OPEN)
        fail_slow_peer(ws);
}

void websocket_close_here(struct websocket *ws, int code, const char *reason)
{
    if (ws->state == OPEN)
        begin_closing(ws, code, reason);
}

/* The socket is closed when the current turn ends, because on_close must not be called
 * inside of websocket_abort(). */
void websocket_abort_here(struct websocket *ws)
{
    if (ws->state == OVER || ws->aborted)
        return;
    ws->aborted = true;
    ws->state = ENDING; /* which ignores what the peer sends */
    send_queue_clear(&ws->queue);
    schedule_flush(ws);
}

/* Receiving. */

static void handle_event(struct websocket *ws, const struct websocket_event *event)
{
    switch (event->kind) {
    case WEBSOCKET_NOTHING:
    case WEBSOCKET_PONGED:
        break;
    case WEBSOCKET_MESSAGE:
        if (ws->state == OPEN) {
            const struct websocket_message message = {event->opcode, event->bytes,
                                                      event->length};
            ws->endpoint->handler->on_message(ws, ws->context, &message);
        }
        break;
    case WEBSOCKET_PINGED:
        send_control_frame(ws, WEBSOCKET_PONG, event->bytes, event->length);
        break;
    case WEBSOCKET_CLOSED:
        if (ws->state == OPEN) {
            enqueue_close(ws, event->code, "");
            record_close(ws, event->code, event->bytes);
        }
        begin_ending(ws);
        break;
    case WEBSOCKET_VIOLATION:
        begin_failing(ws, event->code, event->bytes);
        break;
    }
}

static bool is_listening(const struct websocket *ws)
{
    return ws->state == OPEN || ws->state == CLOSING;
}

static void decode_bytes(struct websocket *ws, const char *bytes, size_t length)
{
    struct websocket_event event = {.kind = WEBSOCKET_PONGED};
    size_t taken = 0;

    ws->received_ms = monotonic_ms();
    while (is_listening(ws) && event.kind != WEBSOCKET_NOTHING) {
        taken += websocket_decode(&ws->decoder, bytes + taken, length - taken, &event);
        handle_event(ws, &event);
    }
    if (!is_listening(ws))
        websocket_decoder_done(&ws->decoder);
}

static void on_readable(void *context)
{
    struct websocket *ws = context;
    char *scratch = poller_scratch(ws->poller);

    ssize_t got = recv(ws->socket.fd, scratch, POLLER_SCRATCH_BYTES, MSG_DONTWAIT);
    if (got > 0) {
        decode_bytes(ws, scratch, (size_t)got);
        return;
    }
    if (got < 0 && socket_should_retry(errno))
        return;
    ws->read_shut = true;
    /* The peer may still read what is queued. */
    if (got == 0 && ws->state == ENDING && !send_queue_is_empty(&ws->queue))
        poller_change(&ws->socket, POLLER_WRITE);
    else
        end_connection(ws);
}

static void on_writable(void *context)
{
    flush_queue(context);
}

static void on_failed(void *context)
{
    end_connection(context);
}

/* The poller stops: closes with 1001, if the socket accepts the frame. */
static void on_stopped(void *context)
{
    struct websocket *ws = context;

    if (ws->state == OPEN)
        begin_closing(ws, WEBSOCKET_GOING_AWAY, "the server stops");
    (void)!send_queue_send(&ws->queue, ws->socket.fd);
    end_connection(ws);
}

static const struct poller_callbacks socket_callbacks = {
    .readable = on_readable,
    .writable = on_writable,
    .failed = on_failed,
    .stopped = on_stopped,
};

/* Time. */

static int64_t later_time(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Sends a ping or closes the connection if that is due, and starts the timer for the next
 * time. */
static void check_idleness(struct websocket *ws)
{
    const struct websocket_options *options = ws->endpoint->options;
    const int64_t now_ms = monotonic_ms();
    int64_t next_ms = INT64_MAX;

    if (options->idle_ms > 0) {
        next_ms = ws->received_ms + options->idle_ms;
        if (next_ms <= now_ms) {
            begin_closing(ws, WEBSOCKET_GOING_AWAY, "the client was silent for too long");
            return;
        }
    }
    if (options->ping_ms > 0) {
        int64_t ping_ms = later_time(ws->received_ms, ws->pinged_ms) + options->ping_ms;
        if (ping_ms <= now_ms) {
            ws->pinged_ms = now_ms;
            send_control_frame(ws, WEBSOCKET_PING, "", 0);
            ping_ms = now_ms + options->ping_ms;
        }
        next_ms = ping_ms < next_ms ? ping_ms : next_ms;
    }
    if (ws->state == OPEN && next_ms != INT64_MAX)
        poller_timer_start(ws->poller, &ws->timer, next_ms - now_ms);
}

static void on_expired(void *context)
{
    struct websocket *ws = context;

    if (ws->state == OPEN)
        check_idleness(ws);
    else
        end_connection(ws);
}

/* The beginning. */

/* A socket on its way to the poller's thread. */
struct opening {
    const struct websocket_endpoint *endpoint;
    void *context;
    int fd;
    struct allowance *allowance;
    size_t early_length;
    char early[];
};

static void abandon_opening(struct opening *opening)
{
    close_socket(opening->endpoint, opening->fd, opening->allowance);
    opening->endpoint->handler->release(opening->context);
    free(opening);
}

static struct websocket *websocket_new(const struct opening *opening)
{
    struct websocket *ws = mem_zalloc(sizeof(*ws));

    atomic_init(&ws->references, 1);
    ws->endpoint = opening->endpoint;
    ws->poller = poller_ref(opening->endpoint->poller);
    ws->posted.max_bytes = opening->endpoint->options->queue_max_bytes;
    atomic_init(&ws->posted.bytes, 0);
    atomic_init(&ws->posted.overflowed, false);
    ws->context = opening->context;
    ws->allowance = opening->allowance;
    ws->socket = (struct poller_socket){
        .fd = opening->fd, .callbacks = &socket_callbacks, .context = ws};
    ws->timer = (struct poller_timer){.expired = on_expired, .context = ws};
    ws->flush = (struct poller_task){.function = on_flush};
    websocket_decoder_init(&ws->decoder, opening->endpoint->options->limits);
    send_queue_init(&ws->queue, WEBSOCKET_QUEUED_BYTES);
    ws->code = WEBSOCKET_ABNORMAL;
    ws->received_ms = monotonic_ms();
    return ws;
}

static void on_opening(void *context)
{
    struct opening *opening = context;
    struct websocket *ws = websocket_new(opening);

    if (poller_add(ws->poller, &ws->socket, POLLER_READ) != 0) {
        abandon_opening(opening);
        websocket_unref(ws);
        return;
    }
    check_idleness(ws);
    ws->endpoint->handler->on_open(ws, ws->context);
    if (opening->early_length > 0)
        decode_bytes(ws, opening->early, opening->early_length);
    free(opening);
}

void websocket_open(const struct websocket_endpoint *endpoint, void *context,
                    const struct http_socket *socket)
{
    struct opening *opening = mem_alloc(sizeof(*opening) + socket->early_length);

    *opening = (struct opening){endpoint, context, socket->fd, socket->allowance,
                                socket->early_length};
    if (socket->early_length > 0) /* or `early` may be NULL */
        memcpy(opening->early, socket->early, socket->early_length);
    if (!poller_post(endpoint->poller, on_opening, opening))
        abandon_opening(opening);
}
