/*
 * The clients of a chat room: they connect to a server that sends everybody what one of
 * them says, some of them speak, and all of them must hear everything once and in the
 * same order. Measured are the delay until the last one has heard a message, the
 * processor's time that the server needs, and its memory.
 *
 *   chat_bench PORT PID PATH TOKENS CLIENTS SENDERS RATE SECONDS
 *
 * TOKENS is a file with a chat token for each client, one a line: the messages are then
 * requests of Amazon IVS Chat. With "-" there are no tokens, and a message is sent as the
 * server is to send it. With a RATE of 0 nobody speaks: after the first clients, the
 * others are connected, and the memory is that of each of the others.
 *
 * Prints figures as name=value. Exit status: 0 all was heard, 1 not.
 */
#include "base/buf.h"
#include "base/memory.h"
#include "http/websocket_frame.h"
#include "support/websocket_bytes.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum {
    CONTENT_BYTES = 200, /* of a message; ... */
    FRAME_BYTES = 400,   /* ... as the emulator's frame with it is about so long */
    REQUEST_MAX_BYTES = 32 * 1024,
    PIECE_BYTES = 64 * 1024,
    HANDSHAKES = 64,   /* at the same time */
    FIRST_PERCENT = 5, /* of idle clients: what all of them need is there then */
    PATIENCE_MS = 10 * 1000,
    SILENCE_MS = 50, /* after the last message: nothing else may come */
    EVENTS = 256,
    NS_PER_MS = 1000000,
};

/* A client is open once its first ping is answered: only then do all servers count it in.
 */
enum phase { SHAKING_HANDS, PINGING, OPEN };

struct client {
    int fd;
    enum phase phase;
    char *rest; /* the beginning of a frame that is not complete */
    size_t rest_length;
    size_t heard; /* messages */
    int64_t began_ns;
};

struct message {
    int64_t sent_ns, heard_ns; /* by the last one */
    bool known;                /* it has a place in the order */
};

struct bench {
    int port;
    long pid;
    const char *path;
    FILE *tokens; /* NULL: none */
    size_t client_count, sender_count, rate, seconds;

    int epoll;
    struct client *clients;
    size_t begun, open;
    int64_t *handshakes_ns;

    struct message *messages;
    size_t message_count, sent;
    size_t *order; /* of the messages, as the first one to hear each has it */
    size_t ordered;
    size_t heard; /* by all clients together */
    char piece[2 * PIECE_BYTES + 1];
};

static void give_up(const char *why, const char *more)
{
    fprintf(stderr, "chat_bench: %s: %s\n", why, more);
    exit(EXIT_FAILURE);
}

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* What the server uses. */

static FILE *open_process(const struct bench *bench, const char *name)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%ld/%s", bench->pid, name);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        give_up("the server is gone", path);
    return file;
}

/* Its processor time so far, and the part of it in the kernel. */
struct usage {
    int64_t cpu_us, kernel_us;
};

static int64_t us_of_ticks(const char *ticks)
{
    return strtoll(ticks, NULL, 10) * 1000000 / sysconf(_SC_CLK_TCK);
}

static struct usage usage_now(const struct bench *bench)
{
    enum { USER_TIME = 14, SYSTEM_TIME = 15 }; /* the fields of proc_pid_stat(5) */
    FILE *file = open_process(bench, "stat");
    struct usage usage = {0};
    char line[1024];

    if (fgets(line, sizeof(line), file) == NULL)
        give_up("the server is gone", "stat");
    fclose(file);
    char *at = strrchr(line, ')') + 1; /* the end of the second field */
    for (int field = 3; field <= SYSTEM_TIME; field++) {
        at += strspn(at, " ");
        if (field == SYSTEM_TIME)
            usage.kernel_us = us_of_ticks(at);
        if (field >= USER_TIME)
            usage.cpu_us += us_of_ticks(at);
        at += strcspn(at, " ");
    }
    return usage;
}

static void print_usage(const struct bench *bench, struct usage before, int64_t began_ns)
{
    const int64_t took_us = (now_ns() - began_ns) / 1000;
    const struct usage after = usage_now(bench);

    printf("cpu_us=%" PRId64 "\nkernel_us=%" PRId64 "\ntook_us=%" PRId64 "\n",
           after.cpu_us - before.cpu_us, after.kernel_us - before.kernel_us, took_us);
}

struct memory {
    long rss_kib, pss_kib, private_kib;
};

