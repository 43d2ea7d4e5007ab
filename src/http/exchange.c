#include "exchange_internal.h"

#include "base/bug.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/uri.h"
#include "body_internal.h"
#include "head_internal.h"

#include <stdlib.h>
#include <string.h>

/* How much of a body over the limit is read, so that the client can read the error
 * response, before the connection is dropped instead. */
#define DRAIN_MAX_BYTES ((size_t)64 * 1024 * 1024)

struct exchange *exchange_new(struct arena *arena, const char *target,
                              const struct exchange_setting *setting)
{
    struct exchange *x = mem_zalloc(sizeof(*x));

    x->arena = arena;
    x->setting = setting;
    x->target = arena_strdup(x->arena, uri_origin_form(x->arena, target, &x->authority));
    x->mount = mounts_find(&setting->mounts, x->target, arena, &x->path);
    buf_init(&x->body, x->mount->body_limit);
    return x;
}

/* Frees the body of the request, which then no longer counts. */
static void release_body(struct exchange *x)
{
    buf_done(&x->body);
    allowance_give_back_many(x->setting->bodies, x->counted);
    x->counted = 0;
}

void exchange_free(struct exchange *x)
{
    if (x == NULL)
        return;
    body_done(&x->response.body);
    release_body(x);
    free(x);
}

/* The handler for the rest refuses what no mount has to know. */
static void send_to_rest(struct exchange *x)
{
    x->mount = &x->setting->mounts.rest;
    x->path = NULL;
}

static enum MHD_Result count_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
    (void)kind;
    head_add(cls, name, value);
    return MHD_YES;
}

void exchange_check_head(struct exchange *x, struct MHD_Connection *connection,
                         const char *version)
{
    struct head head = {0};

    MHD_get_connection_values(connection, MHD_HEADER_KIND, count_header, &head);
    x->fault = head_fault(&head, version, &x->unframed);
    if (x->fault != NULL)
        send_to_rest(x);
}

/* Counts the memory that the body needs for `more` bytes. False: there is none left. */
static bool count_body(struct exchange *x, size_t more)
{
    size_t capacity = buf_capacity_with(&x->body, more);

    if (capacity <= HTTP_SMALL_BODY_BYTES || capacity == x->counted)
        return true;
    if (!allowance_take_many(x->setting->bodies, capacity - x->counted))
        return false;
    x->counted = capacity;
    return true;
}

/* Adds to what is read and discarded. */
static enum MHD_Result drain_body(struct exchange *x, size_t length)
{
    x->drained += length;
    return x->drained <= DRAIN_MAX_BYTES ? MHD_YES : MHD_NO;
}

enum MHD_Result exchange_take_body(struct exchange *x, const char *bytes, size_t length)
{
    if (x->dropped)
        return drain_body(x, length);
    if (!count_body(x, length)) {
        x->dropped = true;
        release_body(x);
        send_to_rest(x);
        return drain_body(x, length);
    }
    buf_add(&x->body, bytes, length);
    return x->body.overflow ? drain_body(x, length) : MHD_YES;
}

/* Replaces a response that needs a descriptor when there are too many. */
static void refuse_response(struct http_response *response)
{
    body_done(&response->body);
    *response = (struct http_response){.status = MHD_HTTP_SERVICE_UNAVAILABLE};
}

/* Whether libmicrohttpd sends the body, if there is one (RFC 9110, section 6.4.1). */
static bool sends_body(const struct exchange *x)
{
    return !x->to_head && x->response.status != MHD_HTTP_NO_CONTENT &&
           x->response.status != MHD_HTTP_NOT_MODIFIED;
}

enum MHD_Result exchange_respond(struct exchange *x, struct MHD_Connection *connection)
{
    const struct body_receiver receiver = {connection, x->setting->streams, x->to_head};
    struct http_response *response = &x->response;

    if (response->ending == HTTP_DROPPED)
        return MHD_NO;
    if (!body_reserve(&response->body, x->setting->descriptors))
        refuse_response(response);
    if (response->ending == HTTP_CUT && !sends_body(x))
        return MHD_NO;
    struct MHD_Response *mhd_response = response->ending == HTTP_CUT
                                            ? body_half_response(&response->body)
                                            : body_response(&response->body, &receiver);
    if (mhd_response == NULL)
        return MHD_NO;
    for (size_t i = 0; i < response->header_count; i++) {
        /* Refused only for text that is not allowed in a header, which ours never is. */
        if (MHD_add_response_header(mhd_response, response->headers[i].name,
                                    response->headers[i].value) == MHD_NO)
            log_warn("header left out", "name=%s", response->headers[i].name);
    }
    enum MHD_Result queued =
        MHD_queue_response(connection, (unsigned)response->status, mhd_response);
    MHD_destroy_response(mhd_response);
    /* The response has copied what it needs, and sending it to a slow client may take
     * long. */
    arena_reset(x->arena);
    return queued;
}

static void call_handler(struct exchange *x, bool may_take_long)
{
    const struct exchange_line *line = &x->line;
    struct http_request request = {
        .arena = x->arena,
        .method = line->method,
        .port = x->setting->port,
        .target = x->target,
        .authority = x->authority,
        .fault = x->fault,
        .path = x->path,
        .body = x->body.bytes,
        .body_length = x->body.length,
        .body_too_large = x->body.overflow,
        .body_dropped = x->dropped,
        .may_upgrade = strcmp(line->version, MHD_HTTP_VERSION_1_1) == 0,
        .may_take_long = may_take_long,
        .connection = line->connection,
    };

    x->response = (struct http_response){.status = 0};
    x->mount->handler(x->mount->context, &request, &x->response);
}

void exchange_handle(struct exchange *x)
{
    x->to_head = strcmp(x->line.method, MHD_HTTP_METHOD_HEAD) == 0;
    call_handler(x, false);
    if (x->response.later)
        return;
    x->handled = true;
    /* The response may take long, and the handler was the last to need it. */
    release_body(x);
}

void exchange_handle_long(struct exchange *x)
{
    call_handler(x, true);
    x->handled = true;
    release_body(x);
}
