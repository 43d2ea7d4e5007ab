#include "host.h"

#include "base/deadline.h"
#include "base/log.h"
#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>

#include "cmocka_all.h"

enum { MAX_CLIENTS = 1024, PATIENCE_MS = 20 * 1000 };

struct host {
    struct arena *arena;
    struct http_server *server;
    int port;
    struct http_client *clients[MAX_CLIENTS];
    size_t client_count;

    pthread_mutex_t lock;
    pthread_cond_t changed; /* a counter, like all of them under the lock */
};

struct host *host_new(void)
{
    struct host *host = mem_zalloc(sizeof(*host));

    log_set_level(LOG_ERROR);
    host->arena = arena_new();
    pthread_mutex_init(&host->lock, NULL);
    deadline_cond_init(&host->changed);
    return host;
}

void host_start(struct host *host, const struct http_options *options)
{
    struct http_options own = *options;
    const char *why = NULL;

    own.host = "127.0.0.1";
    own.port = 0;
    host->server = http_server_start(&own, host->arena, &why);
    if (host->server == NULL)
        fail_msg("%s", why);
    host->port = http_server_port(host->server);
}

void host_stop(struct host *host, int grace_ms)
{
    http_server_stop(host->server, grace_ms);
    host->server = NULL;
}

void host_free(struct host *host)
{
    for (size_t i = 0; i < host->client_count; i++)
        http_client_close(host->clients[i]);
    host_stop(host, HOST_LONG_GRACE_MS);
    pthread_cond_destroy(&host->changed);
    pthread_mutex_destroy(&host->lock);
    arena_free(host->arena);
    free(host);
}

static struct http_client *keep(struct host *host, struct http_client *client)
{
    assert_non_null(client);
    assert_true(host->client_count < MAX_CLIENTS);
    host->clients[host->client_count++] = client;
    return client;
}

struct http_client *host_connect(struct host *host)
{
    return keep(host, http_client_open(host->port));
}

struct http_client *host_connect_narrow(struct host *host)
{
    return keep(host, http_client_open_narrow(host->port));
}

void host_disconnect(struct host *host, struct http_client *client)
{
    for (size_t i = 0; i < host->client_count; i++) {
        if (host->clients[i] == client)
            host->clients[i] = NULL;
    }
    http_client_close(client);
}

void host_count(struct host *host, size_t *counter)
{
    pthread_mutex_lock(&host->lock);
    ++*counter;
    pthread_cond_broadcast(&host->changed);
    pthread_mutex_unlock(&host->lock);
}

size_t host_counted(struct host *host, const size_t *counter)
{
    pthread_mutex_lock(&host->lock);
    size_t value = *counter;
    pthread_mutex_unlock(&host->lock);
    return value;
}

void host_wait(struct host *host, const size_t *counter, size_t least)
{
    const struct timespec until = deadline_after_ms(PATIENCE_MS);
    int waited = 0;

    pthread_mutex_lock(&host->lock);
    while (*counter < least && waited == 0)
        waited = pthread_cond_timedwait(&host->changed, &host->lock, &until);
    size_t value = *counter;
    pthread_mutex_unlock(&host->lock);
    if (value < least)
        fail_msg("counted to %zu instead of %zu", value, least);
}

struct arena *host_arena(struct host *host)
{
    return host->arena;
}
