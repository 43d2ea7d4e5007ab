/*
 * The body of a Seed. It runs completely or not at all.
 */
#include "fuzz.h"

#include "base/bug.h"
#include "data/resource.h"

enum { BODY_MAX_BYTES = 16 * 1024 };

static int64_t count_channels(struct emulator *emu)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    struct txn *txn AUTO(txn_abandon) = txn_begin(emu->store, arena, TXN_READ);
    int64_t count = 0;

    if (resource_count(txn, emu->settings.default_scope, "channel", &count) == DB_ERROR)
        BUG("the channels cannot be counted");
    return count;
}

static void run(struct emulator *emu, const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    char *body AUTO(fuzz_text_done) = fuzz_text(data, size);
    struct call call AUTO(call_done);

    call_init(&call, emu, arena);
    call.method = "POST";
    call.uri.path = "/_ivs-local/Seed";
    call.host = "localhost:4580";
    call.body = body;
    call.body_length = size;
    fuzz_dispatch(&call);
    if (call.error != NULL && count_channels(emu) != FUZZ_CHANNELS)
        BUG("half a seed is left: %s", call.error_message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > BODY_MAX_BYTES)
        return 0;
    run(fuzz_emulator(), data, size);
    fuzz_emulator_rest();
    return 0;
}
