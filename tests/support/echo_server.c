#include "echo_server.h"

#include "base/arena.h"
#include "base/memory.h"
#include "gate.h"
#include "http/server.h"
#include "http/websocket.h"

#include <stdlib.h>
#include <string.h>

enum {
    LARGE_MESSAGE_BYTES = 16 * 1024 * 1024,
    LARGE_QUEUE_BYTES = 64 * 1024 * 1024,
    LARGE_FRAGMENTS = 100000,
    SMALL_MESSAGE_BYTES = 1024,
    SMALL_FRAGMENTS = 4,
    PING_MS = 20,
    IDLE_MS = 50,
    FLOOD_QUEUE_BYTES = 2 * 1024 * 1024,
    FLOOD_TIMES = 100,
    AN_HOUR_MS = 60 * 60 * 1000,
    GRACE_MS = 1000,
};

enum { MAX_PATHS = 8 };

typedef void echo_function(struct websocket *websocket,
                           const struct websocket_message *message);

struct echo_path {
    const char *path;
    echo_function *answer;
    struct websocket_options options;
};

struct echo_server {
    struct arena *arena;
    struct poller *poller;
    struct allowance *connections;
    struct http_server *http;
    struct websocket_endpoint endpoints[MAX_PATHS]; /* as many as there are paths */
    struct gate over;                               /* connections */
};

/* Of one connection. */
struct echo_context {
    struct echo_server *server;
    const struct echo_path *path;
};

static void send_back(struct websocket *websocket,
                      const struct websocket_message *message)
{
    struct blob *frame =
        websocket_frame(message->opcode, message->bytes, message->length);

    websocket_send(websocket, frame);
    blob_unref(frame);
}

static void close_as_told(struct websocket *websocket,
                          const struct websocket_message *message)
{
    char *reason;
    int code = (int)strtol(message->bytes, &reason, 10);

    websocket_close(websocket, code, reason + strspn(reason, " "));
}

static void flood(struct websocket *websocket, const struct websocket_message *message)
{
    struct blob *frame =
        websocket_frame(message->opcode, message->bytes, message->length);

    for (int i = 0; i < FLOOD_TIMES; i++)
        websocket_send(websocket, frame);
    blob_unref(frame);
}

#define LARGE                                                                            \
    {                                                                                    \
        .limits = {LARGE_MESSAGE_BYTES, LARGE_FRAGMENTS},                                \
        .queue_max_bytes = LARGE_QUEUE_BYTES, .ping_ms = 0, .idle_ms = 0,                \
        .close_ms = AN_HOUR_MS                                                           \
    }

static const struct echo_path paths[] = {
    {"/",      send_back,     LARGE                 },
    {"/close", close_as_told, LARGE                 },
    {"/small",
     send_back,               {.limits = {SMALL_MESSAGE_BYTES, SMALL_FRAGMENTS},
      .queue_max_bytes = WEBSOCKET_QUEUE_MAX_BYTES,
      .close_ms = WEBSOCKET_CLOSE_MS}},
    {"/pings",
     send_back,               {.limits = {SMALL_MESSAGE_BYTES, SMALL_FRAGMENTS},
      .queue_max_bytes = WEBSOCKET_QUEUE_MAX_BYTES,
      .ping_ms = PING_MS,
      .idle_ms = AN_HOUR_MS,
      .close_ms = WEBSOCKET_CLOSE_MS}},
    {"/idle",
     send_back,               {.limits = {SMALL_MESSAGE_BYTES, SMALL_FRAGMENTS},
      .queue_max_bytes = WEBSOCKET_QUEUE_MAX_BYTES,
      .idle_ms = IDLE_MS,
      .close_ms = WEBSOCKET_CLOSE_MS}},
    {"/flood",
     flood,                   {.limits = {LARGE_MESSAGE_BYTES, LARGE_FRAGMENTS},
      .queue_max_bytes = FLOOD_QUEUE_BYTES,
      .close_ms = AN_HOUR_MS}            },
};
_Static_assert(COUNT_OF(paths) <= MAX_PATHS, "one endpoint for each");

static void on_open(struct websocket *websocket, void *context)
{
    (void)websocket;
    (void)context;
}

static void on_message(struct websocket *websocket, void *context,
                       const struct websocket_message *message)
{
    const struct echo_context *echo = context;

    echo->path->answer(websocket, message);
}

static void on_close(struct websocket *websocket, void *context, int code,
                     const char *reason)
{
    (void)websocket;
    (void)context;
    (void)code;
    (void)reason;
}

static void release(void *context)
{
    struct echo_context *echo = context;

    gate_pass(&echo->server->over);
    free(echo);
}

static const struct websocket_handler handler = {on_open, on_message, on_close, release};

static size_t find_path(const char *target)
{
    size_t i = 0;

    while (i < COUNT_OF(paths) && strcmp(paths[i].path, target) != 0)
        i++;
    return i;
}

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    static const char *const protocols[] = {"echo.v1", "echo.v2", NULL};
    struct echo_server *server = context;
    struct websocket_offer offer;
    size_t at = find_path(request->target);

    if (at == COUNT_OF(paths)) {
        response->status = 404;
        return;
    }
    if (!http_websocket_offer(request, response, &offer))
        return;
    struct echo_context *echo = mem_alloc(sizeof(*echo));
    *echo = (struct echo_context){server, &paths[at]};
    http_respond_websocket(response, &offer, websocket_choose(&offer, protocols),
                           &server->endpoints[at], echo);
}

struct echo_server *echo_server_start(size_t max_connections)
{
    struct echo_server *server = mem_zalloc(sizeof(*server));
    const struct http_options options = {.host = "127.0.0.1",
                                         .body_limit = SMALL_MESSAGE_BYTES,
                                         .handler = handle,
                                         .context = server};
    const char *why = NULL;

    server->arena = arena_new();
    gate_init(&server->over);
    server->poller = poller_start();
    server->connections = allowance_new(max_connections, "WebSockets");
    for (size_t i = 0; i < COUNT_OF(paths); i++)
        server->endpoints[i] = (struct websocket_endpoint){
            server->poller, &handler, &paths[i].options, server->connections};
    if (server->poller != NULL)
        server->http = http_server_start(&options, server->arena, &why);
    if (server->http == NULL) {
        echo_server_stop(server);
        return NULL;
    }
    return server;
}

void echo_server_stop(struct echo_server *server)
{
    http_server_stop(server->http, GRACE_MS);
    poller_stop(server->poller);
    allowance_free(server->connections);
    gate_done(&server->over);
    arena_free(server->arena);
    free(server);
}

int echo_server_port(const struct echo_server *server)
{
    return http_server_port(server->http);
}

void echo_server_expect_over(struct echo_server *server, int count)
{
    gate_expect(&server->over, count);
}
