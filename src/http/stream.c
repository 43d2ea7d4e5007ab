#include "http/stream.h"

#include "base/buf.h"
#include "base/bug.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/worker.h"
#include "stream_internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BLOCK_BYTES = 4096, EVENTS_AT_ONCE = 64 };

/* In events: the serial of no stream, which ends the watcher's wait. */
enum { WAKE_SERIAL = 0 };

/*
 * Lock order: first the lock of the streams, then that of a stream, then those of
 * libmicrohttpd. It holds some of its locks when it calls read_stream(), but none that
 * any function here waits for.
 */
struct http_stream {
    atomic_size_t references;
    size_t limit;
    http_stream_over *over;
    void *context;

    struct streams
        *streams;    /* NULL: not sent yet; under their lock, like the next three */
    uint64_t serial; /* identifies it in an event, even after it was freed */
    struct http_stream *next;
    struct http_stream *previous;

    pthread_mutex_t lock; /* for everything below */
    struct buf unsent;    /* its first `sent` bytes were sent already */
    size_t sent;
    bool ended;                        /* by the writer */
    bool complete;                     /* everything was sent, also the end */
    bool gone;                         /* nothing more can be sent */
    bool waiting;                      /* the connection is suspended */
    bool headers_only;                 /* the request is a HEAD */
    struct MHD_Connection *connection; /* NULL: not connected yet, or no longer */
    int fd; /* its socket, open while `connection` is not NULL */
};

struct streams {
    pthread_mutex_t lock;
    struct http_stream *first; /* under the lock, like the rest */
    uint64_t last_serial;      /* of the streams that were listed so far */
    bool ending;
    struct worker *watcher; /* NULL: not started yet, or no thread was available */
    bool watch_failed;      /* the last attempt to start it; for one line in the log */
    int epoll_fd;           /* watches the sockets for clients that disconnect */
    int wake_fd;            /* in the same set, to end the watcher */
};

struct http_stream *http_stream_new(size_t limit, http_stream_over *over, void *context)
{
    struct http_stream *stream = mem_zalloc(sizeof(*stream));

    atomic_init(&stream->references, 1);
    stream->limit = limit;
    stream->over = over;
    stream->context = context;
    pthread_mutex_init(&stream->lock, NULL);
    /* Twice the limit: see drop_sent(). */
    buf_init(&stream->unsent, limit * 2);
    return stream;
}

struct http_stream *http_stream_ref(struct http_stream *stream)
{
    atomic_fetch_add_explicit(&stream->references, 1, memory_order_relaxed);
    return stream;
}

void http_stream_unref(struct http_stream *stream)
{
    if (stream == NULL ||
        atomic_fetch_sub_explicit(&stream->references, 1, memory_order_acq_rel) > 1)
        return;
    buf_done(&stream->unsent);
    pthread_mutex_destroy(&stream->lock);
    free(stream);
}

/* Resumes a connection that waits. Under the stream's lock, like the next functions. */
static void wake_connection(struct http_stream *stream)
{
    if (!stream->waiting)
        return;
    stream->waiting = false;
    MHD_resume_connection(stream->connection);
}

/* Sends nothing more, and makes the connection close. */
static void cut_stream(struct http_stream *stream)
{
    if (stream->gone || stream->complete)
        return;
    stream->gone = true;
    buf_done(&stream->unsent);
    stream->sent = 0;
    if (stream->waiting)
        wake_connection(stream);
    else if (stream->connection != NULL) /* it may be waiting for the client to read */
        (void)shutdown(stream->fd, SHUT_RDWR);
}

/* Drops the bytes that were sent once they are at least half of the buffer. So each byte
 * is moved at max once on average, and the buffer is at max twice the size of what is
 * unsent. */
static void drop_sent(struct http_stream *stream)
{
    if (stream->sent < stream->unsent.length - stream->sent)
        return;
    buf_drop(&stream->unsent, stream->sent);
    stream->sent = 0;
}

