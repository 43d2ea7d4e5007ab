/*
 * Answers that are held back for a while, without a thread that waits for each.
 */
#ifndef HTTP_DELAYS_INTERNAL_H
#define HTTP_DELAYS_INTERNAL_H

#include "base/attrs.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

struct delays;

struct delays *delays_new(void) NODISCARD;

/* Nothing may be held back any more. NULL is fine. */
void delays_free(struct delays *delays);

/*
 * Suspends the connection, whose handler is running, and resumes it after the time: its
 * handler is then called again. In real time, since it is the client who waits. False:
 * nothing is held back any more.
 */
bool delays_hold(struct delays *delays, struct MHD_Connection *connection,
                 int64_t delay_ms) NODISCARD;

/* Resumes all at once, and holds nothing back from now on. */
void delays_end(struct delays *delays);

#endif
