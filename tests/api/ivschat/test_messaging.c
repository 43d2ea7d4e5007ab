/*
 * SendEvent, DeleteMessage and DisconnectUser, with nobody connected.
 */
#include "support/emulator.h"

#include <string.h>

#include "support/cmocka_all.h"

#define REGION "us-east-1"
#define NO_ROOM "arn:aws:ivschat:us-east-1:000000000000:room/abcdABCDefgh"

static const char *create_room(struct emulator *emu)
{
    return emulator_printf(
        emu, "%s", reply_string(emulator_call(emu, REGION, "CreateRoom", "{}"), "arn"));
}

static struct reply call(struct emulator *emu, const char *operation, const char *room,
                         const char *members)
{
    return emulator_call(emu, REGION, operation, "{\"roomIdentifier\":\"%s\"%s}", room,
                         members);
}

static void an_event_is_among_the_messages_of_its_room(void **state)
{
    const char *room = create_room(*state), *other = create_room(*state);
    struct reply sent = call(*state, "SendEvent", room,
                             ",\"eventName\":\"news\",\"attributes\":{\"a\":\"b\"}");

    assert_success(sent, 200);
    struct reply list = call(*state, "ListMessages", room, "");
    assert_int_equal(reply_count(list, "messages"), 1);
    assert_string_equal(reply_string(list, "messages.0.Type"), "EVENT");
    assert_string_equal(reply_string(list, "messages.0.Id"), reply_string(sent, "id"));
    assert_string_equal(reply_string(list, "messages.0.EventName"), "news");
    assert_string_equal(reply_string(list, "messages.0.Attributes.a"), "b");
    assert_int_equal(reply_count(call(*state, "ListMessages", other, ""), "messages"), 0);
}

static void an_event_may_have_four_kilobytes_of_attributes(void **state)
{
    const char *room = create_room(*state);
    char value[4096 + 1];

    memset(value, 'v', sizeof(value) - 1);
    value[4096] = '\0';
    const char *members = emulator_printf(
        *state, ",\"eventName\":\"aws:own\",\"attributes\":{\"a\":\"%s\"}", value);
    assert_error_says(call(*state, "SendEvent", room, members), 400,
                      "ValidationException",
                      "SendEvent.attributes must have at most 4096 bytes");
    value[4095] = '\0';
    members = emulator_printf(
        *state, ",\"eventName\":\"aws:own\",\"attributes\":{\"a\":\"%s\"}", value);
    assert_success(call(*state, "SendEvent", room, members), 200);
}

static void any_message_can_be_deleted(void **state)
{
    const char *room = create_room(*state);
    struct reply reply = call(*state, "DeleteMessage", room, ",\"id\":\"abcdABCDefgh\"");

    assert_success(reply, 200);
    assert_string_not_equal(reply_string(reply, "id"), "abcdABCDefgh");
    struct reply list = call(*state, "ListMessages", room, "");
    assert_string_equal(reply_string(list, "messages.0.Id"), reply_string(reply, "id"));
    assert_string_equal(reply_string(list, "messages.0.EventName"), "aws:DELETE_MESSAGE");
}

static void a_user_who_is_not_connected_can_be_disconnected(void **state)
{
    const char *room = create_room(*state);
    struct reply reply = call(*state, "DisconnectUser", room, ",\"userId\":\"ann\"");

    assert_success(reply, 200);
    assert_json(reply, "", "{}");
    assert_string_equal(
        reply_string(call(*state, "ListMessages", room, ""), "messages.0.EventName"),
        "aws:DISCONNECT_USER");
}

static void the_room_must_exist(void **state)
{
    static const struct {
        const char *operation, *members;
    } calls[] = {
        {"SendEvent",       ",\"eventName\":\"news\"" },
        {"DeleteMessage",   ",\"id\":\"abcdABCDefgh\""},
        {"DisconnectUser",  ",\"userId\":\"ann\""     },
        {"ListMessages",    ""                        },
        {"ListConnections", ""                        },
    };

    for (size_t i = 0; i < COUNT_OF(calls); i++)
        assert_error(call(*state, calls[i].operation, NO_ROOM, calls[i].members), 404,
                     "ResourceNotFoundException");
}

static void what_a_seed_does_not_commit_is_not_sent(void **state)
{
    const char *room = create_room(*state);

    assert_error(emulator_call(*state, REGION, "Seed",
                               "{\"calls\":[{\"operation\":\"SendEvent\",\"input\":"
                               "{\"roomIdentifier\":\"%s\",\"eventName\":\"news\"}},"
                               "{\"operation\":\"GetRoom\",\"input\":{\"identifier\":"
                               "\"" NO_ROOM "\"}}]}",
                               room),
                 404, "ResourceNotFoundException");
    assert_int_equal(reply_count(call(*state, "ListMessages", room, ""), "messages"), 0);
    assert_success(emulator_call(*state, REGION, "Seed",
                                 "{\"calls\":[{\"operation\":\"SendEvent\",\"input\":"
                                 "{\"roomIdentifier\":\"%s\",\"eventName\":\"news\"}}]}",
                                 room),
                   200);
    assert_int_equal(reply_count(call(*state, "ListMessages", room, ""), "messages"), 1);
}

static void a_reset_forgets_the_messages(void **state)
{
    const char *room = create_room(*state);

    call(*state, "SendEvent", room, ",\"eventName\":\"news\"");
    emulator_call(*state, REGION, "SaveSnapshot", "{\"name\":\"s\"}");
    assert_success(emulator_call(*state, REGION, "Reset", "{}"), 204);
    assert_error(call(*state, "ListMessages", room, ""), 404,
                 "ResourceNotFoundException");
    assert_success(emulator_call(*state, REGION, "RestoreSnapshot", "{\"name\":\"s\"}"),
                   204);
    assert_int_equal(reply_count(call(*state, "ListMessages", room, ""), "messages"), 0);
}

static void a_room_keeps_its_last_thousand_messages(void **state)
{
    const char *room = create_room(*state);

    for (int i = 0; i < 1003; i++)
        call(*state, "SendEvent", room,
             emulator_printf(*state, ",\"eventName\":\"%d\"", i));
    struct reply list = call(*state, "ListMessages", room, ",\"maxResults\":1000");
    assert_int_equal(reply_count(list, "messages"), 1000);
    assert_string_equal(reply_string(list, "messages.0.EventName"), "3");
    assert_string_equal(reply_string(list, "messages.999.EventName"), "1002");
    assert_false(reply_has(list, "nextToken"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(an_event_is_among_the_messages_of_its_room),
        EMULATOR_TEST(an_event_may_have_four_kilobytes_of_attributes),
        EMULATOR_TEST(any_message_can_be_deleted),
        EMULATOR_TEST(a_user_who_is_not_connected_can_be_disconnected),
        EMULATOR_TEST(the_room_must_exist),
        EMULATOR_TEST(what_a_seed_does_not_commit_is_not_sent),
        EMULATOR_TEST(a_reset_forgets_the_messages),
        EMULATOR_TEST(a_room_keeps_its_last_thousand_messages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
