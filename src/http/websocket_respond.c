#include "http/websocket.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    BAD_REQUEST = 400,
    METHOD_NOT_ALLOWED = 405,
    UPGRADE_REQUIRED = 426,
    UNAVAILABLE = 503
};

/* Refuses with a sentence that is static. */
static void refuse_offer(struct http_response *response, int status, const char *why)
{
    response->status = status;
    http_respond_blob(response, blob_wrap(why, strlen(why), NULL, NULL));
    http_response_header(response, "Content-Type", "text/plain");
    if (status == UPGRADE_REQUIRED) {
        http_response_header(response, "Upgrade", "websocket");
        http_response_header(response, "Connection", "upgrade"); /* RFC 9110, 7.8 */
        http_response_header(response, "Sec-WebSocket-Version", WEBSOCKET_VERSION);
    }
    if (status == METHOD_NOT_ALLOWED)
        http_response_header(response, "Allow", "GET");
}

bool http_websocket_offer(const struct http_request *request,
                          struct http_response *response, struct websocket_offer *out)
{
    const char *why = NULL;
    int status = websocket_offer_read(request->arena, request->method,
                                      http_request_headers(request), out, &why);

    if (status == 0 && !request->may_upgrade) {
        status = BAD_REQUEST;
        why = "A WebSocket needs HTTP/1.1.";
    }
    if (status != 0)
        refuse_offer(response, status, why);
    return status == 0;
}

/* An accepted offer whose response is not sent yet. */
struct acceptance {
    const struct websocket_endpoint *endpoint;
    void *context;
};

static void on_upgraded(void *context, const struct http_socket *socket)
{
    struct acceptance *acceptance = context;
    const struct websocket_endpoint *endpoint = acceptance->endpoint;

    if (socket != NULL) {
        websocket_open(endpoint, acceptance->context, socket);
    } else {
        allowance_give_back(endpoint->connections);
        endpoint->handler->release(acceptance->context);
    }
    free(acceptance);
}

void http_respond_websocket(struct http_response *response,
                            const struct websocket_offer *offer, const char *protocol,
                            const struct websocket_endpoint *endpoint, void *context)
{
    if (endpoint->connections != NULL && !allowance_take(endpoint->connections)) {
        endpoint->handler->release(context);
        refuse_offer(response, UNAVAILABLE, "Too many WebSockets are open.");
        return;
    }
    struct acceptance *acceptance = mem_alloc(sizeof(*acceptance));
    *acceptance = (struct acceptance){endpoint, context};
    http_respond_upgrade(response, "websocket", on_upgraded, acceptance);
    http_response_header(response, "Sec-WebSocket-Accept", offer->accept);
    if (protocol != NULL)
        http_response_header(response, "Sec-WebSocket-Protocol", protocol);
}
