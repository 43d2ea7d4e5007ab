#include "http/signed_request.h"

#include "base/authority.h"
#include "base/bug.h"
#include "base/sigv4.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The most headers that signing can add: host, x-amz-date, x-amz-content-sha256,
 * x-amz-security-token. */
enum { ADDED_HEADERS = 4 };

/* A parsed URL. Strings belong to the arena. */
struct url_parts {
    const char *authority;
    const char *path;
    const char *query;
};

static bool is_s3(const struct request_signer *signer)
{
    return strcmp(signer->service, "s3") == 0;
}

static const char *after_scheme(const char *url)
{
    static const char *const schemes[] = {"http://", "https://"};

    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        if (text_starts_with(url, schemes[i]))
            return url + strlen(schemes[i]);
    }
    return NULL;
}

static struct url_parts read_url(struct arena *arena, const char *url)
{
    const char *start = after_scheme(url);
    struct authority authority;

    if (start == NULL || !authority_read(start, &authority))
        BUG("%s cannot be signed", url);
    const char *path = start + authority.length;
    size_t length = strcspn(path, "?");
    if (strchr("/?", *path) == NULL || strchr(path, '#') != NULL)
        BUG("%s cannot be signed", url);
    return (struct url_parts){
        .authority = arena_strndup(arena, start, authority.length),
        .path = arena_strndup(arena, path, length),
        .query = path[length] == '?' ? path + length + 1 : "",
    };
}

static const char *lower_case(struct arena *arena, const char *name)
{
    char *lower = arena_strdup(arena, name);

    for (char *c = lower; *c != '\0'; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    }
    return lower;
}

static int compare_names(const void *a, const void *b)
{
    const struct http_header *left = a, *right = b;

    return strcmp(left->name, right->name);
}

/* The headers to sign, with lower-case names in sorted order, and room for one more. */
static struct http_header *headers_to_sign(struct arena *arena,
                                           const struct http_header *own,
                                           const struct http_header *added)
{
    size_t own_count = http_header_count(own),
           count = own_count + http_header_count(added);
    struct http_header *headers = arena_alloc(arena, (count + 2) * sizeof(*headers));

    for (size_t i = 0; i < count; i++) {
        const struct http_header *h = i < own_count ? &own[i] : &added[i - own_count];
        headers[i] = (struct http_header){lower_case(arena, h->name), h->value};
    }
    qsort(headers, count, sizeof(*headers), compare_names);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(headers[i - 1].name, headers[i].name) == 0)
            BUG("the header %s occurs twice", headers[i].name);
    }
    return headers;
}

/* The same headers with their canonical values, which are signed. */
static const struct http_header *canonical_headers(struct arena *arena,
                                                   const struct http_header *headers)
{
    size_t count = http_header_count(headers);
    struct http_header *list = arena_alloc(arena, (count + 1) * sizeof(*list));

    for (size_t i = 0; i < count; i++)
        list[i] =
            (struct http_header){headers[i].name, sigv4_value(arena, headers[i].value)};
    return list;
}

/* The value of the Authorization header. */
static const char *
authorization_value(struct arena *arena, const struct http_client_request *request,
                    const struct url_parts *url, const struct http_header *headers,
                    const char *payload_hash, const struct request_signer *signer)
{
    const struct sigv4_signer who = {
        .key_id = signer->key_id,
        .secret = signer->secret,
        .region = signer->region,
        .service = signer->service,
        .date = sigv4_date(arena, signer->time_ms),
    };
    const struct sigv4_request what = {
        .method = request->method,
        .path = is_s3(signer) ? sigv4_s3_path(arena, url->path)
                              : sigv4_path(arena, url->path),
        .query = sigv4_query(arena, url->query),
        .headers = canonical_headers(arena, headers),
        .payload_hash = payload_hash,
    };

    return sigv4_authorization(arena, &who, &what);
}

const struct http_header *
signed_request_headers(struct arena *arena, const struct http_client_request *request,
                       const char *payload_hash, const struct request_signer *signer)
{
    const struct url_parts url = read_url(arena, request->url);
    struct http_header added[ADDED_HEADERS + 1] = {
        {"host",            url.authority   },
        { "x-amz-date", sigv4_date(arena, signer->time_ms)},
    };
    size_t count = 2;

    if (is_s3(signer))
        added[count++] = (struct http_header){"x-amz-content-sha256", payload_hash};
    if (signer->session_token != NULL)
        added[count++] =
            (struct http_header){"x-amz-security-token", signer->session_token};
    struct http_header *headers = headers_to_sign(arena, request->headers, added);
    headers[http_header_count(headers)] = (struct http_header){
        "authorization",
        authorization_value(arena, request, &url, headers, payload_hash, signer)};
    return headers;
}
