/*
 * What chat clients send, and what everybody in their room gets.
 */
#include "support/chatter.h"

#include "base/json.h"
#include "chat/chat.h"
#include "chat/request.h"

#include <stdio.h>
#include <string.h>

#include "support/cmocka_all.h"

/* A room with two users who may do everything. */
struct talk {
    struct wire *wire;
    struct http_client *client;
    const char *room;
    struct chatter ann, bob;
};

static struct talk begin_in(struct wire *wire, const char *members)
{
    struct talk talk = {.wire = wire, .client = wire_connect(wire)};

    talk.room = chatter_room(wire, talk.client, members);
    chatter_join(&talk.ann, wire, talk.client, talk.room, "ann", CHATTER_MAY_ALL);
    chatter_join(&talk.bob, wire, talk.client, talk.room, "bob", CHATTER_MAY_ALL);
    return talk;
}

static struct talk begin(struct wire *wire)
{
    return begin_in(wire, "\"maximumMessageRatePerSecond\":100");
}

static void end(struct talk *talk)
{
    chatter_leave(&talk->ann);
    chatter_leave(&talk->bob);
}

static struct http_answer call(struct talk *talk, const char *operation,
                               const char *members)
{
    return http_post(
        talk->client, wire_printf(talk->wire, "/%s", operation),
        wire_printf(talk->wire, "{\"roomIdentifier\":\"%s\"%s}", talk->room, members));
}

static void everybody_gets_a_message_and_its_sender_too(void **state)
{
    struct talk talk = begin(*state);

    chatter_ask(&talk.ann, "{\"Action\":\"SEND_MESSAGE\",\"RequestId\":\"one\","
                           "\"Content\":\"Hi\",\"Attributes\":{\"color\":\"red\"}}");

    chatter_hear_message(&talk.bob, "Hi");
    assert_string_equal(chatter_text(&talk.bob, "RequestId"), "one");
    assert_string_equal(chatter_text(&talk.bob, "Attributes.color"), "red");
    assert_string_equal(chatter_text(&talk.bob, "Sender.UserId"), "ann");
    const char *id = wire_printf(talk.wire, "%s", chatter_text(&talk.bob, "Id"));
    chatter_hear_message(&talk.ann, "Hi");
    assert_string_equal(chatter_text(&talk.ann, "Id"), id);
    end(&talk);
}

static void a_message_without_attributes_has_null(void **state)
{
    struct talk talk = begin(*state);

    chatter_say(&talk.ann, "Hi");

    const cJSON *frame = chatter_hear_message(&talk.ann, "Hi");
    assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(frame, "Attributes")));
    assert_string_equal(chatter_text(&talk.ann, "RequestId"), "");
    assert_true(cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(frame, "Sender"), "Attributes")));
    end(&talk);
}

static void names_of_requests_may_be_in_any_case(void **state)
{
    struct talk talk = begin(*state);

    chatter_ask(&talk.ann, "{\"action\":\"SEND_MESSAGE\",\"requestid\":\"r\","
                           "\"CONTENT\":\"Hi\",\"attributes\":null}");

    chatter_hear_message(&talk.bob, "Hi");
    assert_string_equal(chatter_text(&talk.bob, "RequestId"), "r");
    end(&talk);
}

/* Up to nine decimals, so that messages of the same millisecond are in order. */
static void times_and_ids_of_messages_differ(void **state)
{
    struct talk talk = begin(*state);

    chatter_say(&talk.ann, "1");
    chatter_say(&talk.ann, "2");
    chatter_hear_message(&talk.bob, "1");
    const char *id = wire_printf(talk.wire, "%s", chatter_text(&talk.bob, "Id"));
    const char *first = wire_printf(talk.wire, "%s", chatter_text(&talk.bob, "SendTime"));
    chatter_hear_message(&talk.bob, "2");
    const char *second = chatter_text(&talk.bob, "SendTime");

    assert_string_not_equal(chatter_text(&talk.bob, "Id"), id);
    assert_string_not_equal(second, first);
    assert_true(strlen(second) <= strlen("2022-12-02T08:21:20.754555595Z"));
    assert_int_equal(second[strlen(second) - 1], 'Z');
    end(&talk);
}

/* A row of the table: what is sent, and the code of the error. */
struct refusal {
    const char *request;
    int code;
};

