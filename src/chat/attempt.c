#include "attempt_internal.h"

#include "base/utf8.h"
#include "chat/request.h"
#include "connection_internal.h"
#include "delay_internal.h"
#include "frame_internal.h"
#include "message_internal.h"
#include "outbox_internal.h"
#include "room_internal.h"

#include <inttypes.h>
#include <string.h>

/* Requests per second. Fidelity: ivschat-messaging-5 */
enum {
    CONNECTION_RATE = 10, /* of any kind, of one connection: AWS never raises it */
    ACCOUNT_MESSAGE_RATE = 1000,
    ACCOUNT_MODERATION_RATE = 100, /* of one kind, by both APIs together */
};

/* The operations of the API with the same rate as the actions of messages. */
static const char *const rate_names[] = {
    [CHAT_ACTION_SEND_MESSAGE] = "SEND_MESSAGE",
    [CHAT_ACTION_DELETE_MESSAGE] = "DeleteMessage",
    [CHAT_ACTION_DISCONNECT_USER] = "DisconnectUser",
};

static const enum chat_capability capability_of[] = {
    [CHAT_ACTION_SEND_MESSAGE] = CHAT_SEND_MESSAGE,
    [CHAT_ACTION_DELETE_MESSAGE] = CHAT_DELETE_MESSAGE,
    [CHAT_ACTION_DISCONNECT_USER] = CHAT_DISCONNECT_USER,
};

/* A request that is being processed. */
struct attempt {
    struct chat_connection *connection;
    struct arena *arena;
    struct blob *text; /* valid until the attempt is over */
    bool is_resumed;   /* after a fault's delay: the checks before that are done */
    int64_t now_ms;
    struct chat_request request;
    struct reviewed *to_review; /* NULL: no review is to be started */
};

/* Sends an error. Returns false. */
static bool refuse_request(struct attempt *attempt, enum chat_error_code code,
                           const char *message)
{
    outbox_fail(attempt->connection, attempt->request.request_id, code, message);
    return false;
}

void attempt_end_session(struct chat_connection *connection, const char *request_id)
{
    outbox_fail(connection, request_id, CHAT_UNAUTHORIZED, "The session has expired");
    outbox_end(connection, WEBSOCKET_NORMAL, "the session has expired");
}

bool attempt_session_is_over(const struct chat_connection *connection, int64_t now_ms)
{
    return now_ms >= connection->session_expires_ms;
}

/* Checks whether the client may make the request now. */
static bool check_capability(struct attempt *attempt)
{
    enum chat_action action = attempt->request.action;

    if (attempt->connection->capabilities & capability_of[action])
        return true;
    return refuse_request(attempt, CHAT_FORBIDDEN,
                          arena_printf(attempt->arena, "The token does not allow %s",
                                       chat_request_names[action]));
}

static bool check_connection_rate(struct attempt *attempt)
{
    if (throttle_bucket_take(&attempt->connection->requests, CONNECTION_RATE,
                             attempt->now_ms))
        return true;
    return refuse_request(attempt, CHAT_TOO_MANY,
                          arena_printf(attempt->arena,
                                       "At most %d requests per second are allowed for a "
                                       "connection",
                                       CONNECTION_RATE));
}

static bool check_account_rate(struct attempt *attempt)
{
    const struct chat_connection *connection = attempt->connection;
    enum chat_action action = attempt->request.action;
    int rate = action == CHAT_ACTION_SEND_MESSAGE ? ACCOUNT_MESSAGE_RATE
                                                  : ACCOUNT_MODERATION_RATE;
    struct throttle *throttle = connection->chat->parts.throttle;

    if (throttle == NULL || throttle_take(throttle,
                                          throttle_key(CHAT_SERVICE, rate_names[action],
                                                       connection->room->scope, NULL),
                                          rate, attempt->now_ms))
        return true;
    return refuse_request(
        attempt, CHAT_TOO_MANY,
        arena_printf(attempt->arena,
                     "At most %d requests per second are allowed for an account", rate));
}

/* The limits that the room itself sets. */
static bool check_room_rate(struct attempt *attempt)
{
    struct chat_room *room = attempt->connection->room;
    int64_t rate = room->settings.maximum_message_rate_per_second;

    if (throttle_bucket_take(&room->messages, rate, attempt->now_ms))
        return true;
    return refuse_request(attempt, CHAT_TOO_MANY,
                          arena_printf(attempt->arena,
                                       "At most %" PRId64
                                       " messages per second are allowed for the room",
                                       rate));
}

static bool check_length(struct attempt *attempt)
{
    int64_t max = attempt->connection->room->settings.maximum_message_length;

    if ((int64_t)utf8_chars(attempt->request.content) <= max)
        return true;
    return refuse_request(
        attempt, CHAT_BAD_REQUEST,
        arena_printf(attempt->arena, "Messages must be at most %" PRId64 " chars", max));
}

static bool check_members(struct attempt *attempt)
{
    return attempt->request.fault == CHAT_OK
               ? true
               : refuse_request(attempt, attempt->request.fault,
                                attempt->request.fault_text);
}

/* The actions. */

static void publish_event(struct attempt *attempt, const char *name,
                          const char *attributes)
{
    struct chat *chat = attempt->connection->chat;

    outbox_publish_event(chat, attempt->connection->room,
                         &(struct outbox_event){.id = chat_make_id(chat, attempt->arena),
                                                .request_id = attempt->request.request_id,
                                                .name = name,
                                                .attributes = attributes,
                                                .now_ms = attempt->now_ms});
}

