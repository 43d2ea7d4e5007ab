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

static int refuse_handshake(struct handshake *h, int status, const char *why)
{
    h->why = why;
    return status;
}

/* The room is stored; nobody else has the store until this returns. */
static void enter_room(void *context)
{
    struct handshake *h = context;
    struct chat *chat = h->chat;

    pthread_mutex_lock(&chat->lock);
    connection_enter(h->connection, chat_room_get(chat, h->token.room_arn, h->token.scope,
                                                  &h->settings));
    pthread_mutex_unlock(&chat->lock);
}

static void count_in_scope(struct chat *chat, struct chat_room *room, void *context)
{
    struct handshake *h = context;

    (void)chat;
    if (strcmp(room->scope.account, h->token.scope.account) != 0 ||
        strcmp(room->scope.region, h->token.scope.region) != 0)
        return;
    for (const struct chat_connection *c = room->first; c != NULL; c = c->next)
        h->connection->number++;
}

static bool is_over_quota(struct handshake *h)
{
    struct chat *chat = h->chat;
    struct chat_connection counted = {0};
    struct handshake counting = {.token = h->token, .connection = &counted};

    pthread_mutex_lock(&chat->lock);
    if (chat->parts.quotas && chat->counts.connections >= CHAT_MAX_CONNECTIONS)
        chat_room_each(chat, count_in_scope, &counting);
    pthread_mutex_unlock(&chat->lock);
    return counted.number >= CHAT_MAX_CONNECTIONS;
}

/* Uses the token: a second handshake with it will be refused. */
static int use_token(struct handshake *h, struct txn *txn)
{
    switch (chat_token_use(txn, h->token.scope, h->token.id, h->token.expires_ms,
                           clock_now_ms(h->chat->parts.clock))) {
    case DB_DONE:
        return ACCEPTED;
    case DB_NONE:
        return refuse_handshake(h, UNAUTHORIZED, "The token was used before");
    case DB_ROW:
    case DB_ERROR:
        break;
    }
    return refuse_handshake(h, FAILED, "The database failed");
}

static int find_room(struct handshake *h, struct txn *txn)
{
    struct room room;

    switch (room_find(txn, h->token.scope, h->token.room_arn, &room)) {
    case DB_ROW:
        break;
    case DB_NONE:
        return refuse_handshake(h, FORBIDDEN, "The room does not exist");
    case DB_DONE:
    case DB_ERROR:
        return refuse_handshake(h, FAILED, "The database failed");
    }
    if (chat_settings_read(txn, h->token.scope, &room, &h->settings) == DB_ERROR)
        return refuse_handshake(h, FAILED, "The database failed");
    return ACCEPTED;
}

static int read_token(struct handshake *h, struct txn *txn)
{
    unsigned char key[SEAL_KEY_BYTES];

    if (chat_key_read(txn, h->chat->parts.ids, key) != DB_ROW)
        return refuse_handshake(h, FAILED, "The database failed");
    if (chat_token_read(h->request->arena, key, h->text, &h->token) != 0)
        return refuse_handshake(h, UNAUTHORIZED, "The token is not one of this server's");
    int64_t now_ms = clock_scope_ms(h->chat->parts.clock, h->token.scope);
    if (now_ms >= h->token.expires_ms || now_ms >= h->token.session_expires_ms)
        return refuse_handshake(h, UNAUTHORIZED, "The token has expired");
    return ACCEPTED;
}

/* Whether a fault is for the handshake: it names the room. */
static bool handshake_names(const void *context, const char *arn)
{
    const struct handshake *h = context;

    return strcmp(h->token.room_arn, arn) == 0;
}