static const struct refusal refusals[] = {
    {"no JSON",                                                                   400},
    {"[]",                                                                        400},
    {"{}",                                                                        400},
    {"{\"Action\":\"send_message\",\"Content\":\"Hi\"}",                          400},
    {"{\"Action\":7,\"Content\":\"Hi\"}",                                         400},
    {"{\"Action\":\"SEND_MESSAGE\"}",                                             400},
    {"{\"Action\":\"SEND_MESSAGE\",\"Content\":\"\"}",                            400},
    {"{\"Action\":\"SEND_MESSAGE\",\"Content\":7}",                               400},
    {"{\"Action\":\"SEND_MESSAGE\",\"Content\":\"Hi\",\"RequestId\":7}",          400},
    {"{\"Action\":\"SEND_MESSAGE\",\"Content\":\"Hi\",\"Attributes\":[]}",        400},
    {"{\"Action\":\"SEND_MESSAGE\",\"Content\":\"Hi\",\"Attributes\":{\"a\":1}}", 400},
    {"{\"Action\":\"DELETE_MESSAGE\"}",                                           400},
    {"{\"Action\":\"DELETE_MESSAGE\",\"Id\":\"short\"}",                          400},
    {"{\"Action\":\"DELETE_MESSAGE\",\"Id\":\"M2YcHkgffEv-\"}",                   400},
    {"{\"Action\":\"DISCONNECT_USER\"}",                                          400},
    {"{\"Action\":\"DISCONNECT_USER\",\"UserId\":\"\"}",                          400},
};

static void an_invalid_request_gets_an_error_and_the_connection_goes_on(void **state)
{
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        struct talk talk = begin(*state);
        chatter_ask(&talk.ann, "%s", refusals[i].request);
        chatter_hear_error(&talk.ann, refusals[i].code);
        chatter_say(&talk.ann, "still here");
        chatter_hear_message(&talk.ann, "still here");
        chatter_hear_message(&talk.bob, "still here");
        end(&talk);
    }
}

static void an_error_has_the_id_of_its_request(void **state)
{
    struct talk talk = begin(*state);

    chatter_ask(&talk.ann, "{\"Action\":\"DANCE\",\"RequestId\":\"r\"}");

    chatter_hear_error(&talk.ann, 400);
    assert_string_equal(chatter_text(&talk.ann, "RequestId"), "r");
    end(&talk);
}

static void the_length_of_a_message_counts_characters(void **state)
{
    struct talk talk = begin_in(*state, "\"maximumMessageLength\":3");

    chatter_say(&talk.ann, "\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xC3\xA4");
    chatter_hear_message(&talk.bob, "\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xC3\xA4");
    chatter_hear(&talk.ann);
    chatter_say(&talk.ann, "four");
    chatter_hear_error(&talk.ann, 400);
    assert_string_equal(chatter_text(&talk.ann, "ErrorMessage"),
                        "Messages must be at most 3 chars");
    end(&talk);
}

static void members_that_are_too_large_are_413(void **state)
{
    struct talk talk = begin(*state);
    char value[CHAT_ATTRIBUTES_MAX_BYTES + 1];

    memset(value, 'v', sizeof(value));
    value[CHAT_ATTRIBUTES_MAX_BYTES - 1] = '\0';
    chatter_ask(&talk.ann,
                "{\"Action\":\"SEND_MESSAGE\",\"Content\":\"Hi\",\"Attributes\":"
                "{\"a\":\"%s\"}}",
                value);
    chatter_hear_message(&talk.ann, "Hi");
    chatter_ask(&talk.ann,
                "{\"Action\":\"SEND_MESSAGE\",\"Content\":\"Hi\",\"Attributes\":"
                "{\"aa\":\"%s\"}}",
                value);
    chatter_hear_error(&talk.ann, 413);
    chatter_ask(&talk.ann, "{\"Action\":\"DISCONNECT_USER\",\"UserId\":\"%s\"}", value);
    chatter_hear_error(&talk.ann, 413);
    end(&talk);
}

static void a_deletion_reaches_everybody_with_both_names_of_the_id(void **state)
{
    struct talk talk = begin(*state);

    chatter_ask(&talk.ann, "{\"Action\":\"DELETE_MESSAGE\",\"RequestId\":\"r\","
                           "\"Id\":\"M2YcHkgffEvU\",\"Reason\":\"spam\"}");

    chatter_hear_event(&talk.bob, "aws:DELETE_MESSAGE");
    assert_string_equal(chatter_text(&talk.bob, "Attributes.MessageID"), "M2YcHkgffEvU");
    assert_string_equal(chatter_text(&talk.bob, "Attributes.MessageId"), "M2YcHkgffEvU");
    assert_string_equal(chatter_text(&talk.bob, "Attributes.Reason"), "spam");
    assert_string_equal(chatter_text(&talk.bob, "RequestId"), "r");
    assert_string_not_equal(chatter_text(&talk.bob, "Id"), "M2YcHkgffEvU");
    end(&talk);
}

