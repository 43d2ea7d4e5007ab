/*
 * The headers of a request that asks for a WebSocket. An input is lines, each with a
 * name, a colon and a value.
 */
#include "fuzz.h"

#include "base/arena.h"
#include "base/bug.h"
#include "http/websocket_handshake.h"

#include <string.h>

enum { MAX_HEADERS = 64, ACCEPT_CHARS = 28 };

/* Cuts the text into headers. */
static void read_headers(char *text, struct http_header headers[MAX_HEADERS + 1])
{
    size_t count = 0;

    for (char *line = text; *line != '\0' && count < MAX_HEADERS;) {
        size_t length = strcspn(line, "\n");
        char *next = line + length + (line[length] == '\n' ? 1 : 0);
        line[length] = '\0';
        char *colon = strchr(line, ':');
        if (colon != NULL) {
            *colon = '\0';
            headers[count++] = (struct http_header){line, colon + 1};
        }
        line = next;
    }
    headers[count] = (struct http_header){NULL, NULL};
}

static void check_protocols(const char *const *protocols)
{
    size_t count = 0;

    for (; protocols[count] != NULL; count++) {
        const char *protocol = protocols[count];
        if (protocol[0] == '\0' ||
            strpbrk(protocol, " \t,;\"/()<>@[]{}?=\\:\x7f") != NULL)
            BUG("a subprotocol that is no token: %s", protocol);
        for (size_t i = 0; i < count; i++)
            if (strcmp(protocols[i], protocol) == 0)
                BUG("a subprotocol twice: %s", protocol);
    }
    if (count > WEBSOCKET_MAX_PROTOCOLS)
        BUG("%zu subprotocols", count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena AUTO(arena_done) = arena_new();
    char *text AUTO(fuzz_text_done) = fuzz_text(data, size);
    struct http_header headers[MAX_HEADERS + 1];
    struct websocket_offer offer = {0};
    const char *why = NULL;

    read_headers(text, headers);
    int status = websocket_offer_read(arena, "GET", headers, &offer, &why);
    if (status != 0) {
        if ((status != 400 && status != 426) || why == NULL || offer.accept != NULL)
            BUG("refused with %d", status);
        return 0;
    }
    if (strlen(offer.accept) != ACCEPT_CHARS)
        BUG("an answer of another length: %s", offer.accept);
    check_protocols(offer.protocols);
    return 0;
}
