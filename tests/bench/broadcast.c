/*
 * The least that a chat server of this project can do: WebSockets of include/http, and
 * everybody gets what anybody sends. It has no rooms, tokens, limits, faults or history.
 *
 *   broadcast PORT
 */
#include "base/arena.h"
#include "base/bug.h"
#include "base/memory.h"
#include "http/server.h"
#include "http/websocket.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { GRACE_MS = 1000, BODY_MAX_BYTES = 1024 };

struct member {
    struct member *next, *previous;
    struct websocket *ws;
    struct host *host;
};

struct host {
    struct websocket_endpoint endpoint;
    struct member *first; /* the poller's */
};

static void on_open(struct websocket *ws, void *context)
{
    struct member *member = context;
    struct host *host = member->host;

    member->ws = ws;
    member->next = host->first;
    if (host->first != NULL)
        host->first->previous = member;
    host->first = member;
}

static void on_message(struct websocket *ws, void *context,
                       const struct websocket_message *message)
{
    const struct member *member = context;
    struct blob *frame =
        websocket_frame(message->opcode, message->bytes, message->length);

    (void)ws;
    for (member = member->host->first; member != NULL; member = member->next)
        websocket_send(member->ws, frame);
    blob_unref(frame);
}

static void on_close(struct websocket *ws, void *context, int code, const char *reason)
{
    struct member *member = context;

    (void)ws;
    (void)code;
    (void)reason;
    *(member->previous != NULL ? &member->previous->next : &member->host->first) =
        member->next;
    if (member->next != NULL)
        member->next->previous = member->previous;
}

static const struct websocket_handler handler = {on_open, on_message, on_close, free};

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct host *host = context;
    struct websocket_offer offer;

    if (!http_websocket_offer(request, response, &offer))
        return;
    struct member *member = mem_zalloc(sizeof(*member));
    member->host = host;
    http_respond_websocket(response, &offer, offer.protocols[0], &host->endpoint, member);
}

static void raise_file_limit(void)
{
    struct rlimit files;

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

int main(int argc, char **argv)
{
    struct host host = {
        .endpoint = {poller_start(), &handler, &websocket_default_options, NULL}
    };
    const struct http_options options = {
        .host = "127.0.0.1",
        .port = argc == 2 ? (int)strtol(argv[1], NULL, 10) : 0,
        .body_limit = BODY_MAX_BYTES,
        .handler = handle,
        .context = &host,
    };
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *why = "no poller";
    int signal_number;
    sigset_t ending;

    raise_file_limit();
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ending, NULL);
    struct http_server *http = http_server_start(&options, arena, &why);
    if (http == NULL)
        BUG("%s", why);
    sigwait(&ending, &signal_number);
    http_server_stop(http, GRACE_MS);
    poller_stop(host.endpoint.poller);
    return EXIT_SUCCESS;
}
