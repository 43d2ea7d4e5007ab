#include "session_internal.h"

#include "attempt_internal.h"
#include "base/log.h"
#include "connection_internal.h"
#include "delay_internal.h"
#include "outbox_internal.h"

static void on_message(struct websocket *ws, void *context,
                       const struct websocket_message *message)
{
    struct chat_connection *connection = context;
    struct blob *bytes = blob_wrap(message->bytes, message->length, NULL, NULL);

    (void)ws;
    /* A binary message is read like a text, which it may not be. */
    attempt_process(connection, bytes);
    blob_unref(bytes);
}

static void on_timer(void *context)
{
    struct chat_connection *connection = context;

    pthread_mutex_lock(&connection->chat->lock);
    session_set_timer(connection);
    pthread_mutex_unlock(&connection->chat->lock);
}

void session_set_timer(struct chat_connection *connection)
{
    if (connection->room == NULL || connection->ws == NULL || connection->ends)
        return;
    int64_t now_ms =
        clock_scope_ms(connection->chat->parts.clock, connection->room->scope);
    if (attempt_session_is_over(connection, now_ms))
        attempt_end_session(connection, "");
    else
        poller_timer_start(connection->chat->poller, &connection->timer,
                           connection->session_expires_ms - now_ms);
}

/* A line of the log about a connection, which is written without the lock: writing it may
 * take a moment. The user is left out, because its id is sensitive in the service model.
 */
struct change_line {
    const char *room_arn, *connection_id;
    struct scope scope;
};

static struct change_line change_line_of(struct arena *arena,
                                         const struct chat_connection *connection)
{
    const struct chat_room *room = connection->room;

    return (struct change_line){
        .room_arn = arena_strdup(arena, room->arn),
        .connection_id = arena_strdup(arena, connection->id),
        .scope = {arena_strdup(arena, room->scope.account),
                  arena_strdup(arena, room->scope.region)},
    };
}

static void on_open(struct websocket *ws, void *context)
{
    struct chat_connection *connection = context;
    struct arena *arena AUTO(arena_done) = arena_new();

    pthread_mutex_lock(&connection->chat->lock);
    const struct change_line line = change_line_of(arena, connection);
    connection->ws = ws;
    connection->timer = (struct poller_timer){.expired = on_timer, .context = connection};
    outbox_send_early(connection);
    if (connection->room->deleted)
        outbox_end(connection, WEBSOCKET_NORMAL, "the room was deleted");
    else if (connection->ends)
        outbox_end(connection, connection->end_code, connection->end_why);
    else
        session_set_timer(connection);
    pthread_mutex_unlock(&connection->chat->lock);
    log_each(LOG_INFO, "chat connected", "room=%s connection=%s " LOG_SCOPE,
             line.room_arn, line.connection_id, line.scope.account, line.scope.region);
}

static void on_close(struct websocket *ws, void *context, int code, const char *reason)
{
    struct chat_connection *connection = context;
    struct arena *arena AUTO(arena_done) = arena_new();

    (void)ws;
    (void)reason;
    pthread_mutex_lock(&connection->chat->lock);
    const struct change_line line = change_line_of(arena, connection);
    poller_timer_stop(&connection->timer);
    delay_clear(connection);
    connection->ws = NULL;
    connection_leave(connection);
    pthread_mutex_unlock(&connection->chat->lock);
    log_each(LOG_INFO, "chat disconnected", "room=%s connection=%s code=%d " LOG_SCOPE,
             line.room_arn, line.connection_id, code, line.scope.account,
             line.scope.region);
}

static void on_release(void *context)
{
    struct chat_connection *connection = context;
    struct chat *chat = connection->chat;

    pthread_mutex_lock(&chat->lock);
    connection_leave(connection); /* if it was never open */
    connection_unref(connection);
    pthread_mutex_unlock(&chat->lock);
}

const struct websocket_handler session_handler = {
    .on_open = on_open,
    .on_message = on_message,
    .on_close = on_close,
    .release = on_release,
};
