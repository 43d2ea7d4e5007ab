/*
 * The handshake of chat clients, and how their connections end.
 */
#include "support/chatter.h"
#include "support/websocket_bytes.h"

#include "http/websocket_frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/cmocka_all.h"

struct place {
    struct wire *wire;
    struct http_client *client;
    const char *room;
};

static struct place open_place(struct wire *wire)
{
    struct place place = {.wire = wire, .client = wire_connect(wire)};

    place.room = chatter_room(wire, place.client, "");
    return place;
}

static const char *new_token(const struct place *place, const char *members)
{
    return chatter_token(place->wire, place->client, place->room, "ann", CHATTER_MAY_ALL,
                         members);
}

static void join(struct chatter *chatter, const struct place *place, const char *user)
{
    chatter_join(chatter, place->wire, place->client, place->room, user, CHATTER_MAY_ALL);
}

static struct http_answer control(const struct place *place, const char *operation,
                                  const char *body)
{
    return http_post(place->client, wire_printf(place->wire, "/_ivs-local/%s", operation),
                     body);
}

static void advance(const struct place *place, int seconds)
{
    struct http_answer answer = control(
        place, "AdvanceClock", wire_printf(place->wire, "{\"seconds\":%d}", seconds));

    assert_int_equal(answer.reply.status, 200);
}

/* The handshake is refused with this status, and the connection then still serves. */
static void expect_refusal(const struct place *place, const char *token, int status)
{
    struct chatter chatter;

    assert_int_equal(chatter_try(&chatter, place->wire, token), status);
    chatter_leave(&chatter);
}

static void the_token_is_echoed_as_the_subprotocol(void **state)
{
    struct place place = open_place(*state);
    const char *token = new_token(&place, "");
    struct http_answer answer = http_call(
        place.client, "GET", "/any/path",
        wire_printf(place.wire,
                    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                    "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: %s\r\n",
                    token),
        NULL);

    assert_int_equal(answer.reply.status, 101);
    assert_header(&answer, "Sec-WebSocket-Protocol", token);
}

static void a_token_has_only_characters_of_subprotocols(void **state)
{
    struct place place = open_place(*state);
    const char *token = new_token(&place, "");

    for (const char *c = token; *c != '\0'; c++)
        assert_true(
            strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                   *c) != NULL);
    assert_memory_equal(token, "AQICAH", 6);
}

static void a_token_is_used_once(void **state)
{
    struct place place = open_place(*state);
    const char *token = new_token(&place, "");
    struct chatter chatter;

    assert_int_equal(chatter_try(&chatter, place.wire, token), 101);
    expect_refusal(&place, token, 401);
    chatter_leave(&chatter);
    expect_refusal(&place, token, 401);
}

static void a_token_expires(void **state)
{
    struct place place = open_place(*state);
    const char *token = new_token(&place, ",\"sessionDurationInMinutes\":180");

    advance(&place, 60 * 60 - 5);
    struct chatter chatter;
    assert_int_equal(chatter_try(&chatter, place.wire, token), 101);
    chatter_leave(&chatter);
    token = new_token(&place, ",\"sessionDurationInMinutes\":180");
    advance(&place, 60 * 60);
    expect_refusal(&place, token, 401);
}

static void a_token_that_was_changed_is_refused(void **state)
{
    struct place place = open_place(*state);
    const char *token = new_token(&place, "");

    for (size_t i = 0; i < strlen(token); i += 17) {
        char *changed = wire_printf(place.wire, "%s", token);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        expect_refusal(&place, changed, 401);
    }
    expect_refusal(&place, "chat", 401);
}

static void the_token_is_the_only_subprotocol(void **state)
{
    struct place place = open_place(*state);
    struct chatter chatter = {0};

    expect_refusal(&place, wire_printf(place.wire, "%s, chat", new_token(&place, "")),
                   401);
    assert_int_equal(peer_ask(&chatter.peer, wire_port(place.wire), "/", ""), 401);
    chatter_leave(&chatter);
}

