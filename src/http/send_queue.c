#include "send_queue_internal.h"

#include "base/memory.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum { ENTRIES_AT_ONCE = 16 };

struct send_queue_entry {
    struct send_queue_entry *next;
    struct blob *bytes;
};

void send_queue_init(struct send_queue *queue, size_t entry_bytes)
{
    *queue = (struct send_queue){.last = &queue->first, .entry_bytes = entry_bytes};
}

bool send_queue_is_empty(const struct send_queue *queue)
{
    return queue->first == NULL;
}

size_t send_queue_bytes_with(const struct send_queue *queue, const struct blob *bytes)
{
    return queue->bytes + bytes->length + queue->entry_bytes;
}

void send_queue_append(struct send_queue *queue, struct blob *bytes)
{
    struct send_queue_entry *entry = mem_alloc(sizeof(*entry));

    *entry = (struct send_queue_entry){.bytes = blob_ref(bytes)};
    *queue->last = entry;
    queue->last = &entry->next;
    queue->bytes += bytes->length + queue->entry_bytes;
}

static void free_entry(struct send_queue *queue, struct send_queue_entry *entry)
{
    queue->bytes -= entry->bytes->length + queue->entry_bytes;
    blob_unref(entry->bytes);
    free(entry);
}

/* Drops everything from this link on. */
static void drop_entries_from(struct send_queue *queue, struct send_queue_entry **link)
{
    struct send_queue_entry *entry = *link, *next;

    *link = NULL;
    queue->last = link;
    for (; entry != NULL; entry = next) {
        next = entry->next;
        free_entry(queue, entry);
    }
}

void send_queue_clear(struct send_queue *queue)
{
    drop_entries_from(queue, &queue->first);
    queue->sent_bytes = 0;
}

void send_queue_clear_unsent(struct send_queue *queue)
{
    drop_entries_from(queue, queue->sent_bytes > 0 ? &queue->first->next : &queue->first);
}

/* Removes the entries that `sent` more bytes complete. */
static void drop_sent_entries(struct send_queue *queue, size_t sent)
{
    queue->sent_bytes += sent;
    while (queue->first != NULL && queue->sent_bytes >= queue->first->bytes->length) {
        struct send_queue_entry *entry = queue->first;
        queue->sent_bytes -= entry->bytes->length;
        queue->first = entry->next;
        if (queue->first == NULL)
            queue->last = &queue->first;
        free_entry(queue, entry);
    }
}

/* Sends up to ENTRIES_AT_ONCE entries, *wanted bytes. Returns how many bytes were sent,
 * or -1. */
static ssize_t send_entries(const struct send_queue *queue, int fd, size_t *wanted)
{
    struct iovec pieces[ENTRIES_AT_ONCE];
    struct msghdr message = {.msg_iov = pieces};
    size_t skipped = queue->sent_bytes;

    *wanted = 0;
    for (const struct send_queue_entry *entry = queue->first;
         entry != NULL && message.msg_iovlen < ENTRIES_AT_ONCE;
         entry = entry->next, skipped = 0) {
        struct iovec *piece = &pieces[message.msg_iovlen++];
        /* The type has no const, but nothing is written there. */
        piece->iov_base = (char *)(uintptr_t)(entry->bytes->bytes + skipped);
        piece->iov_len = entry->bytes->length - skipped;
        *wanted += piece->iov_len;
    }
    return sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool socket_should_retry(int error_number)
{
    return error_number == EAGAIN || error_number == EWOULDBLOCK || error_number == EINTR;
}

bool send_queue_send(struct send_queue *queue, int fd)
{
    size_t wanted = 0;

    while (queue->first != NULL) {
        ssize_t sent = send_entries(queue, fd, &wanted);
        if (sent < 0)
            return socket_should_retry(errno);
        drop_sent_entries(queue, (size_t)sent);
        if ((size_t)sent < wanted)
            return true;
    }
    return true;
}
