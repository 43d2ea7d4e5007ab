/*
 * The handshake of a connection: its token is the only subprotocol that it offers.
 */
#include "chat/chat.h"

#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "chat/token.h"
#include "connection_internal.h"
#include "data/chat_token.h"
#include "frame_internal.h"
#include "room_internal.h"

#include <string.h>
#include <strings.h>

/* The statuses of refusals. Fidelity: ivschat-messaging-1 */
enum {
    ACCEPTED = 0,
    UNAUTHORIZED = 401, /* the token */
    FORBIDDEN = 403,    /* the room */
    TOO_MANY = 429,
    FAILED = 500,
    UNAVAILABLE = 503,
};

struct handshake {
    struct chat *chat;
    const struct http_request *request;
    struct http_response *response;
    const char *text; /* of the token */
    struct chat_token token;
    struct chat_connection *connection; /* with the reference of its WebSocket */
    struct chat_settings settings;      /* of its room */
    const char *why;                    /* it is refused: a sentence for the client */
};

bool chat_is_asked_for(const struct http_request *request)
{
    const char *upgrade = http_request_header(request, "Upgrade");
    const char *element;
    size_t length;

    while (upgrade != NULL &&
           (element = http_header_next_element(&upgrade, &length)) != NULL) {
        if (length == strlen("websocket") &&
            strncasecmp(element, "websocket", length) == 0)
            return true;
    }
    return false;
}

static int refuse_handshake(struct handshake *handshake, int status, const char *why)
{
    handshake->why = why;
    return status;
}

/* The room is stored; nobody else has the store until this returns. */
static void enter_room(void *context)
{
    struct handshake *handshake = context;
    struct chat *chat = handshake->chat;

    pthread_mutex_lock(&chat->lock);
    connection_enter(handshake->connection,
                     chat_room_get(chat, handshake->token.room_arn,
                                   handshake->token.scope, &handshake->settings));
    pthread_mutex_unlock(&chat->lock);
}

/* The quota is that of one account. Here the connections of all accounts count, whose
 * number is known. */
static bool is_over_quota(struct handshake *handshake)
{
    struct chat *chat = handshake->chat;

    pthread_mutex_lock(&chat->lock);
    bool is_over =
        chat->parts.quotas && chat->counts.connections >= chat->parts.max_connections;
    pthread_mutex_unlock(&chat->lock);
    return is_over;
}

/* Uses the token: a second handshake with it will be refused. */
static int use_token(struct handshake *handshake, struct txn *txn)
{
    switch (chat_token_use(
        txn, handshake->token.scope, handshake->token.id, handshake->token.expires_ms,
        clock_scope_ms(handshake->chat->parts.clock, handshake->token.scope))) {
    case DB_DONE:
        return ACCEPTED;
    case DB_NONE:
        return refuse_handshake(handshake, UNAUTHORIZED, "The token was used before");
    case DB_ROW:
    case DB_ERROR:
        break;
    }
    return refuse_handshake(handshake, FAILED, "The database failed");
}

static int find_room(struct handshake *handshake, struct txn *txn)
{
    struct room room;

    switch (room_find(txn, handshake->token.scope, handshake->token.room_arn, &room)) {
    case DB_ROW:
        break;
    case DB_NONE:
        return refuse_handshake(handshake, FORBIDDEN, "The room does not exist");
    case DB_DONE:
    case DB_ERROR:
        return refuse_handshake(handshake, FAILED, "The database failed");
    }
    if (chat_settings_read(txn, handshake->token.scope, &room, &handshake->settings) ==
        DB_ERROR)
        return refuse_handshake(handshake, FAILED, "The database failed");
    return ACCEPTED;
}

static int read_token(struct handshake *handshake, struct txn *txn)
{
    unsigned char key[SEAL_KEY_BYTES];

    enum db_result found = chat_key_read(txn, key);
    if (found == DB_ERROR)
        return refuse_handshake(handshake, FAILED, "The database failed");
    if (found == DB_NONE || chat_token_read(handshake->request->arena, key,
                                            handshake->text, &handshake->token) != 0)
        return refuse_handshake(handshake, UNAUTHORIZED,
                                "The token is not one of this server's");
    int64_t now_ms = clock_scope_ms(handshake->chat->parts.clock, handshake->token.scope);
    if (now_ms >= handshake->token.expires_ms ||
        now_ms >= handshake->token.session_expires_ms)
        return refuse_handshake(handshake, UNAUTHORIZED, "The token has expired");
    return ACCEPTED;
}

/* Whether a fault is for the handshake: it names the room. */
static bool handshake_names(const void *context, const char *arn)
{
    const struct handshake *handshake = context;

    return strcmp(handshake->token.room_arn, arn) == 0;
}

