/*
 * The invocation of a message review handler: which URL it goes to, the request and the
 * response.
 */
#ifndef CHAT_REVIEW_CALL_INTERNAL_H
#define CHAT_REVIEW_CALL_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "chat/review.h"
#include "http/client.h"

/* The header of a response to an invocation that failed in the function. */
#define REVIEW_FUNCTION_ERROR "x-amz-function-error"

/* The name of the function in an ARN, without a version or alias behind it; "" if the
 * text is no such ARN. */
const char *review_function_name(struct arena *arena, const char *uri) NODISCARD;

/* The URL that stands for the function of that name; NULL: there is none. The last text
 * of a name applies. */
const char *review_function_url(const char *const *functions, const char *name) NODISCARD;

/* Composes the invocation of the function at the endpoint of Lambda, or at the URL that
 * stands for it (NULL: none does). It refers to the strings of the review. */
void review_compose(struct arena *arena, const char *endpoint, const char *function_url,
                    const struct review_request *review, struct http_client_request *out);

/*
 * Reads the response of a function, which may be anything. Strings of *out belong to the
 * arena. -1, with *out untouched, if it is not a review: *why is a sentence that says
 * why.
 */
int review_read(struct arena *arena, const char *body, size_t length,
                int64_t maximum_message_length, struct review_result *out,
                const char **why) NODISCARD;

#endif