static void the_room_of_a_token_must_exist(void **state)
{
    struct place place = open_place(*state);
    const char *token = new_token(&place, "");

    assert_int_equal(
        http_post(place.client, "/DeleteRoom",
                  wire_printf(place.wire, "{\"identifier\":\"%s\"}", place.room))
            .reply.status,
        204);
    expect_refusal(&place, token, 403);
}

static void a_session_ends_with_an_error_and_a_clean_close(void **state)
{
    struct place place = open_place(*state);
    struct chatter chatter;

    assert_int_equal(chatter_try(&chatter, place.wire,
                                 new_token(&place, ",\"sessionDurationInMinutes\":2")),
                     101);
    advance(&place, 60);
    chatter_say(&chatter, "Hi");
    chatter_hear_message(&chatter, "Hi");
    advance(&place, 60);
    chatter_hear_error(&chatter, 401);
    chatter_expect_close(&chatter, 1000);
    chatter_leave(&chatter);
}

static void the_connections_of_a_deleted_room_are_closed(void **state)
{
    struct place place = open_place(*state);
    struct chatter chatter;

    join(&chatter, &place, "ann");
    http_post(place.client, "/DeleteRoom",
              wire_printf(place.wire, "{\"identifier\":\"%s\"}", place.room));
    chatter_expect_close(&chatter, 1000);
    chatter_leave(&chatter);
}

static void a_reset_closes_the_connections_of_its_account(void **state)
{
    struct place place = open_place(*state);
    struct chatter chatter;

    join(&chatter, &place, "ann");
    control(&place, "Reset", "{\"account\":\"111111111111\"}");
    chatter_say(&chatter, "still here");
    chatter_hear_message(&chatter, "still here");
    assert_int_equal(control(&place, "Reset", "{}").reply.status, 204);
    chatter_expect_close(&chatter, 1000);
    chatter_leave(&chatter);
}

static void a_restored_snapshot_decides_which_rooms_there_are(void **state)
{
    struct place place = open_place(*state);
    struct place later = place;
    struct chatter ann, bob;

    join(&ann, &place, "ann");
    control(&place, "SaveSnapshot", "{\"name\":\"s\"}");
    later.room = chatter_room(place.wire, place.client, "");
    join(&bob, &later, "bob");
    http_post(place.client, "/UpdateRoom",
              wire_printf(place.wire,
                          "{\"identifier\":\"%s\",\"maximumMessageLength\":1}",
                          place.room));
    assert_int_equal(control(&place, "RestoreSnapshot", "{\"name\":\"s\"}").reply.status,
                     204);

    chatter_expect_close(&bob, 1000);
    chatter_say(&ann, "long again");
    chatter_hear_message(&ann, "long again");
    chatter_leave(&ann);
    chatter_leave(&bob);
}

static void tokens_survive_a_restart_and_used_ones_stay_used(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "chat.db");
    struct program *program = wire_serve(wire, db, NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    const char *room = chatter_room(wire, client, "");
    const char *used = chatter_token(wire, client, room, "ann", "", "");
    const char *fresh = chatter_token(wire, client, room, "bob", "", "");
    struct chatter chatter = {0};

    assert_int_equal(peer_ask(&chatter.peer, program_port(program), "/",
                              wire_printf(wire, "Sec-WebSocket-Protocol: %s\r\n", used)),
                     101);
    program_signal(program, 9);
    program_end(program);
    chatter_leave(&chatter);

    program = wire_serve(wire, db, NULL, NULL);
    assert_int_equal(peer_ask(&chatter.peer, program_port(program), "/",
                              wire_printf(wire, "Sec-WebSocket-Protocol: %s\r\n", used)),
                     401);
    chatter_leave(&chatter);
    assert_int_equal(peer_ask(&chatter.peer, program_port(program), "/",
                              wire_printf(wire, "Sec-WebSocket-Protocol: %s\r\n", fresh)),
                     101);
    chatter_leave(&chatter);
}

