/*
 * Chat rooms while much happens at once: rooms and users that go during traffic, and the
 * end of the server.
 */
#include "support/chatter.h"
#include "support/websocket_bytes.h"

#include "base/memory.h"
#include "chat/chat.h"
#include "http/websocket_frame.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

enum { CROWD = 60, MANY = 300, ROOMS = 500 };

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
    struct place *place = mem_zalloc(sizeof(*place));

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

/* The headers of a handshake. */
static const char *handshake_headers(const struct place *place, const char *token)
{
    return wire_printf(place->wire,
                       "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                       "Sec-WebSocket-Protocol: %s\r\n",
                       token);
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
    free(place);
}

static struct http_answer call_room(const struct place *place, const char *path,
                                    const char *members)
{
    return http_post(
        place->client, path,
        wire_printf(place->wire, "{\"roomIdentifier\":\"%s\",%s}", place->room, members));
}

static void send_event(const struct place *place, const char *name)
{
    assert_int_equal(call_room(place, "/SendEvent",
                               wire_printf(place->wire, "\"eventName\":\"%s\"", name))
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

/* Disconnecting a user must not close a connection that the user opens afterwards,
 * however long the server takes to send. */
static void a_disconnected_user_may_come_back_at_once(void **state)
{
    struct place *place = open_place(*state, wire_port(*state));
    struct chatter bob;

    gather_crowd(place);
    for (int i = 0; i < 40; i++) {
        const char *token = new_token(place, "bob");
        send_event(place, "busy");
        assert_int_equal(
            call_room(place, "/DisconnectUser", "\"userId\":\"bob\"").reply.status, 200);
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

    assert_true(chatter_skip_to_close(&bob, 1000) >= 1); /* the event, at least */
    chatter_say(&ann, "still here");
    while (strcmp(cJSON_GetStringValue(
                      cJSON_GetObjectItemCaseSensitive(chatter_hear(&ann), "Type")),
                  "EVENT") != 0)
        continue;
    chatter_leave(&ann);
    chatter_leave(&bob);
    close_place(place);
}

static void all_are_closed_cleanly_when_a_room_is_deleted_during_traffic(void **state)
{
    struct place *place = open_place(*state, wire_port(*state));

    gather_crowd(place);
    for (int i = 0; i < CROWD; i++)
        say_at_once(&place->crowd[i], 3);
    delete_room(place);

    for (int i = 0; i < CROWD; i++)
        chatter_skip_to_close(&place->crowd[i], 1000);
    close_place(place);
}

static void a_reset_during_traffic_closes_all_cleanly(void **state)
{
    struct place *place = open_place(*state, wire_port(*state));

    gather_crowd(place);
    for (int i = 0; i < CROWD; i++)
        say_at_once(&place->crowd[i], 3);
    control(place, "Reset", "{}", 204);

    for (int i = 0; i < CROWD; i++)
        chatter_skip_to_close(&place->crowd[i], 1000);
    close_place(place);
}

/* Sessions end in the middle of what their clients send. */
static void sessions_end_during_traffic(void **state)
{
    struct place *place = open_place(*state, wire_port(*state));

    gather_crowd(place);
    for (int i = 0; i < CROWD; i++)
        say_at_once(&place->crowd[i], 3);
    control(place, "AdvanceClock", "{\"seconds\":3600}", 200);

    for (int i = 0; i < CROWD; i++)
        assert_true(chatter_skip_to_close(&place->crowd[i], 1000) >= 1);
    close_place(place);
}

static void a_restored_room_accepts_connections(void **state)
{
    struct place *place = open_place(*state, wire_port(*state));
    struct chatter ann;
    const char *token = new_token(place, "ann");

    control(place, "SaveSnapshot", "{\"name\":\"s\"}", 204);
    gather_crowd(place);
    for (int i = 0; i < CROWD; i++)
        say_at_once(&place->crowd[i], 3);
    delete_room(place);
    control(place, "RestoreSnapshot", "{\"name\":\"s\"}", 204);

    assert_int_equal(enter(&ann, place, token), 101);
    chatter_say(&ann, "Hi");
    chatter_hear_message(&ann, "Hi");
    for (int i = 0; i < CROWD; i++)
        chatter_skip_to_close(&place->crowd[i], 1000);
    chatter_leave(&ann);
    close_place(place);
}

static void delayed_frames_of_a_deleted_room_harm_nothing(void **state)
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
    chatter_skip_to_close(&ann, 1000);
    chatter_leave(&ann);

    /* When a later frame comes, the delays of those before it are over. */
    place->room = chatter_room(place->wire, place->client, "");
    join(&ann, place, "ann");
    send_event(place, "last");
    chatter_hear_event(&ann, "last");
    chatter_leave(&ann);
    close_place(place);
}

/* The bytes of the next frame of a connection that was switched by hand; it is short. */
static const char *receive_short_frame(struct http_client *client)
{
    const unsigned char *head = (const unsigned char *)http_receive_bytes(client, 4);

    assert_non_null(head);
    assert_int_equal(head[0], FRAME_FINAL | WEBSOCKET_TEXT);
    assert_int_equal(head[1], 126); /* so the length is in the next two bytes */
    const char *payload = http_receive_bytes(client, (size_t)head[2] << 8 | head[3]);
    assert_non_null(payload);
    return payload;
}

static void wait_for_connection(const struct place *place)
{
    while (reply_count(
               call_room(place, "/_ivs-local/ListConnections", "\"maxResults\":10").reply,
               "connections") == 0)
        continue;
}

/* What is published while a handshake is held back. */
static void faults_apply_to_frames_that_wait_for_a_connection(void **state)
{
    struct place *place = open_place(*state, wire_port(*state));
    struct http_client *ann = wire_connect(place->wire);
    const char *headers = handshake_headers(place, new_token(place, "ann"));

    control(place, "PutFault", "{\"operation\":\"ivschat:Connect\",\"latencyMs\":500}",
            200);
    control(place, "PutFault", "{\"frame\":\"DUPLICATE\"}", 200);
    assert_true(http_send_request(ann, "GET", "/", headers, NULL, 0));
    wait_for_connection(place);
    send_event(place, "twice");

    assert_int_equal(http_expect(ann).reply.status, 101);
    for (int i = 0; i < 2; i++)
        assert_non_null(strstr(receive_short_frame(ann), "\"EventName\":\"twice\""));
    close_place(place);
}

/* As many as a connection may send at once. */
static void a_delayed_request_counts_once(void **state)
{
    struct place *place = open_place(*state, wire_port(*state));
    struct chatter ann;

    join(&ann, place, "ann");
    control(place, "PutFault", "{\"operation\":\"ivschat:SEND_MESSAGE\",\"latencyMs\":1}",
            200);
    say_at_once(&ann, 10);
    for (int i = 0; i < 10; i++)
        chatter_hear_message(&ann, "Hi");
    chatter_leave(&ann);
    close_place(place);
}

/* The client is gone before the connection is open, or soon after. */
static void clients_that_leave_at_once_leave_nothing_behind(void **state)
{
    struct place *place = open_place(*state, wire_port(*state));
    struct chatter ann;

    join(&ann, place, "ann");
    for (int i = 0; i < 100; i++) {
        struct http_client *ghost = http_client_open(place->port);
        assert_non_null(ghost);
        (void)!http_send_request(ghost, "GET", "/",
                                 handshake_headers(place, new_token(place, "ghost")),
                                 NULL, 0);
        http_client_close(ghost);
        send_event(place, "x");
        chatter_hear_event(&ann, "x");
    }
    while (
        reply_count(
            call_room(place, "/_ivs-local/ListConnections", "\"maxResults\":1000").reply,
            "connections") != 1)
        continue;
    chatter_leave(&ann);
    close_place(place);
}

/* The server ends with many connections, of which some have frames that wait. */
static void the_end_of_the_server_closes_many_connections(void **state)
{
    struct program *program = wire_serve(*state, ":memory:", NULL, NULL);
    struct place *place = open_place(*state, program_port(program));
    struct chatter *many = mem_zalloc(MANY * sizeof(*many));

    for (int i = 0; i < MANY; i++)
        join(&many[i], place, "many");
    control(place, "PutFault", "{\"frame\":\"DELAY\",\"latencyMs\":300000,\"times\":100}",
            200);
    send_event(place, "some late");
    for (int i = 0; i < MANY; i++)
        chatter_ask(&many[i], "{\"Action\":\"DELETE_MESSAGE\",\"Id\":\"a1b2c3d4e5f6\"}");
    program_signal(program, SIGTERM);

    for (int i = 0; i < MANY; i++) {
        chatter_skip_to_close(&many[i], 1001);
        chatter_leave(&many[i]);
    }
    assert_int_equal(program_end(program), 0);
    free(many);
    close_place(place);
}

static int count_messages(const struct place *place)
{
    return reply_count(
        call_room(place, "/_ivs-local/ListMessages", "\"maxResults\":1000").reply,
        "messages");
}

/* So many that some have the same bucket. */
static void many_rooms_keep_their_frames_apart(void **state)
{
    struct place *place = open_place(*state, wire_port(*state));
    const char **rooms = mem_zalloc(ROOMS * sizeof(*rooms));

    for (int i = 0; i < ROOMS; i++) {
        rooms[i] = place->room = chatter_room(place->wire, place->client, "");
        send_event(place, "once");
    }
    for (int i = 0; i < ROOMS; i += 2) {
        place->room = rooms[i];
        delete_room(place);
    }
    for (int i = 1; i < ROOMS; i += 2) {
        place->room = rooms[i];
        assert_int_equal(count_messages(place), 1);
    }
    free(rooms);
    close_place(place);
}

/* The oldest frames give way, of whatever room. */
static void the_frames_of_all_rooms_together_are_limited(void **state)
{
    struct place *place = open_place(*state, wire_port(*state));
    const char *first = place->room;
    char value[4000];

    memset(value, 'v', sizeof(value));
    value[sizeof(value) - 1] = '\0';
    const char *members = wire_printf(
        place->wire, "\"eventName\":\"e\",\"attributes\":{\"a\":\"%s\"}", value);
    for (size_t sent = 0; sent <= CHAT_HISTORY_MAX_BYTES; sent += sizeof(value)) {
        if (sent % (sizeof(value) * CHAT_HISTORY_FRAMES) == 0)
            place->room = chatter_room(place->wire, place->client, "");
        assert_int_equal(call_room(place, "/SendEvent", members).reply.status, 200);
        if (sent == 0)
            first = place->room;
    }
    int last = count_messages(place);
    assert_in_range(last, 1, CHAT_HISTORY_FRAMES);
    place->room = first;
    assert_in_range(count_messages(place), 0, CHAT_HISTORY_FRAMES - 1);
    close_place(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test(a_disconnected_user_may_come_back_at_once),
        wire_test(a_kick_ends_a_connection_whose_messages_are_on_the_way),
        wire_test(all_are_closed_cleanly_when_a_room_is_deleted_during_traffic),
        wire_test(a_reset_during_traffic_closes_all_cleanly),
        wire_test(sessions_end_during_traffic),
        wire_test(a_restored_room_accepts_connections),
        wire_test(delayed_frames_of_a_deleted_room_harm_nothing),
        wire_test(faults_apply_to_frames_that_wait_for_a_connection),
        wire_test(a_delayed_request_counts_once),
        wire_test(clients_that_leave_at_once_leave_nothing_behind),
        wire_test(many_rooms_keep_their_frames_apart),
        wire_test(the_frames_of_all_rooms_together_are_limited),
        wire_test_without_server(the_end_of_the_server_closes_many_connections),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
