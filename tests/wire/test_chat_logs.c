/*
 * Rooms that are logged: to the endpoints of other AWS services, by the program.
 */
#include "support/chatter.h"
#include "support/gunzip.h"
#include "support/sink.h"

#include <string.h>

#include "support/cmocka_all.h"

/* A server whose other AWS services are a sink. */
struct scene {
    struct wire *wire;
    struct sink *sink;
    struct program *program;
    struct http_client *client;
};

static struct scene open_scene(struct wire *wire)
{
    struct scene scene = {.wire = wire, .sink = sink_new()};
    const char *const args[] = {
        "--port",
        "0",
        "--db",
        ":memory:",
        "--transitions",
        "0",
        "--aws-endpoint",
        wire_printf(wire, "http://127.0.0.1:%d", sink_port(scene.sink)),
        NULL};

    scene.program = wire_run(wire, args);
    scene.client = wire_connect_to(wire, program_port(scene.program));
    return scene;
}

/* The ARN of a new logging configuration. */
static const char *configure(struct scene *scene, const char *destination)
{
    struct http_answer answer = http_post(
        scene->client, "/CreateLoggingConfiguration",
        wire_printf(scene->wire, "{\"destinationConfiguration\":{%s}}", destination));

    assert_int_equal(answer.reply.status, 200);
    return wire_printf(scene->wire, "%s", reply_string(answer.reply, "arn"));
}

static const char *create_room(struct scene *scene, const char *logging)
{
    return chatter_room(scene->wire, scene->client,
                        wire_printf(scene->wire,
                                    "\"loggingConfigurationIdentifiers\":[\"%s\"]",
                                    logging));
}

static void send_event(struct scene *scene, const char *room, const char *name)
{
    struct http_answer answer = http_post(
        scene->client, "/SendEvent",
        wire_printf(scene->wire, "{\"roomIdentifier\":\"%s\",\"eventName\":\"%s\"}", room,
                    name));

    assert_int_equal(answer.reply.status, 200);
}

static void advance(struct scene *scene, int seconds)
{
    assert_int_equal(http_post(scene->client, "/_ivs-local/AdvanceClock",
                               wire_printf(scene->wire, "{\"seconds\":%d}", seconds))
                         .reply.status,
                     200);
}

/* The text of the file that the request with this index has. */
static const char *text_of_file(struct scene *scene, struct arena *arena, size_t index)
{
    struct sink_request request = sink_request(scene->sink, index);

    assert_memory_equal(request.line, "PUT /logs/AWSLogs/", 18);
    return gunzip_text(arena, request.body, request.body_length);
}

static void messages_and_events_are_in_the_file_of_their_room(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct scene scene = open_scene(*state);
    const char *room =
        create_room(&scene, configure(&scene, "\"s3\":{\"bucketName\":\"logs\"}"));
    struct chatter ann;

    chatter_join_at(&ann, scene.wire, program_port(scene.program), scene.client, room,
                    "ann", CHATTER_MAY_ALL);
    chatter_say(&ann, "logged");
    chatter_hear_message(&ann, "logged");
    send_event(&scene, room, "news");
    advance(&scene, 299);
    send_event(&scene, room, "more");
    advance(&scene, 1);
    sink_expect(scene.sink, 1);

    const char *text = text_of_file(&scene, arena, 0);
    assert_non_null(strstr(text, "\"type\":\"MESSAGE\""));
    assert_non_null(strstr(text, "\"Content\":\"logged\""));
    assert_non_null(strstr(text, "\"EventName\":\"news\""));
    assert_non_null(strstr(text, "\"EventName\":\"more\""));
    chatter_leave(&ann);
    sink_free(scene.sink);
}

static void a_reset_and_the_stop_complete_the_files(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct scene scene = open_scene(*state);
    const char *room =
        create_room(&scene, configure(&scene, "\"s3\":{\"bucketName\":\"logs\"}"));

    send_event(&scene, room, "before-reset");
    assert_int_equal(http_post(scene.client, "/_ivs-local/Reset", "{}").reply.status,
                     204);
    sink_expect(scene.sink, 1);
    assert_non_null(strstr(text_of_file(&scene, arena, 0), "before-reset"));

    room = create_room(&scene, configure(&scene, "\"s3\":{\"bucketName\":\"logs\"}"));
    send_event(&scene, room, "last-event");
    program_signal(scene.program, 15);
    assert_int_equal(program_end(scene.program), 0);
    assert_int_equal(sink_count(scene.sink), 2);
    assert_non_null(strstr(text_of_file(&scene, arena, 1), "last-event"));
    sink_free(scene.sink);
}

static void a_changed_configuration_applies_to_the_next_message(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct scene scene = open_scene(*state);
    const char *logging = configure(&scene, "\"s3\":{\"bucketName\":\"other\"}");
    const char *room = create_room(&scene, logging);
    struct chatter ann;

    chatter_join_at(&ann, scene.wire, program_port(scene.program), scene.client, room,
                    "ann", CHATTER_MAY_ALL);
    assert_int_equal(
        http_post(scene.client, "/UpdateLoggingConfiguration",
                  wire_printf(scene.wire,
                              "{\"identifier\":\"%s\",\"destinationConfiguration\":"
                              "{\"s3\":{\"bucketName\":\"logs\"}}}",
                              logging))
            .reply.status,
        200);
    chatter_say(&ann, "moved");
    chatter_hear_message(&ann, "moved");
    advance(&scene, 300);
    sink_expect(scene.sink, 1);
    assert_non_null(strstr(text_of_file(&scene, arena, 0), "moved"));
    chatter_leave(&ann);
    sink_free(scene.sink);
}

static void records_go_to_the_stream_and_the_log_group(void **state)
{
    struct scene scene = open_scene(*state);
    const char *firehose =
        configure(&scene, "\"firehose\":{\"deliveryStreamName\":\"stream\"}");
    const char *room = create_room(&scene, firehose);

    send_event(&scene, room, "news");
    sink_expect(scene.sink, 1);
    assert_string_equal(sink_header(scene.sink, 0, "x-amz-target"),
                        "Firehose_20150804.PutRecord");
    room = create_room(&scene,
                       configure(&scene, "\"cloudWatchLogs\":{\"logGroupName\":\"g\"}"));
    send_event(&scene, room, "news");
    sink_expect(scene.sink, 2);
    assert_string_equal(sink_header(scene.sink, 1, "x-amz-target"),
                        "Logs_20140328.PutLogEvents");
    sink_free(scene.sink);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(messages_and_events_are_in_the_file_of_their_room),
        wire_test_without_server(a_reset_and_the_stop_complete_the_files),
        wire_test_without_server(a_changed_configuration_applies_to_the_next_message),
        wire_test_without_server(records_go_to_the_stream_and_the_log_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