/* The same sequence of identifiers begins again. */
static void a_new_token_differs_from_those_before_a_restart_with_a_seed(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "chat.db");
    const char *room = NULL;

    for (int i = 0; i < 3; i++) {
        struct program *program = wire_serve(wire, db, "--random-seed", "7");
        struct http_client *client = wire_connect_to(wire, program_port(program));
        struct chatter chatter;
        if (room == NULL)
            room = chatter_room(wire, client, "");
        chatter_join_at(&chatter, wire, program_port(program), client, room, "ann", "");
        program_signal(program, 15);
        assert_int_equal(program_end(program), 0);
        chatter_leave(&chatter);
    }
}

static void the_end_of_the_server_closes_with_1001(void **state)
{
    struct wire *wire = *state;
    struct program *program = wire_serve(wire, ":memory:", NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    const char *room = chatter_room(wire, client, "");
    const char *token = chatter_token(wire, client, room, "ann", "", "");
    struct chatter chatter = {0};

    assert_int_equal(peer_ask(&chatter.peer, program_port(program), "/",
                              wire_printf(wire, "Sec-WebSocket-Protocol: %s\r\n", token)),
                     101);
    program_signal(program, 15);
    chatter_expect_close(&chatter, 1001);
    assert_int_equal(program_end(program), 0);
    chatter_leave(&chatter);
}

/* A use that is not saved is none. */
static void a_token_whose_use_cannot_be_saved_is_not_used(void **state)
{
    struct wire *wire = *state;
    const char *db = wire_path(wire, "chat.db"), *aside = wire_path(wire, "aside");
    struct program *program = wire_serve(wire, db, NULL, NULL);
    struct http_client *client = wire_connect_to(wire, program_port(program));
    const char *token = chatter_token(wire, client, chatter_room(wire, client, ""), "ann",
                                      CHATTER_MAY_ALL, "");
    const char *headers = wire_printf(wire, "Sec-WebSocket-Protocol: %s\r\n", token);
    struct chatter chatter = {0};

    assert_int_equal(rename(db, aside), 0);
    assert_int_equal(peer_ask(&chatter.peer, program_port(program), "/", headers), 500);
    chatter_leave(&chatter);
    assert_int_equal(rename(aside, db), 0);
    assert_int_equal(peer_ask(&chatter.peer, program_port(program), "/", headers), 101);
    chatter_say(&chatter, "Hi");
    chatter_hear_message(&chatter, "Hi");
    chatter_leave(&chatter);
}

/* Others are not held up by a client that reads nothing. */
static void a_client_that_reads_nothing_is_disconnected(void **state)
{
    struct place place = open_place(*state);
    struct chatter slow, ann;
    char value[4000];

    memset(value, 'v', sizeof(value));
    value[sizeof(value) - 1] = '\0';
    join(&slow, &place, "slow");
    join(&ann, &place, "ann");
    const char *body = wire_printf(
        place.wire,
        "{\"roomIdentifier\":\"%s\",\"eventName\":\"e\",\"attributes\":{\"a\":\"%s\"}}",
        place.room, value);
    int connected = 2;
    for (int i = 0; i < 20000 && connected == 2; i++) {
        assert_int_equal(http_post(place.client, "/SendEvent", body).reply.status, 200);
        chatter_hear_event(&ann, "e");
        if (i % 100 == 0)
            connected = reply_count(
                http_post(
                    place.client, "/_ivs-local/ListConnections",
                    wire_printf(place.wire, "{\"roomIdentifier\":\"%s\"}", place.room))
                    .reply,
                "connections");
    }
    assert_int_equal(connected, 1);
    chatter_leave(&slow);
    chatter_leave(&ann);
}

/* Faults. */

static void put_fault(const struct place *place, const char *members)
{
    struct http_answer answer =
        control(place, "PutFault", wire_printf(place->wire, "{%s,\"times\":1}", members));

    if (answer.reply.status != 200)
        fail_msg("%s", answer.body);
}

static void a_fault_refuses_a_handshake(void **state)
{
    struct place place = open_place(*state);
    const char *token = new_token(&place, "");
    struct chatter chatter;

    put_fault(&place, "\"operation\":\"ivschat:Connect\",\"errorCode\":401");
    expect_refusal(&place, token, 401);
    put_fault(&place, "\"operation\":\"Connect\",\"error\":\"ThrottlingException\"");
    expect_refusal(&place, token, 429);
    assert_int_equal(chatter_try(&chatter, place.wire, token), 101);
    chatter_leave(&chatter);
}

/* Sends a handshake, and waits for nothing. */
static struct http_client *begin_handshake(const struct place *place, const char *token)
{
    struct http_client *client = wire_connect(place->wire);

    assert_true(http_send_request(
        client, "GET", "/",
        wire_printf(place->wire,
                    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                    "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: %s\r\n",
                    token),
        NULL, 0));
    return client;
}

static void a_fault_closes_the_handshakes_of_a_room(void **state)
{
    struct place place = open_place(*state);
    struct place other = place;
    const char *token = new_token(&place, "");
    struct chatter chatter;

    other.room = chatter_room(place.wire, place.client, "");
    put_fault(&place, wire_printf(place.wire,
                                  "\"operation\":\"ivschat:Connect\","
                                  "\"connection\":\"CLOSE\",\"resourceArn\":\"%s\"",
                                  place.room));
    join(&chatter, &other, "ann");
    http_expect_closed(begin_handshake(&place, token));
    assert_int_equal(http_expect(begin_handshake(&place, token)).reply.status, 101);
    chatter_leave(&chatter);
}

static void a_fault_answers_a_message_with_an_error(void **state)
{
    struct place place = open_place(*state);
    struct chatter chatter;

    join(&chatter, &place, "ann");
    put_fault(&place, "\"operation\":\"ivschat:SEND_MESSAGE\",\"errorCode\":406,"
                      "\"message\":\"no\"");
    chatter_say(&chatter, "Hi");
    chatter_hear_error(&chatter, 406);
    assert_string_equal(chatter_text(&chatter, "ErrorMessage"), "no");
    chatter_say(&chatter, "Hi");
    chatter_hear_message(&chatter, "Hi");
    chatter_leave(&chatter);
}

static void a_fault_delays_a_request(void **state)
{
    struct place place = open_place(*state);
    struct chatter chatter;

    join(&chatter, &place, "ann");
    put_fault(&place, "\"operation\":\"ivschat:SEND_MESSAGE\",\"latencyMs\":50");
    chatter_say(&chatter, "first");
    chatter_say(&chatter, "second");
    chatter_hear_message(&chatter, "second");
    chatter_hear_message(&chatter, "first");
    chatter_leave(&chatter);
}

/* As many as a connection may make in a second. */
static void requests_with_the_same_delay_stay_in_their_order(void **state)
{
    struct place place = open_place(*state);
    struct chatter chatter;

    join(&chatter, &place, "ann");
    control(&place, "PutFault",
            "{\"operation\":\"ivschat:SEND_MESSAGE\",\"latencyMs\":20}");
    for (int i = 0; i < 10; i++)
        chatter_say(&chatter, wire_printf(place.wire, "%d", i));
    for (int i = 0; i < 10; i++)
        chatter_hear_message(&chatter, wire_printf(place.wire, "%d", i));
    chatter_leave(&chatter);
}

static void a_fault_delays_the_error_that_it_causes(void **state)
{
    struct place place = open_place(*state);
    struct chatter chatter;

    join(&chatter, &place, "ann");
    put_fault(&place, "\"operation\":\"ivschat:SEND_MESSAGE\",\"latencyMs\":20,"
                      "\"error\":\"ThrottlingException\"");
    chatter_say(&chatter, "refused");
    chatter_say(&chatter, "before");
    chatter_hear_message(&chatter, "before");
    chatter_hear_error(&chatter, 429);
    assert_string_equal(chatter_text(&chatter, "ErrorMessage"),
                        "Request was denied due to request throttling.");
    chatter_leave(&chatter);
}

static void too_much_that_is_delayed_ends_the_connection(void **state)
{
    struct place place = open_place(*state);
    char content[100 * 1024];
    struct chatter chatter;

    memset(content, 'c', sizeof(content));
    content[sizeof(content) - 1] = '\0';
    join(&chatter, &place, "ann");
    control(&place, "PutFault",
            "{\"operation\":\"ivschat:SEND_MESSAGE\",\"latencyMs\":300000}");
    for (int i = 0; i < 20; i++) {
        chatter_say(&chatter, content);
        control(&place, "AdvanceClock", "{\"seconds\":1}"); /* for the rate */
    }
    chatter_expect_close(&chatter, 1008);
    chatter_leave(&chatter);
}

/* Not even the close frame that is due in the same turn. */
static void a_connection_that_a_fault_ends_gets_no_further_frame(void **state)
{
    struct place place = open_place(*state);
    struct chatter ann, bob;

    join(&ann, &place, "ann");
    join(&bob, &place, "bob");
    put_fault(&place, "\"frame\":\"CLOSE\",\"userId\":\"bob\"");
    chatter_ask(&ann, "{\"Action\":\"DISCONNECT_USER\",\"UserId\":\"bob\"}");
    peer_expect_end(&bob.peer);
    chatter_leave(&ann);
    chatter_leave(&bob);
}

static void a_fault_ends_the_connection_without_a_close_frame(void **state)
{
    struct place place = open_place(*state);
    struct chatter chatter;

    join(&chatter, &place, "ann");
    put_fault(&place, "\"operation\":\"ivschat:SEND_MESSAGE\",\"connection\":\"CLOSE\"");
    chatter_say(&chatter, "Hi");
    peer_expect_end(&chatter.peer);
    chatter_leave(&chatter);
}

static void faults_of_frames_are_for_one_user_if_they_say_so(void **state)
{
    struct place place = open_place(*state);
    struct chatter ann, bob;

    join(&ann, &place, "ann");
    join(&bob, &place, "bob");
    put_fault(&place, "\"frame\":\"DROP\",\"userId\":\"bob\",\"frameType\":\"MESSAGE\"");
    chatter_say(&ann, "dropped");
    chatter_hear_message(&ann, "dropped");
    put_fault(&place, "\"frame\":\"DUPLICATE\",\"userId\":\"bob\"");
    chatter_say(&ann, "twice");
    chatter_hear_message(&bob, "twice");
    chatter_hear_message(&bob, "twice");
    chatter_hear_message(&ann, "twice");
    put_fault(&place, "\"frame\":\"DELAY\",\"latencyMs\":50,\"userId\":\"bob\"");
    chatter_say(&ann, "late");
    chatter_say(&ann, "early");
    chatter_hear_message(&bob, "early");
    chatter_hear_message(&bob, "late");
    put_fault(&place, "\"frame\":\"CLOSE\",\"userId\":\"bob\"");
    chatter_say(&ann, "bye");
    peer_expect_end(&bob.peer);
    chatter_leave(&ann);
    chatter_leave(&bob);
}

/* Bad input. */

static void frames_that_no_client_sends_end_the_connection(void **state)
{
    struct place place = open_place(*state);
    struct buf bytes AUTO(buf_done);
    struct chatter chatter;

    join(&chatter, &place, "ann");
    buf_init(&bytes, 1024 * 1024);
    frame_put_text(&bytes, FRAME_FINAL | WEBSOCKET_TEXT, "\xff");
    peer_send(&chatter.peer, bytes.bytes, bytes.length);
    chatter_expect_close(&chatter, WEBSOCKET_INVALID_DATA);
    chatter_leave(&chatter);

    join(&chatter, &place, "ann");
    buf_done(&bytes);
    buf_init(&bytes, 1024 * 1024);
    frame_put_header(&bytes, FRAME_FINAL | WEBSOCKET_TEXT, 200 * 1024);
    peer_send(&chatter.peer, bytes.bytes, bytes.length);
    chatter_expect_close(&chatter, WEBSOCKET_TOO_BIG);
    chatter_leave(&chatter);
}

static void a_binary_message_that_is_no_request_gets_an_error(void **state)
{
    struct place place = open_place(*state);
    struct buf bytes AUTO(buf_done);
    struct chatter chatter;

    join(&chatter, &place, "ann");
    buf_init(&bytes, 1024);
    frame_put(&bytes, FRAME_FINAL | WEBSOCKET_BINARY, "\xff\x00\x01", 3);
    peer_send(&chatter.peer, bytes.bytes, bytes.length);
    chatter_hear_error(&chatter, 400);
    chatter_leave(&chatter);
}

static void json_that_is_nested_deeply_gets_an_error(void **state)
{
    struct place place = open_place(*state);
    char nested[20001];
    struct chatter chatter;

    memset(nested, '[', 10000);
    memset(nested + 10000, ']', 10000);
    nested[20000] = '\0';
    join(&chatter, &place, "ann");
    chatter_ask(&chatter, "%s", nested);
    chatter_hear_error(&chatter, 400);
    chatter_leave(&chatter);
}

static void a_flood_is_refused_and_disturbs_nobody(void **state)
{
    struct place place = open_place(*state);
    struct chatter flooder, ann;

    join(&flooder, &place, "flooder");
    join(&ann, &place, "ann");
    for (int i = 0; i < 2000; i++)
        chatter_ask(&flooder, "{\"Action\":\"DELETE_MESSAGE\",\"Id\":\"M2YcHkgffEvU\"}");
    chatter_say(&ann, "Hi");
    int events = 0;
    while (strcmp(cJSON_GetStringValue(
                      cJSON_GetObjectItemCaseSensitive(chatter_hear(&ann), "Type")),
                  "EVENT") == 0)
        events++;
    assert_string_equal(chatter_text(&ann, "Content"), "Hi");
    assert_true(events < 100);
    chatter_leave(&flooder);
    chatter_leave(&ann);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test(the_token_is_echoed_as_the_subprotocol),
        wire_test(a_token_has_only_characters_of_subprotocols),
        wire_test(a_token_is_used_once),
        wire_test(a_token_expires),
        wire_test(a_token_that_was_changed_is_refused),
        wire_test(the_token_is_the_only_subprotocol),
        wire_test(the_room_of_a_token_must_exist),
        wire_test(a_session_ends_with_an_error_and_a_clean_close),
        wire_test(the_connections_of_a_deleted_room_are_closed),
        wire_test(a_reset_closes_the_connections_of_its_account),
        wire_test(a_restored_snapshot_decides_which_rooms_there_are),
        wire_test_without_server(tokens_survive_a_restart_and_used_ones_stay_used),
        wire_test_without_server(
            a_new_token_differs_from_those_before_a_restart_with_a_seed),
        wire_test_without_server(the_end_of_the_server_closes_with_1001),
        wire_test_without_server(a_token_whose_use_cannot_be_saved_is_not_used),
        wire_test(a_client_that_reads_nothing_is_disconnected),
        wire_test(a_fault_refuses_a_handshake),
        wire_test(a_fault_closes_the_handshakes_of_a_room),
        wire_test(a_fault_answers_a_message_with_an_error),
        wire_test(a_fault_delays_a_request),
        wire_test(requests_with_the_same_delay_stay_in_their_order),
        wire_test(a_fault_delays_the_error_that_it_causes),
        wire_test(too_much_that_is_delayed_ends_the_connection),
        wire_test(a_connection_that_a_fault_ends_gets_no_further_frame),
        wire_test(a_fault_ends_the_connection_without_a_close_frame),
        wire_test(faults_of_frames_are_for_one_user_if_they_say_so),
        wire_test(frames_that_no_client_sends_end_the_connection),
        wire_test(a_binary_message_that_is_no_request_gets_an_error),
        wire_test(json_that_is_nested_deeply_gets_an_error),
        wire_test(a_flood_is_refused_and_disturbs_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
