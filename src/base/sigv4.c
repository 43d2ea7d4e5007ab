#include "base/sigv4.h"

#include "base/digest.h"
#include "base/timestamp.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DIGITS "0123456789"
#define WHITE " \t\r\n\v\f"

const char *sigv4_date(struct arena *arena, int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm utc;
    char text[sizeof("-2147483648-12-31T23:59:59Z")];

    gmtime_r(&seconds, &utc);
    strftime(text, sizeof(text), "%Y%m%dT%H%M%SZ", &utc);
    return arena_strdup(arena, text);
}

int sigv4_read_date(const char *text, int64_t *out_ms)
{
    /* The positions of the characters in the form with punctuation. */
    static const int places[] = {0, 1, 2, 3, 5, 6, 8, 9, 10, 11, 12, 14, 15, 17, 18, 19};
    char punctuated[] = "0000-00-00T00:00:00Z";

    if (strlen(text) != COUNT_OF(places))
        return -1;
    for (size_t i = 0; i < COUNT_OF(places); i++)
        punctuated[places[i]] = text[i];
    return timestamp_parse(punctuated, out_ms);
}

/* The value of the two hexadecimal digits at `at`, or -1. */
static int hex_byte(const char *at)
{
    static const char digits[] = DIGITS "abcdefABCDEF";
    int byte = 0;

    for (int i = 0; i < 2; i++) {
        const char *digit = at[i] != '\0' ? strchr(digits, at[i]) : NULL;
        if (digit == NULL)
            return -1;
        int value = (int)(digit - digits);
        byte = byte * 16 + (value < 16 ? value : value - 6);
    }
    return byte;
}

/* Removes the last segment of a path. */
static char *remove_segment(const char *path, char *end)
{
    while (end > path && *--end != '/')
        continue;
    return end;
}

const char *sigv4_path(struct arena *arena, const char *path)
{
    size_t length = strlen(path);
    char *canonical = arena_alloc(arena, 3 * length + 2);
    char *end = canonical;

    for (const char *at = path; *at != '\0';) {
        at += strspn(at, "/");
        size_t segment = strcspn(at, "/");
        if (segment == 2 && strncmp(at, "..", 2) == 0) {
            end = remove_segment(canonical, end);
        } else if (segment > 0 && !(segment == 1 && *at == '.')) {
            *end++ = '/';
            for (size_t i = 0; i < segment; i++)
                end = uri_encode_byte(end, (unsigned char)at[i], URI_UNRESERVED);
        }
        at += segment;
    }
    if (end == canonical || path[length - 1] == '/')
        *end++ = '/';
    *end = '\0'; /* the removed segment may have been longer */
    return canonical;
}

/* The canonical form of the text: every byte is percent-encoded once, except the
 * unreserved ones and those of `unencoded` that are not encoded in the text. */
static const char *encode_once(struct arena *arena, const char *text, size_t length,
                               const char *unencoded)
{
    char *canonical = arena_alloc(arena, 3 * length + 1);
    char *end = canonical;

    for (size_t i = 0; i < length; i++) {
        int byte = text[i] == '%' && length - i > 2 ? hex_byte(text + i + 1) : -1;
        if (byte >= 0) {
            end = uri_encode_byte(end, (unsigned char)byte, URI_UNRESERVED);
            i += 2;
        } else {
            end = uri_encode_byte(end, (unsigned char)text[i], unencoded);
        }
    }
    return canonical;
}

const char *sigv4_s3_path(struct arena *arena, const char *path)
{
    return path[0] != '\0' ? encode_once(arena, path, strlen(path), URI_UNRESERVED "/")
                           : "/";
}

/* The canonical form of a name or a value in a query as it is sent. */
static const char *query_part(struct arena *arena, const char *part, size_t length)
{
    char *spaced = arena_strndup(arena, part, length);

    for (char *plus = spaced; (plus = strchr(plus, '+')) != NULL; plus++)
        *plus = ' ';
    return encode_once(arena, spaced, length, URI_UNRESERVED);
}

static int compare_pairs(const void *a, const void *b)
{
    const struct http_header *left = a, *right = b;
    int names = strcmp(left->name, right->name);

    return names != 0 ? names : strcmp(left->value, right->value);
}

/* Concatenates the pairs, with `between` after each name and `after` after each value. */
static char *join_pairs(struct arena *arena, const struct http_header *pairs,
                        char between, char after)
{
    size_t length = 0;

    for (const struct http_header *p = pairs; p->name != NULL; p++)
        length += strlen(p->name) + strlen(p->value) + 2;
    char *text = arena_alloc(arena, length + 1), *end = text;
    for (const struct http_header *p = pairs; p->name != NULL; p++) {
        end = stpcpy(end, p->name);
        *end++ = between;
        end = stpcpy(end, p->value);
        *end++ = after;
    }
    return text;
}

