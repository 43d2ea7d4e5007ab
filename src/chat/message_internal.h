/*
 * Messages: review, in the order in which a connection sent them, and delivery.
 */
#ifndef CHAT_MESSAGE_INTERNAL_H
#define CHAT_MESSAGE_INTERNAL_H

#include "chat/request.h"
#include "chat_internal.h"

struct reviewed;

/*
 * Delivers the message of a valid request, or has it reviewed first. The lock is held.
 * Returns the message if its review is to be started, by message_review() and without the
 * lock; else NULL.
 */
struct reviewed *message_send(struct chat_connection *connection,
                              const struct chat_request *request) NODISCARD;

/* Starts the review. The lock is not held. */
void message_review(struct reviewed *message);

#endif
