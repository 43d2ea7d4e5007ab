/*
 * A chat token: a text that was not written with the key never opens, and one that was
 * says what it said. An input is the text, and the user of a token.
 */
#include "fuzz.h"

#include "base/arena.h"
#include "base/bug.h"
#include "base/utf8.h"
#include "chat/token.h"

#include <string.h>

static const unsigned char key[SEAL_KEY_BYTES] = {1, 2, 3};

static void check_forgery(struct arena *arena, const char *text)
{
    struct chat_token token;

    (void)!chat_token_is_possible(text);
    if (chat_token_read(arena, key, text, &token) == 0)
        BUG("a forged token is accepted");
}

static void check_round_trip(struct arena *arena, const char *user)
{
    const struct chat_token token = {
        .scope = {"123456789012", "us-west-2"},
        .room_arn = "arn:aws:ivschat:us-west-2:123456789012:room/abcdABCDefgh",
        .user_id = user,
        .attributes = "{}",
        .capabilities = CHAT_SEND_MESSAGE,
        .expires_ms = 1,
        .session_expires_ms = 2,
    };
    struct ids *ids = ids_new_seeded(1);
    const char *text = chat_token_write(arena, key, 1, ids, &token);
    struct chat_token read;

    ids_free(ids);
    if (!chat_token_is_possible(text) || chat_token_read(arena, key, text, &read) != 0)
        BUG("a token is refused");
    if (strcmp(read.user_id, user) != 0 || read.expires_ms != 1)
        BUG("a token says something else");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    char *text = arena_strndup(arena, (const char *)data, size);

    check_forgery(arena, text);
    if (utf8_valid(text, strlen(text)) && strlen(text) <= 512)
        check_round_trip(arena, text);
    return 0;
}