static void add_unsent(struct http_stream *stream, const char *bytes, size_t length)
{
    drop_sent(stream);
    if (length > stream->limit - (stream->unsent.length - stream->sent)) {
        cut_stream(stream);
        return;
    }
    buf_add(&stream->unsent, bytes, length);
    wake_connection(stream);
}

bool http_stream_write(struct http_stream *stream, const char *bytes, size_t length)
{
    pthread_mutex_lock(&stream->lock);
    if (stream->ended)
        BUG("a stream was written to after its end");
    if (!stream->gone && length > 0)
        add_unsent(stream, bytes, length);
    bool taken = !stream->gone;
    pthread_mutex_unlock(&stream->lock);
    return taken;
}

void http_stream_end(struct http_stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    stream->ended = true;
    wake_connection(stream);
    pthread_mutex_unlock(&stream->lock);
}

static ssize_t take_unsent(struct http_stream *stream, char *out, size_t max)
{
    size_t length = stream->unsent.length - stream->sent;

    if (length > max)
        length = max;
    memcpy(out, stream->unsent.bytes + stream->sent, length);
    stream->sent += length;
    if (stream->sent == stream->unsent.length) { /* an idle stream keeps no memory */
        buf_done(&stream->unsent);
        stream->sent = 0;
    }
    return (ssize_t)length;
}

/* Callback of libmicrohttpd for the next bytes. */
static ssize_t read_stream(void *cls, uint64_t position, char *out, size_t max)
{
    struct http_stream *stream = cls;
    ssize_t result = 0;

    (void)position;
    pthread_mutex_lock(&stream->lock);
    if (stream->gone) {
        result = MHD_CONTENT_READER_END_WITH_ERROR;
    } else if (stream->unsent.length > 0) {
        result = take_unsent(stream, out, max);
    } else if (stream->ended) {
        stream->complete = true;
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        stream->waiting = true;
        MHD_suspend_connection(stream->connection);
    }
    pthread_mutex_unlock(&stream->lock);
    return result;
}

void stream_release(struct http_stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    bool complete = stream->complete || (stream->headers_only && !stream->gone);
    stream->connection = NULL;
    stream->gone = true;
    pthread_mutex_unlock(&stream->lock);
    if (stream->over != NULL)
        stream->over(stream->context, complete);
    http_stream_unref(stream);
}

struct streams *streams_new(void)
{
    struct streams *streams = mem_zalloc(sizeof(*streams));

    pthread_mutex_init(&streams->lock, NULL);
    streams->epoll_fd = -1;
    streams->wake_fd = -1;
    return streams;
}

static void close_watch(struct streams *streams)
{
    if (streams->epoll_fd >= 0)
        close(streams->epoll_fd);
    if (streams->wake_fd >= 0)
        close(streams->wake_fd);
    streams->epoll_fd = -1;
    streams->wake_fd = -1;
}

void streams_free(struct streams *streams)
{
    if (streams == NULL)
        return;
    if (streams->watcher != NULL) {
        worker_ask_to_stop(streams->watcher);
        (void)eventfd_write(streams->wake_fd, 1);
        worker_stop(streams->watcher);
    }
    close_watch(streams);
    pthread_mutex_destroy(&streams->lock);
    free(streams);
}

void streams_end(struct streams *streams)
{
    pthread_mutex_lock(&streams->lock);
    streams->ending = true;
    for (struct http_stream *stream = streams->first; stream != NULL;
         stream = stream->next) {
        pthread_mutex_lock(&stream->lock);
        if (!stream->ended)
            cut_stream(stream);
        pthread_mutex_unlock(&stream->lock);
    }
    pthread_mutex_unlock(&streams->lock);
}

/* Cuts off a stream whose client disconnected, if it is still being sent. An event may
 * be handled after its stream was freed and another one got the same address. */
static void cut_if_listed(struct streams *streams, uint64_t serial)
{
    struct http_stream *stream = streams->first;

    while (stream != NULL && stream->serial != serial)
        stream = stream->next;
    if (stream == NULL)
        return;
    pthread_mutex_lock(&stream->lock);
    cut_stream(stream);
    pthread_mutex_unlock(&stream->lock);
}

