#include "exchange_internal.h"

#include "base/bug.h"
#include "base/log.h"
#include "base/memory.h"
#include "body_internal.h"

#include <stdlib.h>
#include <string.h>

/* How much of a body over the limit is read, so that its sender gets to see the refusal,
 * before the connection is dropped instead. */
#define DRAIN_MAX_BYTES ((size_t)64 * 1024 * 1024)

struct exchange *exchange_new(struct arena *arena, const char *target,
                              const struct mounts *mounts)
{
    struct exchange *x = mem_zalloc(sizeof(*x));

    x->arena = arena;
    x->target = arena_strdup(x->arena, target);
    x->mount = mounts_find(mounts, target, arena, &x->path);
    buf_init(&x->body, x->mount->body_limit);
    return x;
}

void exchange_free(struct exchange *x)
{
    if (x == NULL)
        return;
    body_done(&x->answer.body);
    buf_done(&x->body);
    free(x);
}

enum MHD_Result exchange_take_body(struct exchange *x, const char *bytes, size_t length)
{
    buf_add(&x->body, bytes, length);
    if (!x->body.overflow)
        return MHD_YES;
    x->drained += length;
    return x->drained <= DRAIN_MAX_BYTES ? MHD_YES : MHD_NO;
}

enum MHD_Result exchange_answer(struct exchange *x, struct MHD_Connection *connection,
                                struct streams *streams)
{
    const struct body_receiver receiver = {connection, streams, x->to_head};
    struct http_response *answer = &x->answer;

    if (answer->ending == HTTP_DROPPED)
        return MHD_NO;
    struct MHD_Response *response = answer->ending == HTTP_CUT
                                        ? body_half_response(&answer->body)
                                        : body_response(&answer->body, &receiver);
    if (response == NULL)
        return MHD_NO;
    for (size_t i = 0; i < answer->header_count; i++) {
        /* Refused only for text that no header may have, which ours never is. */
        if (MHD_add_response_header(response, answer->headers[i].name,
                                    answer->headers[i].value) == MHD_NO)
            log_warn("header left out", "name=%s", answer->headers[i].name);
    }
    enum MHD_Result queued =
        MHD_queue_response(connection, (unsigned)answer->status, response);
    MHD_destroy_response(response);
    /* The answer has all it needs, and a slow client may take long over it. */
    arena_reset(x->arena);
    return queued;
}

void exchange_handle(struct exchange *x, const struct exchange_line *line, int port)
{
    struct http_request request = {
        .arena = x->arena,
        .method = line->method,
        .port = port,
        .target = x->target,
        .path = x->path,
        .body = x->body.bytes,
        .body_length = x->body.length,
        .body_too_large = x->body.overflow,
        .may_upgrade = strcmp(line->version, MHD_HTTP_VERSION_1_1) == 0,
        .connection = line->connection,
    };

    x->to_head = strcmp(line->method, MHD_HTTP_METHOD_HEAD) == 0;
    x->mount->handler(x->mount->context, &request, &x->answer);
    x->answered = true;
}
