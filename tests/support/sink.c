#include "sink.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/bug.h"
#include "base/memory.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cmocka_all.h"

enum {
    MAX_REQUESTS = 256,
    MAX_CONNECTIONS = 64,
    MAX_BYTES = 8 * 1024 * 1024,
    PATIENCE_SECONDS = 60,
};

struct plan {
    int status;
    const char *lines; /* of the head */
    const char *body;
    bool early;
};

struct connection {
    struct sink *sink;
    int fd;
    pthread_t thread;
};

struct sink {
    int listener;
    int port;
    bool is_open;
    pthread_t acceptor;
    struct arena *arena;

    pthread_mutex_t lock; /* over all below, and the arena */
    pthread_cond_t changed;
    bool released;
    bool ending;
    struct plan plans[MAX_REQUESTS];
    size_t plan_count;
    size_t answered; /* plans that have been used */
    struct sink_request requests[MAX_REQUESTS];
    size_t request_count;
    struct connection connections[MAX_CONNECTIONS];
    size_t connection_count;
};

/* The offset of the body, or 0 while the head is incomplete. */
static size_t head_length(const struct buf *buf)
{
    const char *end = strstr(buf->bytes, "\r\n\r\n");

    return end != NULL ? (size_t)(end - buf->bytes) + 4 : 0;
}

static const char *find_header(const char *head, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = head; at != NULL && *at != '\0';) {
        if (strncasecmp(at, name, length) == 0 && at[length] == ':')
            return at + length + 1 + strspn(at + length + 1, " ");
        at = strstr(at, "\r\n");
        at = at != NULL ? at + 2 : NULL;
    }
    return NULL;
}

static bool is_early(struct sink *sink)
{
    pthread_mutex_lock(&sink->lock);
    bool early = sink->answered < sink->plan_count && sink->plans[sink->answered].early;
    pthread_mutex_unlock(&sink->lock);
    return early;
}

/* Reads the next request of a connection into the buffer, or only what arrives with its
 * head if the rest is not to be read. Returns 0, or -1 if there is none. */
static int read_request(struct connection *connection, struct buf *buf, size_t *body_at)
{
    char piece[4096];
    size_t wanted = 0;

    while (wanted == 0 || buf->length < wanted) {
        ssize_t got = recv(connection->fd, piece, sizeof(piece), 0);
        if (got <= 0)
            return -1;
        buf_add(buf, piece, (size_t)got);
        *body_at = head_length(buf);
        if (*body_at > 0 && is_early(connection->sink))
            return 0;
        if (*body_at > 0 && wanted == 0) {
            const char *length = find_header(buf->bytes, "Content-Length");
            wanted = *body_at + (length != NULL ? strtoul(length, NULL, 10) : 0);
        }
    }
    return 0;
}

/* Stores a request and returns the planned response, once it may be sent. */
static struct plan take_request(struct sink *sink, const struct buf *buf, size_t body_at)
{
    struct plan plan = {.status = 200, .lines = "", .body = ""};

    pthread_mutex_lock(&sink->lock);
    if (sink->request_count < MAX_REQUESTS) {
        const char *end = strstr(buf->bytes, "\r\n");
        size_t line = (size_t)(end - buf->bytes);
        sink->requests[sink->request_count++] = (struct sink_request){
            .line = arena_strndup(sink->arena, buf->bytes, line),
            .head = arena_strndup(sink->arena, end + 2, body_at - line - 4),
            .body =
                arena_strndup(sink->arena, buf->bytes + body_at, buf->length - body_at),
            .body_length = buf->length - body_at,
        };
    }
    pthread_cond_broadcast(&sink->changed);
    if (sink->answered < sink->plan_count)
        plan = sink->plans[sink->answered++];
    while (plan.status == SINK_HOLD && !sink->released && !sink->ending)
        pthread_cond_wait(&sink->changed, &sink->lock);
    pthread_mutex_unlock(&sink->lock);
    return plan;
}

