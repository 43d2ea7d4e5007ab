#include "http/websocket.h"

#include "base/bug.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "websocket_internal.h"

#include <stdlib.h>
#include <string.h>

static size_t queued_cost(const struct blob *frame)
{
    return frame->length + WEBSOCKET_QUEUED_BYTES;
}

static void release_posted(struct websocket *ws, size_t cost)
{
    atomic_fetch_sub_explicit(&websocket_posted(ws)->bytes, cost, memory_order_relaxed);
}

/* Counts a frame as posted. False: it would be too much. */
static bool reserve_posted(struct websocket *ws, size_t cost)
{
    struct websocket_posted *posted = websocket_posted(ws);
    size_t before = atomic_fetch_add_explicit(&posted->bytes, cost, memory_order_relaxed);

    if (cost <= posted->max_bytes && before <= posted->max_bytes - cost)
        return true;
    release_posted(ws, cost);
    return false;
}

struct sending {
    struct websocket *ws;
    struct blob *frame;
};

static void free_sending(struct sending *sending)
{
    release_posted(sending->ws, queued_cost(sending->frame));
    websocket_unref(sending->ws);
    blob_unref(sending->frame);
    free(sending);
}

static void on_sending(void *context)
{
    struct sending *sending = context;

    websocket_send_here(sending->ws, sending->frame);
    free_sending(sending);
}

static void on_overflow(void *context)
{
    struct websocket *ws = context;

    websocket_overflow_here(ws);
    websocket_unref(ws);
}

/* Posts the end of the connection, once. */
static void post_overflow(struct websocket *ws)
{
    if (!atomic_exchange(&websocket_posted(ws)->overflowed, true) &&
        !poller_post(websocket_poller(ws), on_overflow, websocket_ref(ws)))
        websocket_unref(ws);
}

void websocket_send(struct websocket *ws, struct blob *frame)
{
    if (poller_runs_here(websocket_poller(ws))) {
        websocket_send_here(ws, frame);
        return;
    }
    if (atomic_load(&websocket_posted(ws)->overflowed))
        return;
    if (!reserve_posted(ws, queued_cost(frame))) {
        post_overflow(ws);
        return;
    }
    struct sending *sending = mem_alloc(sizeof(*sending));
    *sending = (struct sending){websocket_ref(ws), blob_ref(frame)};
    if (!poller_post(websocket_poller(ws), on_sending, sending))
        free_sending(sending);
}

static void send_message(struct websocket *ws, enum websocket_opcode opcode,
                         const char *bytes, size_t length)
{
    struct blob *frame = websocket_frame(opcode, bytes, length);

    websocket_send(ws, frame);
    blob_unref(frame);
}

void websocket_send_text(struct websocket *ws, const char *text, size_t length)
{
    send_message(ws, WEBSOCKET_TEXT, text, length);
}

void websocket_send_binary(struct websocket *ws, const void *bytes, size_t length)
{
    send_message(ws, WEBSOCKET_BINARY, bytes, length);
}

struct closing {
    struct websocket *ws;
    int code;
    char reason[WEBSOCKET_REASON_MAX_BYTES + 1];
};

static void free_closing(struct closing *closing)
{
    websocket_unref(closing->ws);
    free(closing);
}

static void on_closing(void *context)
{
    struct closing *closing = context;

    websocket_close_here(closing->ws, closing->code, closing->reason);
    free_closing(closing);
}

void websocket_close(struct websocket *ws, int code, const char *reason)
{
    if (!websocket_code_is_sendable(code))
        BUG("a WebSocket is closed with code %d", code);
    if (poller_runs_here(websocket_poller(ws))) {
        websocket_close_here(ws, code, reason);
        return;
    }
    struct closing *closing = mem_zalloc(sizeof(*closing));
    closing->ws = websocket_ref(ws);
    closing->code = code;
    memcpy(closing->reason, reason, utf8_prefix(reason, WEBSOCKET_REASON_MAX_BYTES));
    if (!poller_post(websocket_poller(ws), on_closing, closing))
        free_closing(closing);
}

static void on_abort(void *context)
{
    struct websocket *ws = context;

    websocket_abort_here(ws);
    websocket_unref(ws);
}

void websocket_abort(struct websocket *ws)
{
    if (poller_runs_here(websocket_poller(ws)))
        websocket_abort_here(ws);
    else if (!poller_post(websocket_poller(ws), on_abort, websocket_ref(ws)))
        websocket_unref(ws);
}
