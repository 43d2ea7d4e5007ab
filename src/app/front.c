#include "app/front.h"

#include "api/authenticate.h"
#include "api/call.h"
#include "api/credential.h"
#include "api/dispatch.h"
#include "api/route.h"
#include "app/origin.h"
#include "app/page.h"
#include "base/authority.h"
#include "base/bug.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "chat/chat.h"
#include "common/headers.h"

#include <string.h>

enum { METHOD_MAX_BYTES = 15, HTTP_DEFAULT_PORT = 80 };

static bool is_method(const char *method)
{
    size_t length = strlen(method);

    return length <= METHOD_MAX_BYTES && text_span(method, TEXT_UPPER, "") == length;
}

/*
 * The host and port for the URLs of the response: those of the Host header, if they can
 * be part of a URL unchanged. Some clients send a Host header without their port, so the
 * port of the connection takes its place.
 */
static const char *usable_host(struct arena *arena, const char *header,
                               const char *default_host, int port)
{
    struct authority authority;

    if (header == NULL || !authority_read(header, &authority) ||
        header[authority.length] != '\0')
        return arena_printf(arena, "%s:%d", default_host, port);
    if (authority.length > authority.host_length || port == HTTP_DEFAULT_PORT)
        return header;
    return arena_printf(arena, "%s:%d", header, port);
}

static const char *query_value(const struct uri *uri, const char *name)
{
    for (size_t i = 0; i < uri->query_count; i++) {
        if (strcmp(uri->query[i].name, name) == 0)
            return uri->query[i].value;
    }
    return NULL;
}

/* Reads the identity of the caller. Returns NULL, or what is invalid in it. */
static const char *read_caller(struct call *call, const struct http_request *request)
{
    struct caller caller;
    const struct signature_source source = {
        .authorization = http_request_header(request, "Authorization"),
        .presigned_credential = query_value(&call->uri, "X-Amz-Credential"),
    };
    const char *why = credential_caller(call->arena, &source,
                                        call->emu->settings.default_scope, &caller);

    if (why != NULL)
        return why;
    call->scope = caller.scope;
    call->caller = caller.key_id;
    call->signed_for = caller.signed_for;
    return NULL;
}

/* The path and the query. Returns -1 if they are unusable. */
static int read_target(struct call *call, const char *target)
{
    if (target[0] != '/')
        return call_fail(call, &ERR_BAD_REQUEST,
                         "The target of the request is neither a path nor an http URL");
    if (uri_parse(call->arena, target, &call->uri) != 0)
        return call_fail(call, &ERR_BAD_REQUEST,
                         "The path or the query is not correctly percent-encoded UTF-8");
    return 0;
}

/* The client may send the request again when others have sent theirs. */
static int fail_body_dropped(struct call *call)
{
    return call_fail(call, &ERR_SERVICE_UNAVAILABLE,
                     "The server receives too many large requests at the same time");
}

/* Reads what a call requires. Returns -1 if the request is unusable. */
static int read_request(struct call *call, const struct front *front,
                        const struct http_request *request)
{
    const char *host = http_request_header(request, "Host");

    call->origin = http_request_header(request, "Origin");
    call->host = usable_host(call->arena, host, front->default_host, request->port);
    if (request->fault != NULL)
        return call_fail(call, &ERR_BAD_REQUEST, "%s", request->fault);
    if (!is_method(request->method))
        return call_fail(call, &ERR_BAD_REQUEST, "The request has no usable method");
    call->method = request->method;
    if (read_target(call, request->target) != 0)
        return -1;
    call->body = request->body;
    call->body_length = request->body_length;
    call->body_too_large = request->body_too_large;
    call->last_entry = http_request_header(request, "Last-Event-ID");
    /* Also for a refused call: for the request log, and for the form of the error.
     * Fidelity: common-errors-7 */
    const char *why = read_caller(call, request);
    call_route(call);
    if (request->body_dropped) /* before its signature, which covers the body */
        return fail_body_dropped(call);
    if (front->access_keys != NULL && call->error == NULL)
        (void)!authenticate(call, front->access_keys, request->target,
                            http_request_headers(request));
    return why == NULL ? 0 : call_fail(call, &ERR_INCOMPLETE_SIGNATURE, "%s", why);
}

