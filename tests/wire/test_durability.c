/*
 * What was acknowledged survives the death of the server, and nothing partial does.
 */
#include "support/wire.h"

#include "base/arena.h"
#include "base/memory.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

enum {
    WRITERS = 8,
    ROUNDS = 5,
    KILL_AFTER = 400,  /* acknowledged channels of a round */
    ARNS_MAX = 100000, /* of a writer, far more than it can make */
    ARN_BYTES = 80
};

/* Shared by the writers and the test: the channels acknowledged in this round. */
struct tally {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t acknowledged;
    size_t writers; /* still writing */
};

/* One thread with one connection. It asserts nothing: only the test's thread may. */
struct writer {
    pthread_t thread;
    struct tally *tally;
    int port;
    char (*arns)[ARN_BYTES];
    size_t count;
};

static void *write_until_the_end(void *arg)
{
    struct writer *writer = arg;
    struct http_client *client = http_client_open(writer->port);
    struct http_answer answer;

    while (client != NULL && writer->count < ARNS_MAX) {
        if (!http_send_request(client, "POST", "/CreateChannel", "", "{}", 2) ||
            http_receive(client, false, &answer) != HTTP_ANSWER ||
            answer.reply.status != 200)
            break;
        const cJSON *channel =
            cJSON_GetObjectItemCaseSensitive(answer.reply.body, "channel");
        const cJSON *arn = cJSON_GetObjectItemCaseSensitive(channel, "arn");
        if (!cJSON_IsString(arn) || strlen(arn->valuestring) >= ARN_BYTES)
            break;
        memcpy(writer->arns[writer->count++], arn->valuestring,
               strlen(arn->valuestring) + 1);
        pthread_mutex_lock(&writer->tally->lock);
        writer->tally->acknowledged++;
        pthread_cond_signal(&writer->tally->changed);
        pthread_mutex_unlock(&writer->tally->lock);
    }
    http_client_close(client);
    pthread_mutex_lock(&writer->tally->lock);
    writer->tally->writers--;
    pthread_cond_signal(&writer->tally->changed);
    pthread_mutex_unlock(&writer->tally->lock);
    return NULL;
}

/* Starts the writers, and kills the server while they write. */
static void write_and_kill(struct program *program, struct writer *writers)
{
    struct tally tally = {.lock = PTHREAD_MUTEX_INITIALIZER,
                          .changed = PTHREAD_COND_INITIALIZER,
                          .writers = WRITERS};
    int port = program_port(program);

    for (size_t i = 0; i < WRITERS; i++) {
        writers[i].tally = &tally;
        writers[i].port = port;
        assert_int_equal(
            pthread_create(&writers[i].thread, NULL, write_until_the_end, &writers[i]),
            0);
    }
    pthread_mutex_lock(&tally.lock);
    while (tally.acknowledged < KILL_AFTER && tally.writers > 0)
        pthread_cond_wait(&tally.changed, &tally.lock);
    bool in_the_middle = tally.writers == WRITERS;
    pthread_mutex_unlock(&tally.lock);
    program_signal(program, SIGKILL);
    for (size_t i = 0; i < WRITERS; i++)
        pthread_join(writers[i].thread, NULL);
    assert_true(in_the_middle);
    assert_int_equal(program_end(program), -SIGKILL);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The ARNs of all channels, sorted. */
static const char **list_all(struct wire *wire, struct http_client *client, size_t *count)
{
    const char **arns = mem_alloc(WRITERS * ARNS_MAX * sizeof(*arns));
    const char *token = NULL;

    *count = 0;
    do {
        const char *body =
            token == NULL
                ? "{\"maxResults\":100}"
                : wire_printf(wire, "{\"maxResults\":100,\"nextToken\":\"%s\"}", token);
        struct http_answer page = http_post(client, "/ListChannels", body);
        assert_success(page.reply, 200);
        const cJSON *channel;
        cJSON_ArrayForEach(channel, reply_item(page.reply, "channels")) {
            const cJSON *arn = cJSON_GetObjectItemCaseSensitive(channel, "arn");
            assert_true(*count < WRITERS * ARNS_MAX);
            arns[(*count)++] = arn->valuestring;
        }
        token = reply_has(page.reply, "nextToken") ? reply_string(page.reply, "nextToken")
                                                   : NULL;
    } while (token != NULL);
    qsort(arns, *count, sizeof(*arns), compare);
    return arns;
}

static void assert_whole(struct wire *wire, struct http_client *client,
                         const char *channel_arn)
{
    struct http_answer keys =
        http_post(client, "/ListStreamKeys",
                  wire_printf(wire, "{\"channelArn\":\"%s\"}", channel_arn));

    assert_success(keys.reply, 200);
    assert_int_equal(reply_count(keys.reply, "streamKeys"), 1);
    assert_string_equal(reply_string(keys.reply, "streamKeys.0.channelArn"), channel_arn);
}

static void check_all(struct wire *wire, int port, const struct writer *writers)
{
    struct http_client *client = wire_connect_to(wire, port);
    size_t count, acknowledged = 0;
    const char **arns = list_all(wire, client, &count);

    for (size_t i = 0; i < WRITERS; i++) {
        acknowledged += writers[i].count;
        for (size_t j = 0; j < writers[i].count; j++) {
            const char *arn = writers[i].arns[j];
            if (bsearch(&arn, arns, count, sizeof(*arns), compare) == NULL)
                fail_msg("%s was acknowledged and is lost", arn);
        }
    }
    /* Each writer may have created one channel per round that was not acknowledged. */
    assert_in_range(count, acknowledged, acknowledged + WRITERS * ROUNDS);
    for (size_t i = 0; i < count; i++)
        assert_whole(wire, client, arns[i]);
    free(arns);
}

static void acknowledged_changes_survive_a_kill(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    struct writer writers[WRITERS] = {0};

    for (size_t i = 0; i < WRITERS; i++)
        writers[i].arns = mem_alloc(sizeof(*writers[i].arns) * ARNS_MAX);
    for (int round = 0; round < ROUNDS; round++) {
        write_and_kill(wire_serve(wire, db, "--quotas", "off"), writers);
        struct program *again = wire_serve(wire, db, "--quotas", "off");
        check_all(wire, program_port(again), writers);
        program_signal(again, SIGKILL);
        assert_int_equal(program_end(again), -SIGKILL);
    }
    for (size_t i = 0; i < WRITERS; i++)
        free(writers[i].arns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(acknowledged_changes_survive_a_kill),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
