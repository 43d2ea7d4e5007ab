#include "aws/client.h"

#include "base/deadline.h"
#include "base/memory.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

struct aws_client {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct http_sender *sender; /* under the lock; NULL: not loaded yet */
    bool cancelled;             /* under the lock */
};

struct aws_client *aws_client_new(void)
{
    struct aws_client *client = mem_zalloc(sizeof(*client));

    pthread_mutex_init(&client->lock, NULL);
    deadline_cond_init(&client->changed);
    return client;
}

void aws_client_free(struct aws_client *client)
{
    if (client == NULL)
        return;
    http_sender_free(client->sender);
    pthread_cond_destroy(&client->changed);
    pthread_mutex_destroy(&client->lock);
    free(client);
}

int aws_client_prepare(struct aws_client *client)
{
    /* Only this thread sets it. */
    if (client->sender != NULL)
        return 0;
    struct http_sender *sender = http_sender_new();
    if (sender == NULL)
        return -1;
    pthread_mutex_lock(&client->lock);
    client->sender = sender;
    if (client->cancelled)
        http_sender_cancel(sender);
    pthread_mutex_unlock(&client->lock);
    return 0;
}

void aws_client_cancel(struct aws_client *client)
{
    pthread_mutex_lock(&client->lock);
    client->cancelled = true;
    if (client->sender != NULL)
        http_sender_cancel(client->sender);
    pthread_cond_signal(&client->changed);
    pthread_mutex_unlock(&client->lock);
}

bool aws_client_is_cancelled(struct aws_client *client)
{
    pthread_mutex_lock(&client->lock);
    bool cancelled = client->cancelled;
    pthread_mutex_unlock(&client->lock);
    return cancelled;
}

void aws_client_send_once(struct aws_client *client,
                          const struct http_client_request *request, struct arena *arena,
                          struct http_result *out)
{
    static const struct http_header none[] = {
        {NULL, NULL}
    };

    if (aws_client_prepare(client) == 0)
        http_sender_send(client->sender, request, arena, out);
    else
        *out = (struct http_result){
            .failure = "libcurl cannot be loaded", .body = "", .headers = none};
}

/* Waits before the next attempt. False: the client was cancelled. */
static bool back_off(struct aws_client *client, int64_t delay_ms)
{
    const struct timespec until = deadline_after_ms(delay_ms);

    pthread_mutex_lock(&client->lock);
    while (!client->cancelled && !deadline_is_over(&until))
        (void)pthread_cond_timedwait(&client->changed, &client->lock, &until);
    bool goes_on = !client->cancelled;
    pthread_mutex_unlock(&client->lock);
    return goes_on;
}

enum aws_verdict aws_client_send(struct aws_client *client,
                                 const struct http_client_request *request,
                                 struct arena *arena, struct http_result *out,
                                 const char **why)
{
    enum aws_verdict verdict = AWS_RETRY;
    int64_t delay_ms = AWS_RETRY_FIRST_MS;

    for (int attempt = 1; verdict == AWS_RETRY; attempt++, delay_ms *= 2) {
        aws_client_send_once(client, request, arena, out);
        verdict = aws_judge(arena, out, why);
        if (attempt == AWS_ATTEMPTS || verdict != AWS_RETRY ||
            !back_off(client, delay_ms))
            break;
    }
    return verdict;
}