/* 0, or -1: the connection is broken. */
static int answer(int fd, const struct buf *request, const struct plan *plan)
{
    struct buf text AUTO(buf_done);
    int status = plan->status == SINK_HOLD ? 200 : plan->status;
    bool has_body = strncmp(request->bytes, "HEAD ", strlen("HEAD ")) != 0;

    buf_init(&text, MAX_BYTES);
    buf_printf(&text,
               "HTTP/1.1 %d Planned\r\nContent-Length: %zu\r\n"
               "Location: /elsewhere\r\n%s%s\r\n%s",
               status, strlen(plan->body), plan->early ? "Connection: close\r\n" : "",
               plan->lines, has_body ? plan->body : "");
    return send(fd, text.bytes, text.length, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

/* Reads to the end of the connection. */
static void drain(int fd)
{
    char piece[4096];

    while (recv(fd, piece, sizeof(piece), 0) > 0)
        continue;
}

static void *serve(void *context)
{
    struct connection *connection = context;
    struct sink *sink = connection->sink;
    size_t body_at = 0;

    for (;;) {
        struct buf request AUTO(buf_done);
        buf_init(&request, MAX_BYTES);
        if (read_request(connection, &request, &body_at) != 0)
            break;
        struct plan plan = take_request(sink, &request, body_at);
        bool answers = !(plan.early && plan.status == SINK_HOLD);
        if (plan.status == SINK_CLOSE ||
            (answers && answer(connection->fd, &request, &plan) != 0))
            break;
        if (plan.early) {
            if (answers)
                shutdown(connection->fd, SHUT_WR);
            drain(connection->fd);
            break;
        }
    }
    shutdown(connection->fd, SHUT_RDWR);
    return NULL;
}

static void *accept_all(void *context)
{
    struct sink *sink = context;
    int fd;

    while ((fd = accept(sink->listener, NULL, NULL)) >= 0) {
        pthread_mutex_lock(&sink->lock);
        if (sink->ending || sink->connection_count == MAX_CONNECTIONS) {
            close(fd);
        } else {
            struct connection *connection = &sink->connections[sink->connection_count++];
            *connection = (struct connection){.sink = sink, .fd = fd};
            if (pthread_create(&connection->thread, NULL, serve, connection) != 0)
                BUG("no thread for a connection");
        }
        pthread_mutex_unlock(&sink->lock);
    }
    return NULL;
}

struct sink *sink_new_closed(void)
{
    struct sink *sink = mem_zalloc(sizeof(*sink));
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);

    pthread_mutex_init(&sink->lock, NULL);
    pthread_cond_init(&sink->changed, NULL);
    sink->arena = arena_new();
    sink->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(sink->listener >= 0);
    assert_int_equal(bind(sink->listener, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(sink->listener, (struct sockaddr *)&address, &length),
                     0);
    sink->port = ntohs(address.sin_port);
    return sink;
}

void sink_open(struct sink *sink)
{
    assert_int_equal(listen(sink->listener, MAX_CONNECTIONS), 0);
    assert_int_equal(pthread_create(&sink->acceptor, NULL, accept_all, sink), 0);
    sink->is_open = true;
}

struct sink *sink_new(void)
{
    struct sink *sink = sink_new_closed();

    sink_open(sink);
    return sink;
}

void sink_free(struct sink *sink)
{
    pthread_mutex_lock(&sink->lock);
    sink->ending = true;
    pthread_cond_broadcast(&sink->changed);
    pthread_mutex_unlock(&sink->lock);
    shutdown(sink->listener, SHUT_RDWR);
    if (sink->is_open)
        pthread_join(sink->acceptor, NULL);
    for (size_t i = 0; i < sink->connection_count; i++) {
        shutdown(sink->connections[i].fd, SHUT_RDWR);
        pthread_join(sink->connections[i].thread, NULL);
        close(sink->connections[i].fd);
    }
    close(sink->listener);
    pthread_cond_destroy(&sink->changed);
    pthread_mutex_destroy(&sink->lock);
    arena_free(sink->arena);
    free(sink);
}

int sink_port(const struct sink *sink)
{
    return sink->port;
}

static void add_plan(struct sink *sink, struct plan plan)
{
    pthread_mutex_lock(&sink->lock);
    assert_true(sink->plan_count < MAX_REQUESTS);
    sink->plans[sink->plan_count++] = plan;
    pthread_mutex_unlock(&sink->lock);
}

void sink_plan(struct sink *sink, int status, const char *body)
{
    sink_plan_with(sink, status, "", body);
}

void sink_plan_with(struct sink *sink, int status, const char *lines, const char *body)
{
    add_plan(sink, (struct plan){.status = status, .lines = lines, .body = body});
}

void sink_plan_early(struct sink *sink, int status, const char *body)
{
    add_plan(sink,
             (struct plan){.status = status, .lines = "", .body = body, .early = true});
}

void sink_release(struct sink *sink)
{
    pthread_mutex_lock(&sink->lock);
    sink->released = true;
    pthread_cond_broadcast(&sink->changed);
    pthread_mutex_unlock(&sink->lock);
}

void sink_expect(struct sink *sink, size_t count)
{
    struct timespec until;
    int code = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_SECONDS;
    pthread_mutex_lock(&sink->lock);
    while (sink->request_count < count && code == 0)
        code = pthread_cond_timedwait(&sink->changed, &sink->lock, &until);
    size_t came = sink->request_count;
    pthread_mutex_unlock(&sink->lock);
    if (came < count)
        fail_msg("%zu requests arrived instead of %zu", came, count);
}

size_t sink_count(struct sink *sink)
{
    pthread_mutex_lock(&sink->lock);
    size_t count = sink->request_count;
    pthread_mutex_unlock(&sink->lock);
    return count;
}

size_t sink_connections(struct sink *sink)
{
    pthread_mutex_lock(&sink->lock);
    size_t count = sink->connection_count;
    pthread_mutex_unlock(&sink->lock);
    return count;
}

struct sink_request sink_request(struct sink *sink, size_t index)
{
    assert_true(index < sink_count(sink));
    pthread_mutex_lock(&sink->lock);
    struct sink_request request = sink->requests[index];
    pthread_mutex_unlock(&sink->lock);
    return request;
}

const char *sink_find_header(struct sink *sink, size_t index, const char *name)
{
    const char *value = find_header(sink_request(sink, index).head, name);

    if (value == NULL)
        return NULL;
    pthread_mutex_lock(&sink->lock);
    const char *copy = arena_strndup(sink->arena, value, strcspn(value, "\r"));
    pthread_mutex_unlock(&sink->lock);
    return copy;
}

const char *sink_header(struct sink *sink, size_t index, const char *name)
{
    const char *value = sink_find_header(sink, index, name);

    if (value == NULL)
        fail_msg("the request has no header %s", name);
    return value;
}
