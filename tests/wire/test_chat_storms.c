/*
 * Chat rooms while much happens at once: rooms and users that go during traffic, and the
 * end of the server.
 */
#include "support/chatter.h"
#include "support/websocket_bytes.h"

#include "http/websocket_frame.h"

#include <signal.h>
#include <string.h>

#include "support/cmocka_all.h"

enum { CROWD = 60, MANY = 300 };

struct place {
    struct wire *wire;
    struct http_client *client;
    int port;
    const char *room;
    struct chatter crowd[CROWD]; /* hears everything */
    int crowd_size;
};

static struct place *open_place(struct wire *wire, int port)
{
    struct place *place = test_calloc(1, sizeof(*place));

    place->wire = wire;
    place->port = port;
    place->client = wire_connect_to(wire, port);
    place->room = chatter_room(wire, place->client, "");
    return place;
}

static const char *new_token(const struct place *place, const char *user)
{
    return chatter_token(place->wire, place->client, place->room, user, CHATTER_MAY_ALL,
                         "");
}

/* Connects with a token. Returns the status. */
static int enter(struct chatter *chatter, const struct place *place, const char *token)
{
    *chatter = (struct chatter){0};
    return peer_ask(&chatter->peer, place->port, "/",
                    wire_printf(place->wire, "Sec-WebSocket-Protocol: %s\r\n", token));
}

static void join(struct chatter *chatter, const struct place *place, const char *user)
{
    assert_int_equal(enter(chatter, place, new_token(place, user)), 101);
}

static void gather_crowd(struct place *place)
{
    while (place->crowd_size < CROWD)
        join(&place->crowd[place->crowd_size++], place, "crowd");
}

static void close_place(struct place *place)
{
    for (int i = 0; i < place->crowd_size; i++)
        chatter_leave(&place->crowd[i]);
    test_free(place);
}

static struct http_answer call(const struct place *place, const char *path,
                               const char *members)
{
    return http_post(
        place->client, path,
        wire_printf(place->wire, "{\"roomIdentifier\":\"%s\",%s}", place->room, members));
}

static void send_event(const struct place *place, const char *name)
{
    assert_int_equal(
        call(place, "/SendEvent", wire_printf(place->wire, "\"eventName\":\"%s\"", name))
            .reply.status,
        200);
}

static void control(const struct place *place, const char *operation, const char *body,
                    int status)
{
    struct http_answer answer = http_post(
        place->client, wire_printf(place->wire, "/_ivs-local/%s", operation), body);

    assert_int_equal(answer.reply.status, status);
}

static void delete_room(const struct place *place)
{
    assert_int_equal(
        http_post(place->client, "/DeleteRoom",
                  wire_printf(place->wire, "{\"identifier\":\"%s\"}", place->room))
            .reply.status,
        204);
}

static int count_connections(const struct place *place)
{
    return reply_count(
        call(place, "/_ivs-local/ListConnections", "\"maxResults\":1000").reply,
        "connections");
}

/* The end of those who were there before must not reach who comes after it, however long
 * the server is busy with sending. */
static void a_disconnected_user_may_come_back_at_once(void **state)
{
    struct place *place = open_place(*state, wire_port(*state));
    struct chatter bob;

    gather_crowd(place);
    for (int i = 0; i < 40; i++) {
        const char *token = new_token(place, "bob");
        send_event(place, "busy");
        assert_int_equal(
            call(place, "/DisconnectUser", "\"userId\":\"bob\"").reply.status, 200);
        assert_int_equal(enter(&bob, place, token), 101);
        send_event(place, "after");
        do /* it also gets what the connection before it may not have read */
            chatter_hear(&bob);
        while (strcmp(chatter_text(&bob, "EventName"), "after") != 0);
        chatter_leave(&bob);
    }
    close_place(place);
}

/* Puts messages into one piece of bytes, so that the server gets all of them before it
 * does anything else. */
static void say_at_once(struct chatter *chatter, int count)
{
    struct buf frames AUTO(buf_done);

    buf_init(&frames, (size_t)64 * 1024);
    for (int i = 0; i < count; i++)
        frame_put_text(&frames, FRAME_FINAL | WEBSOCKET_TEXT,
                       "{\"Action\":\"SEND_MESSAGE\",\"Content\":\"Hi\"}");
    assert_true(peer_send(&chatter->peer, frames.bytes, frames.length));
}

