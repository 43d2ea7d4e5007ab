/*
 * Snapshots of the program: across restarts, under load, and when it is killed.
 */
#include "support/sink.h"
#include "support/wire.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "support/cmocka_all.h"

enum { FEW = 3, MANY = 60, ROUNDS = 8, KILL_AFTER = 6, CLIENTS = 3 };

static void stop(struct program *program)
{
    program_signal(program, SIGTERM);
    assert_int_equal(program_end(program), 0);
}

static void call(struct wire *wire, struct http_client *client, const char *operation,
                 const char *name)
{
    struct http_answer answer =
        http_post(client, wire_printf(wire, "/_ivs-local/%s", operation),
                  wire_printf(wire, "{\"name\":\"%s\"}", name));

    assert_success(answer.reply, 204);
}

static void add_channels(struct wire *wire, struct http_client *client, int count)
{
    for (int i = 0; i < count; i++)
        (void)wire_create_channel(wire, client, "lobby");
}

static void a_snapshot_outlives_the_program(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    struct program *first = wire_serve(wire, db, NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(first));
    add_channels(wire, client, FEW);
    call(wire, client, "SaveSnapshot", "few");
    assert_success(http_post(client, "/_ivs-local/Reset", "{}").reply, 204);
    stop(first);

    struct program *second = wire_serve(wire, db, NULL, NULL);
    client = wire_connect_to(wire, program_port(second));
    assert_int_equal(wire_count_channels(client), 0);
    call(wire, client, "RestoreSnapshot", "few");
    assert_int_equal(wire_count_channels(client), FEW);
    program_signal(second, SIGKILL);
    assert_int_equal(program_end(second), -SIGKILL);

    struct program *third = wire_serve(wire, db, NULL, NULL);
    client = wire_connect_to(wire, program_port(third));
    assert_int_equal(wire_count_channels(client), FEW);
}

/* A stream that has ended, with a recording that ends by itself a second later. */
static void a_snapshot_is_a_database_by_itself(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    struct program *program = wire_serve(wire, db, NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    add_channels(wire, client, 2);
    call(wire, client, "SaveSnapshot", "kept");

    program = wire_serve(wire, wire_path(wire, "ivs.db.snapshots/kept.db"), NULL, NULL);
    client = wire_connect_to(wire, program_port(program));

    assert_int_equal(wire_count_channels(client), 2);
}

static void stream_once(struct wire *wire, struct http_client *client)
{
    struct http_answer configuration =
        http_post(client, "/CreateRecordingConfiguration",
                  "{\"destinationConfiguration\":{\"s3\":{\"bucketName\":\"bucket\"}},"
                  "\"recordingReconnectWindowSeconds\":1}");
    assert_success(configuration.reply, 200);
    struct http_answer channel = http_post(
        client, "/CreateChannel",
        wire_printf(wire, "{\"recordingConfigurationArn\":\"%s\"}",
                    reply_string(configuration.reply, "recordingConfiguration.arn")));
    assert_success(channel.reply, 200);
    const char *body = wire_printf(wire, "{\"channelArn\":\"%s\"}",
                                   reply_string(channel.reply, "channel.arn"));
    assert_success(http_post(client, "/_ivs-local/StartStream", body).reply, 200);
    assert_success(http_post(client, "/_ivs-local/EndStream", body).reply, 204);
}

/* After the Reset nothing is due: the notification of the restore makes the scheduler
 * check again, and then the delivery. */
static void the_restored_due_work_runs_when_it_is_due(void **state)
{
    enum { EVENTS_BEFORE = 5 };
    struct wire *wire = *state;
    struct sink *sink = sink_new();
    const char *url = wire_printf(wire, "http://127.0.0.1:%d/", sink_port(sink));
    const char *const args[] = {
        "--port", "0",           "--db", ":memory:", "--transitions",
        "0",      "--events-to", url,    NULL};
    struct program *program = wire_run(wire, args);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    stream_once(wire, client);
    call(wire, client, "SaveSnapshot", "over");
    sink_expect(sink, EVENTS_BEFORE);
    assert_success(http_post(client, "/_ivs-local/Reset", "{}").reply, 204);

    call(wire, client, "RestoreSnapshot", "over");

    sink_expect(sink, EVENTS_BEFORE + 1);
    assert_non_null(strstr(sink_request(sink, EVENTS_BEFORE).body, "Recording End"));
    stop(program);
    sink_free(sink);
}

/* A client that alternately restores one snapshot and saves another until the server
 * dies. It asserts nothing: only the test's thread may. */
struct restless {
    pthread_t thread;
    int port;
    atomic_int *done;
};

static bool send(struct http_client *client, const char *operation, const char *body)
{
    struct http_answer answer;

    return http_send_request(client, "POST", operation, "", body, strlen(body)) &&
           http_receive(client, false, &answer) == HTTP_ANSWER &&
           answer.reply.status == 204;
}

static void *restore_and_save(void *arg)
{
    static const char *const calls[][2] = {
        {"/_ivs-local/RestoreSnapshot", "{\"name\":\"few\"}" },
        {"/_ivs-local/SaveSnapshot",    "{\"name\":\"copy\"}"},
        {"/_ivs-local/RestoreSnapshot", "{\"name\":\"many\"}"},
        {"/_ivs-local/SaveSnapshot",    "{\"name\":\"copy\"}"},
    };
    struct restless *restless = arg;
    struct http_client *client = http_client_open(restless->port);

    for (size_t i = 0; client != NULL; i = (i + 1) % COUNT_OF(calls)) {
        if (!send(client, calls[i][0], calls[i][1]))
            break;
        atomic_fetch_add(restless->done, 1);
    }
    http_client_close(client);
    return NULL;
}

/* Starts the clients, and kills the program while they work. */
static void work_and_kill(struct wire *wire, struct program *program)
{
    struct restless clients[CLIENTS];
    atomic_int done = 0;
    struct http_client *client = wire_connect_to(wire, program_port(program));

    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i].port = program_port(program);
        clients[i].done = &done;
        assert_int_equal(
            pthread_create(&clients[i].thread, NULL, restore_and_save, &clients[i]), 0);
    }
    /* Each of these calls waits for the store like the others. */
    while (atomic_load(&done) < KILL_AFTER) {
        int count = wire_count_channels(client);
        assert_true(count == FEW || count == MANY);
    }
    program_signal(program, SIGKILL);
    for (size_t i = 0; i < CLIENTS; i++)
        pthread_join(clients[i].thread, NULL);
    assert_int_equal(program_end(program), -SIGKILL);
}

