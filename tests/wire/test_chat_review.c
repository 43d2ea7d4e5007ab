/*
 * Messages that are reviewed before they are delivered.
 */
#include "support/chatter.h"
#include "support/sink.h"

#include <poll.h>
#include <string.h>

#include "support/cmocka_all.h"

#define HANDLER "arn:aws:lambda:us-east-1:000000000000:function:check"
#define ALLOW(content) "{\"ReviewResult\":\"ALLOW\",\"Content\":\"" content "\"}"
#define DENY(reason)                                                                     \
    "{\"ReviewResult\":\"DENY\",\"Attributes\":{\"Reason\":\"" reason "\"}}"

/* A handler has 200 ms of real time, which a busy machine may not give it. So often a
 * message is sent until the handler's response decides. */
enum { TRIES = 50, PAUSE_MS = 100 };

/* A server that reviews the messages of a room with a sink. */
struct scene {
    struct sink *sink;
    struct http_client *client;
    const char *room;
    struct chatter ann, bob;
};

static struct scene open_scene(struct wire *wire, const char *fallback)
{
    struct scene scene = {.sink = sink_new()};
    const char *lambda =
        wire_printf(wire, "check=http://127.0.0.1:%d/review", sink_port(scene.sink));
    int port = program_port(wire_serve(wire, ":memory:", "--lambda", lambda));

    scene.client = wire_connect_to(wire, port);
    scene.room = chatter_room(
        wire, scene.client,
        wire_printf(wire,
                    "\"maximumMessageRatePerSecond\":100,\"messageReviewHandler\":"
                    "{\"uri\":\"" HANDLER "\",\"fallbackResult\":\"%s\"}",
                    fallback));
    chatter_join_at(&scene.ann, wire, port, scene.client, scene.room, "ann",
                    CHATTER_MAY_ALL);
    chatter_join_at(&scene.bob, wire, port, scene.client, scene.room, "bob",
                    CHATTER_MAY_ALL);
    return scene;
}

static void close_scene(struct scene *scene)
{
    chatter_leave(&scene->ann);
    chatter_leave(&scene->bob);
    sink_free(scene->sink);
}

/* Sends a message again and again until the frame that comes back to Ann has this member
 * with this value. */
static void say_until(struct scene *scene, const char *request, const char *response,
                      const char *member, const char *value)
{
    for (int i = 0; i < TRIES; i++) {
        sink_plan(scene->sink, 200, response);
        chatter_ask(&scene->ann, "%s", request);
        const cJSON *frame = chatter_hear(&scene->ann);
        const char *got =
            cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(frame, member));
        if (got != NULL && strcmp(got, value) == 0)
            return;
        (void)poll(NULL, 0, PAUSE_MS);
    }
    fail_msg("the response of the handler was never used");
}

#define SAY "{\"Action\":\"SEND_MESSAGE\",\"Content\":\"dirty\",\"RequestId\":\"r\"}"

static void an_allowed_message_has_the_content_of_the_handler(void **state)
{
    struct scene scene = open_scene(*state, "ALLOW");

    say_until(&scene, SAY, ALLOW("clean"), "Content", "clean");
    assert_string_equal(chatter_text(&scene.ann, "RequestId"), "r");
    assert_string_equal(chatter_text(&scene.ann, "Sender.UserId"), "ann");
    close_scene(&scene);
}

static void a_denied_message_is_an_error_with_its_reason(void **state)
{
    struct scene scene = open_scene(*state, "ALLOW");

    say_until(&scene, SAY, DENY("bad word"), "ErrorMessage", "bad word");
    const struct reply reply = {.body = scene.ann.heard};
    assert_int_equal(reply_int(reply, "ErrorCode"), 406);
    assert_string_equal(chatter_text(&scene.ann, "RequestId"), "r");
    close_scene(&scene);
}

