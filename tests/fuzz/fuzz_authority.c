/*
 * Hosts with ports: what is accepted can be used unchanged in a URL.
 */
#include "fuzz.h"

#include "base/arena.h"
#include "base/authority.h"
#include "base/bug.h"

#include <stdlib.h>
#include <string.h>

static void check_host(const char *text, const struct authority *read)
{
    if (read->host != text || read->host_length == 0 || read->host_length > 255 ||
        read->length < read->host_length || read->length > strlen(text))
        BUG("a wrong length of %s", text);
    for (size_t i = 0; i < read->host_length; i++) {
        if (strchr(" \t\r\n/?#@\"<>\\%", text[i]) != NULL || text[i] <= ' ')
            BUG("byte %zu cannot stand in a URL: %s", i, text);
    }
    if ((read->kind == HOST_IPV6) != (text[0] == '['))
        BUG("the wrong kind: %s", text);
}

static void check_port(const char *text, const struct authority *read)
{
    const char *port = text + read->host_length;
    long number = read->length > read->host_length ? strtol(port + 1, NULL, 10) : 1;

    if (number < 1 || number > 65535 ||
        (read->length > read->host_length) != (port[0] == ':'))
        BUG("a wrong port in %s", text);
}

/* What is accepted means the same without what follows it. */
static void check_again(const char *text, const struct authority *read)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    const char *alone = arena_strndup(arena, text, read->length);
    struct authority again;

    if (!authority_read(alone, &again) || again.length != read->length ||
        again.host_length != read->host_length || again.kind != read->kind ||
        authority_is_loopback(&again) != authority_is_loopback(read))
        BUG("%s means something else in %s", alone, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct authority untouched;
    char *text AUTO(fuzz_text_done) = fuzz_text(data, size);
    struct authority read = untouched;

    if (!authority_read(text, &read)) {
        if (read.host != NULL || read.length != 0)
            BUG("a refused host left something behind: %s", text);
        return 0;
    }
    check_host(text, &read);
    check_port(text, &read);
    check_again(text, &read);
    return 0;
}
