#include "api/authenticate.h"

#include "api/signature.h"

#include <string.h>

/* Fidelity: common-auth-5 */
static bool needs_signature(const struct call *call)
{
    return call->service == NULL || call->service->signing_name != NULL ||
           (strcmp(call->method, "GET") != 0 && strcmp(call->method, "HEAD") != 0);
}

int authenticate(struct call *call, const struct access_keys *keys, const char *target,
                 const struct http_header *headers)
{
    /* Clients sign with the machine's time, not with the time of the movable clock. */
    const struct signature_rules rules = {
        .keys = keys,
        .service = call->service != NULL ? call->service->signing_name : NULL,
        .now_ms = clock_now_ms(call->emu->clock),
    };
    const struct signed_request request = {
        .method = call->method,
        .target = target,
        .uri = &call->uri,
        .headers = headers,
        .body = call->body,
        .body_length = call->body_length,
    };
    struct signature_refusal refusal;

    if (!needs_signature(call))
        return 0;
    if (call->body_too_large) /* only a part of what was signed is available */
        return call_fail_too_large(call);
    if (signature_verify(call->arena, &request, &rules, &refusal) == 0)
        return 0;
    return call_fail(call, refusal.kind, "%s", refusal.message);
}
