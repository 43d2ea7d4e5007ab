#include "chat/chat.h"

#include "base/memory.h"
#include "chat/log_writer.h"
#include "chat/review.h"
#include "chat_internal.h"
#include "connection_internal.h"
#include "data/topics.h"
#include "history_internal.h"
#include "outbox_internal.h"
#include "room_internal.h"
#include "session_internal.h"

#include <stdlib.h>
#include <string.h>

/* What a connection may hold. */
enum {
    /* Larger than any valid request, of which strings are escaped: those are refused with
     * an error and not with the end of the connection. */
    REQUEST_MAX_BYTES = 128 * 1024,
    REQUEST_MAX_FRAGMENTS = 64,
    QUEUE_MAX_BYTES = 1024 * 1024,
};

/* Pings, and the time after which a silent client is gone.
 * Fidelity: ivschat-messaging-10 */
static const struct websocket_options options = {
    .limits = {REQUEST_MAX_BYTES, REQUEST_MAX_FRAGMENTS},
    .queue_max_bytes = QUEUE_MAX_BYTES,
    .ping_ms = WEBSOCKET_PING_MS,
    .idle_ms = WEBSOCKET_IDLE_MS,
    .close_ms = WEBSOCKET_CLOSE_MS,
};

/* The life of the engine. */

struct chat *chat_new(const struct chat_parts *parts)
{
    struct chat *chat = mem_zalloc(sizeof(*chat));

    chat->parts = *parts;
    chat->last_item = &chat->first_item;
    pthread_mutex_init(&chat->lock, NULL);
    return chat;
}

void chat_use(struct chat *chat, struct review *review, struct log_writer *logs)
{
    chat->review = review;
    chat->logs = logs;
}

static void restart_timers_of(struct chat *chat, struct chat_room *room, void *context)
{
    (void)chat;
    (void)context;
    for (struct chat_connection *c = room->first; c != NULL; c = c->next)
        session_set_timer(c);
}

static void restart_timers(void *context)
{
    struct chat *chat = context;

    pthread_mutex_lock(&chat->lock);
    chat_room_each(chat, restart_timers_of, NULL);
    pthread_mutex_unlock(&chat->lock);
}

/* Some clock was moved. */
static void on_clock_moved(void *context, uint32_t topics)
{
    struct chat *chat = context;

    (void)topics;
    pthread_mutex_lock(&chat->lock);
    if (chat->poller != NULL)
        (void)!poller_post(chat->poller, restart_timers, chat);
    pthread_mutex_unlock(&chat->lock);
    if (chat->logs != NULL)
        log_writer_clock_moved(chat->logs);
}

static void delete_room(struct chat *chat, struct chat_room *room)
{
    struct chat_room *held = chat_room_ref(room); /* the history may have the last one */

    chat_room_remove(chat, room);
    outbox_close(chat, room);
    history_clear(chat, room);
    chat_room_unref(chat, held);
}

/* A snapshot was restored: what rooms with clients allow is as it has it, or they are
 * deleted. It has no messages. */
static void reload_room(struct chat *chat, struct chat_room *room, void *context)
{
    struct txn *txn = context;
    struct chat_room *held = chat_room_ref(room); /* the history may have the last one */
    struct chat_settings settings;
    struct room stored;

    history_clear(chat, room);
    if (room->first != NULL) {
        if (room_find(txn, room->scope, room->arn, &stored) == DB_ROW &&
            chat_settings_read(txn, room->scope, &stored, &settings) == DB_DONE)
            chat_room_set(room, &settings);
        else
            delete_room(chat, room);
    }
    chat_room_unref(chat, held);
}

static void reload_rooms(void *context, struct txn *txn)
{
    struct chat *chat = context;

    pthread_mutex_lock(&chat->lock);
    chat_room_each(chat, reload_room, txn);
    pthread_mutex_unlock(&chat->lock);
}

void chat_start(struct chat *chat)
{
    store_add_listener(chat->parts.store, TOPIC_CLOCK, on_clock_moved, chat);
    store_add_mirror(chat->parts.store, reload_rooms, chat);
    chat->started = true;
}

bool chat_open(struct chat *chat)
{
    pthread_mutex_lock(&chat->lock);
    if (chat->poller == NULL && chat->started) {
        chat->poller = poller_start();
        chat->endpoint = (struct websocket_endpoint){
            .poller = chat->poller, .handler = &session_handler, .options = &options};
    }
    bool is_open = chat->poller != NULL;
    pthread_mutex_unlock(&chat->lock);
    return is_open;
}

void chat_stop(struct chat *chat)
{
    if (chat == NULL || !chat->started)
        return;
    chat->started = false;
    store_remove_listener(chat->parts.store, chat);
    store_remove_mirror(chat->parts.store, chat);
    if (chat->poller == NULL)
        return;
    struct poller *poller = poller_ref(chat->poller); /* until nobody can post to it */
    poller_stop(chat->poller);
    pthread_mutex_lock(&chat->lock);
    chat->poller = NULL;
    outbox_clear(chat);
    pthread_mutex_unlock(&chat->lock);
    poller_unref(poller);
}

