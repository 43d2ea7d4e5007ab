#include "outbox_internal.h"

#include "base/memory.h"
#include "chat/log_writer.h"
#include "connection_internal.h"
#include "delay_internal.h"
#include "frame_internal.h"
#include "history_internal.h"
#include "room_internal.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* For a connection that is not open yet: it is closed if there are more. */
    EARLY_MAX_FRAMES = 256,
    NS_PER_MS = 1000000,
};

/* Two times of one clock that are nearer to each other are of frames that follow each
 * other; otherwise the clock was moved. */
#define SAME_CLOCK_NS (INT64_C(1000) * NS_PER_MS)

/* The digits below a millisecond are random: they are those of no clock. */
int64_t outbox_time_ns(struct chat *chat, struct chat_room *room, int64_t now_ms)
{
    int64_t time_ns =
        now_ms * NS_PER_MS + (int64_t)(ids_fraction(chat->parts.ids) * NS_PER_MS);

    if (time_ns <= room->last_time_ns && room->last_time_ns - time_ns < SAME_CLOCK_NS)
        time_ns = room->last_time_ns + 1;
    room->last_time_ns = time_ns;
    return time_ns;
}

/* Delivery, in the poller's thread. */

/* Ends a connection: at once, or when it opens. Fidelity: ivschat-messaging-11 */
static void end_connection(struct chat_connection *connection, int code, const char *why)
{
    if (!connection->ends) {
        connection->ends = true;
        connection->end_code = code;
        connection->end_why = why;
    }
    if (connection->ws == NULL)
        return;
    if (connection->end_code == WEBSOCKET_ABNORMAL)
        websocket_abort(connection->ws);
    else
        websocket_close(connection->ws, connection->end_code, connection->end_why);
}

/* Applies a fault to a frame. False: there is none. */
static bool apply_frame_fault(struct chat_connection *connection, const char *type,
                              struct blob *frame)
{
    struct chat *chat = connection->chat;
    struct arena *arena AUTO(arena_done) = NULL;
    const struct fault_frame about = {
        .scope = connection->room->scope,
        .type = type,
        .user_id = connection->user_id,
        .room_arn = connection->room->arn,
    };
    struct fault fault;

    if (!faults_exist(chat->parts.faults))
        return false;
    arena = arena_new();
    if (!faults_apply_to_frame(chat->parts.faults, &about, arena, &fault))
        return false;
    switch (fault.frame) {
    case FAULT_FRAME_SENT:
    case FAULT_FRAME_DROP:
        break;
    case FAULT_FRAME_DUPLICATE:
        websocket_send(connection->ws, frame);
        websocket_send(connection->ws, frame);
        break;
    case FAULT_FRAME_DELAY:
        if (!delay_frame(connection, frame, fault.latency_ms))
            end_connection(connection, WEBSOCKET_POLICY_VIOLATION,
                           "too many frames are delayed");
        break;
    case FAULT_FRAME_CLOSE:
        websocket_abort(connection->ws);
        break;
    }
    return true;
}

static void send_frame(struct chat_connection *connection, const char *type,
                       struct blob *frame)
{
    connection->chat->counts.deliveries++;
    if (!apply_frame_fault(connection, type, frame))
        websocket_send(connection->ws, frame);
}

/* Keeps a frame for a connection that is not open yet. If there are too many, the
 * connection ends without a close frame, so that the official client tries again. */
static void keep_early(struct chat_connection *connection, const char *type,
                       struct blob *frame)
{
    if (connection->early_count == EARLY_MAX_FRAMES) {
        end_connection(connection, WEBSOCKET_ABNORMAL, "");
        connection_drop_early(connection);
        return;
    }
    struct early_frame *early = mem_alloc(sizeof(*early));
    *early = (struct early_frame){.type = type, .frame = blob_ref(frame)};
    *connection->last_early = early;
    connection->last_early = &early->next;
    connection->early_count++;
}

void outbox_send_early(struct chat_connection *connection)
{
    for (const struct early_frame *e = connection->early; e != NULL; e = e->next)
        send_frame(connection, e->type, e->frame);
    connection_drop_early(connection);
}

static void deliver_frame(struct chat_connection *connection, const char *type,
                          struct blob *frame)
{
    if (connection->ws != NULL)
        send_frame(connection, type, frame);
    else if (!connection->ends)
        keep_early(connection, type, frame);
}

/* Whether the item ends the connection. It ends only those that are older. */
static bool is_ended_by(const struct chat_connection *connection,
                        const struct outbox_item *item)
{
    return item->number > connection->number &&
           (item->kind == OUTBOX_CLOSE ||
            (item->kind == OUTBOX_DISCONNECT &&
             strcmp(connection->user_id, item->user_id) == 0));
}

static void run_in_room(const struct outbox_item *item)
{
    for (struct chat_connection *c = item->room->first; c != NULL; c = c->next) {
        if (item->kind == OUTBOX_FRAME && item->number > c->since)
            deliver_frame(c, item->type, item->frame);
        if (is_ended_by(c, item))
            end_connection(c, item->code, item->why);
    }
}

static void run_item(const struct outbox_item *item)
{
    switch (item->kind) {
    case OUTBOX_FRAME:
    case OUTBOX_DISCONNECT:
    case OUTBOX_CLOSE:
        run_in_room(item);
        break;
    case OUTBOX_ERROR:
        if (item->connection->ws != NULL)
            send_frame(item->connection, item->type, item->frame);
        break;
    case OUTBOX_END:
        end_connection(item->connection, item->code, item->why);
        break;
    }
}

static void free_item(struct chat *chat, struct outbox_item *item)
{
    chat_room_unref(chat, item->room);
    connection_unref(item->connection);
    blob_unref(item->frame);
    free(item->user_id);
    free(item);
}

