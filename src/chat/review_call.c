#include "review_call_internal.h"

#include "aws/request.h"
#include "base/http_url.h"
#include "base/text.h"
#include "base/uri.h"

#include <string.h>

#define API_VERSION "2015-03-31"

enum { FUNCTION_NAME_MAX_CHARS = 64 };

/* Lambda's own rule for names. */
static size_t name_length(const char *text)
{
    return text_span(text, TEXT_LOWER | TEXT_UPPER | TEXT_DIGITS, "-_");
}

bool review_function_is(const char *text)
{
    size_t length = name_length(text);
    struct http_url url;

    return length > 0 && length <= FUNCTION_NAME_MAX_CHARS && text[length] == '=' &&
           http_url_read(text + length + 1, &url);
}

/* Returns what follows the given number of colons; NULL: there are fewer. */
static const char *after_colons(const char *text, int count)
{
    for (; text != NULL && count > 0; count--) {
        text = strchr(text, ':');
        text = text != NULL ? text + 1 : NULL;
    }
    return text;
}

/* arn:aws:lambda:us-west-2:123456789012:function:name, and :version or :alias. */
const char *review_function_name(struct arena *arena, const char *uri)
{
    const char *name = after_colons(uri, 6);

    if (name == NULL)
        return "";
    return arena_strndup(arena, name, strcspn(name, ":"));
}

const char *review_function_url(const char *const *functions, const char *name)
{
    size_t length = strlen(name);
    const char *url = NULL;

    for (; *functions != NULL; functions++) {
        if (strncmp(*functions, name, length) == 0 && (*functions)[length] == '=')
            url = *functions + length + 1;
    }
    return url;
}

/* The URL of the operation Invoke, with the ARN as the function's name. Emulators take
 * account and region from it. Fidelity: ivschat-review-3 */
static const char *invoke_url(struct arena *arena, const char *endpoint, const char *uri)
{
    return arena_join(arena, endpoint, "/" API_VERSION "/functions/",
                      uri_encode(arena, uri, ""), "/invocations", NULL);
}

void review_compose(struct arena *arena, const char *endpoint, const char *function_url,
                    const struct review_request *review, struct http_client_request *out)
{
    static const struct http_header plain[] = {
        {"content-type", "application/json"},
        {NULL,           NULL              },
    };
    static const struct http_header invocation[] = {
        {"content-type",          "application/json"},
        {"x-amz-invocation-type", "RequestResponse" },
        {NULL,                    NULL              },
    };
    static const char *const result_headers[] = {REVIEW_FUNCTION_ERROR, NULL};

    *out = (struct http_client_request){
        .method = "POST",
        .url = function_url != NULL ? function_url
                                    : invoke_url(arena, endpoint, review->uri),
        .headers = function_url != NULL ? plain : invocation,
        .body = review->event,
        .body_length = strlen(review->event),
        .result_max_bytes = REVIEW_RESPONSE_MAX_BYTES,
        .result_headers = result_headers,
    };
    if (function_url == NULL)
        aws_sign(arena, review->scope, "lambda", out);
}