static void a_kick_ends_a_connection_whose_messages_are_on_the_way(void **state)
{
    struct place *place = open_place(*state, wire_port(*state));
    struct chatter ann, bob;

    join(&ann, place, "ann");
    join(&bob, place, "bob");
    say_at_once(&bob, 5);
    chatter_ask(&ann, "{\"Action\":\"DISCONNECT_USER\",\"UserId\":\"bob\"}");
    say_at_once(&bob, 5);

    int messages = 0;
    while (strcmp(cJSON_GetStringValue(
                      cJSON_GetObjectItemCaseSensitive(chatter_hear(&ann), "Type")),
                  "MESSAGE") == 0)
        messages++;
    assert_string_equal(chatter_text(&ann, "EventName"), "aws:DISCONNECT_USER");
    assert_in_range(messages, 0, 10);
    while (count_connections(place) > 1)
        continue;
    chatter_leave(&ann);
    chatter_leave(&bob);
    close_place(place);
}

static void
everybody_is_closed_cleanly_when_a_room_is_deleted_during_traffic(void **state)
{
    struct place *place = open_place(*state, wire_port(*state));
    struct peer_frame frame;

    gather_crowd(place);
    for (int i = 0; i < CROWD; i++)
        say_at_once(&place->crowd[i], 3);
    delete_room(place);

    for (int i = 0; i < CROWD; i++) {
        do {
            assert_true(peer_receive(&place->crowd[i].peer, &frame));
        } while (frame.first == (FRAME_FINAL | WEBSOCKET_TEXT));
        assert_int_equal(frame.first, FRAME_FINAL | WEBSOCKET_CLOSE);
        assert_memory_equal(frame.payload, "\x03\xe8", 2);
    }
    close_place(place);
}

static void delayed_frames_of_a_deleted_room_are_dropped(void **state)
{
    struct place *place = open_place(*state, wire_port(*state));
    struct chatter ann, bob;

    join(&ann, place, "ann");
    join(&bob, place, "bob");
    control(place, "PutFault", "{\"frame\":\"DELAY\",\"latencyMs\":20}", 200);
    for (int i = 0; i < 20; i++)
        send_event(place, "late");
    chatter_leave(&bob);
    delete_room(place);
    chatter_expect_close(&ann, 1000);
    chatter_leave(&ann);
    /* The timers of the frames have ended when a later one has. */
    place->room = chatter_room(place->wire, place->client, "");
    join(&ann, place, "ann");
    send_event(place, "last");
    chatter_hear_event(&ann, "last");
    chatter_leave(&ann);
    close_place(place);
}

/* A frame that is published before the connection is open is like any other. */
static void faults_apply_to_frames_that_wait_for_the_connection(void **state)
{
    struct place *place = open_place(*state, wire_port(*state));
    const char *token = new_token(place, "ann");
    struct chatter ann;

    control(place, "PutFault", "{\"frame\":\"DUPLICATE\"}", 200);
    assert_int_equal(enter(&ann, place, token), 101);
    send_event(place, "twice");
    chatter_hear_event(&ann, "twice");
    chatter_hear_event(&ann, "twice");
    chatter_leave(&ann);
    close_place(place);
}

static void a_server_with_many_connections_stops_cleanly(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", NULL, NULL);
    struct place *place = open_place(wire, program_port(program));
    struct chatter *many = test_calloc(MANY, sizeof(*many));

    for (int i = 0; i < MANY; i++)
        join(&many[i], place, "ann");
    send_event(place, "last");
    program_signal(program, SIGTERM);
    for (int i = 0; i < MANY; i++) {
        chatter_hear_event(&many[i], "last");
        chatter_expect_close(&many[i], WEBSOCKET_GOING_AWAY);
        chatter_leave(&many[i]);
    }
    assert_int_equal(program_end(program), 0);
    test_free(many);
    close_place(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test(a_disconnected_user_may_come_back_at_once),
        wire_test(a_kick_ends_a_connection_whose_messages_are_on_the_way),
        wire_test(everybody_is_closed_cleanly_when_a_room_is_deleted_during_traffic),
        wire_test(delayed_frames_of_a_deleted_room_are_dropped),
        wire_test(faults_apply_to_frames_that_wait_for_the_connection),
        wire_test_without_server(a_server_with_many_connections_stops_cleanly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
