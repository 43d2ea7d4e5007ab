#include "sign_internal.h"

#include "base/digest.h"

#include <string.h>
#include <time.h>

#define ALGORITHM "AWS4-HMAC-SHA256"

enum { DAY_CHARS = 8 }; /* 20150830 */

const char *sign_date(struct arena *arena, int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm utc;
    char text[sizeof("-2147483648-12-31T23:59:59Z")];

    gmtime_r(&seconds, &utc);
    strftime(text, sizeof(text), "%Y%m%dT%H%M%SZ", &utc);
    return arena_strdup(arena, text);
}

static const char *hex_sha256(struct arena *arena, const char *bytes, size_t length)
{
    unsigned char digest[DIGEST_SHA256_BYTES];

    digest_sha256(bytes, length, digest);
    return digest_hex(arena, digest, sizeof(digest));
}

/* content-type;host;x-amz-date */
static const char *header_names(struct arena *arena, const struct http_header *headers)
{
    const char *names = "";

    for (const struct http_header *h = headers; h->name != NULL; h++)
        names = arena_printf(arena, "%s%s%s", names, h != headers ? ";" : "", h->name);
    return names;
}

static const char *canonical_request(struct arena *arena,
                                     const struct sign_request *request)
{
    const char *lines = "";

    for (const struct http_header *h = request->headers; h->name != NULL; h++)
        lines = arena_printf(arena, "%s%s:%s\n", lines, h->name, h->value);
    return arena_printf(arena, "%s\n%s\n%s\n%s\n%s\n%s", request->method, request->path,
                        request->query, lines, header_names(arena, request->headers),
                        hex_sha256(arena, request->body, request->body_length));
}

static const char *signature(struct arena *arena, const struct signer *signer,
                             const char *text)
{
    const char *day = arena_strndup(arena, signer->date, DAY_CHARS);
    const char *const steps[] = {signer->region, signer->service, "aws4_request", text};
    const char *secret = arena_printf(arena, "AWS4%s", signer->secret);
    unsigned char key[DIGEST_SHA256_BYTES], next[DIGEST_SHA256_BYTES];

    /* Each step's result is the key of the next one. */
    digest_hmac_sha256(secret, strlen(secret), day, strlen(day), key);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        digest_hmac_sha256(key, sizeof(key), steps[i], strlen(steps[i]), next);
        memcpy(key, next, sizeof(key));
    }
    return digest_hex(arena, key, sizeof(key));
}

const char *sign_authorization(struct arena *arena, const struct signer *signer,
                               const struct sign_request *request)
{
    const char *canonical = canonical_request(arena, request);
    const char *scope = arena_printf(arena, "%.*s/%s/%s/aws4_request", DAY_CHARS,
                                     signer->date, signer->region, signer->service);
    const char *text = arena_printf(arena, ALGORITHM "\n%s\n%s\n%s", signer->date, scope,
                                    hex_sha256(arena, canonical, strlen(canonical)));

    return arena_printf(arena,
                        ALGORITHM " Credential=%s/%s, SignedHeaders=%s, Signature=%s",
                        signer->key_id, scope, header_names(arena, request->headers),
                        signature(arena, signer, text));
}