static void a_reason_that_was_not_given_is_absent(void **state)
{
    struct talk talk = begin(*state);

    chatter_ask(&talk.ann, "{\"Action\":\"DELETE_MESSAGE\",\"Id\":\"M2YcHkgffEvU\"}");

    const cJSON *frame = chatter_hear_event(&talk.bob, "aws:DELETE_MESSAGE");
    assert_false(
        json_has(cJSON_GetObjectItemCaseSensitive(frame, "Attributes"), "Reason"));
    end(&talk);
}

static void a_user_is_disconnected_after_the_event_about_it(void **state)
{
    struct talk talk = begin(*state);

    chatter_ask(&talk.ann, "{\"Action\":\"DISCONNECT_USER\",\"UserId\":\"bob\","
                           "\"Reason\":\"Abuse\"}");

    chatter_hear_event(&talk.bob, "aws:DISCONNECT_USER");
    assert_string_equal(chatter_text(&talk.bob, "Attributes.UserId"), "bob");
    assert_string_equal(chatter_text(&talk.bob, "Attributes.Reason"), "Abuse");
    chatter_expect_close(&talk.bob, 1000);
    chatter_hear_event(&talk.ann, "aws:DISCONNECT_USER");
    chatter_say(&talk.ann, "gone");
    chatter_hear_message(&talk.ann, "gone");
    end(&talk);
}

static void capabilities_allow_what_they_name(void **state)
{
    struct talk talk = begin(*state);
    struct chatter viewer;

    chatter_join(&viewer, talk.wire, talk.client, talk.room, "viewer", "");
    chatter_say(&viewer, "Hi");
    chatter_hear_error(&viewer, 403);
    chatter_ask(&viewer, "{\"Action\":\"DELETE_MESSAGE\",\"Id\":\"M2YcHkgffEvU\"}");
    chatter_hear_error(&viewer, 403);
    chatter_ask(&viewer, "{\"Action\":\"DISCONNECT_USER\",\"UserId\":\"ann\"}");
    chatter_hear_error(&viewer, 403);
    chatter_say(&talk.ann, "Hi");
    chatter_hear_message(&viewer, "Hi");
    chatter_leave(&viewer);
    end(&talk);
}

static void events_of_the_api_reach_the_room(void **state)
{
    struct talk talk = begin(*state);
    struct http_answer answer = call(
        &talk, "SendEvent", ",\"eventName\":\"news\",\"attributes\":{\"kind\":\"goal\"}");

    assert_int_equal(answer.reply.status, 200);
    chatter_hear_event(&talk.ann, "news");
    assert_string_equal(chatter_text(&talk.ann, "Id"), reply_string(answer.reply, "id"));
    assert_string_equal(chatter_text(&talk.ann, "Attributes.kind"), "goal");

    answer = call(&talk, "DeleteMessage", ",\"id\":\"M2YcHkgffEvU\"");
    chatter_hear_event(&talk.ann, "aws:DELETE_MESSAGE");
    assert_string_equal(chatter_text(&talk.ann, "Id"), reply_string(answer.reply, "id"));

    answer = call(&talk, "DisconnectUser", ",\"userId\":\"ann\",\"reason\":\"late\"");
    assert_int_equal(answer.reply.status, 200);
    chatter_hear_event(&talk.ann, "aws:DISCONNECT_USER");
    chatter_expect_close(&talk.ann, 1000);
    end(&talk);
}

static void rooms_do_not_hear_each_other(void **state)
{
    struct talk talk = begin(*state);
    const char *other = chatter_room(talk.wire, talk.client, "");
    struct chatter cat;

    chatter_join(&cat, talk.wire, talk.client, other, "cat", CHATTER_MAY_ALL);
    chatter_say(&talk.ann, "here");
    chatter_hear_message(&talk.bob, "here");
    chatter_say(&cat, "there");
    chatter_hear_message(&cat, "there");
    chatter_leave(&cat);
    end(&talk);
}

/* Sends many messages at once, and counts the errors among the frames that follow. All
 * are 429 and have this text. */
static int count_refused(struct chatter *chatter, int count, const char *text)
{
    int errors = 0;

    for (int i = 0; i < count; i++)
        chatter_say(chatter, "Hi");
    for (int i = 0; i < count; i++) {
        chatter_hear(chatter);
        if (strcmp(chatter_text(chatter, "Type"), "ERROR") != 0)
            continue;
        errors++;
        assert_string_equal(chatter_text(chatter, "ErrorMessage"), text);
    }
    return errors;
}

