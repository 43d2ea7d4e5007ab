/*
 * The order of the checks and the texts are those of services whose responses are public.
 *
 * Fidelity: common-auth-1
 */
#include "api/signature.h"

#include "base/digest.h"
#include "base/scope.h"
#include "base/sigv4.h"
#include "base/text.h"
#include "signature_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The suffix of session tokens that have expired. Fidelity: common-auth-6 */
#define EXPIRED_TOKEN_SUFFIX "-expired"

/* How long the signature is valid, in seconds; -1: the text is invalid.
 * Fidelity: common-auth-7 */
static int64_t lifetime_s(const struct claim *claim)
{
    const char *text = claim->expires;

    if (text == NULL)
        return SIGNATURE_MAX_SKEW_MS / 1000;
    size_t digits = strspn(text, "0123456789");
    int64_t seconds = digits > 0 && digits < 10 && text[digits] == '\0'
                          ? (int64_t)strtol(text, NULL, 10)
                          : -1;
    return seconds >= 1 && seconds <= SIGNATURE_MAX_EXPIRES_S ? seconds : -1;
}

/* Formats a text such as "5 min". */
static const char *format_span(struct arena *arena, int64_t seconds)
{
    return seconds % 60 == 0 ? arena_printf(arena, "%" PRId64 " min.", seconds / 60)
                             : arena_printf(arena, "%" PRId64 " sec.", seconds);
}

static int check_date(struct verification *v)
{
    const struct claim *claim = &v->claim;
    int64_t now_ms = v->rules->now_ms / 1000 * 1000; /* dates are in seconds */
    int64_t lifetime = lifetime_s(claim);
    int64_t date_ms;

    if (sigv4_read_date(claim->date, &date_ms) != 0)
        return signature_refuse(v, &ERR_INCOMPLETE_SIGNATURE,
                                "Date must be in ISO-8601 'basic format'. Got '%s'. See "
                                "http://en.wikipedia.org/wiki/ISO_8601",
                                signature_quote(claim->date));
    if (lifetime < 0)
        return signature_refuse(v, &ERR_INCOMPLETE_SIGNATURE,
                                "X-Amz-Expires must be a number of seconds from 1 to %d",
                                SIGNATURE_MAX_EXPIRES_S);
    const char *now = sigv4_date(v->arena, now_ms);
    int64_t oldest_ms = now_ms - lifetime * 1000;
    int64_t newest_ms = now_ms + SIGNATURE_MAX_SKEW_MS;
    if (date_ms < oldest_ms)
        return signature_refuse(v, &ERR_INVALID_SIGNATURE,
                                "Signature expired: %s is now earlier than %s (%s - %s)",
                                claim->date, sigv4_date(v->arena, oldest_ms), now,
                                format_span(v->arena, lifetime));
    if (date_ms > newest_ms)
        return signature_refuse(
            v, &ERR_INVALID_SIGNATURE,
            "Signature not yet current: %s is still later than %s (%s + %s)", claim->date,
            sigv4_date(v->arena, newest_ms), now,
            format_span(v->arena, SIGNATURE_MAX_SKEW_MS / 1000));
    return 0;
}

/* Whether a list such as host;x-amz-date contains the name, in any case. */
static bool is_signed(const char *names, const char *name)
{
    size_t wanted = strlen(name);

    for (;; names++) {
        size_t length = strcspn(names, ";");
        if (length == wanted && strncasecmp(names, name, length) == 0)
            return true;
        names += length;
        if (*names == '\0')
            return false;
    }
}

