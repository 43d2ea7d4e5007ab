#include "http/server.h"

#include "base/bug.h"
#include "base/deadline.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/uri.h"
#include "delays_internal.h"
#include "exchange_internal.h"
#include "places_internal.h"
#include "tasks_internal.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    MAX_THREADS = 16,
    MAX_DESCRIPTORS = 64 * 1024,  /* of upgraded connections and of files being sent */
    SPARE_DESCRIPTORS = 64,       /* for the database, logs and the like */
    SEND_TIMEOUT_S = 60,          /* for a client that does not read its response */
    CONNECTION_BYTES = 32 * 1024, /* limit for a request's line and headers */
    LISTEN_BACKLOG = 1024,
};

struct http_server {
    struct MHD_Daemon *daemon;
    struct exchange_setting setting;
    struct http_limits limits; /* all are set */
    struct places *places;
    struct delays *delays;
    struct tasks *tasks;

    pthread_mutex_t lock;
    pthread_cond_t idle;
    size_t in_flight; /* exchanges that have not ended; under the lock, like the next */
    bool stopping;    /* further requests are refused */
};

static bool is_stopping(struct http_server *server)
{
    pthread_mutex_lock(&server->lock);
    bool stopping = server->stopping;
    pthread_mutex_unlock(&server->lock);
    return stopping;
}

static void count_exchange(struct http_server *server, int by)
{
    pthread_mutex_lock(&server->lock);
    server->in_flight += (size_t)by;
    if (server->in_flight == 0)
        pthread_cond_signal(&server->idle);
    pthread_mutex_unlock(&server->lock);
}

/* A connection's exchange and its memory. libmicrohttpd does not report the end of every
 * request that it abandons, so the remaining ones are freed when the connection ends. */
struct slot {
    struct exchange *x;
    struct arena *arena; /* used by one exchange after the other */
    struct place *place;
};

static struct slot *slot_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
        ->socket_context;
}

static enum MHD_Result admit_connection(void *cls, const struct sockaddr *address,
                                        socklen_t length)
{
    const struct http_server *server = cls;

    (void)length;
    return places_admit(server->places, address) ? MHD_YES : MHD_NO;
}

static struct slot *new_slot(struct http_server *server,
                             struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *client =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct slot *slot = mem_zalloc(sizeof(*slot));

    slot->arena = arena_new();
    slot->place = places_enter(server->places, fd->connect_fd, client->client_addr);
    return slot;
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct slot *slot = *context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = new_slot(cls, connection);
        return;
    }
    /* libmicrohttpd closes the socket after this. */
    place_leave(slot->place);
    if (slot->x != NULL) {
        exchange_free(slot->x);
        count_exchange(cls, -1);
    }
    arena_free(slot->arena);
    free(slot);
    *context = NULL;
}

static bool has_many_pairs(const char *target)
{
    size_t pairs = 0;

    for (const char *at = strchr(target, '?'); at != NULL; at = strchr(at + 1, '&'))
        pairs++;
    return pairs > URI_MAX_QUERY_PAIRS;
}

/* The first callback for a request, and the only one that has its undecoded target. */
static void *on_request_line(void *cls, const char *target,
                             struct MHD_Connection *connection)
{
    struct http_server *server = cls;

    /* libmicrohttpd 0.9.75 prepares a 431 response to a query with more pairs than it has
     * memory for, but never sends it: do not make the client wait for the idle
     * timeout. */
    if (has_many_pairs(target))
        (void)MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, 1u);
    count_exchange(server, 1);
    struct slot *slot = slot_of(connection);
    place_receives(slot->place);
    slot->x = exchange_new(slot->arena, target, &server->setting);
    return slot->x;
}