static void run_action(struct attempt *attempt)
{
    const struct chat_request *request = &attempt->request;

    switch (request->action) {
    case CHAT_ACTION_SEND_MESSAGE:
        attempt->to_review = message_send(attempt->connection, request);
        break;
    case CHAT_ACTION_DELETE_MESSAGE:
        publish_event(
            attempt, CHAT_EVENT_DELETE_MESSAGE,
            chat_deletion_attributes(attempt->arena, request->id, request->reason));
        break;
    case CHAT_ACTION_DISCONNECT_USER:
        publish_event(attempt, CHAT_EVENT_DISCONNECT_USER,
                      chat_disconnection_attributes(attempt->arena, request->user_id,
                                                    request->reason));
        outbox_disconnect(attempt->connection->chat, attempt->connection->room,
                          request->user_id);
        break;
    }
}

/* Faults. */

static void process_bytes(struct chat_connection *connection, struct blob *bytes,
                          bool is_resumed);

static void resume_request(struct chat_connection *connection, struct blob *bytes)
{
    process_bytes(connection, bytes, true);
}

static void end_delayed(struct chat_connection *connection, struct blob *bytes)
{
    (void)bytes;
    websocket_abort(connection->ws);
}

/* Whether a fault is for this connection: it names the room. */
static bool request_names(const void *context, const char *arn)
{
    const struct chat_room *room = context;

    return strcmp(room->arn, arn) == 0;
}

static bool delay_request(struct attempt *attempt, int64_t latency_ms)
{
    struct blob *copy = blob_new(attempt->text->bytes, attempt->text->length);
    bool is_delayed = delay_start(attempt->connection, copy, latency_ms, resume_request);

    blob_unref(copy);
    return is_delayed;
}

static bool delay_error(struct attempt *attempt, const struct fault *fault)
{
    struct blob *frame = outbox_error_frame(
        attempt->connection, attempt->request.request_id,
        (enum chat_error_code)fault->error_status, chat_fault_text(fault));
    bool is_delayed = delay_frame(attempt->connection, frame, fault->latency_ms);

    blob_unref(frame);
    return is_delayed;
}

/* Does what the fault says, after its latency. False: too much is delayed already. */
static bool run_fault(struct attempt *attempt, const struct fault *fault)
{
    if (fault->connection != FAULT_RESPONDS)
        return delay_start(attempt->connection, attempt->text, fault->latency_ms,
                           end_delayed);
    if (fault->error_status != 0)
        return delay_error(attempt, fault);
    return delay_request(attempt, fault->latency_ms);
}

/* Applies a fault to the request. False: it must not be processed, at least not now. */
static bool pass_faults(struct attempt *attempt)
{
    struct chat_connection *connection = attempt->connection;
    const struct fault_target target = {
        .scope = connection->room->scope,
        .service = CHAT_SERVICE,
        .operation = chat_request_names[attempt->request.action],
        .names = request_names,
        .call = connection->room,
    };
    struct fault fault;

    if (attempt->is_resumed ||
        !faults_apply(connection->chat->parts.faults, &target, attempt->arena, &fault))
        return true;
    if (!run_fault(attempt, &fault))
        outbox_end(connection, WEBSOCKET_POLICY_VIOLATION,
                   "too many requests are delayed");
    return false;
}

/* Requests. */

/* The order of these checks is a guess. Fidelity: ivschat-messaging-9 */
static void process_attempt(struct attempt *attempt)
{
    struct chat_connection *connection = attempt->connection;
    const char *why = NULL;
    enum chat_error_code code =
        chat_request_read(attempt->arena, attempt->text->bytes, attempt->text->length,
                          &attempt->request, &why);
    bool is_message =
        code == CHAT_OK && attempt->request.action == CHAT_ACTION_SEND_MESSAGE;

    if (attempt_session_is_over(connection, attempt->now_ms)) {
        attempt_end_session(connection, attempt->request.request_id);
        return;
    }
    if (!attempt->is_resumed && !check_connection_rate(attempt))
        return;
    if (code != CHAT_OK) {
        refuse_request(attempt, code, why);
        return;
    }
    if (connection->room->deleted) {
        refuse_request(attempt, CHAT_NOT_FOUND, "The room does not exist");
        return;
    }
    if (!pass_faults(attempt) || !check_capability(attempt) || !check_members(attempt) ||
        (is_message && !check_length(attempt)) || !check_account_rate(attempt) ||
        (is_message && !check_room_rate(attempt)))
        return;
    run_action(attempt);
}

static void process_bytes(struct chat_connection *connection, struct blob *bytes,
                          bool is_resumed)
{
    struct chat *chat = connection->chat;
    struct arena *arena AUTO(arena_done) = arena_new();
    struct attempt attempt = {
        .connection = connection,
        .arena = arena,
        .text = bytes,
        .is_resumed = is_resumed,
    };

    pthread_mutex_lock(&chat->lock);
    if (connection->room != NULL) {
        attempt.now_ms = clock_scope_ms(chat->parts.clock, connection->room->scope);
        process_attempt(&attempt);
    }
    pthread_mutex_unlock(&chat->lock);
    if (attempt.to_review != NULL)
        message_review(attempt.to_review);
}

void attempt_process(struct chat_connection *connection, struct blob *bytes)
{
    process_bytes(connection, bytes, false);
}
