/*
 * What waits to be sent on a socket: shared bytes, in order, which are sent several at a
 * time. It knows no protocol, and belongs to one thread.
 */
#ifndef HTTP_SEND_QUEUE_INTERNAL_H
#define HTTP_SEND_QUEUE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attrs.h"
#include "base/blob.h"

struct send_queue_entry;

struct send_queue {
    struct send_queue_entry *first, **last;
    size_t bytes;      /* all that wait, and `entry_bytes` for each of them */
    size_t sent_bytes; /* of the first */
    size_t entry_bytes;
};

/* An empty queue, for which an entry counts so many bytes besides its own. */
void send_queue_init(struct send_queue *queue, size_t entry_bytes);

bool send_queue_is_empty(const struct send_queue *queue);

/* What the queue would count with these bytes too. */
size_t send_queue_bytes_with(const struct send_queue *queue, const struct blob *bytes);

/* Appends the bytes, of which it takes a reference. */
void send_queue_append(struct send_queue *queue, struct blob *bytes);

/* Sends as much as the socket accepts, without blocking. False: the connection is broken.
 */
bool send_queue_send(struct send_queue *queue, int fd) NODISCARD;

/* Whether a socket that failed with this error number is to be tried again later. */
bool socket_should_retry(int error_number);

/* Drops everything. */
void send_queue_clear(struct send_queue *queue);

/* Drops everything except the rest of an entry of which a part is sent. */
void send_queue_clear_unsent(struct send_queue *queue);

#endif
