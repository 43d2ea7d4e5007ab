#include "delay_internal.h"

#include "base/memory.h"
#include "connection_internal.h"

#include <stdlib.h>

static void free_delayed(struct chat *chat, struct delayed *delayed)
{
    *(delayed->previous != NULL ? &delayed->previous->next : &chat->delayed) =
        delayed->next;
    if (delayed->next != NULL)
        delayed->next->previous = delayed->previous;
    connection_unref(delayed->connection);
    blob_unref(delayed->bytes);
    free(delayed);
}

static void on_expired(void *context)
{
    struct delayed *delayed = context;
    struct chat *chat = delayed->connection->chat;

    delayed->run(delayed->connection, delayed->bytes);
    pthread_mutex_lock(&chat->lock);
    free_delayed(chat, delayed);
    pthread_mutex_unlock(&chat->lock);
}

void delay_start(struct chat_connection *connection, struct blob *bytes, int64_t delay_ms,
                 void (*run)(struct chat_connection *connection,
                             const struct blob *bytes))
{
    struct chat *chat = connection->chat;
    struct delayed *delayed = mem_alloc(sizeof(*delayed));

    *delayed = (struct delayed){
        .next = chat->delayed,
        .timer = {.expired = on_expired, .context = delayed},
        .connection = connection_ref(connection),
        .bytes = blob_ref(bytes),
        .run = run,
    };
    if (chat->delayed != NULL)
        chat->delayed->previous = delayed;
    chat->delayed = delayed;
    poller_timer_start(chat->poller, &delayed->timer, delay_ms);
}

void delay_clear(struct chat *chat)
{
    while (chat->delayed != NULL)
        free_delayed(chat, chat->delayed);
}
