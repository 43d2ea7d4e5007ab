/*
 * Presigned requests, whose signature is in the query: which are refused, with which
 * message.
 */
#include "attempt.h"

#include <string.h>

#include "support/cmocka_all.h"

#define PRESIGNED                                                                        \
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" KEY_ID                          \
    "%2F20150830%2Fus-east-1%2Fivs%2Faws4_request&X-Amz-Date=" DATE                      \
    "&X-Amz-SignedHeaders=host"

/* Signs the request in its query, and verifies it `after_s` later. */
static int try_query(struct arena *arena, const char *query, int64_t after_s,
                     const struct http_header *more, struct signature_refusal *refusal)
{
    const struct attempt attempt = {.now_ms = NOW_MS + after_s * 1000};
    const char *target = arena_printf(arena, "/ListChannels?%s", query);
    const struct http_header signs[] = {
        {"host", "localhost:4580"},
        {NULL,   NULL            }
    };
    const struct http_header headers[] = {
        {"Host", "localhost:4580"},
        more != NULL ? *more : (struct http_header){NULL,   NULL            },
        {NULL,   NULL            }
    };

    target = arena_printf(arena, "%s&X-Amz-Signature=%s", target,
                          attempt_signature(arena, &attempt, target, signs));
    return attempt_verify(arena, &attempt, target, headers, refusal);
}

static void assert_query_refused(struct arena *arena, const char *query, int64_t after_s,
                                 const char *error, const char *message)
{
    struct signature_refusal refusal;

    assert_int_equal(try_query(arena, query, after_s, NULL, &refusal), -1);
    assert_says(&refusal, error, message);
}

static void a_presigned_request_is_valid_until_it_expires(void **state)
{
    static const char hour[] = PRESIGNED "&X-Amz-Expires=3600";
    static const char odd[] = PRESIGNED "&X-Amz-Expires=61";
    struct signature_refusal refusal;

    assert_int_equal(try_query(*state, hour, 0, NULL, &refusal), 0);
    assert_int_equal(try_query(*state, hour, 3600, NULL, &refusal), 0);
    assert_query_refused(*state, hour, 3601, "InvalidSignatureException",
                         "Signature expired: 20150830T123600Z is now earlier than "
                         "20150830T123601Z (20150830T133601Z - 60 min.)");
    assert_query_refused(*state, odd, 62, "InvalidSignatureException",
                         "Signature expired: 20150830T123600Z is now earlier than "
                         "20150830T123601Z (20150830T123702Z - 61 sec.)");
    assert_query_refused(*state, hour, -301, "InvalidSignatureException",
                         "Signature not yet current: 20150830T123600Z is still later "
                         "than 20150830T123559Z (20150830T123059Z + 5 min.)");
}

static void without_an_expiry_it_is_valid_for_five_minutes(void **state)
{
    struct signature_refusal refusal;

    assert_int_equal(try_query(*state, PRESIGNED, 300, NULL, &refusal), 0);
    assert_query_refused(*state, PRESIGNED, 301, "InvalidSignatureException",
                         "Signature expired: 20150830T123600Z is now earlier than "
                         "20150830T123601Z (20150830T124101Z - 5 min.)");
}

/* Verifies a presigned request whose query ends in `sent`, but was signed with
 * `signed_as` in its place. */
static int try_other_query(struct arena *arena, const char *signed_as, const char *sent)
{
    const struct attempt attempt = {.now_ms = NOW_MS};
    const struct http_header signs[] = {
        {"host", "localhost:4580"},
        {NULL,   NULL            }
    };
    struct signature_refusal refusal;
    const char *signature = attempt_signature(
        arena, &attempt, arena_printf(arena, "/x?%s&%s", PRESIGNED, signed_as), signs);

    return attempt_verify(
        arena, &attempt,
        arena_printf(arena, "/x?X-Amz-Signature=%s&%s&%s", signature, PRESIGNED, sent),
        signs, &refusal);
}

static void a_plus_is_a_space_in_what_is_signed(void **state)
{
    assert_int_equal(try_other_query(*state, "a=b%20c", "a=b+c"), 0);
    assert_int_equal(try_other_query(*state, "a%20=1", "a+=1"), 0);
    assert_int_equal(try_other_query(*state, "a=b%2Bc", "a=b%2bc"), 0);
    assert_int_equal(try_other_query(*state, "a=b%2Bc", "a=b+c"), -1);
    assert_int_equal(try_other_query(*state, "a=b%20c", "a=b%2Bc"), -1);
    assert_int_equal(try_other_query(*state, "a=b", "a=b#c"), 0);
}

static void it_is_valid_for_at_most_a_week(void **state)
{
    static const char *const wrong[] = {"604801", "0", "-1", "", "1x", "99999999999999"};
    struct signature_refusal refusal;

    assert_int_equal(
        try_query(*state, PRESIGNED "&X-Amz-Expires=604800", 604800, NULL, &refusal), 0);
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_query_refused(
            *state, arena_printf(*state, "%s&X-Amz-Expires=%s", PRESIGNED, wrong[i]), 0,
            "IncompleteSignatureException",
            "X-Amz-Expires must be a number of seconds from 1 to 604800");
}

static void every_missing_parameter_is_named_at_once(void **state)
{
    assert_query_refused(
        *state, "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=", 0,
        "IncompleteSignatureException",
        "AWS query-string parameters must include 'X-Amz-Credential'. "
        "AWS query-string parameters must include 'X-Amz-SignedHeaders'. "
        "AWS query-string parameters must include 'X-Amz-Date'. "
        "Re-examine the query-string parameters.");
}

static void a_request_is_signed_in_one_way_only(void **state)
{
    const struct http_header both = {"Authorization", "Bearer abc"};
    struct signature_refusal refusal;

    assert_int_equal(try_query(*state, PRESIGNED, 0, &both, &refusal), -1);
    assert_says(&refusal, "InvalidSignatureException",
                "Found both 'X-Amz-Algorithm' as a query-string param and "
                "'Authorization' as HTTP header.");
}

static void a_presigned_token_may_have_expired_too(void **state)
{
    struct signature_refusal refusal;

    assert_int_equal(
        try_query(*state, PRESIGNED "&X-Amz-Security-Token=a%2Fb", 0, NULL, &refusal), 0);
    assert_query_refused(*state, PRESIGNED "&X-Amz-Security-Token=a-expired", 0,
                         "ExpiredTokenException",
                         "The security token included in the request is expired");
}

static void a_presigned_body_is_signed_too(void **state)
{
    struct signature_refusal refusal;

    assert_int_equal(
        try_query(*state,
                  arena_printf(*state, "%s&X-Amz-Content-Sha256=%s", PRESIGNED,
                               sigv4_payload_hash(*state, "{}", 2)),
                  0, NULL, &refusal),
        0);
    assert_query_refused(*state, PRESIGNED "&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD", 0,
                         "InvalidSignatureException", WRONG_SIGNATURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SIGNATURE_TEST(a_presigned_request_is_valid_until_it_expires),
        SIGNATURE_TEST(without_an_expiry_it_is_valid_for_five_minutes),
        SIGNATURE_TEST(a_plus_is_a_space_in_what_is_signed),
        SIGNATURE_TEST(it_is_valid_for_at_most_a_week),
        SIGNATURE_TEST(every_missing_parameter_is_named_at_once),
        SIGNATURE_TEST(a_request_is_signed_in_one_way_only),
        SIGNATURE_TEST(a_presigned_token_may_have_expired_too),
        SIGNATURE_TEST(a_presigned_body_is_signed_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