static void a_kill_leaves_one_state_or_the_other(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    struct program *program = wire_serve(wire, db, NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    add_channels(wire, client, FEW);
    call(wire, client, "SaveSnapshot", "few");
    call(wire, client, "SaveSnapshot", "copy");
    add_channels(wire, client, MANY - FEW);
    call(wire, client, "SaveSnapshot", "many");

    for (int round = 0; round < ROUNDS; round++) {
        work_and_kill(wire, program);
        program = wire_serve(wire, db, NULL, NULL);
        client = wire_connect_to(wire, program_port(program));
        int count = wire_count_channels(client);
        assert_true(count == FEW || count == MANY);
        call(wire, client, "RestoreSnapshot", "few");
        assert_int_equal(wire_count_channels(client), FEW);
        call(wire, client, "RestoreSnapshot", "many");
        assert_int_equal(wire_count_channels(client), MANY);
        call(wire, client, "RestoreSnapshot", "copy");
        count = wire_count_channels(client);
        assert_true(count == FEW || count == MANY);
        struct http_answer all = http_post(client, "/_ivs-local/ListSnapshots", "{}");
        assert_int_equal(reply_count(all.reply, "snapshots"), 3);
    }
}

static void a_damaged_snapshot_is_refused_and_the_server_continues(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "ivs.db");
    struct program *program = wire_serve(wire, db, NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    add_channels(wire, client, FEW);
    call(wire, client, "SaveSnapshot", "few");
    wire_write_file(wire_path(wire, "ivs.db.snapshots/few.db"), "no database at all", 18);

    struct http_answer answer =
        http_post(client, "/_ivs-local/RestoreSnapshot", "{\"name\":\"few\"}");

    assert_error_says(answer.reply, 409, "ConflictException",
                      "snapshot few is corrupt or not a database");
    assert_int_equal(wire_count_channels(client), FEW);
    add_channels(wire, client, 1);
    assert_int_equal(wire_count_channels(client), FEW + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(a_snapshot_outlives_the_program),
        wire_test_without_server(a_snapshot_is_a_database_by_itself),
        wire_test_without_server(the_restored_due_work_runs_when_it_is_due),
        wire_test_without_server(a_kill_leaves_one_state_or_the_other),
        wire_test_without_server(a_damaged_snapshot_is_refused_and_the_server_continues),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