/* Sorts the pairs and joins them to a query. */
static const char *canonical_query(struct arena *arena, struct http_header *pairs,
                                   size_t count)
{
    pairs[count].name = NULL;
    qsort(pairs, count, sizeof(*pairs), compare_pairs);
    char *text = join_pairs(arena, pairs, '=', '&');
    if (count > 0)
        text[strlen(text) - 1] = '\0';
    return text;
}

const char *sigv4_query(struct arena *arena, const char *query)
{
    size_t count = 0, most = 1;

    for (const char *at = query; *at != '\0'; at++)
        most += *at == '&';
    struct http_header *pairs = arena_alloc(arena, (most + 1) * sizeof(*pairs));
    while (*query != '\0') {
        size_t length = strcspn(query, "&");
        size_t name = strcspn(query, "=&");
        if (length > 0) {
            pairs[count].name = query_part(arena, query, name);
            pairs[count++].value =
                name < length ? query_part(arena, query + name + 1, length - name - 1)
                              : "";
        }
        query += length + (query[length] == '&');
    }
    return canonical_query(arena, pairs, count);
}

const char *sigv4_pairs(struct arena *arena, const struct uri *uri, const char *without)
{
    struct http_header *pairs =
        arena_alloc(arena, (uri->query_count + 1) * sizeof(*pairs));
    size_t count = 0;

    for (size_t i = 0; i < uri->query_count; i++) {
        const struct uri_pair *pair = &uri->query[i];
        if (without != NULL && strcmp(pair->name, without) == 0)
            continue;
        pairs[count].name = uri_encode(arena, pair->name, "");
        pairs[count++].value = uri_encode(arena, pair->value, "");
    }
    return canonical_query(arena, pairs, count);
}

const char *sigv4_value(struct arena *arena, const char *value)
{
    char *canonical = arena_alloc(arena, strlen(value) + 1);
    char *end = canonical;

    for (;;) {
        value += strspn(value, WHITE);
        if (*value == '\0')
            return canonical;
        if (end > canonical)
            *end++ = ' ';
        size_t length = strcspn(value, WHITE);
        memcpy(end, value, length);
        end += length;
        value += length;
    }
}

const char *sigv4_payload_hash(struct arena *arena, const char *body, size_t length)
{
    unsigned char digest[DIGEST_SHA256_BYTES];

    digest_sha256(body, length, digest);
    return digest_hex(arena, digest, sizeof(digest));
}

/* content-type;host;x-amz-date */
static const char *header_names(struct arena *arena, const struct http_header *headers)
{
    size_t length = 0;

    for (const struct http_header *h = headers; h->name != NULL; h++)
        length += strlen(h->name) + 1;
    char *names = arena_alloc(arena, length + 1), *end = names;
    for (const struct http_header *h = headers; h->name != NULL; h++) {
        if (h != headers)
            *end++ = ';';
        end = stpcpy(end, h->name);
    }
    return names;
}

static const char *credential_scope(struct arena *arena,
                                    const struct sigv4_signer *signer)
{
    return arena_printf(arena, "%.*s/%s/%s/" SIGV4_TERMINATOR, SIGV4_DAY_CHARS,
                        signer->date, signer->region, signer->service);
}

static const char *text_to_sign(struct arena *arena, const struct sigv4_signer *signer,
                                const struct sigv4_request *request)
{
    const char *canonical =
        arena_printf(arena, "%s\n%s\n%s\n%s\n%s\n%s", request->method, request->path,
                     request->query, join_pairs(arena, request->headers, ':', '\n'),
                     header_names(arena, request->headers), request->payload_hash);

    return arena_printf(arena, SIGV4_ALGORITHM "\n%s\n%s\n%s", signer->date,
                        credential_scope(arena, signer),
                        sigv4_payload_hash(arena, canonical, strlen(canonical)));
}

const char *sigv4_signature(struct arena *arena, const struct sigv4_signer *signer,
                            const struct sigv4_request *request)
{
    const char *day = arena_strndup(arena, signer->date, SIGV4_DAY_CHARS);
    const char *const steps[] = {signer->region, signer->service, SIGV4_TERMINATOR,
                                 text_to_sign(arena, signer, request)};
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

const char *sigv4_authorization(struct arena *arena, const struct sigv4_signer *signer,
                                const struct sigv4_request *request)
{
    return arena_printf(
        arena, SIGV4_ALGORITHM " Credential=%s/%s, SignedHeaders=%s, Signature=%s",
        signer->key_id, credential_scope(arena, signer),
        header_names(arena, request->headers), sigv4_signature(arena, signer, request));
}
