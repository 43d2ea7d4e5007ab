#include "message_internal.h"

#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "chat/review.h"
#include "connection_internal.h"
#include "frame_internal.h"
#include "outbox_internal.h"
#include "room_internal.h"

#include <stdlib.h>

/* Of one connection: with the rate of its requests and the time of a review there are
 * never as many, unless the handler is slow to fail. */
enum { REVIEWED_MAX = 64 };

/* What becomes of a message. */
enum verdict { UNDER_REVIEW, DELIVERED, REJECTED };

/* A message that is under review, or waits for those that were sent before it. Texts are
 * owned. */
struct reviewed {
    struct reviewed *next;
    struct chat_connection *connection;
    struct chat_room *room;
    enum verdict verdict;
    char *id;
    char *request_id;
    char *content;
    char *attributes; /* JSON; NULL: none */
    char *reason;     /* of a rejection; NULL: none */
};

static char *copy_or_null(const char *text)
{
    return text != NULL ? chat_copy_text(text) : NULL;
}

static struct reviewed *reviewed_new(struct chat_connection *connection,
                                     const struct chat_request *request)
{
    struct reviewed *message = mem_zalloc(sizeof(*message));
    struct arena *arena AUTO(arena_done) = arena_new();

    message->connection = connection_ref(connection);
    message->room = chat_room_ref(connection->room);
    message->id = chat_copy_text(chat_make_id(connection->chat, arena));
    message->request_id = chat_copy_text(request->request_id);
    message->content = chat_copy_text(request->content);
    message->attributes = copy_or_null(request->attributes);
    return message;
}

static void reviewed_free(struct reviewed *message)
{
    chat_room_unref(message->connection->chat, message->room);
    connection_unref(message->connection);
    free(message->id);
    free(message->request_id);
    free(message->content);
    free(message->attributes);
    free(message->reason);
    free(message);
}

static void deliver_message(const struct reviewed *message)
{
    const struct chat_connection *connection = message->connection;
    struct chat *chat = connection->chat;
    struct arena *arena AUTO(arena_done) = arena_new();
    int64_t now_ms = clock_scope_ms(chat->parts.clock, message->room->scope);
    const struct message_frame frame = {
        .id = message->id,
        .request_id = message->request_id,
        .content = message->content,
        .attributes = message->attributes,
        .user_id = connection->user_id,
        .user_attributes = connection->attributes,
        .send_time = frame_time(arena, outbox_time_ns(chat, message->room, now_ms)),
    };

    if (message->room->deleted)
        return;
    chat->counts.messages++;
    outbox_publish(
        chat, message->room,
        &(struct outbox_text){FRAME_MESSAGE, frame_of_message(arena, &frame), now_ms});
}

/* Fidelity: ivschat-messaging-6 */
static void reject_message(const struct reviewed *message)
{
    bool has_reason = message->reason != NULL && message->reason[0] != '\0';

    outbox_fail(message->connection, message->request_id, CHAT_REJECTED,
                has_reason ? message->reason : "The message was rejected by review");
}

/* Delivers or rejects the messages of a connection up to the first one whose review is
 * not over. */
static void release_messages(struct chat_connection *connection)
{
    struct chat_connection *held = connection_ref(connection); /* for the last message */
    struct reviewed *message = connection->first_reviewed;

    while (message != NULL && message->verdict != UNDER_REVIEW) {
        connection->first_reviewed = message->next;
        if (message->next == NULL)
            connection->last_reviewed = &connection->first_reviewed;
        connection->reviewed_count--;
        if (message->verdict == DELIVERED)
            deliver_message(message);
        else
            reject_message(message);
        reviewed_free(message);
        message = connection->first_reviewed;
    }
    connection_unref(held);
}

/* The message as its review says. */
static void apply_result(struct reviewed *message, const struct review_result *result)
{
    bool is_denied = message->room->settings.denies_by_default;

    message->verdict = DELIVERED;
    switch (result->outcome) {
    case REVIEW_ALLOWED:
        free(message->content);
        message->content = chat_copy_text(result->content);
        if (result->attributes != NULL) {
            free(message->attributes);
            message->attributes = chat_copy_text(result->attributes);
        }
        break;
    case REVIEW_DENIED:
        message->verdict = REJECTED;
        message->reason = copy_or_null(result->reason);
        break;
    case REVIEW_FAILED:
        message->verdict = is_denied ? REJECTED : DELIVERED;
        break;
    case REVIEW_UNCONFIGURED:
        break;
    }
}

/* In a thread of the reviews. */
static void finish_review(void *context, const struct review_result *result)
{
    struct reviewed *message = context;
    struct chat *chat = message->connection->chat;

    pthread_mutex_lock(&chat->lock);
    apply_result(message, result);
    release_messages(message->connection);
    pthread_mutex_unlock(&chat->lock);
}

/* The input of the handler. Fidelity: ivschat-messaging-7 */
static const char *review_event(struct arena *arena, const struct reviewed *message)
{
    const struct chat_connection *connection = message->connection;
    cJSON *event AUTO(json_done) = cJSON_CreateObject();

    json_add_text(event, "Content", message->content);
    json_add_text(event, "MessageId", message->id);
    json_add_text(event, "RoomArn", message->room->arn);
    json_add_stored(event, "Attributes",
                    message->attributes != NULL ? message->attributes : "null");
    cJSON *sender = cJSON_AddObjectToObject(event, "Sender");
    json_add_text(sender, "UserId", connection->user_id);
    json_add_stored(sender, "Attributes", connection->attributes);
    json_add_text(sender, "Ip", connection->address);
    return json_text(arena, event);
}

void message_review(struct reviewed *message)
{
    struct chat *chat = message->connection->chat;
    struct arena *arena AUTO(arena_done) = arena_new();

    /* Nobody else changes these while the message is under review; the settings of its
     * room may change. */
    pthread_mutex_lock(&chat->lock);
    const struct review_request request = {
        .scope = message->room->scope,
        .uri = arena_strdup(arena, message->room->settings.review_uri),
        .event = review_event(arena, message),
        .maximum_message_length = message->room->settings.maximum_message_length,
    };
    pthread_mutex_unlock(&chat->lock);
    review_start(chat->review, &request, finish_review, message);
}

static bool is_reviewed(const struct chat_connection *connection)
{
    const char *uri = connection->room->settings.review_uri;
    struct review *review = connection->chat->review;

    return uri[0] != '\0' && review != NULL && review_is_configured(review, uri);
}

struct reviewed *message_send(struct chat_connection *connection,
                              const struct chat_request *request)
{
    if (connection->reviewed_count >= REVIEWED_MAX) {
        outbox_fail(connection, request->request_id, CHAT_TOO_MANY,
                    "Too many messages are under review");
        return NULL;
    }
    struct reviewed *message = reviewed_new(connection, request);
    *connection->last_reviewed = message;
    connection->last_reviewed = &message->next;
    connection->reviewed_count++;
    if (is_reviewed(connection))
        return message;
    message->verdict = DELIVERED;
    release_messages(connection);
    return NULL;
}