/* Host and all headers named x-amz-* must be signed. Fidelity: common-auth-3 */
static int check_signed_headers(struct verification *v)
{
    const char *names = v->claim.signed_headers;
    size_t count = 1;

    for (const char *at = names; *at != '\0'; at++)
        count += *at == ';';
    if (count > SIGNATURE_MAX_HEADERS)
        return signature_refuse(v, &ERR_INVALID_SIGNATURE,
                                "More than %d headers are signed", SIGNATURE_MAX_HEADERS);
    if (!is_signed(names, "host"))
        return signature_refuse(
            v, &ERR_INVALID_SIGNATURE,
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
    for (const struct http_header *h = v->request->headers; h->name != NULL; h++) {
        if (strncasecmp(h->name, "x-amz-", strlen("x-amz-")) == 0 &&
            !is_signed(names, h->name))
            return signature_refuse(
                v, &ERR_INVALID_SIGNATURE,
                "'%s' must be a 'SignedHeader' in the AWS Authorization.",
                signature_quote(h->name));
    }
    return 0;
}

static int check_algorithm(struct verification *v)
{
    if (strcmp(v->claim.algorithm, SIGV4_ALGORITHM) == 0)
        return 0;
    return signature_refuse(v, &ERR_INCOMPLETE_SIGNATURE,
                            "Unsupported AWS 'algorithm': '%s'.",
                            signature_quote(v->claim.algorithm));
}

/* Every region is accepted. Fidelity: common-auth-4 */
static int check_scope(struct verification *v)
{
    const char *text = signature_quote(v->claim.credential);
    struct credential *c = &v->credential;
    const char *wrong = "";

    if (!credential_read(v->arena, text, c))
        return signature_refuse(
            v, &ERR_INCOMPLETE_SIGNATURE,
            "Credential must have exactly 5 slash-delimited elements, e.g. "
            "keyid/date/region/service/term, got '%s'",
            text);
    if (!scope_is_region(c->region))
        wrong = arena_printf(v->arena,
                             "Credential should be scoped to a valid region, not '%s'. ",
                             c->region);
    if (v->rules->service != NULL && strcmp(c->service, v->rules->service) != 0)
        wrong = arena_printf(v->arena,
                             "%sCredential should be scoped to correct service: '%s'. ",
                             wrong, v->rules->service);
    if (strcmp(c->terminator, SIGV4_TERMINATOR) != 0)
        wrong = arena_printf(
            v->arena,
            "%sCredential should be scoped with a valid terminator: '" SIGV4_TERMINATOR
            "', not '%s'. ",
            wrong, c->terminator);
    if (strlen(c->day) != SIGV4_DAY_CHARS || !text_starts_with(v->claim.date, c->day))
        wrong = arena_printf(
            v->arena,
            "%sDate in Credential scope does not match YYYYMMDD from ISO-8601 version of "
            "date from HTTP: '%s' != '%.*s', from '%s'. ",
            wrong, c->day, SIGV4_DAY_CHARS, v->claim.date, v->claim.date);
    /* The space at the end is as observed. */
    return wrong[0] == '\0' ? 0
                            : signature_refuse(v, &ERR_INVALID_SIGNATURE, "%s", wrong);
}

static int find_key(struct verification *v)
{
    v->key = access_key_find(v->rules->keys, v->credential.key_id);
    if (v->key != NULL)
        return 0;
    return signature_refuse_plainly(v, &ERR_UNRECOGNIZED_CLIENT);
}

/* Returns all values of a header, joined with commas, or NULL if it is absent. */
static const char *joined_header(struct verification *v, const char *name)
{
    const char *joined = NULL;

    for (const struct http_header *h = v->request->headers; h->name != NULL; h++) {
        if (strcasecmp(h->name, name) != 0)
            continue;
        const char *value = sigv4_value(v->arena, h->value);
        joined = joined == NULL ? value : arena_printf(v->arena, "%s,%s", joined, value);
    }
    return joined;
}

/* Returns the signed headers, or NULL if one is missing or they are not in order. */
static const struct http_header *signed_headers(struct verification *v)
{
    struct http_header *headers =
        arena_alloc(v->arena, (SIGNATURE_MAX_HEADERS + 1) * sizeof(*headers));
    const char *names = v->claim.signed_headers;

    for (size_t i = 0;; i++, names++) {
        size_t length = strcspn(names, ";");
        headers[i].name = arena_strndup(v->arena, names, length);
        headers[i].value = joined_header(v, headers[i].name);
        if (headers[i].value == NULL ||
            strpbrk(headers[i].name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL ||
            (i > 0 && strcmp(headers[i - 1].name, headers[i].name) >= 0))
            return NULL;
        names += length;
        if (*names == '\0')
            return headers;
    }
}

static int check_signature(struct verification *v)
{
    const struct signed_request *request = v->request;
    const struct claim *claim = &v->claim;
    const struct http_header *headers = signed_headers(v);
    const char *hash = sigv4_payload_hash(v->arena, request->body, request->body_length);
    size_t path = strcspn(request->target, "?#");

    /* Only S3 accepts an unsigned body. Fidelity: common-auth-2 */
    if (headers == NULL ||
        (claim->payload_hash != NULL && strcmp(claim->payload_hash, hash) != 0))
        return signature_refuse_plainly(v, &ERR_INVALID_SIGNATURE);
    const struct sigv4_signer signer = {
        .key_id = v->key->id,
        .secret = v->key->secret,
        .region = v->credential.region,
        .service = v->credential.service,
        .date = claim->date,
    };
    const struct sigv4_request canonical = {
        .method = request->method,
        .path = sigv4_path(v->arena, arena_strndup(v->arena, request->target, path)),
        .query = sigv4_pairs(v->arena, request->uri,
                             claim->presigned ? "X-Amz-Signature" : NULL),
        .headers = headers,
        .payload_hash = hash,
    };
    const char *signature = sigv4_signature(v->arena, &signer, &canonical);
    size_t length = strlen(signature);
    return strlen(claim->signature) == length &&
                   digest_equal(claim->signature, signature, length)
               ? 0
               : signature_refuse_plainly(v, &ERR_INVALID_SIGNATURE);
}

static int check_token(struct verification *v)
{
    if (v->claim.token == NULL || !text_ends_with(v->claim.token, EXPIRED_TOKEN_SUFFIX))
        return 0;
    return signature_refuse_plainly(v, &ERR_EXPIRED_TOKEN);
}

int signature_verify(struct arena *arena, const struct signed_request *request,
                     const struct signature_rules *rules, struct signature_refusal *out)
{
    static int (*const checks[])(struct verification *) = {
        signature_read_claim, check_date, check_signed_headers, check_algorithm,
        check_scope,          find_key,   check_signature,      check_token,
    };
    struct signature_refusal refusal = {0};
    struct verification v = {
        .arena = arena, .request = request, .rules = rules, .refusal = &refusal};

    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        if (checks[i](&v) != 0) {
            *out = refusal;
            return -1;
        }
    }
    return 0;
}