static void handle_long(void *context)
{
    exchange_handle_long(context);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection,
                                  const char *path, const char *method,
                                  const char *version, const char *body,
                                  size_t *body_length, void **state)
{
    struct http_server *server = cls;
    struct exchange *x = *state;

    (void)path;
    if (!x->started) { /* only the headers: ask for more */
        x->started = true;
        if (is_stopping(server))
            return MHD_NO;
        exchange_check_head(x, connection, version);
        if (!x->unframed)
            return MHD_YES;
        /* A response at this time makes libmicrohttpd ignore what follows the head and
         * close the connection. */
    }
    if (*body_length > 0) { /* a piece of the body: never respond here */
        enum MHD_Result taken = exchange_take_body(x, body, *body_length);
        *body_length = 0;
        return taken;
    }
    if (!x->handled) { /* complete */
        x->line = (struct exchange_line){connection, method, version};
        place_responds(slot_of(connection)->place);
        exchange_handle(x);
    }
    if (x->response.later && tasks_add(server->tasks, connection, handle_long, x))
        return MHD_YES; /* called again when it is handled */
    if (x->response.later)
        exchange_handle_long(x);
    if (x->response.delay_ms > 0 && !x->held) {
        x->held = true;
        if (delays_hold(server->delays, connection, x->response.delay_ms))
            return MHD_YES; /* called again when the delay is over */
    }
    return exchange_respond(x, connection);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    (void)code;
    struct slot *slot = slot_of(connection);

    slot->x = NULL;
    exchange_free(*state);
    arena_reset(slot->arena);
    place_waits(slot->place);
    *state = NULL;
    count_exchange(cls, -1);
}

static void on_message(void *cls, const char *format, va_list args) PRINTF(2, 0);

static void on_message(void *cls, const char *format, va_list args)
{
    char text[200];
    char quoted[LOG_QUOTED_BYTES];

    (void)cls;
    if (!log_writes(LOG_DEBUG))
        return;
    vsnprintf(text, sizeof(text), format, args);
    log_debug("http", "message=%s", log_quoted(text, quoted));
}

/* Returns a socket that listens there, or -1 and *why. */
static int listen_on(const char *host, int port, struct arena *arena, const char **why)
{
    const char *service = arena_printf(arena, "%d", port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    const int on = 1;

    int code = getaddrinfo(host, service, &hints, &found);
    if (code != 0) {
        *why = arena_printf(arena, "cannot listen on %s: %s", host, gai_strerror(code));
        return -1;
    }
    int fd = socket(found->ai_family, SOCK_STREAM, 0);
    if (fd >= 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 ||
        listen(fd, LISTEN_BACKLOG) != 0) {
        /* There are no threads yet. NOLINTNEXTLINE(concurrency-mt-unsafe) */
        const char *reason = strerror(errno);
        *why = arena_printf(arena, "cannot listen on %s port %d: %s", host, port, reason);
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}

static int port_of(int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof(address);
    char service[sizeof("65535")];

    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0 ||
        getnameinfo((struct sockaddr *)&address, length, NULL, 0, service,
                    sizeof(service), NI_NUMERICSERV) != 0)
        BUG("a listening socket has no port");
    return (int)strtol(service, NULL, 10);
}

static unsigned thread_count(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (cores < 2)
        return 2; /* so that one slow request does not block all others */
    return cores < MAX_THREADS ? (unsigned)cores : MAX_THREADS;
}

/* How many descriptors the server may use for clients. Without any left, libmicrohttpd
 * would try to accept connections in an endless loop, and the database would fail. */
static size_t client_descriptors(void)
{
    const rlim_t most = HTTP_MAX_CONNECTIONS + MAX_DESCRIPTORS;
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0 ||
        files.rlim_cur > most + SPARE_DESCRIPTORS)
        return (size_t)most;
    return files.rlim_cur > (rlim_t)2 * SPARE_DESCRIPTORS
               ? (size_t)(files.rlim_cur - SPARE_DESCRIPTORS)
               : (size_t)(files.rlim_cur / 2);
}

/* Half of these are for connections of the server, the others for what has a limit of its
 * own. */
static size_t connection_limit(void)
{
    size_t half = client_descriptors() / 2;

    return half < HTTP_MAX_CONNECTIONS ? half : HTTP_MAX_CONNECTIONS;
}

static void set_default(int64_t *limit, int64_t value)
{
    if (*limit == 0)
        *limit = value;
}

/* The limits with their defaults. */
static struct http_limits complete_limits(struct http_limits limits)
{
    if (limits.connections == 0)
        limits.connections = connection_limit();
    if (limits.address_connections == 0) /* rounded up, so that it is not 0 */
        limits.address_connections =
            (limits.connections * HTTP_ADDRESS_CONNECTIONS_PERCENT + 99) / 100;
    if (limits.bodies_bytes == 0)
        limits.bodies_bytes = HTTP_BODIES_MAX_BYTES;
    set_default(&limits.idle_ms, HTTP_IDLE_MS);
    set_default(&limits.pressed_idle_ms, HTTP_PRESSED_IDLE_MS);
    set_default(&limits.request_ms, HTTP_REQUEST_MS);
    set_default(&limits.pressed_request_ms, HTTP_PRESSED_REQUEST_MS);
    return limits;
}