static void forget_room(struct chat *chat, struct chat_room *room, void *context)
{
    const struct scope *scope = context;

    if (scope == NULL || scope_equals(room->scope, *scope))
        delete_room(chat, room);
}

void chat_forget(struct chat *chat, const struct scope *scope)
{
    struct scope copy = scope != NULL ? *scope : (struct scope){0};

    pthread_mutex_lock(&chat->lock);
    chat_room_each(chat, forget_room, scope != NULL ? &copy : NULL);
    pthread_mutex_unlock(&chat->lock);
    if (chat->logs != NULL)
        log_writer_close(chat->logs, scope);
}

void chat_free(struct chat *chat)
{
    if (chat == NULL)
        return;
    chat->logs = NULL; /* which may be freed already */
    chat_forget(chat, NULL);
    pthread_mutex_destroy(&chat->lock);
    free(chat);
}

/* What calls of the API change. */

/* A change that takes effect with the commit. It lives in the transaction's arena. */
struct change {
    struct chat *chat;
    struct scope scope;
    const char *room_arn;
    struct chat_settings settings;
    const struct chat_event *event;
    struct logging_configuration configuration;
};

static struct change *change_new(struct chat *chat, struct txn *txn)
{
    struct change *change = arena_alloc(txn_arena(txn), sizeof(*change));

    change->chat = chat;
    return change;
}

static void apply_event(void *context)
{
    const struct change *change = context;
    struct chat *chat = change->chat;
    const struct chat_event *event = change->event;

    pthread_mutex_lock(&chat->lock);
    struct chat_room *room =
        chat_room_get(chat, change->room_arn, change->scope, &change->settings);
    outbox_publish_event(chat, room,
                         &(struct outbox_event){.id = event->id,
                                                .request_id = "",
                                                .name = event->name,
                                                .attributes = event->attributes,
                                                .now_ms = event->now_ms});
    if (event->disconnect_user != NULL)
        outbox_disconnect(chat, room, event->disconnect_user);
    chat_room_unref(chat, room);
    pthread_mutex_unlock(&chat->lock);
}

enum db_result chat_send_event(struct chat *chat, struct txn *txn, struct scope scope,
                               const struct room *room, const struct chat_event *event)
{
    struct change *change = change_new(chat, txn);

    if (chat_settings_read(txn, scope, room, &change->settings) == DB_ERROR)
        return DB_ERROR;
    change->scope = scope;
    change->room_arn = room->arn;
    change->event = event;
    txn_on_commit(txn, apply_event, change);
    return DB_DONE;
}

static void apply_room(void *context)
{
    struct change *change = context;

    pthread_mutex_lock(&change->chat->lock);
    struct chat_room *room = chat_room_find(change->chat, change->room_arn);
    if (room != NULL)
        chat_room_set(room, &change->settings);
    pthread_mutex_unlock(&change->chat->lock);
}

enum db_result chat_note_room(struct chat *chat, struct txn *txn, struct scope scope,
                              const struct room *room)
{
    struct change *change = change_new(chat, txn);

    if (chat_settings_read(txn, scope, room, &change->settings) == DB_ERROR)
        return DB_ERROR;
    change->room_arn = room->arn;
    txn_on_commit(txn, apply_room, change);
    return DB_DONE;
}

static void apply_deletion(void *context)
{
    const struct change *change = context;

    pthread_mutex_lock(&change->chat->lock);
    struct chat_room *room = chat_room_find(change->chat, change->room_arn);
    if (room != NULL)
        delete_room(change->chat, room);
    pthread_mutex_unlock(&change->chat->lock);
}

void chat_note_deleted_room(struct chat *chat, struct txn *txn, const char *room_arn)
{
    struct change *change = change_new(chat, txn);

    change->room_arn = room_arn;
    txn_on_commit(txn, apply_deletion, change);
}

static void replace_destinations(struct chat *chat, struct chat_room *room, void *context)
{
    const struct logging_configuration *configuration = context;

    (void)chat;
    for (size_t i = 0; i < room->settings.destination_count; i++) {
        struct chat_destination *destination = &room->settings.destinations[i];
        if (strcmp(destination->configuration_arn, configuration->arn) == 0)
            chat_destination_set(destination, configuration);
    }
}

static void apply_logging(void *context)
{
    struct change *change = context;

    pthread_mutex_lock(&change->chat->lock);
    chat_room_each(change->chat, replace_destinations, &change->configuration);
    pthread_mutex_unlock(&change->chat->lock);
}

void chat_note_logging(struct chat *chat, struct txn *txn,
                       const struct logging_configuration *configuration)
{
    struct change *change = change_new(chat, txn);

    change->configuration = *configuration;
    txn_on_commit(txn, apply_logging, change);
}

void chat_count(struct chat *chat, struct chat_counts *out)
{
    pthread_mutex_lock(&chat->lock);
    *out = chat->counts;
    pthread_mutex_unlock(&chat->lock);
    if (chat->review != NULL)
        review_count(chat->review, &out->reviews);
    if (chat->logs != NULL)
        log_writer_count(chat->logs, &out->logs);
}