static int apply_fault(struct handshake *h)
{
    const struct fault_target target = {
        .scope = h->token.scope,
        .service = CHAT_SERVICE,
        .operation = CHAT_CONNECT,
        .names = handshake_names,
        .call = h,
    };
    struct fault fault;

    if (!faults_apply(h->chat->parts.faults, &target, h->request->arena, &fault))
        return ACCEPTED;
    h->response->delay_ms = fault.latency_ms;
    switch (fault.connection) {
    case FAULT_RESPONDS:
        if (fault.error_status == 0)
            return ACCEPTED;
        return refuse_handshake(h, fault.error_status, chat_fault_text(&fault));
    case FAULT_CLOSE:
    case FAULT_TRUNCATE:
        h->response->ending = HTTP_DROPPED;
        break;
    case FAULT_GATEWAY:
        break;
    }
    return refuse_handshake(h, UNAVAILABLE, "Service Unavailable");
}

/* So that the first message need not wait for it. */
static void prepare_review(const struct handshake *h)
{
    struct review *review = h->chat->review;
    const char *uri = h->settings.review_uri;

    if (review != NULL && uri[0] != '\0' && review_is_configured(review, uri))
        review_prepare(review);
}

/* A connection for the token, which enters its room with the commit. */
static void add_connection(struct handshake *h, struct txn *txn)
{
    struct chat *chat = h->chat;

    pthread_mutex_lock(&chat->lock);
    h->connection = connection_new(chat, &h->token, http_request_address(h->request),
                                   clock_scope_ms(chat->parts.clock, h->token.scope));
    pthread_mutex_unlock(&chat->lock);
    prepare_review(h);
    txn_on_commit(txn, enter_room, h);
}

static void drop_connection(struct handshake *h)
{
    pthread_mutex_lock(&h->chat->lock);
    connection_unref(h->connection);
    pthread_mutex_unlock(&h->chat->lock);
    h->connection = NULL;
}

static int accept_token(struct handshake *h)
{
    struct txn *txn AUTO(txn_abandon) =
        txn_begin(h->chat->parts.store, h->request->arena, TXN_WRITE);
    int status = read_token(h, txn);

    if (status == ACCEPTED)
        status = apply_fault(h);
    if (status == ACCEPTED)
        status = find_room(h, txn);
    if (status == ACCEPTED && is_over_quota(h))
        status = refuse_handshake(h, TOO_MANY, "Too many connections are open");
    if (status == ACCEPTED)
        status = use_token(h, txn);
    if (status != ACCEPTED)
        return status;
    add_connection(h, txn);
    if (txn_commit(&txn) != DB_ERROR)
        return ACCEPTED;
    drop_connection(h);
    return refuse_handshake(h, FAILED, "The database failed");
}

static int check_offer(struct handshake *h, const struct websocket_offer *offer)
{
    if (offer->protocols[0] == NULL)
        return refuse_handshake(h, UNAUTHORIZED,
                                "The chat token must be the subprotocol");
    if (offer->protocols[1] != NULL)
        return refuse_handshake(h, UNAUTHORIZED,
                                "The chat token must be the only subprotocol");
    h->text = offer->protocols[0];
    if (!chat_token_is_possible(h->text))
        return refuse_handshake(h, UNAUTHORIZED, "The subprotocol is not a chat token");
    if (!chat_open(h->chat))
        return refuse_handshake(h, UNAVAILABLE, "Messaging is not available");
    return ACCEPTED;
}

static void respond_refusal(const struct handshake *h, int status)
{
    cJSON *body AUTO(json_done) = cJSON_CreateObject();
    char reason[LOG_QUOTED_BYTES];

    log_info("chat connection refused", "status=%d reason=%s", status,
             log_quoted(h->why, reason));
    cJSON_AddStringToObject(body, "message", h->why);
    char *text = json_print(body);
    h->response->status = status;
    http_respond_memory(h->response, text, strlen(text));
    http_response_header(h->response, "Content-Type", "application/json");
}

void chat_respond(struct chat *chat, const struct http_request *request,
                  struct http_response *response)
{
    struct handshake h = {.chat = chat, .request = request, .response = response};
    struct websocket_offer offer;

    if (!http_websocket_offer(request, response, &offer))
        return;
    int status = check_offer(&h, &offer);
    if (status == ACCEPTED)
        status = accept_token(&h);
    if (status == ACCEPTED)
        http_respond_websocket(response, &offer, h.text, &chat->endpoint, h.connection);
    else
        respond_refusal(&h, status);
}
