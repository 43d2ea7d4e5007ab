#include "aws/request.h"

#include "base/monotonic.h"
#include "base/secret.h"
#include "base/sigv4.h"
#include "base/text.h"
#include "base/utf8.h"
#include "http/signed_request.h"

#include <string.h>

#define CONTENT_TYPE "application/x-amz-json-1.1"

/* Nobody verifies it: the key id identifies the caller. Fidelity: common-delivery-4 */
#define SECRET "test"

enum { ERROR_MAX_BYTES = 128 };

void aws_sign(struct arena *arena, struct scope scope, const char *service,
              struct http_client_request *request)
{
    const struct request_signer signer = {
        .key_id = scope.account,
        .secret = SECRET,
        .region = scope.region,
        .service = service,
        /* Signatures use the machine's time, whatever the emulator's clock shows. */
        .time_ms = machine_now_ms(),
    };
    const char *body = request->body != NULL ? request->body : "";

    request->headers = signed_request_headers(
        arena, request, sigv4_payload_hash(arena, body, request->body_length), &signer);
}

void aws_json_compose(struct arena *arena, const struct aws_json_call *call,
                      struct http_client_request *out)
{
    const struct http_header headers[] = {
        {"content-type", CONTENT_TYPE},
        {"x-amz-target", call->target},
        {NULL,           NULL        },
    };

    *out = (struct http_client_request){
        .method = "POST",
        .url = call->url,
        .headers = headers,
        .body = call->body,
        .body_length = strlen(call->body),
    };
    aws_sign(arena, call->scope, call->service, out);
}

const char *aws_error_in(struct arena *arena, const cJSON *object, const char *name)
{
    const char *text = json_string_or(object, name, "");
    const char *hash = strchr(text, '#');
    const char *error = hash != NULL ? hash + 1 : text;

    return secret_hide(arena,
                       arena_strndup(arena, error, utf8_prefix(error, ERROR_MAX_BYTES)));
}

/* The name of an error in the XML of S3: its element Code, which has letters only. */
static const char *error_in_xml(struct arena *arena, const char *xml)
{
    static const char element[] = "<Code>";
    const char *start = strstr(xml, element);

    if (start == NULL)
        return "";
    start += strlen(element);
    size_t length = text_span(start, TEXT_LOWER | TEXT_UPPER | TEXT_DIGITS, "");
    return length <= ERROR_MAX_BYTES && start[length] == '<'
               ? arena_strndup(arena, start, length)
               : "";
}

const char *aws_error_of(struct arena *arena, const struct http_result *result)
{
    const char *why_no_json;
    cJSON *answer AUTO(json_done) =
        json_read(result->body, result->body_length, &why_no_json);

    return answer != NULL ? aws_error_in(arena, answer, "__type")
                          : error_in_xml(arena, result->body);
}

bool aws_error_passes(const char *error)
{
    static const char *const passing[] = {"InternalException", "InternalFailure",
                                          "ServiceUnavailableException",
                                          "ThrottlingException"};

    for (size_t i = 0; i < COUNT_OF(passing); i++) {
        if (strcmp(passing[i], error) == 0)
            return true;
    }
    return false;
}

enum aws_verdict aws_judge(struct arena *arena, const struct http_result *result,
                           const char **why)
{
    if (result->status >= 200 && result->status < 300)
        return AWS_DONE;
    if (result->status == 0) {
        *why = result->failure;
        return AWS_RETRY;
    }
    const char *error = aws_error_of(arena, result);
    *why = error[0] != '\0'
               ? arena_printf(arena, "status %d, error %s", result->status, error)
               : arena_printf(arena, "status %d", result->status);
    return result->status == 408 || result->status == 429 || result->status >= 500 ||
                   aws_error_passes(error)
               ? AWS_RETRY
               : AWS_REFUSED;
}