static void watch_clients(struct worker *worker, void *context)
{
    struct streams *streams = context;
    struct epoll_event events[EVENTS_AT_ONCE];

    while (worker_should_continue(worker)) {
        int count = epoll_wait(streams->epoll_fd, events, EVENTS_AT_ONCE, -1);
        pthread_mutex_lock(&streams->lock);
        for (int i = 0; i < count; i++)
            cut_if_listed(streams, events[i].data.u64);
        pthread_mutex_unlock(&streams->lock);
    }
}

/* False: no descriptor or no thread is available. Clients that disconnect are then
 * noticed only by the next write. */
static bool start_watch(struct streams *streams)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = WAKE_SERIAL};

    if (streams->watcher != NULL)
        return true;
    streams->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    streams->wake_fd = eventfd(0, EFD_CLOEXEC);
    if (streams->epoll_fd >= 0 && streams->wake_fd >= 0 &&
        epoll_ctl(streams->epoll_fd, EPOLL_CTL_ADD, streams->wake_fd, &event) == 0)
        streams->watcher = worker_start(watch_clients, streams);
    if (streams->watcher == NULL) {
        close_watch(streams);
        if (!streams->watch_failed)
            log_warn("disconnecting clients not noticed",
                     "reason=\"no file descriptor or no thread is available\"");
    }
    streams->watch_failed = streams->watcher == NULL;
    return !streams->watch_failed;
}

static void watch_client(struct streams *streams, struct http_stream *stream)
{
    struct epoll_event event = {.events = EPOLLRDHUP | EPOLLONESHOT,
                                .data.u64 = stream->serial};

    if (start_watch(streams))
        (void)epoll_ctl(streams->epoll_fd, EPOLL_CTL_ADD, stream->fd, &event);
}

static void list_stream(struct streams *streams, struct http_stream *stream)
{
    stream->streams = streams;
    stream->serial = ++streams->last_serial;
    stream->next = streams->first;
    if (stream->next != NULL)
        stream->next->previous = stream;
    streams->first = stream;
}

static void unlist_stream(struct streams *streams, struct http_stream *stream)
{
    if (stream->previous != NULL)
        stream->previous->next = stream->next;
    else
        streams->first = stream->next;
    if (stream->next != NULL)
        stream->next->previous = stream->previous;
    if (streams->epoll_fd >= 0)
        (void)epoll_ctl(streams->epoll_fd, EPOLL_CTL_DEL, stream->fd, NULL);
}

/* The connection is done with the response, and its socket is still open. */
static void on_response_over(void *cls)
{
    struct http_stream *stream = cls;
    struct streams *streams = stream->streams;

    pthread_mutex_lock(&streams->lock);
    unlist_stream(streams, stream);
    pthread_mutex_unlock(&streams->lock);
    stream_release(stream);
}

static void attach_stream(struct http_stream *stream, struct streams *streams,
                          struct MHD_Connection *connection, bool to_head)
{
    pthread_mutex_lock(&streams->lock);
    if (stream->streams != NULL)
        BUG("a stream is in two responses");
    list_stream(streams, stream);
    pthread_mutex_lock(&stream->lock);
    stream->connection = connection;
    stream->headers_only = to_head;
    stream->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)
                     ->connect_fd;
    if (streams->ending && !stream->ended)
        stream->gone = true;
    pthread_mutex_unlock(&stream->lock);
    watch_client(streams, stream);
    pthread_mutex_unlock(&streams->lock);
}

struct MHD_Response *stream_response(struct http_stream *stream, struct streams *streams,
                                     struct MHD_Connection *connection, bool to_head)
{
    attach_stream(stream, streams, connection, to_head);
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_stream, stream, on_response_over);
    /* 0.9.75 sends the last chunk of a chunked body even if there is no body. */
    if (response != NULL && to_head)
        (void)MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT,
                                       MHD_RO_END);
    return response;
}
