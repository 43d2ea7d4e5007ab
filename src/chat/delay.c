#include "delay_internal.h"

#include "base/memory.h"

#include <stdlib.h>

static size_t cost_of(const struct blob *bytes)
{
    return bytes->length + sizeof(struct delayed);
}

static void free_delayed(struct delayed *delayed)
{
    struct chat_connection *connection = delayed->connection;

    *(delayed->previous != NULL ? &delayed->previous->next : &connection->delayed) =
        delayed->next;
    if (delayed->next != NULL)
        delayed->next->previous = delayed->previous;
    poller_timer_stop(&delayed->timer);
    connection->delayed_bytes -= cost_of(delayed->bytes);
    blob_unref(delayed->bytes);
    free(delayed);
}

static void on_expired(void *context)
{
    struct delayed *delayed = context;
    struct chat_connection *connection = delayed->connection;
    struct blob *bytes = blob_ref(delayed->bytes);
    void (*run)(struct chat_connection *, struct blob *) = delayed->run;

    pthread_mutex_lock(&connection->chat->lock);
    free_delayed(delayed);
    pthread_mutex_unlock(&connection->chat->lock);
    run(connection, bytes);
    blob_unref(bytes);
}

bool delay_start(struct chat_connection *connection, struct blob *bytes, int64_t delay_ms,
                 void (*run)(struct chat_connection *connection, struct blob *bytes))
{
    if (connection->delayed_bytes + cost_of(bytes) > DELAYED_MAX_BYTES)
        return false;
    struct delayed *delayed = mem_alloc(sizeof(*delayed));
    *delayed = (struct delayed){
        .next = connection->delayed,
        .timer = {.expired = on_expired, .context = delayed},
        .connection = connection,
        .bytes = blob_ref(bytes),
        .run = run,
    };
    if (connection->delayed != NULL)
        connection->delayed->previous = delayed;
    connection->delayed = delayed;
    connection->delayed_bytes += cost_of(bytes);
    poller_timer_start(connection->chat->poller, &delayed->timer, delay_ms);
    return true;
}

static void send_delayed(struct chat_connection *connection, struct blob *frame)
{
    websocket_send(connection->ws, frame);
}

bool delay_frame(struct chat_connection *connection, struct blob *frame, int64_t delay_ms)
{
    return delay_start(connection, frame, delay_ms, send_delayed);
}

void delay_clear(struct chat_connection *connection)
{
    struct delayed *next;

    for (struct delayed *delayed = connection->delayed; delayed != NULL; delayed = next) {
        next = delayed->next;
        free_delayed(delayed);
    }
}
