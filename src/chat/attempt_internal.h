/*
 * A request of a client, from its bytes to its effect: the checks in their order, the
 * faults, and the actions.
 */
#ifndef CHAT_ATTEMPT_INTERNAL_H
#define CHAT_ATTEMPT_INTERNAL_H

#include "chat_internal.h"

/* Processes a message of the client. In the poller's thread, without the lock. */
void attempt_process(struct chat_connection *connection, struct blob *bytes);

/* Whether the session is over at this time of its scope's clock. */
bool attempt_session_is_over(const struct chat_connection *connection, int64_t now_ms);

/* Ends the session: sends an error, so that clients connect again with a new token, and
 * then closes cleanly. `request_id` is that of the request that came too late, or "". The
 * lock is held. Fidelity: ivschat-messaging-8 */
void attempt_end_session(struct chat_connection *connection, const char *request_id);

#endif