/* Browsers send the page's origin with all other methods. */
static bool comes_without_origin(const char *method)
{
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

/* Refuses requests that a foreign web page makes its visitor's browser send. */
static int check_page(struct call *call, const struct front *front,
                      const struct http_request *request)
{
    const char *origin = http_request_header(request, "Origin");
    const char *site = http_request_header(request, "Sec-Fetch-Site");
    const char *host = http_request_header(request, "Host");

    if (origin != NULL)
        return origin_allowed(&front->allow_origins, origin)
                   ? 0
                   : call_fail(call, &ERR_ORIGIN_REFUSED,
                               "Pages of this origin are not allowed to use this server; "
                               "see --allow-origin");
    if (site != NULL &&
        !origin_site_allowed(&front->allow_origins, site, host != NULL ? host : ""))
        return call_fail(
            call, &ERR_ORIGIN_REFUSED,
            "A page of another site caused this request, and the browser does "
            "not name its origin; enter the address in the address bar, or see "
            "--allow-origin");
    if (!comes_without_origin(request->method) || host == NULL ||
        origin_host_allowed(&front->allow_origins, front->default_host, host))
        return 0;
    return call_fail(call, &ERR_ORIGIN_REFUSED,
                     "A web page may be behind this host name; use an address or "
                     "localhost, or name the host in --allow-origin");
}

/* The value of --allow-origin with which a refused page would be served. */
static const char *missing_origin(struct arena *arena, const struct front *front,
                                  const struct http_request *request)
{
    const char *origin = http_request_header(request, "Origin");
    const char *site = http_request_header(request, "Sec-Fetch-Site");
    const char *host = http_request_header(request, "Host");

    if (host == NULL)
        host = "";
    if (origin == NULL &&
        (site == NULL || origin_site_allowed(&front->allow_origins, site, host)))
        origin = arena_printf(arena, "http://%s", host);
    return origin != NULL && origin_is_listable(origin) ? origin : "'*'";
}

/* Without the operation: a page that makes many calls has one line in the log. */
static void warn_of_page(const struct call *call, const struct front *front,
                         const struct http_request *request)
{
    char origin[LOG_QUOTED_BYTES], option[LOG_QUOTED_BYTES], reason[LOG_QUOTED_BYTES];
    const char *to_allow = arena_printf(call->arena, "--allow-origin %s",
                                        missing_origin(call->arena, front, request));

    log_warn("web page refused", "origin=%s to_allow=%s reason=%s",
             log_quoted(call->origin != NULL ? call->origin : "unknown", origin),
             log_quoted(to_allow, option), log_quoted(call->error_message, reason));
}

/* Responds to the request that a browser sends before a request to another origin. */
static void respond_preflight(const struct http_request *request,
                              struct http_response *response)
{
    const char *headers = http_request_header(request, "Access-Control-Request-Headers");

    response->status = 204;
    http_response_header(response, "Access-Control-Allow-Origin", "*");
    http_response_header(response, "Access-Control-Allow-Methods",
                         "GET, HEAD, POST, DELETE");
    /* A * would not cover Authorization. */
    if (headers != NULL)
        http_response_header(response, "Access-Control-Allow-Headers", headers);
    if (http_request_header(request, "Access-Control-Request-Private-Network") != NULL)
        http_response_header(response, "Access-Control-Allow-Private-Network", "true");
    http_response_header(response, "Access-Control-Max-Age", "86400");
}

/* Of an OPTIONS request. */
static bool is_preflight(const struct http_request *request)
{
    return http_request_header(request, "Origin") != NULL &&
           http_request_header(request, "Access-Control-Request-Method") != NULL;
}

/* Responds to an OPTIONS request, unless it is for the path of an operation. False: it is
 * another request. */
static bool respond_to_options(const struct http_request *request,
                               struct http_response *response)
{
    if (request->fault != NULL || strcmp(request->method, "OPTIONS") != 0)
        return false;
    if (is_preflight(request)) {
        respond_preflight(request, response);
        return true;
    }
    if (strcmp(request->target, "*") != 0)
        return false;
    /* The methods of the server as a whole (RFC 9110, section 9.3.7). */
    response->status = 204;
    http_response_header(response, "Allow", "GET, HEAD, POST, DELETE, OPTIONS");
    return true;
}

/* Responds to a browser that shows the server itself. False: it is another request. */
static bool respond_page(const struct call *call, const struct front *front,
                         const struct http_request *request,
                         struct http_response *response)
{
    const char *host = usable_host(call->arena, http_request_header(request, "Host"),
                                   front->default_host, request->port);

    if (!page_respond(request, host, front->emu->settings.default_scope.region, response))
        return false;
    http_response_header(response, "x-amzn-RequestId",
                         arena_strdup(call->arena, call->request_id));
    return true;
}

/* A response without a service has the headers that the services share. */
static void write_fixed_headers(const struct call *call, struct http_response *response)
{
    const struct http_header *header =
        call->service != NULL ? call->service->headers : common_headers;

    http_response_header(response, "x-amzn-RequestId",
                         arena_strdup(call->arena, call->request_id));
    for (; header->name != NULL; header++)
        http_response_header(response, header->name, header->value);
}

/* The page of a gateway that cannot reach the service behind it. */
static const char gateway_page[] =
    "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n"
    "<body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n"
    "</body>\r\n</html>\r\n";

static void write_gateway_page(struct http_response *response)
{
    size_t length = sizeof(gateway_page) - 1;

    http_respond_blob(response, blob_wrap(gateway_page, length, NULL, NULL));
    http_response_header(response, "Content-Type", "text/html");
}

/* Applies a connection fault to the response. Returns true if nothing else must be
 * written. */
static bool write_fault(const struct call *call, struct http_response *response)
{
    if (call->fault == NULL)
        return false;
    response->delay_ms = call->fault->latency_ms;
    switch (call->fault->connection) {
    case FAULT_RESPONDS:
        return false;
    case FAULT_TRUNCATE:
        response->ending = HTTP_CUT;
        return false;
    case FAULT_CLOSE:
        response->ending = HTTP_DROPPED;
        return true;
    case FAULT_GATEWAY:
        write_gateway_page(response);
        return true;
    }
    BUG("connection fault %d", (int)call->fault->connection);
}

static void write_response(struct call *call, bool readable,
                           struct http_response *response)
{
    response->status = call->status;
    if (write_fault(call, response))
        return;
    /* The server uses the header texts after this call's own memory is freed. */
    write_fixed_headers(call, response);
    if (call->response != NULL) {
        http_response_header(response, "Content-Type",
                             call->error == NULL && call->text != NULL
                                 ? "text/plain; version=0.0.4; charset=utf-8"
                                 : "application/json");
        http_respond_memory(response, call->response, strlen(call->response));
        call->response = NULL;
    }
    if (call->watcher != NULL) {
        http_response_header(response, "Content-Type", "text/event-stream");
        http_respond_stream(response, watcher_stream(call->watcher));
        call->watcher = NULL;
    }
    if (call->error != NULL)
        http_response_header(response, "x-amzn-ErrorType", call->error->name);
    if (call->error == &ERR_SERVICE_UNAVAILABLE && call->fault == NULL)
        http_response_header(response, "Retry-After", "1");
    if (readable)
        http_response_header(response, "Access-Control-Allow-Origin", "*");
}

/* Whether the call may have to wait for a reset. The input of some calls, which is not
 * read yet, names another scope than the caller's. */
static bool may_wait_for_reset(const struct call *call)
{
    struct resets *resets = call->emu->resets;

    if (call->service->choose_scope == NULL)
        return resets_cover(resets, call->scope);
    return strcmp(call->op->method, "GET") != 0 && resets_exist(resets);
}

/* Logs what is probably a mistake of a caller whose signature is accepted. */
static void note_caller(const struct call *call, struct callers *callers)
{
    if (callers == NULL || call->error != NULL || call->signed_for[0] == '\0')
        return;
    callers_note_region(callers, call->scope.region);
    callers_note_key(callers, call->caller);
}

/* Whether the call may take long: by itself, or because it waits for a reset. */
static bool takes_long(const struct call *call)
{
    return call->error == NULL && call->op != NULL &&
           (access_takes_long(call->op->access) || may_wait_for_reset(call));
}

void front_handle(void *context, const struct http_request *request,
                  struct http_response *response)
{
    const struct front *front = context;
    struct call call AUTO(call_done);

    call_init(&call, front->emu, request->arena);
    bool allowed = check_page(&call, front, request) == 0;
    if (allowed && respond_to_options(request, response)) {
        write_fixed_headers(&call, response);
        return;
    }
    if (allowed && respond_page(&call, front, request, response))
        return;
    if (allowed && request->fault == NULL && chat_is_asked_for(request)) {
        chat_respond(front->emu->chat, request, response);
        return;
    }
    /* Also for a refused call, for the request log; the first error is kept. */
    (void)!read_request(&call, front, request);
    note_caller(&call, front->callers);
    if (!allowed)
        warn_of_page(&call, front, request);
    if (!request->may_take_long && takes_long(&call)) {
        http_respond_later(response);
        return;
    }
    dispatch(&call);
    write_response(&call, allowed, response);
}