static int apply_fault(struct handshake *handshake)
{
    const struct fault_target target = {
        .scope = handshake->token.scope,
        .service = CHAT_SERVICE,
        .operation = CHAT_CONNECT,
        .names = handshake_names,
        .call = handshake,
    };
    struct fault fault;

    if (!faults_apply(handshake->chat->parts.faults, &target, handshake->request->arena,
                      &fault))
        return ACCEPTED;
    handshake->response->delay_ms = fault.latency_ms;
    switch (fault.connection) {
    case FAULT_RESPONDS:
        if (fault.error_status == 0)
            return ACCEPTED;
        return refuse_handshake(handshake, fault.error_status, chat_fault_text(&fault));
    case FAULT_CLOSE:
    case FAULT_TRUNCATE:
        handshake->response->ending = HTTP_DROPPED;
        break;
    case FAULT_GATEWAY:
        break;
    }
    return refuse_handshake(handshake, UNAVAILABLE, "Service Unavailable");
}

/* So that the first message need not wait for it. */
static void prepare_review(const struct handshake *handshake)
{
    struct review *review = handshake->chat->review;
    const char *uri = handshake->settings.review_uri;

    if (review != NULL && uri[0] != '\0' && review_is_configured(review, uri))
        review_prepare(review);
}

/* A connection for the token, which enters its room with the commit. */
static void add_connection(struct handshake *handshake, struct txn *txn)
{
    struct chat *chat = handshake->chat;

    pthread_mutex_lock(&chat->lock);
    handshake->connection =
        connection_new(chat, &handshake->token, http_request_address(handshake->request),
                       clock_scope_ms(chat->parts.clock, handshake->token.scope));
    pthread_mutex_unlock(&chat->lock);
    txn_on_commit(txn, enter_room, handshake);
}

static void drop_connection(struct handshake *handshake)
{
    pthread_mutex_lock(&handshake->chat->lock);
    connection_unref(handshake->connection);
    pthread_mutex_unlock(&handshake->chat->lock);
    handshake->connection = NULL;
}

static int accept_token(struct handshake *handshake)
{
    struct txn *txn AUTO(txn_abandon) =
        txn_begin(handshake->chat->parts.store, handshake->request->arena, TXN_WRITE);
    int status = read_token(handshake, txn);

    if (status == ACCEPTED)
        status = apply_fault(handshake);
    if (status == ACCEPTED)
        status = find_room(handshake, txn);
    if (status == ACCEPTED && is_over_quota(handshake))
        status = refuse_handshake(handshake, TOO_MANY, "Too many connections are open");
    if (status == ACCEPTED)
        status = use_token(handshake, txn);
    if (status != ACCEPTED)
        return status;
    add_connection(handshake, txn);
    if (txn_commit(&txn) != DB_ERROR) {
        prepare_review(handshake);
        return ACCEPTED;
    }
    drop_connection(handshake);
    return refuse_handshake(handshake, FAILED, "The database failed");
}

static int check_offer(struct handshake *handshake, const struct websocket_offer *offer)
{
    if (offer->protocols[0] == NULL)
        return refuse_handshake(handshake, UNAUTHORIZED,
                                "The chat token must be the subprotocol");
    if (offer->protocols[1] != NULL)
        return refuse_handshake(handshake, UNAUTHORIZED,
                                "The chat token must be the only subprotocol");
    handshake->text = offer->protocols[0];
    if (!chat_token_is_possible(handshake->text))
        return refuse_handshake(handshake, UNAUTHORIZED,
                                "The subprotocol is not a chat token");
    if (!chat_open(handshake->chat))
        return refuse_handshake(handshake, UNAVAILABLE, "Messaging is not available");
    return ACCEPTED;
}

static void respond_refusal(const struct handshake *handshake, int status)
{
    cJSON *body AUTO(json_done) = cJSON_CreateObject();
    char reason[LOG_QUOTED_BYTES];

    log_info("chat connection refused", "status=%d reason=%s", status,
             log_quoted(handshake->why, reason));
    cJSON_AddStringToObject(body, "message", handshake->why);
    char *text = json_print(body);
    handshake->response->status = status;
    http_respond_memory(handshake->response, text, strlen(text));
    http_response_header(handshake->response, "Content-Type", "application/json");
}

void chat_respond(struct chat *chat, const struct http_request *request,
                  struct http_response *response)
{
    struct handshake handshake = {.chat = chat, .request = request, .response = response};
    struct websocket_offer offer;

    if (!http_websocket_offer(request, response, &offer))
        return;
    int status = check_offer(&handshake, &offer);
    if (status == ACCEPTED)
        status = accept_token(&handshake);
    if (status == ACCEPTED)
        http_respond_websocket(response, &offer, handshake.text, &chat->endpoint,
                               handshake.connection);
    else
        respond_refusal(&handshake, status);
}