static struct memory memory_now(const struct bench *bench)
{
    FILE *file = open_process(bench, "smaps_rollup");
    struct memory memory = {0};
    char line[256];

    while (fgets(line, sizeof(line), file) != NULL) {
        const char *colon = strchr(line, ':');
        long kib = colon != NULL ? strtol(colon + 1, NULL, 10) : 0;
        if (strncmp(line, "Rss:", 4) == 0)
            memory.rss_kib = kib;
        else if (strncmp(line, "Pss:", 4) == 0)
            memory.pss_kib = kib;
        else if (strncmp(line, "Private_", 8) == 0)
            memory.private_kib += kib;
    }
    fclose(file);
    return memory;
}

/* Handshakes. */

static void send_all(const struct client *client, const char *bytes, size_t length)
{
    ssize_t sent = send(client->fd, bytes, length, MSG_NOSIGNAL);

    if (sent != (ssize_t)length)
        give_up("a client cannot send", strerror(errno));
}

static void send_control(const struct client *client, enum websocket_opcode opcode,
                         const char *payload, size_t length)
{
    struct buf frame AUTO(buf_done);

    buf_init(&frame, REQUEST_MAX_BYTES);
    frame_put(&frame, FRAME_FINAL | (int)opcode, payload, length);
    send_all(client, frame.bytes, frame.length);
}

static void put_token(struct bench *bench, struct buf *request)
{
    char token[REQUEST_MAX_BYTES / 2];

    if (bench->tokens == NULL)
        return;
    if (fgets(token, sizeof(token), bench->tokens) == NULL)
        give_up("there are too few tokens", "");
    token[strcspn(token, "\n")] = '\0';
    buf_printf(request, "Sec-WebSocket-Protocol: %s\r\n", token);
}

