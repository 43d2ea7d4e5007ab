/*
 * Page tokens: a list operation with any nextToken succeeds or is refused as an error of
 * the caller.
 */
#include "fuzz.h"

#include "base/bug.h"
#include "base/json.h"

#include <string.h>

static const char *body_of(struct arena *arena, const char *token)
{
    cJSON *body AUTO(json_done) = cJSON_CreateObject();

    cJSON_AddStringToObject(body, "nextToken", token);
    cJSON_AddNumberToObject(body, "maxResults", 1);
    return json_text(arena, body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct call call AUTO(call_done);
    char *token AUTO(fuzz_text_done) = fuzz_text(data, size);

    call_init(&call, fuzz_emulator(), arena);
    call.method = "POST";
    call.uri.path = "/ListChannels";
    call.body = body_of(arena, token);
    call.body_length = strlen(call.body);
    fuzz_dispatch(&call);
    if (call.status != 200 && call.status != 400)
        BUG("the token %s: %d", token, call.status);
    if (token[0] == '\0' && !json_has(call.out, "nextToken"))
        BUG("the first page of %d channels has no next one", FUZZ_CHANNELS);
    fuzz_emulator_rest();
    return 0;
}
