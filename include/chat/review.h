/*
 * Message review: what the Lambda function of a room, its message review handler, says
 * about a message before it is delivered. The function is invoked at the endpoint of
 * Lambda, or at a web server that takes its place.
 */
#ifndef CHAT_REVIEW_H
#define CHAT_REVIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/endpoints.h"
#include "base/attrs.h"
#include "base/scope.h"

enum {
    /* From review_start() to the response. It is AWS's, and cannot be changed. */
    REVIEW_TIMEOUT_MS = 200,
    REVIEW_THREADS_MAX = 64, /* as many reviews take place at the same time */
    /* Of those that wait for a thread; more fail at once. */
    REVIEW_QUEUE_MAX = 1000,
    REVIEW_RESPONSE_MAX_BYTES = 64 * 1024, /* a longer response is invalid */
};

/* Whether the text is NAME=URL: a function's name as in its ARN, and a URL of
 * http_url_read(). */
bool review_function_is(const char *text);

struct review;

/*
 * `functions` are texts of review_function_is() and end with NULL; the last one of a name
 * applies. They and the endpoints must outlive the result. No thread is started yet, and
 * libcurl is not loaded.
 */
struct review *review_new(const struct aws_endpoints *endpoints,
                          const char *const *functions) NODISCARD;

/* Ends the reviews in progress: their callbacks are called with REVIEW_FAILED before this
 * returns, and none afterwards. No review may be started meanwhile. NULL is fine. */
void review_free(struct review *review);

/* A message to review. It is copied. */
struct review_request {
    struct scope scope;
    const char *uri;                /* the ARN of the room's handler */
    const char *event;              /* the JSON to invoke it with */
    int64_t maximum_message_length; /* of the room, in characters */
};

enum review_outcome {
    REVIEW_ALLOWED,
    REVIEW_DENIED,
    REVIEW_FAILED, /* no response in time, an error or an invalid response: the room's
                      fallback applies */
    REVIEW_UNCONFIGURED, /* there is neither an endpoint nor a URL: messages pass */
};

struct review_result {
    enum review_outcome outcome;
    const char *content;    /* of REVIEW_ALLOWED: the text to deliver */
    const char *attributes; /* of REVIEW_ALLOWED: a JSON object to deliver instead of the
                               message's attributes; NULL: they are unchanged */
    const char *reason;     /* of REVIEW_DENIED: Attributes.Reason, or "" */
};

/* Gets the result, which is valid until it returns. It must not block, and must not call
 * review_free(). */
typedef void review_done(void *context, const struct review_result *result);

/* Whether a handler with this ARN can be invoked. If not, the caller delivers at once; a
 * line of the log says so once for each function. */
bool review_is_configured(struct review *review, const char *uri);

/* Starts a thread and loads libcurl in it, unless that was done before: so that the first
 * review need not wait for it. Never blocks. Any thread may call this. */
void review_prepare(struct review *review);

/*
 * Starts a review, whose time begins now, and calls `done` exactly once: in another
 * thread, within about REVIEW_TIMEOUT_MS. Only if it cannot start, because there is no
 * URL, no thread or no room, `done` is called before this returns. Never blocks. Any
 * thread may call this.
 */
void review_start(struct review *review, const struct review_request *request,
                  review_done *done, void *context);

/* What happened since the start, for metrics. */
struct review_counts {
    int64_t invocations;
    int64_t errors;          /* no response in time, or an error */
    int64_t invalid_answers; /* responses that are not a review */
};

void review_count(struct review *review, struct review_counts *out);

#endif