static struct MHD_Daemon *start_daemon(struct http_server *server, int fd)
{
    /* Not epoll: with it, 0.9.75 misses the end of a connection that arrives together
     * with its last bytes. After a flood of such clients, all available connections were
     * blocked until they timed out, and nobody was served. */
    const unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                           MHD_ALLOW_UPGRADE | MHD_USE_ERROR_LOG;

    struct MHD_OptionItem items[] = {
        {MHD_OPTION_LISTEN_SOCKET,           fd,                                   NULL},
        {MHD_OPTION_THREAD_POOL_SIZE,        thread_count(),                       NULL},
        {MHD_OPTION_CONNECTION_LIMIT,        (intptr_t)server->limits.connections, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT,      SEND_TIMEOUT_S,                       NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES,                     NULL},
        {MHD_OPTION_END,                     0,                                    NULL},
    };

    return MHD_start_daemon(flags, 0, admit_connection, server, on_request, server,
                            MHD_OPTION_EXTERNAL_LOGGER, on_message, NULL,
                            MHD_OPTION_URI_LOG_CALLBACK, on_request_line, server,
                            MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
                            MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
                            MHD_OPTION_ARRAY, items, MHD_OPTION_END);
}

static void init_setting(struct exchange_setting *setting,
                         const struct http_options *options,
                         const struct http_limits *limits, int fd)
{
    mounts_init(&setting->mounts, options);
    setting->port = port_of(fd);
    setting->streams = streams_new();
    setting->bodies = allowance_new(limits->bodies_bytes, "bytes of request bodies");
    setting->descriptors = allowance_new(client_descriptors() - connection_limit(),
                                         "upgraded connections and files being sent");
}

/* Frees a server without threads. */
static void free_server(struct http_server *server)
{
    allowance_free(server->setting.descriptors);
    allowance_free(server->setting.bodies);
    streams_free(server->setting.streams);
    mounts_done(&server->setting.mounts);
    delays_free(server->delays);
    tasks_free(server->tasks);
    places_free(server->places);
    pthread_cond_destroy(&server->idle);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

struct http_server *http_server_start(const struct http_options *options,
                                      struct arena *arena, const char **why)
{
    int fd = listen_on(options->host, options->port, arena, why);

    if (fd < 0)
        return NULL;
    struct http_server *server = mem_zalloc(sizeof(*server));
    server->limits = complete_limits(options->limits);
    init_setting(&server->setting, options, &server->limits, fd);
    pthread_mutex_init(&server->lock, NULL);
    deadline_cond_init(&server->idle);
    server->delays = delays_new();
    server->tasks = tasks_new();
    server->places = places_new(&server->limits);
    if (server->places != NULL)
        server->daemon = start_daemon(server, fd);
    if (server->daemon == NULL) {
        *why = "cannot start the HTTP threads";
        close(fd);
        free_server(server);
        return NULL;
    }
    return server;
}

int http_server_port(const struct http_server *server)
{
    return server->setting.port;
}

static void wait_until_idle(struct http_server *server, int grace_ms)
{
    const struct timespec until = deadline_after_ms(grace_ms);

    pthread_mutex_lock(&server->lock);
    while (server->in_flight > 0 &&
           pthread_cond_timedwait(&server->idle, &server->lock, &until) == 0)
        continue;
    pthread_mutex_unlock(&server->lock);
}

void http_server_drain(struct http_server *server, int grace_ms)
{
    if (server == NULL)
        return;
    /* Not MHD_quiesce_daemon(): in 0.9.75, if epoll is used, it and a busy thread can
     * both remove the listening socket from its epoll set, and the second one aborts the
     * program. */
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    pthread_mutex_unlock(&server->lock);
    /* libmicrohttpd cannot stop a daemon that has suspended connections. */
    delays_end(server->delays);
    streams_end(server->setting.streams);
    wait_until_idle(server, grace_ms);
}

void http_server_stop(struct http_server *server, int grace_ms)
{
    if (server == NULL)
        return;
    http_server_drain(server, grace_ms);
    tasks_end(server->tasks); /* they have suspended their connections, too */
    MHD_stop_daemon(server->daemon);
    free_server(server);
}