static void a_connection_makes_ten_requests_per_second(void **state)
{
    struct talk talk = begin(*state);
    int errors = count_refused(
        &talk.ann, 100, "At most 10 requests per second are allowed for a connection");

    assert_in_range(errors, 1, 90);
    end(&talk);
}

static void the_rate_of_a_room_is_for_all_its_senders(void **state)
{
    static const char text[] = "At most 2 messages per second are allowed for the room";
    struct talk talk = begin_in(*state, "\"maximumMessageRatePerSecond\":2");

    assert_in_range(count_refused(&talk.ann, 9, text), 1, 7);
    for (int i = 0; i < 9; i++)
        chatter_ask(&talk.bob, "{\"Action\":\"DELETE_MESSAGE\",\"Id\":\"M2YcHkgffEvU\"}");
    for (int i = 0; i < 9; i++) {
        do
            chatter_hear(&talk.bob);
        while (strcmp(chatter_text(&talk.bob, "Type"), "MESSAGE") == 0);
        assert_string_equal(chatter_text(&talk.bob, "Type"), "EVENT");
    }
    end(&talk);
}

static void an_update_of_the_room_applies_to_its_connections(void **state)
{
    struct talk talk = begin(*state);

    chatter_say(&talk.ann, "long");
    chatter_hear_message(&talk.ann, "long");
    assert_int_equal(
        http_post(talk.client, "/UpdateRoom",
                  wire_printf(talk.wire,
                              "{\"identifier\":\"%s\",\"maximumMessageLength\":3}",
                              talk.room))
            .reply.status,
        200);
    chatter_say(&talk.ann, "long");
    chatter_hear_error(&talk.ann, 400);
    end(&talk);
}

static void the_messages_of_a_room_are_listed(void **state)
{
    struct talk talk = begin(*state);

    chatter_say(&talk.ann, "1");
    chatter_hear_message(&talk.ann, "1");
    call(&talk, "SendEvent", ",\"eventName\":\"news\"");
    struct http_answer answer =
        call(&talk, "_ivs-local/ListMessages", ",\"maxResults\":1");
    assert_string_equal(reply_string(answer.reply, "messages.0.Content"), "1");
    answer = call(&talk, "_ivs-local/ListMessages",
                  wire_printf(talk.wire, ",\"nextToken\":\"%s\"",
                              reply_string(answer.reply, "nextToken")));
    assert_string_equal(reply_string(answer.reply, "messages.0.EventName"), "news");
    assert_int_equal(reply_count(answer.reply, "messages"), 1);
    assert_false(reply_has(answer.reply, "nextToken"));
    end(&talk);
}

static void the_connections_of_a_room_are_listed(void **state)
{
    struct talk talk = begin(*state);
    struct http_answer answer = call(&talk, "_ivs-local/ListConnections", "");

    assert_int_equal(reply_count(answer.reply, "connections"), 2);
    assert_string_equal(reply_string(answer.reply, "connections.0.userId"), "ann");
    assert_string_equal(reply_string(answer.reply, "connections.1.userId"), "bob");
    assert_int_equal(reply_count(answer.reply, "connections.0.capabilities"), 3);
    assert_string_equal(reply_string(answer.reply, "connections.0.address"), "127.0.0.1");
    end(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        wire_test(everybody_gets_a_message_and_its_sender_too),
        wire_test(a_message_without_attributes_has_null),
        wire_test(names_of_requests_may_be_in_any_case),
        wire_test(times_and_ids_of_messages_differ),
        wire_test(an_invalid_request_gets_an_error_and_the_connection_goes_on),
        wire_test(an_error_has_the_id_of_its_request),
        wire_test(the_length_of_a_message_counts_characters),
        wire_test(members_that_are_too_large_are_413),
        wire_test(a_deletion_reaches_everybody_with_both_names_of_the_id),
        wire_test(a_reason_that_was_not_given_is_absent),
        wire_test(a_user_is_disconnected_after_the_event_about_it),
        wire_test(capabilities_allow_what_they_name),
        wire_test(events_of_the_api_reach_the_room),
        wire_test(rooms_do_not_hear_each_other),
        wire_test(a_connection_makes_ten_requests_per_second),
        wire_test(the_rate_of_a_room_is_for_all_its_senders),
        wire_test(an_update_of_the_room_applies_to_its_connections),
        wire_test(the_messages_of_a_room_are_listed),
        wire_test(the_connections_of_a_room_are_listed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
