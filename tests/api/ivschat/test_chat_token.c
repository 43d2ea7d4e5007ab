/*
 * CreateChatToken: what a token says, and what it refuses.
 */
#include "chat/token.h"

#include "base/buf.h"
#include "data/chat_token.h"
#include "support/emulator.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka_all.h"

enum { TEXT_MAX_BYTES = 64 * 1024 };

#define REGION "us-east-1"
#define NO_ROOM "arn:aws:ivschat:us-east-1:000000000000:room/abcdABCDefgh"

static const char *create_room(struct emulator *emu)
{
    return emulator_printf(
        emu, "%s", reply_string(emulator_call(emu, REGION, "CreateRoom", "{}"), "arn"));
}

/* A token for a new room; `members` are further ones of the input, or "". */
static struct reply create_token(struct emulator *emu, const char *members)
{
    return emulator_call(emu, REGION, "CreateChatToken",
                         "{\"roomIdentifier\":\"%s\",\"userId\":\"ann\"%s}",
                         create_room(emu), members);
}

/* What the token of a response says. */
static struct chat_token open_token(struct emulator *emu, struct arena *arena,
                                    struct reply reply)
{
    struct txn *txn AUTO(txn_abandon) = txn_begin(emu->store, arena, TXN_READ);
    unsigned char key[SEAL_KEY_BYTES];
    struct chat_token token;

    assert_int_equal(chat_key_read(txn, key), DB_ROW);
    assert_int_equal(chat_token_read(arena, key, reply_string(reply, "token"), &token),
                     0);
    return token;
}

static void a_token_has_what_the_call_says(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct reply reply =
        create_token(*state, ",\"capabilities\":[\"DELETE_MESSAGE\",\"SEND_MESSAGE\","
                             "\"SEND_MESSAGE\"],\"attributes\":{\"name\":\"Ann\"}");
    struct chat_token token = open_token(*state, arena, reply);

    assert_success(reply, 200);
    assert_string_equal(token.user_id, "ann");
    assert_string_equal(token.scope.account, "000000000000");
    assert_string_equal(token.scope.region, REGION);
    assert_string_equal(token.attributes, "{\"name\":\"Ann\"}");
    assert_int_equal(token.capabilities, CHAT_SEND_MESSAGE | CHAT_DELETE_MESSAGE);
}

static void a_token_without_capabilities_is_for_a_viewer(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct chat_token token = open_token(*state, arena, create_token(*state, ""));

    assert_int_equal(token.capabilities, 0);
    assert_string_equal(token.attributes, "{}");
}

static void a_token_expires_after_an_hour_or_with_its_session(void **state)
{
    struct reply reply = create_token(*state, "");

    assert_string_equal(reply_string(reply, "tokenExpirationTime"),
                        "2021-04-07T01:00:00Z");
    assert_string_equal(reply_string(reply, "sessionExpirationTime"),
                        "2021-04-07T01:00:00Z");
    emulator_advance(*state, 1500);
    reply = create_token(*state, ",\"sessionDurationInMinutes\":180");
    assert_string_equal(reply_string(reply, "tokenExpirationTime"),
                        "2021-04-07T01:00:01Z");
    assert_string_equal(reply_string(reply, "sessionExpirationTime"),
                        "2021-04-07T03:00:01Z");
    reply = create_token(*state, ",\"sessionDurationInMinutes\":1");
    assert_string_equal(reply_string(reply, "tokenExpirationTime"),
                        "2021-04-07T00:01:01Z");
}

static void two_tokens_differ(void **state)
{
    const char *one = reply_string(create_token(*state, ""), "token");

    assert_string_not_equal(reply_string(create_token(*state, ""), "token"), one);
}

static void attributes_are_limited_by_their_bytes(void **state)
{
    char value[1024 + 1];

    memset(value, 'v', sizeof(value) - 1);
    value[1024] = '\0';
    assert_error_says(
        create_token(*state,
                     emulator_printf(*state, ",\"attributes\":{\"a\":\"%s\"}", value)),
        400, "ValidationException",
        "CreateChatToken.attributes must have at most 1024 bytes");
    value[1023] = '\0';
    assert_success(
        create_token(*state,
                     emulator_printf(*state, ",\"attributes\":{\"a\":\"%s\"}", value)),
        200);
}

static void the_longest_token_can_be_read(void **state)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct buf user AUTO(buf_done), value AUTO(buf_done);

    buf_init(&user, TEXT_MAX_BYTES);
    buf_init(&value, TEXT_MAX_BYTES);
    for (int i = 0; i < 128; i++)
        buf_text(&user, "\xF0\x9F\x98\x80");
    for (int i = 0; i < 1023; i++) /* no byte needs more room in JSON */
        buf_text(&value, "\\u0001");
    struct reply reply = emulator_call(
        *state, REGION, "CreateChatToken",
        "{\"roomIdentifier\":\"%s\",\"userId\":\"%s\",\"attributes\":{\"a\":\"%s\"}}",
        create_room(*state), user.bytes, value.bytes);

    assert_success(reply, 200);
    assert_true(strlen(reply_string(reply, "token")) <= CHAT_TOKEN_MAX_CHARS);
    assert_string_equal(open_token(*state, arena, reply).user_id, user.bytes);
}

static void the_room_must_exist(void **state)
{
    struct reply reply =
        emulator_call(*state, REGION, "CreateChatToken",
                      "{\"roomIdentifier\":\"" NO_ROOM "\",\"userId\":\"ann\"}");

    assert_error(reply, 404, "ResourceNotFoundException");
    assert_string_equal(reply_string(reply, "resourceId"), "abcdABCDefgh");
}

static void a_token_is_not_in_the_list_of_requests(void **state)
{
    const char *token = reply_string(create_token(*state, ""), "token");
    struct reply list = emulator_call(*state, REGION, "ListRequests",
                                      "{\"operation\":\"CreateChatToken\"}");
    char *text = cJSON_PrintUnformatted(list.body);

    assert_null(strstr(text, token));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(a_token_has_what_the_call_says),
        EMULATOR_TEST(a_token_without_capabilities_is_for_a_viewer),
        EMULATOR_TEST(a_token_expires_after_an_hour_or_with_its_session),
        EMULATOR_TEST(two_tokens_differ),
        EMULATOR_TEST(attributes_are_limited_by_their_bytes),
        EMULATOR_TEST(the_longest_token_can_be_read),
        EMULATOR_TEST(the_room_must_exist),
        EMULATOR_TEST(a_token_is_not_in_the_list_of_requests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
