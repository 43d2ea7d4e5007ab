#include "http/websocket_handshake.h"

#include "base/base64.h"
#include "base/digest.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Proves that the server understands the handshake (RFC 6455, section 1.3). */
#define ACCEPT_SUFFIX "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

enum { KEY_BYTES = 16 };

_Static_assert(WEBSOCKET_MAX_PROTOCOLS == 16, "as the message below says");

/* What a token may contain besides letters and digits (RFC 9110, section 5.6.2). */
#define TOKEN_MARKS "!#$%&'*+-.^_`|~"

static bool is_token(const char *text)
{
    const unsigned kinds = TEXT_DIGITS | TEXT_LOWER | TEXT_UPPER;

    return text[text_span(text, kinds, TOKEN_MARKS)] == '\0';
}

static bool list_contains(const char *const *texts, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(texts[i], text) == 0)
            return true;
    return false;
}

/* All subprotocols of all headers. NULL: one is not a token or occurs twice, there are
 * too many, or there is a header but no subprotocol (RFC 6455, section 4.1). */
static const char *const *read_protocols(struct arena *arena,
                                         const struct http_header *headers)
{
    const char **protocols =
        arena_alloc(arena, (WEBSOCKET_MAX_PROTOCOLS + 1) * sizeof(*protocols));
    size_t count = 0, length;
    bool is_sent = false;

    for (; headers->name != NULL; headers++) {
        const char *at = headers->value, *element;
        if (strcasecmp(headers->name, "Sec-WebSocket-Protocol") != 0)
            continue;
        is_sent = true;
        while ((element = http_header_next_element(&at, &length)) != NULL) {
            const char *protocol = arena_strndup(arena, element, length);
            if (count == WEBSOCKET_MAX_PROTOCOLS || !is_token(protocol) ||
                list_contains(protocols, count, protocol))
                return NULL;
            protocols[count++] = protocol;
        }
    }
    return is_sent && count == 0 ? NULL : protocols;
}

/* Whether the text encodes 16 bytes. */
static bool is_key(const char *key)
{
    unsigned char nonce[KEY_BYTES];

    return key != NULL && base64_decode(key, nonce, sizeof(nonce)) == 0;
}

static const char *compute_accept(struct arena *arena, const char *key)
{
    const char *text = arena_join(arena, key, ACCEPT_SUFFIX, NULL);
    unsigned char digest[DIGEST_SHA1_BYTES];

    digest_sha1(text, strlen(text), digest);
    return base64_encode(arena, digest, sizeof(digest));
}

int websocket_offer_read(struct arena *arena, const char *method,
                         const struct http_header *headers, struct websocket_offer *out,
                         const char **why)
{
    if (strcmp(method, "GET") != 0) {
        *why = "A WebSocket is opened with GET.";
        return 405;
    }
    if (!http_header_lists(headers, "Upgrade", "websocket")) {
        *why = "This is a WebSocket endpoint: the header Upgrade must name websocket.";
        return 426;
    }
    if (!http_header_lists(headers, "Connection", "upgrade")) {
        *why = "The header Connection must name Upgrade.";
        return 400;
    }
    const char *version = http_header_find_single(headers, "Sec-WebSocket-Version");
    if (version == NULL || strcmp(version, WEBSOCKET_VERSION) != 0) {
        *why = "The header Sec-WebSocket-Version must be " WEBSOCKET_VERSION ".";
        return 426;
    }
    const char *key = http_header_find_single(headers, "Sec-WebSocket-Key");
    if (!is_key(key)) {
        *why = "The header Sec-WebSocket-Key must be 16 bytes in Base64.";
        return 400;
    }
    const char *const *protocols = read_protocols(arena, headers);
    if (protocols == NULL) {
        *why = "The header Sec-WebSocket-Protocol must list 1 to 16 different tokens.";
        return 400;
    }
    *out = (struct websocket_offer){compute_accept(arena, key), protocols};
    return 0;
}

const char *websocket_choose(const struct websocket_offer *offer,
                             const char *const *supported)
{
    size_t count = 0;

    while (supported[count] != NULL)
        count++;
    for (const char *const *offered = offer->protocols; *offered != NULL; offered++)
        if (list_contains(supported, count, *offered))
            return *offered;
    return NULL;
}
