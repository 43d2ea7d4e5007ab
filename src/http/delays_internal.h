/*
 * Holding responses back for a while, without one waiting thread for each.
 */
#ifndef HTTP_DELAYS_INTERNAL_H
#define HTTP_DELAYS_INTERNAL_H

#include "base/attrs.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

struct delays;

struct delays *delays_new(void) NODISCARD;

/* No response may still be held back. NULL is fine. */
void delays_free(struct delays *delays);

/*
 * Suspends the connection, whose handler is running, and resumes it after the delay: its
 * handler is then called again. In real time, because it is the client that waits. False:
 * responses are no longer held back, or no thread is available for that.
 */
bool delays_hold(struct delays *delays, struct MHD_Connection *connection,
                 int64_t delay_ms) NODISCARD;

/* Resumes all connections at once, and holds no further response back. */
void delays_end(struct delays *delays);

#endif