static void a_handler_gets_the_message_and_its_sender(void **state)
{
    struct scene scene = open_scene(*state, "ALLOW");

    sink_plan(scene.sink, 200, ALLOW("clean"));
    chatter_ask(&scene.ann, SAY);
    sink_expect(scene.sink, 1);
    chatter_hear(&scene.ann);
    const struct reply event = {.body = cJSON_Parse(sink_request(scene.sink, 0).body)};
    assert_string_equal(reply_string(event, "Content"), "dirty");
    assert_string_equal(reply_string(event, "RoomArn"), scene.room);
    assert_string_equal(reply_string(event, "Sender.UserId"), "ann");
    assert_string_equal(reply_string(event, "Sender.Ip"), "127.0.0.1");
    assert_true(cJSON_IsNull(reply_item(event, "Attributes")));
    assert_string_equal(reply_string(event, "MessageId"), chatter_text(&scene.ann, "Id"));
    cJSON_Delete(event.body);
    close_scene(&scene);
}

/* The handler never responds: the message is delivered as it was sent. */
static void a_room_that_allows_delivers_what_could_not_be_reviewed(void **state)
{
    struct scene scene = open_scene(*state, "ALLOW");

    sink_plan(scene.sink, SINK_HOLD, "");
    chatter_ask(&scene.ann, SAY);
    chatter_hear_message(&scene.bob, "dirty");
    close_scene(&scene);
}

static void a_room_that_denies_refuses_what_could_not_be_reviewed(void **state)
{
    struct scene scene = open_scene(*state, "DENY");

    sink_plan(scene.sink, SINK_HOLD, "");
    chatter_ask(&scene.ann, SAY);
    chatter_hear_error(&scene.ann, 406);
    close_scene(&scene);
}

/* The first waits for its handler; the others of the same sender wait for the first, but
 * nobody else does. */
static void a_slow_review_keeps_the_order_and_holds_nobody_else_up(void **state)
{
    struct scene scene = open_scene(*state, "ALLOW");

    sink_plan(scene.sink, SINK_HOLD, "");
    chatter_say(&scene.ann, "1");
    sink_expect(scene.sink, 1);
    sink_plan(scene.sink, 500, "");
    chatter_say(&scene.ann, "2");
    chatter_ask(&scene.bob, "{\"Action\":\"DELETE_MESSAGE\",\"Id\":\"M2YcHkgffEvU\"}");
    chatter_hear_event(&scene.bob, "aws:DELETE_MESSAGE");
    chatter_hear_message(&scene.bob, "1");
    chatter_hear_message(&scene.bob, "2");
    close_scene(&scene);
}

static void the_message_of_a_sender_who_left_is_still_delivered(void **state)
{
    struct scene scene = open_scene(*state, "ALLOW");

    sink_plan(scene.sink, SINK_HOLD, "");
    chatter_ask(&scene.ann, SAY);
    sink_expect(scene.sink, 1);
    peer_done(&scene.ann.peer);
    chatter_hear_message(&scene.bob, "dirty");
    close_scene(&scene);
}

static void a_server_stops_while_messages_are_under_review(void **state)
{
    struct wire *wire = *state;
    struct sink *sink = sink_new();
    const char *lambda =
        wire_printf(wire, "check=http://127.0.0.1:%d/review", sink_port(sink));
    struct program *program = wire_serve(wire, ":memory:", "--lambda", lambda);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    const char *room =
        chatter_room(wire, client, "\"messageReviewHandler\":{\"uri\":\"" HANDLER "\"}");
    struct chatter ann;

    chatter_join_at(&ann, wire, program_port(program), client, room, "ann",
                    CHATTER_MAY_ALL);
    for (int i = 0; i < 5; i++) {
        sink_plan(sink, SINK_HOLD, "");
        chatter_say(&ann, "Hi");
    }
    sink_expect(sink, 1);
    program_signal(program, 15);
    assert_int_equal(program_end(program), 0);
    chatter_leave(&ann);
    sink_free(sink);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test_without_server(an_allowed_message_has_the_content_of_the_handler),
        wire_test_without_server(a_denied_message_is_an_error_with_its_reason),
        wire_test_without_server(a_handler_gets_the_message_and_its_sender),
        wire_test_without_server(a_room_that_allows_delivers_what_could_not_be_reviewed),
        wire_test_without_server(a_room_that_denies_refuses_what_could_not_be_reviewed),
        wire_test_without_server(a_slow_review_keeps_the_order_and_holds_nobody_else_up),
        wire_test_without_server(the_message_of_a_sender_who_left_is_still_delivered),
        wire_test_without_server(a_server_stops_while_messages_are_under_review),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
