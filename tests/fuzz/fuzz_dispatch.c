/*
 * The dispatcher, with sequences of calls of every operation: see calls.h. libFuzzer
 * makes them with the mutator of mutate.c.
 */
#include "fuzz.h"

#include "api/service.h"
#include "base/bug.h"
#include "base/json.h"
#include "base/text.h"
#include "calls.h"
#include "engine/due.h"

#include <string.h>

#define ACCOUNT "000000000000"
#define FOREIGN_ACCOUNT "111111111111"

/* After the end of every stream, recording and session. */
#define LATE_MS INT64_C(4000000000000)

static const char *target_of(struct arena *arena, const struct seen *seen,
                             const struct fuzz_call *fuzz_call)
{
    const struct operation *op = fuzz_call->op;
    size_t length;

    if (fuzz_call->label == NULL)
        return op->uri;
    return arena_printf(
        arena, "%.*s%s", (int)strcspn(op->uri, "{"), op->uri,
        seen_fill(seen, arena, fuzz_call->label, strlen(fuzz_call->label), &length));
}

/* No response of an AWS operation contains anything of another account. Batches name what
 * they did not find, and tags may contain anything. */
static void check_scope(const struct call *call, const cJSON *answer, const char *other)
{
    const cJSON *child;

    cJSON_ArrayForEach(child, answer) {
        const char *name = child->string != NULL ? child->string : "";
        if (strcmp(name, "errors") == 0 || strcmp(name, "tags") == 0)
            continue;
        if (cJSON_IsString(child) && strstr(child->valuestring, other) != NULL &&
            text_starts_with(child->valuestring, "arn:aws:ivs:"))
            BUG("%s tells %s of %s", call->op->name, call->scope.account,
                child->valuestring);
        check_scope(call, child, other);
    }
}

static void run(struct seen *seen, struct arena *input_arena,
                const struct fuzz_call *fuzz_call)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct call call AUTO(call_done);
    const char *filled;

    call_init(&call, fuzz_emulator(), arena);
    if (uri_parse(arena, target_of(arena, seen, fuzz_call), &call.uri) != 0)
        return;
    filled = seen_fill(seen, arena, fuzz_call->body, fuzz_call->body_length,
                       &call.body_length);
    /* A separate block, so that reads past its end do not hit the arena's memory. */
    char *body AUTO(fuzz_text_done) =
        fuzz_text((const uint8_t *)filled, call.body_length);
    call.method = fuzz_call->op->method;
    call.host = "localhost:4580";
    call.body = body;
    if (fuzz_call->foreign)
        call.scope.account = FOREIGN_ACCOUNT;
    fuzz_dispatch(&call);
    if (call.error != NULL || call.response == NULL || call.text != NULL)
        return;
    cJSON *answer AUTO(json_done) = json_stored(call.response);
    if (strcmp(call.service->name, "ivs") == 0)
        check_scope(&call, answer, fuzz_call->foreign ? ACCOUNT : FOREIGN_ACCOUNT);
    seen_answer(seen, input_arena, answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct fuzz_call calls[MAX_CALLS];
    struct emulator *emu = fuzz_emulator();
    struct seen seen = *fuzz_seen();
    size_t count = size <= INPUT_MAX_BYTES ? calls_read(arena, data, size, calls) : 0;

    for (size_t i = 0; i < count; i++)
        run(&seen, arena, &calls[i]);
    if (engine_run_due(emu->store, emu->ids, LATE_MS) != INT64_MAX)
        BUG("something is due after all time, or failed");
    fuzz_emulator_rest();
    return 0;
}
