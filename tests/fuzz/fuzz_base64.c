/*
 * Base64: an accepted text is the only text for its bytes, and encoded bytes decode to
 * themselves.
 */
#include "fuzz.h"

#include "base/arena.h"
#include "base/base64.h"
#include "base/bug.h"

#include <string.h>

static void check_text(struct arena *arena, const char *text)
{
    size_t length = strlen(text) * 6 / 8;
    unsigned char *bytes = arena_alloc(arena, length);

    if (base64url_decode(text, bytes, length) == 0 &&
        strcmp(base64url_encode(arena, bytes, length), text) != 0)
        BUG("not the one text for its bytes: %s", text);
    if (base64url_decode(text, bytes, length) == 0 && length > 0 &&
        base64url_decode(text, bytes, length - 1) == 0)
        BUG("taken for two lengths: %s", text);
}

static void check_bytes(struct arena *arena, const uint8_t *data, size_t size)
{
    const char *text = base64url_encode(arena, data, size);
    unsigned char *bytes = arena_alloc(arena, size);

    if (base64url_decode(text, bytes, size) != 0 ||
        (size > 0 && memcmp(bytes, data, size) != 0))
        BUG("%zu bytes became %s and did not come back", size, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    char *text AUTO(fuzz_text_done) = fuzz_text(data, size);

    check_text(arena, text);
    check_bytes(arena, data, size);
    return 0;
}