static void begin_client(struct bench *bench)
{
    struct client *client = &bench->clients[bench->begun++];
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((in_port_t)bench->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    struct buf request AUTO(buf_done);
    int on = 1;

    client->began_ns = now_ns();
    client->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (client->fd < 0 ||
        connect(client->fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
        epoll_ctl(bench->epoll, EPOLL_CTL_ADD, client->fd, &event) != 0)
        give_up("a client cannot connect", strerror(errno));
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    buf_init(&request, REQUEST_MAX_BYTES);
    buf_printf(&request,
               "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\n"
               "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
               bench->path, bench->port);
    put_token(bench, &request);
    buf_text(&request, "\r\n");
    send_all(client, request.bytes, request.length);
}

/* Returns how many bytes the response has; 0: it is not complete. */
static size_t read_handshake(struct client *client, const char *bytes)
{
    const char *end = strstr(bytes, "\r\n\r\n");

    if (end == NULL)
        return 0;
    if (strncmp(bytes, "HTTP/1.1 101 ", strlen("HTTP/1.1 101 ")) != 0)
        give_up("a handshake is refused", bytes);
    client->phase = PINGING;
    send_control(client, WEBSOCKET_PING, "", 0);
    return (size_t)(end + strlen("\r\n\r\n") - bytes);
}

/* Messages. */

static void say(struct bench *bench)
{
    const bool is_request = bench->tokens != NULL;
    struct client *client = &bench->clients[bench->sent % bench->sender_count];
    struct buf frame AUTO(buf_done);
    char content[FRAME_BYTES + 1], text[2 * FRAME_BYTES];

    memset(content, '.', sizeof(content));
    content[is_request ? CONTENT_BYTES : FRAME_BYTES] = '\0';
    int length = snprintf(text, sizeof(text), "number=%zu", bench->sent);
    memcpy(content, text, (size_t)length);
    snprintf(text, sizeof(text),
             is_request ? "{\"Action\":\"SEND_MESSAGE\",\"Content\":\"%s\"}" : "%s",
             content);
    buf_init(&frame, sizeof(text) + WEBSOCKET_HEADER_MAX_BYTES);
    frame_put_text(&frame, FRAME_FINAL | WEBSOCKET_TEXT, text);
    bench->messages[bench->sent++].sent_ns = now_ns();
    send_all(client, frame.bytes, frame.length);
}

static void hear_message(struct bench *bench, struct client *client, const char *text,
                         int64_t now)
{
    const char *found = strstr(text, "number=");

    if (found == NULL)
        give_up("a frame is no message", text);
    size_t number = strtoull(found + strlen("number="), NULL, 10);
    if (number >= bench->sent)
        give_up("nobody has sent this", text);
    struct message *message = &bench->messages[number];
    if (client->heard == bench->ordered && !message->known) {
        message->known = true;
        bench->order[bench->ordered++] = number;
    }
    if (client->heard >= bench->ordered || bench->order[client->heard] != number)
        give_up("a message is missing, repeated or out of order", text);
    client->heard++;
    bench->heard++;
    message->heard_ns = now;
}

static void hear_pong(struct bench *bench, struct client *client)
{
    if (client->phase != PINGING)
        return;
    client->phase = OPEN;
    bench->handshakes_ns[bench->open++] = now_ns() - client->began_ns;
}

static void hear_frame(struct bench *bench, struct client *client, int first,
                       char *payload, size_t length, int64_t now)
{
    const char after = payload[length];

    payload[length] = '\0';
    switch ((enum websocket_opcode)(first & 0xf)) {
    case WEBSOCKET_TEXT:
        hear_message(bench, client, payload, now);
        break;
    case WEBSOCKET_PING:
        send_control(client, WEBSOCKET_PONG, payload, length);
        break;
    case WEBSOCKET_PONG:
        hear_pong(bench, client);
        break;
    case WEBSOCKET_CONTINUATION:
    case WEBSOCKET_BINARY:
    case WEBSOCKET_CLOSE:
        give_up("an unexpected frame", payload);
        break;
    }
    payload[length] = after;
}

/* Returns how many bytes the frame has; 0: it is not complete. */
static size_t read_frame(struct bench *bench, struct client *client, char *bytes,
                         size_t length, int64_t now)
{
    const unsigned char *head = (const unsigned char *)bytes;
    size_t header = 2, payload;

    if (length < header)
        return 0;
    payload = head[1];
    if (payload == 126) {
        if (length < 4)
            return 0;
        payload = (size_t)head[2] << 8 | head[3];
        header = 4;
    } else if (payload > 126) {
        give_up("a frame is too long", "");
    }
    if (length < header + payload)
        return 0;
    hear_frame(bench, client, head[0], bytes + header, payload, now);
    return header + payload;
}

static void keep_rest(struct client *client, const char *bytes, size_t length)
{
    free(client->rest);
    client->rest = NULL;
    client->rest_length = length;
    if (length > PIECE_BYTES)
        give_up("a frame is too long", "");
    if (length > 0)
        client->rest = memcpy(mem_alloc(length), bytes, length);
}

static void receive(struct bench *bench, struct client *client)
{
    char *at = bench->piece;
    size_t left = client->rest_length, taken = 1;

    if (left > 0)
        memcpy(at, client->rest, left);
    ssize_t got = recv(client->fd, at + left, PIECE_BYTES, MSG_DONTWAIT);
    int64_t now = now_ns();
    if (got <= 0)
        give_up("the server has closed a connection", strerror(errno));
    left += (size_t)got;
    at[left] = '\0';
    while (left > 0 && taken > 0) {
        taken = client->phase == SHAKING_HANDS ? read_handshake(client, at)
                                               : read_frame(bench, client, at, left, now);
        at += taken;
        left -= taken;
    }
    keep_rest(client, at, left);
}

/* Waits and receives. Returns whether anything came. */
static bool run_turn(struct bench *bench, int timeout_ms)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(bench->epoll, events, EVENTS, timeout_ms);

    for (int i = 0; i < count; i++)
        receive(bench, events[i].data.ptr);
    return count > 0;
}

/* The measurements. */

static void connect_until(struct bench *bench, size_t count)
{
    while (bench->open < count) {
        while (bench->begun < count && bench->begun - bench->open < HANDSHAKES)
            begin_client(bench);
        if (!run_turn(bench, PATIENCE_MS))
            give_up("handshakes are not answered", "");
    }
}

static void talk(struct bench *bench)
{
    const int64_t began_ns = now_ns();
    const size_t all = bench->message_count * bench->client_count;
    int64_t wait_ms = 0;

    while (bench->heard < all) {
        int64_t due_ns = began_ns + (int64_t)(bench->sent * 1000000000 / bench->rate);
        bool is_done = bench->sent == bench->message_count;
        if (!is_done && now_ns() >= due_ns) {
            say(bench);
            continue;
        }
        wait_ms = is_done ? PATIENCE_MS : (due_ns - now_ns()) / NS_PER_MS + 1;
        if (!run_turn(bench, (int)wait_ms) && is_done)
            give_up("messages are lost", "");
    }
}

static int compare(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;

    return *left < *right ? -1 : *left > *right;
}

static void print_times(const char *what, int64_t *times_ns, size_t count)
{
    qsort(times_ns, count, sizeof(*times_ns), compare);
    printf("%s_p50_us=%" PRId64 "\n%s_p99_us=%" PRId64 "\n%s_max_us=%" PRId64 "\n", what,
           times_ns[count / 2] / 1000, what, times_ns[count * 99 / 100] / 1000, what,
           times_ns[count - 1] / 1000);
}

static void measure_talk(struct bench *bench)
{
    int64_t *delays_ns = mem_alloc(bench->message_count * sizeof(*delays_ns));

    connect_until(bench, bench->client_count);
    const struct usage before = usage_now(bench);
    const int64_t began_ns = now_ns();
    talk(bench);
    print_usage(bench, before, began_ns);
    while (run_turn(bench, SILENCE_MS))
        continue;
    for (size_t i = 0; i < bench->message_count; i++)
        delays_ns[i] = bench->messages[i].heard_ns - bench->messages[i].sent_ns;
    print_times("delay", delays_ns, bench->message_count);
    printf("messages=%zu\ndeliveries=%zu\n", bench->message_count, bench->heard);
    free(delays_ns);
}

static void measure_idle(struct bench *bench)
{
    const size_t first = bench->client_count * FIRST_PERCENT / 100;

    connect_until(bench, first);
    const struct memory before = memory_now(bench);
    const struct usage usage = usage_now(bench);
    const int64_t began_ns = now_ns();
    connect_until(bench, bench->client_count);
    print_usage(bench, usage, began_ns);
    const struct memory after = memory_now(bench);
    printf("clients=%zu\n", bench->client_count - first);
    print_times("handshake", bench->handshakes_ns, bench->client_count);
    printf("rss_kib=%ld\npss_kib=%ld\nprivate_kib=%ld\n", after.rss_kib - before.rss_kib,
           after.pss_kib - before.pss_kib, after.private_kib - before.private_kib);
}

static size_t read_count(const char *text)
{
    char *end;
    unsigned long long count = strtoull(text, &end, 10);

    if (end == text || *end != '\0')
        give_up("not a number", text);
    return (size_t)count;
}

static void read_arguments(struct bench *bench, char **argv)
{
    bench->port = (int)read_count(argv[1]);
    bench->pid = (long)read_count(argv[2]);
    bench->path = argv[3];
    if (strcmp(argv[4], "-") != 0) {
        bench->tokens = fopen(argv[4], "r");
        if (bench->tokens == NULL)
            give_up("no tokens", argv[4]);
    }
    bench->client_count = read_count(argv[5]);
    bench->sender_count = read_count(argv[6]);
    bench->rate = read_count(argv[7]);
    bench->seconds = read_count(argv[8]);
    bench->message_count = bench->rate * bench->seconds;
    if (bench->client_count == 0 || bench->sender_count == 0 ||
        bench->sender_count > bench->client_count)
        give_up("there must be clients, and no more senders than these", "");
}

static void raise_file_limit(void)
{
    struct rlimit files;

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

static void bench_done(struct bench *bench)
{
    for (size_t i = 0; i < bench->begun; i++) {
        close(bench->clients[i].fd);
        free(bench->clients[i].rest);
    }
    if (bench->tokens != NULL)
        fclose(bench->tokens);
    free(bench->clients);
    free(bench->handshakes_ns);
    free(bench->messages);
    free(bench->order);
    free(bench);
}

int main(int argc, char **argv)
{
    struct bench *bench = mem_zalloc(sizeof(*bench));

    if (argc != 9)
        give_up("usage", "PORT PID PATH TOKENS CLIENTS SENDERS RATE SECONDS");
    read_arguments(bench, argv);
    raise_file_limit();
    bench->epoll = epoll_create1(0);
    bench->clients = mem_zalloc(bench->client_count * sizeof(*bench->clients));
    bench->handshakes_ns =
        mem_zalloc(bench->client_count * sizeof(*bench->handshakes_ns));
    bench->messages = mem_zalloc((bench->message_count + 1) * sizeof(*bench->messages));
    bench->order = mem_zalloc((bench->message_count + 1) * sizeof(*bench->order));
    if (bench->message_count > 0)
        measure_talk(bench);
    else
        measure_idle(bench);
    bench_done(bench);
    return EXIT_SUCCESS;
}