void outbox_clear(struct chat *chat)
{
    struct outbox_item *next;

    for (struct outbox_item *item = chat->first_item; item != NULL; item = next) {
        next = item->next;
        free_item(chat, item);
    }
    chat->first_item = NULL;
    chat->last_item = &chat->first_item;
}

static void drain_outbox(void *context)
{
    struct chat *chat = context;

    pthread_mutex_lock(&chat->lock);
    chat->draining = false;
    chat->drained = chat->last_number;
    for (const struct outbox_item *item = chat->first_item; item != NULL;
         item = item->next)
        run_item(item);
    outbox_clear(chat);
    pthread_mutex_unlock(&chat->lock);
}

/* Adding, in any thread. */

static void wake_poller(struct chat *chat)
{
    if (chat->draining)
        return;
    if (poller_runs_here(chat->poller)) {
        chat->drain = (struct poller_task){.function = drain_outbox, .context = chat};
        poller_defer(chat->poller, &chat->drain);
        chat->draining = true;
    } else {
        chat->draining = poller_post(chat->poller, drain_outbox, chat);
    }
}

/* Adds an item. Its room or connection gets a reference. */
static struct outbox_item *add_item(struct chat *chat, enum outbox_kind kind,
                                    struct chat_room *room,
                                    struct chat_connection *connection)
{
    struct outbox_item *item = mem_alloc(sizeof(*item));

    *item = (struct outbox_item){.kind = kind};
    if (room != NULL)
        item->room = chat_room_ref(room);
    if (connection != NULL)
        item->connection = connection_ref(connection);
    *chat->last_item = item;
    chat->last_item = &item->next;
    wake_poller(chat);
    return item;
}

/* Whether there is anybody to send to. */
static bool is_occupied(const struct chat *chat, const struct chat_room *room)
{
    return chat->poller != NULL && room->first != NULL;
}

static void write_log(struct chat *chat, const struct chat_room *room,
                      const struct outbox_text *text)
{
    struct log_destination destinations[ROOM_LOGGING_CONFIGURATIONS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < room->settings.destination_count; i++) {
        const struct chat_destination *d = &room->settings.destinations[i];
        if (text->now_ms >= d->active_from_ms)
            destinations[count++] = (struct log_destination){d->kind, d->name};
    }
    if (count == 0 || chat->logs == NULL)
        return;
    log_writer_add(chat->logs, &(struct log_record){
                                   .scope = room->scope,
                                   .room_id = room->id,
                                   .time_ms = text->now_ms,
                                   .type = text->type,
                                   .payload = text->text,
                                   .destinations = destinations,
                                   .destination_count = count,
                               });
}

void outbox_publish(struct chat *chat, struct chat_room *room,
                    const struct outbox_text *text)
{
    size_t length = strlen(text->text);
    struct blob *frame = websocket_frame(WEBSOCKET_TEXT, text->text, length);
    int64_t number = ++chat->last_number;

    history_add(chat, room, number, frame, length);
    write_log(chat, room, text);
    if (is_occupied(chat, room)) {
        struct outbox_item *item = add_item(chat, OUTBOX_FRAME, room, NULL);
        item->number = number;
        item->type = text->type;
        item->frame = blob_ref(frame);
    }
    blob_unref(frame);
}

void outbox_publish_event(struct chat *chat, struct chat_room *room,
                          const struct outbox_event *event)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const struct event_frame frame = {
        .id = event->id,
        .request_id = event->request_id,
        .name = event->name,
        .attributes = event->attributes,
        .send_time = frame_time(arena, outbox_time_ns(chat, room, event->now_ms)),
    };

    chat->counts.events++;
    outbox_publish(
        chat, room,
        &(struct outbox_text){FRAME_EVENT, frame_of_event(arena, &frame), event->now_ms});
}

void outbox_disconnect(struct chat *chat, struct chat_room *room, const char *user_id)
{
    if (!is_occupied(chat, room))
        return;
    struct outbox_item *item = add_item(chat, OUTBOX_DISCONNECT, room, NULL);
    item->number = ++chat->last_number;
    item->user_id = chat_copy_text(user_id);
    item->code = WEBSOCKET_NORMAL;
    item->why = "the user was disconnected";
}

void outbox_close(struct chat *chat, struct chat_room *room)
{
    if (!is_occupied(chat, room))
        return;
    struct outbox_item *item = add_item(chat, OUTBOX_CLOSE, room, NULL);
    item->number = ++chat->last_number;
    item->code = WEBSOCKET_NORMAL;
    item->why = "the room was deleted";
}

struct blob *outbox_error_frame(struct chat_connection *connection,
                                const char *request_id, enum chat_error_code code,
                                const char *message)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const struct error_frame error = {
        .id = chat_make_id(connection->chat, arena),
        .request_id = request_id,
        .code = (int)code,
        .message = message,
    };
    const char *text = frame_of_error(arena, &error);

    connection->chat->counts.errors++;
    return websocket_frame(WEBSOCKET_TEXT, text, strlen(text));
}

void outbox_fail(struct chat_connection *connection, const char *request_id,
                 enum chat_error_code code, const char *message)
{
    struct chat *chat = connection->chat;

    if (chat->poller == NULL || connection->room == NULL)
        return;
    struct outbox_item *item = add_item(chat, OUTBOX_ERROR, NULL, connection);
    item->type = FRAME_ERROR;
    item->frame = outbox_error_frame(connection, request_id, code, message);
}

void outbox_end(struct chat_connection *connection, int code, const char *why)
{
    struct outbox_item *item = add_item(connection->chat, OUTBOX_END, NULL, connection);

    item->code = code;
    item->why = why;
}
