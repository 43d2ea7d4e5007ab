/*
 * The client of AWS services that a thread uses. It loads libcurl with its first request,
 * and keeps its connection for the next one.
 */
#ifndef AWS_CLIENT_H
#define AWS_CLIENT_H

#include <stdbool.h>

#include "aws/request.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "http/client.h"

/* How often a request is sent, and the delay before the second time, which doubles. */
enum { AWS_ATTEMPTS = 3, AWS_RETRY_FIRST_MS = 200 };

struct aws_client;

struct aws_client *aws_client_new(void) NODISCARD;

/* No request may be in progress. NULL is fine. */
void aws_client_free(struct aws_client *client);

/* Loads libcurl now, so that the first request need not. -1: it cannot be loaded, which
 * is logged. For the thread that sends. */
int aws_client_prepare(struct aws_client *client) NODISCARD;

/* Makes the request in progress and all later ones fail at once. Any thread may call
 * this. */
void aws_client_cancel(struct aws_client *client);

/* Whether that was done. Any thread may call this. */
bool aws_client_is_cancelled(struct aws_client *client);

/* Sends a request once, signed or not, and waits for the response. */
void aws_client_send_once(struct aws_client *client,
                          const struct http_client_request *request, struct arena *arena,
                          struct http_result *out);

/*
 * Sends a signed request, again after a while if that may help, and waits for what comes
 * of it. *out is the last response. *why is set unless the verdict is AWS_DONE;
 * AWS_RETRY means that all attempts failed.
 */
enum aws_verdict aws_client_send(struct aws_client *client,
                                 const struct http_client_request *request,
                                 struct arena *arena, struct http_result *out,
                                 const char **why);

#endif
