/*
 * Public keys: an input is tried unchanged, and as the bytes within a PEM.
 */
#include "fuzz.h"

#include "base/arena.h"
#include "base/base64.h"
#include "base/bug.h"
#include "base/public_key.h"

#include <string.h>

enum { LINE_CHARS = 64, FINGERPRINT_CHARS = 47 };

static void check(struct arena *arena, const char *pem)
{
    const char *fingerprint = NULL, *again = NULL;
    const char *why = public_key_read(arena, pem, &fingerprint);

    if (why != NULL) {
        if (why[0] == '\0' || strchr(why, '\n') != NULL || fingerprint != NULL)
            BUG("refused without a reason, or not wholly: %s", pem);
        return;
    }
    if (strlen(fingerprint) != FINGERPRINT_CHARS ||
        strspn(fingerprint, "0123456789abcdef:") != FINGERPRINT_CHARS)
        BUG("the fingerprint %s", fingerprint);
    if (strlen(pem) > PUBLIC_KEY_PEM_MAX_BYTES - 2)
        return;
    if (public_key_read(arena, arena_printf(arena, "\n%s\n", pem), &again) != NULL ||
        strcmp(again, fingerprint) != 0)
        BUG("white space around it changes the key %s", pem);
}

static const char *pem_of(struct arena *arena, const uint8_t *data, size_t size)
{
    const char *text = base64url_encode(arena, data, size);
    char *base64 = arena_printf(arena, "%s%.*s", text, (int)(-strlen(text) % 4), "==");

    for (char *at = base64; *at != '\0'; at++) {
        if (*at == '-')
            *at = '+';
        else if (*at == '_')
            *at = '/';
    }
    const char *lines = "";
    for (size_t i = 0; i < strlen(base64); i += LINE_CHARS)
        lines = arena_printf(arena, "%s%.*s\n", lines, LINE_CHARS, base64 + i);
    return arena_printf(arena, "-----BEGIN PUBLIC KEY-----\n%s-----END PUBLIC KEY-----\n",
                        lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    char *text AUTO(fuzz_text_done) = fuzz_text(data, size);

    if (size > 2 * PUBLIC_KEY_PEM_MAX_BYTES)
        return 0;
    check(arena, text);
    check(arena, pem_of(arena, data, size));
    return 0;
}
