/*
 * What WebSockets cost the server: the processor's time and the delay of broadcasts, and
 * the memory of idle connections. The clients are a process of their own.
 *
 *   websocket_bench [SECONDS]
 *
 * It needs as many descriptors as there are connections (ulimit -n).
 */
#include "http/websocket.h"
#include "base/arena.h"
#include "base/bug.h"
#include "base/memory.h"
#include "http/server.h"
#include "support/websocket_peer.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    LISTENERS = 500,
    IDLE = 10000,
    PERIOD_MS = 50, /* 20 messages a second */
    PAYLOAD_BYTES = 400,
    FRAME_BYTES = PAYLOAD_BYTES + 4,
    DEFAULT_SECONDS = 10,
    MAX_SAMPLES = 4 * 1000 * 1000,
    GRACE_MS = 1000,
};

/* The server. */

struct host {
    struct arena *arena;
    struct poller *poller;
    struct http_server *http;
    struct websocket_endpoint endpoint;
    atomic_int open_count;
    struct websocket *members[IDLE]; /* the poller's, like the next */
    size_t member_count;
    struct poller_timer timer;
};

static int64_t now_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void on_open(struct websocket *websocket, void *context)
{
    struct host *host = context;

    host->members[host->member_count++] = websocket_ref(websocket);
    atomic_fetch_add(&host->open_count, 1);
}

static void on_message(struct websocket *websocket, void *context,
                       const struct websocket_message *message)
{
    (void)websocket;
    (void)context;
    (void)message;
}

static void on_close(struct websocket *websocket, void *context, int code,
                     const char *reason)
{
    struct host *host = context;
    size_t at = 0;

    (void)code;
    (void)reason;
    while (host->members[at] != websocket)
        at++;
    host->members[at] = host->members[--host->member_count];
    websocket_unref(websocket);
    atomic_fetch_sub(&host->open_count, 1);
}

static void on_release(void *context)
{
    (void)context;
}

static const struct websocket_handler handler = {on_open, on_message, on_close,
                                                 on_release};

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct host *host = context;
    struct websocket_offer offer;

    if (http_websocket_offer(request, response, &offer))
        http_respond_websocket(response, &offer, NULL, &host->endpoint, host);
}

/* Sends everybody the time at which it is sent, and does so again later. */
static void broadcast(void *context)
{
    struct host *host = context;
    char payload[PAYLOAD_BYTES];

    memset(payload, ' ', sizeof(payload));
    snprintf(payload, sizeof(payload), "%lld", (long long)now_ns(CLOCK_MONOTONIC));
    struct blob *frame = websocket_frame(WEBSOCKET_BINARY, payload, sizeof(payload));
    for (size_t i = 0; i < host->member_count; i++)
        websocket_send(host->members[i], frame);
    blob_unref(frame);
    poller_timer_start(host->poller, &host->timer, PERIOD_MS);
}

static void begin_broadcasts(void *context)
{
    struct host *host = context;

    host->timer = (struct poller_timer){.expired = broadcast, .context = host};
    broadcast(host);
}

static void end_broadcasts(void *context)
{
    struct host *host = context;

    poller_timer_stop(&host->timer);
}

static struct host *start_host(void)
{
    struct host *host = mem_zalloc(sizeof(*host));
    const struct http_options options = {
        .host = "127.0.0.1", .body_limit = 1024, .handler = handle, .context = host};
    const char *why = "no poller";

    host->arena = arena_new();
    host->poller = poller_start();
    host->endpoint = (struct websocket_endpoint){host->poller, &handler,
                                                 &websocket_default_options, NULL};
    if (host->poller != NULL)
        host->http = http_server_start(&options, host->arena, &why);
    if (host->http == NULL)
        BUG("%s", why);
    return host;
}

static void stop_host(struct host *host)
{
    http_server_stop(host->http, GRACE_MS);
    poller_stop(host->poller);
    arena_free(host->arena);
    free(host);
}

/* What the process has used of the processor, by itself and in the kernel. */
struct usage {
    double own_s, kernel_s;
};

