/*
 * Where the AWS services are that IVS itself uses: emulators that the user names. Without
 * one, nothing is sent.
 */
#ifndef AWS_ENDPOINTS_H
#define AWS_ENDPOINTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attrs.h"

/* URLs without a slash at the end, to which paths are appended; NULL: none. */
struct aws_endpoints {
    const char *s3;
    const char *lambda;
    const char *logs; /* CloudWatch Logs */
    const char *firehose;
};

/* What a value of aws_endpoint_is() must be, for messages. */
#define AWS_ENDPOINT_FORM                                                                \
    "http(s)://host[:port][/path], or one of s3=, lambda=, logs= and firehose= before "  \
    "such a URL"

/* Whether the text is [SERVICE=]URL, with one of these services. The URL has no query. */
bool aws_endpoint_is(const char *text);

/* Sets the endpoint of the service that a text of aws_endpoint_is() names, or those of
 * all services if it names none. Strings belong to the arena. */
void aws_endpoints_set(struct aws_endpoints *endpoints, struct arena *arena,
                       const char *text);

/* The scheme, host and port of a URL, for the log: a path or a query can be a secret. */
const char *aws_url_shown(struct arena *arena, const char *url) NODISCARD;

#endif
