#include "attempt.h"

#include <string.h>

#include "support/cmocka_all.h"

int attempt_setup(void **state)
{
    *state = arena_new();
    return 0;
}

int attempt_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

const char *attempt_or(const char *text, const char *absent)
{
    return text != NULL ? text : absent;
}

int attempt_verify(struct arena *arena, const struct attempt *attempt, const char *target,
                   const struct http_header *headers, struct signature_refusal *refusal)
{
    static const struct access_key known[] = {
        {"other", "other"},
        {KEY_ID,  SECRET }
    };
    static const struct access_keys keys = {known, COUNT_OF(known)};
    const struct signature_rules rules = {
        .keys = &keys,
        .service =
            attempt->any_service ? NULL : attempt_or(attempt->service_wanted, "ivs"),
        .now_ms = attempt->now_ms != 0 ? attempt->now_ms : NOW_MS,
    };
    const char *body = attempt_or(attempt->sent_body, attempt_or(attempt->body, "{}"));
    struct uri uri;

    assert_int_equal(uri_parse(arena, target, &uri), 0);
    const struct signed_request request = {
        .method = "POST",
        .target = target,
        .uri = &uri,
        .headers = headers,
        .body = body,
        .body_length = strlen(body),
    };
    return signature_verify(arena, &request, &rules, refusal);
}

const char *attempt_signature(struct arena *arena, const struct attempt *attempt,
                              const char *target, const struct http_header *headers)
{
    const char *body = attempt_or(attempt->body, "{}");
    size_t path = strcspn(target, "?");
    const struct sigv4_signer signer = {
        .key_id = KEY_ID,
        .secret = attempt_or(attempt->secret, SECRET),
        .region = attempt_or(attempt->region, "us-east-1"),
        .service = attempt_or(attempt->service, "ivs"),
        .date = attempt_or(attempt->date, DATE),
    };
    const struct sigv4_request request = {
        .method = "POST",
        .path = sigv4_path(arena, arena_strndup(arena, target, path)),
        .query = sigv4_query(arena, target + path + (target[path] == '?')),
        .headers = headers,
        .payload_hash = sigv4_payload_hash(arena, body, strlen(body)),
    };
    return sigv4_signature(arena, &signer, &request);
}

void assert_says(const struct signature_refusal *refusal, const char *error,
                 const char *message)
{
    assert_string_equal(refusal->message, message);
    assert_string_equal(refusal->kind->name, error);
    assert_int_equal(refusal->kind->status, 403);
}
