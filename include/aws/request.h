/*
 * Requests to AWS services, or to the emulators that stand for them, and what their
 * responses mean.
 */
#ifndef AWS_REQUEST_H
#define AWS_REQUEST_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/json.h"
#include "base/scope.h"
#include "http/client.h"

/*
 * Signs a request whose body is in memory for the service, by its name in credential
 * scopes, in the scope's account and region and with the machine's time: replaces its
 * headers by those of signed_request_headers(). Call it last.
 */
void aws_sign(struct arena *arena, struct scope scope, const char *service,
              struct http_client_request *request);

/* A call of the protocol AWS JSON 1.1. */
struct aws_json_call {
    struct scope scope;
    const char *service; /* in credential scopes, such as "logs" */
    const char *url;
    const char *target; /* X-Amz-Target: Logs_20140328.PutLogEvents */
    const char *body;   /* JSON */
};

/* Composes the signed request. It refers to the strings of the call. */
void aws_json_compose(struct arena *arena, const struct aws_json_call *call,
                      struct http_client_request *out);

/* What a response means. */
enum aws_verdict {
    AWS_DONE,
    AWS_REFUSED, /* permanently */
    AWS_RETRY,   /* the same request may succeed later */
};

/*
 * The name of the error in the string of that name in a response, such as
 * ResourceNotFoundException; "" if there is none. A prefix up to a # is left out. The
 * name is truncated, and secrets in it are hidden, so it can be logged and stored.
 */
const char *aws_error_in(struct arena *arena, const cJSON *object,
                         const char *name) NODISCARD;

/* The name of the error of a response in JSON, or in the XML of S3; "" if it has none. */
const char *aws_error_of(struct arena *arena, const struct http_result *result) NODISCARD;

/* Whether a request with this error may succeed when it is sent again. */
bool aws_error_passes(const char *error);

/* Judges a response, or a failure to get one. *why (in the arena) is one line; it is set
 * unless the verdict is AWS_DONE. */
enum aws_verdict aws_judge(struct arena *arena, const struct http_result *result,
                           const char **why);

#endif