static struct usage usage_now(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (struct usage){
        (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6,
        (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6};
}

static long resident_kib(void)
{
    char line[256];
    long kib = 0;
    FILE *file = fopen("/proc/self/status", "r");

    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        if (strncmp(line, "VmRSS:", 6) == 0)
            kib = strtol(line + 6, NULL, 10);
    if (file != NULL)
        fclose(file);
    return kib;
}

/* The clients: as many connections as the server asks for, one byte of a pipe at a time.
 */

struct clients {
    struct websocket_peer peers[IDLE];
    size_t partial[IDLE]; /* bytes of a frame that came */
    char head[IDLE][32];  /* its first bytes */
    struct pollfd ready[IDLE + 1];
    size_t count;
    int32_t *delays_us;
    size_t delay_count;
};

static void take_byte(struct clients *clients, size_t i, char byte, int64_t now)
{
    size_t at = clients->partial[i];

    if (at < sizeof(clients->head[i]))
        clients->head[i][at] = byte;
    if (++at == FRAME_BYTES) {
        long long sent_ns = strtoll(clients->head[i] + 4, NULL, 10);
        if (clients->delay_count < MAX_SAMPLES)
            clients->delays_us[clients->delay_count++] =
                (int32_t)((now - sent_ns) / 1000);
        at = 0;
    }
    clients->partial[i] = at;
}

static void receive(struct clients *clients, size_t i)
{
    char bytes[4096];

    ssize_t got = recv(clients->peers[i].fd, bytes, sizeof(bytes), MSG_DONTWAIT);
    int64_t now = now_ns(CLOCK_MONOTONIC);
    for (ssize_t n = 0; n < got; n++)
        take_byte(clients, i, bytes[n], now);
}

static int compare(const void *a, const void *b)
{
    const int32_t *left = a, *right = b;

    return *left < *right ? -1 : *left > *right;
}

static void report_delays(struct clients *clients)
{
    const size_t count = clients->delay_count, middle = count / 2,
                 late = count * 99 / 100;

    qsort(clients->delays_us, count, sizeof(*clients->delays_us), compare);
    if (count > 0)
        printf("delay of %zu messages: p50 %.2f ms, p99 %.2f ms, longest %.2f ms\n",
               count, clients->delays_us[middle] / 1e3, clients->delays_us[late] / 1e3,
               clients->delays_us[count - 1] / 1e3);
    fflush(stdout);
}

/* Receives until the pipe says that more connections are wanted, or ends. */
static bool receive_until_told(struct clients *clients, int orders)
{
    char order;

    for (size_t i = 0; i < clients->count; i++)
        clients->ready[i] = (struct pollfd){.fd = clients->peers[i].fd, .events = POLLIN};
    clients->ready[clients->count] = (struct pollfd){.fd = orders, .events = POLLIN};
    for (;;) {
        if (poll(clients->ready, clients->count + 1, -1) < 0)
            return false;
        for (size_t i = 0; i < clients->count; i++)
            if (clients->ready[i].revents != 0)
                receive(clients, i);
        if (clients->ready[clients->count].revents != 0)
            return read(orders, &order, 1) == 1;
    }
}

static int run_clients(int orders)
{
    struct clients *clients = mem_zalloc(sizeof(*clients));
    int port = 0;

    clients->delays_us = mem_alloc(MAX_SAMPLES * sizeof(*clients->delays_us));
    if (read(orders, &port, sizeof(port)) != sizeof(port))
        return EXIT_FAILURE;
    while (clients->count < LISTENERS)
        peer_connect(&clients->peers[clients->count++], port, "/");
    if (receive_until_told(clients, orders)) {
        report_delays(clients);
        while (clients->count < IDLE)
            peer_connect(&clients->peers[clients->count++], port, "/");
        (void)receive_until_told(clients, orders);
    }
    return EXIT_SUCCESS;
}

/* The measurement. */

static void wait_until_open(struct host *host, int count)
{
    while (atomic_load(&host->open_count) < count)
        (void)poll(NULL, 0, 10);
}

static void post(struct host *host, poller_function *function)
{
    if (!poller_post(host->poller, function, host))
        BUG("the poller has stopped");
}

static void measure(int orders, int seconds)
{
    struct host *host = start_host();
    int port = http_server_port(host->http);

    if (write(orders, &port, sizeof(port)) != sizeof(port))
        BUG("the clients are gone");
    wait_until_open(host, LISTENERS);
    int64_t began_ns = now_ns(CLOCK_MONOTONIC);
    const struct usage before = usage_now();
    post(host, begin_broadcasts);
    (void)poll(NULL, 0, seconds * 1000);
    post(host, end_broadcasts);
    const struct usage after = usage_now();
    double took_s = (double)(now_ns(CLOCK_MONOTONIC) - began_ns) / 1e9;
    printf("%d connections, %d messages of %d bytes a second: %.1f %% of a core, and "
           "%.1f %% in the kernel\n",
           LISTENERS, 1000 / PERIOD_MS, PAYLOAD_BYTES,
           100 * (after.own_s - before.own_s) / took_s,
           100 * (after.kernel_s - before.kernel_s) / took_s);
    fflush(stdout);

    long before_kib = resident_kib();
    if (write(orders, "+", 1) != 1)
        BUG("the clients are gone");
    wait_until_open(host, IDLE);
    printf("%d idle connections: %.0f bytes resident for each\n", IDLE,
           1024.0 * (double)(resident_kib() - before_kib) / (IDLE - LISTENERS));
    close(orders);
    stop_host(host);
}

int main(int argc, char **argv)
{
    int seconds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : DEFAULT_SECONDS;
    int orders[2], status = 0;

    if (seconds < 1 || pipe(orders) != 0)
        return EXIT_FAILURE;
    pid_t clients = fork();
    if (clients < 0)
        return EXIT_FAILURE;
    if (clients == 0) {
        close(orders[1]);
        return run_clients(orders[0]);
    }
    close(orders[0]);
    measure(orders[1], seconds);
    waitpid(clients, &status, 0);
    return status;
}
