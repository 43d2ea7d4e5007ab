/*
 * Signatures in the header: which are refused, with which message, and which are
 * accepted.
 */
#include "attempt.h"

#include <string.h>

#include "support/cmocka_all.h"

/* Signs the request in its Authorization header, and verifies it. */
static int try_header(struct arena *arena, const struct attempt *attempt,
                      struct signature_refusal *refusal)
{
    const char *date = attempt_or(attempt->date, DATE);
    const char *target = attempt_or(attempt->target, "/ListChannels");
    const struct http_header plain[] = {
        {"host",       "localhost:4580"},
        {"x-amz-date", date            },
        {NULL,         NULL            }
    };
    const struct http_header *signs =
        attempt->signs[0].name != NULL ? attempt->signs : plain;
    struct http_header headers[HEADERS_MAX] = {
        {"Host",       "localhost:4580"},
        {"X-Amz-Date", date            }
    };
    size_t count = 2;

    for (size_t i = 0; attempt->more[i].name != NULL; i++)
        headers[count++] = attempt->more[i];
    headers[count].name = "Authorization";
    headers[count].value =
        arena_printf(arena, SCHEME "Credential=%s, SignedHeaders=%s, Signature=%s",
                     attempt_or(attempt->credential, CREDENTIAL),
                     attempt_or(attempt->names, "host;x-amz-date"),
                     attempt_signature(arena, attempt, target, signs));
    return attempt_verify(arena, attempt, target, headers, refusal);
}

static void assert_taken(struct arena *arena, const struct attempt *attempt)
{
    struct signature_refusal refusal;

    if (try_header(arena, attempt, &refusal) != 0)
        fail_msg("%s: %s", refusal.kind->name, refusal.message);
}

static void assert_refused(struct arena *arena, const struct attempt *attempt,
                           const char *error, const char *message)
{
    struct signature_refusal refusal;

    assert_int_equal(try_header(arena, attempt, &refusal), -1);
    assert_says(&refusal, error, message);
}

/* Verifies a request with these headers besides Host, as they are. */
static void assert_headers_refused(struct arena *arena, const char *authorization,
                                   const char *date, const char *error,
                                   const char *message)
{
    const struct http_header headers[] = {
        {"Host",                               "localhost:4580"},
        {"Authorization",                      authorization   },
        {date != NULL ? "X-Amz-Date" : "X-No", attempt_or(date,  "")},
        {NULL,                                    NULL                                                },
    };
    struct signature_refusal refusal;

    assert_int_equal(attempt_verify(arena, &(struct attempt){.target = NULL},
                                    "/ListChannels", headers, &refusal),
                     -1);
    assert_says(&refusal, error, message);
}

static void a_valid_signature_is_accepted(void **state)
{
    assert_taken(*state, &(struct attempt){.target = NULL});
    assert_taken(*state, &(struct attempt){.target = "/tags/arn%3Aaws%3Aivs?tagKeys=b&"
                                                     "tagKeys=a"});
}

static void an_unsigned_request_is_missing_a_token(void **state)
{
    static const struct http_header headers[][3] = {
        {{"Host", "localhost"},  {NULL, NULL}},
        { {"Host", "localhost"}, {"Authorization", ""}, {NULL, NULL}},
        { {"Host", "localhost"},  {"X-Amz-Date", DATE}, {NULL, NULL}},
    };
    struct signature_refusal refusal;

    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        assert_int_equal(attempt_verify(*state, &(struct attempt){.target = NULL},
                                        "/?a=b", headers[i], &refusal),
                         -1);
        assert_says(&refusal, "MissingAuthenticationTokenException",
                    "Missing Authentication Token");
    }
}

static void a_parameter_without_an_equal_sign_is_named(void **state)
{
    assert_headers_refused(
        *state, "Bearer abc", NULL, "IncompleteSignatureException",
        "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: "
        "'Bearer abc'.");
    assert_headers_refused(
        *state, SCHEME "Signature=b,    Credential,  SignedHeaders", DATE,
        "IncompleteSignatureException",
        "'Credential' not a valid key=value pair (missing equal-sign) in Authorization "
        "header: 'AWS4-HMAC-SHA256 Signature=b,    Credential,  SignedHeaders'.");
}

static void every_missing_part_of_a_header_is_named_at_once(void **state)
{
    assert_headers_refused(
        *state, "allow", NULL, "IncompleteSignatureException",
        "Authorization header requires 'Credential' parameter. Authorization header "
        "requires 'Signature' parameter. Authorization header requires 'SignedHeaders' "
        "parameter. Authorization header requires existence of either a 'X-Amz-Date' or "
        "a 'Date' header. Authorization=allow");
    assert_headers_refused(
        *state, SCHEME "Credential=" CREDENTIAL ",SignedHeaders=host", DATE,
        "IncompleteSignatureException",
        "Authorization header requires 'Signature' parameter. Authorization=" SCHEME
        "Credential=" CREDENTIAL ",SignedHeaders=host");
}

static void a_header_that_cannot_be_quoted_is_not_quoted(void **state)
{
    char *long_one = arena_alloc(*state, SIGNATURE_MAX_AUTHORIZATION_BYTES + 2);
    const char *const headers[] = {"Bearer \xFF", "Bearer \x01", long_one};

    memset(long_one, 'a', SIGNATURE_MAX_AUTHORIZATION_BYTES + 1);
    for (size_t i = 0; i < COUNT_OF(headers); i++)
        assert_headers_refused(
            *state, headers[i], NULL, "IncompleteSignatureException",
            "Authorization header must be visible ASCII of at most 8192 bytes");
}

static void a_date_has_the_basic_form(void **state)
{
    assert_headers_refused(
        *state, SCHEME "Credential=c,SignedHeaders=host,Signature=s",
        "Mon, 09 Sep 2011 23:36:00 GMT", "IncompleteSignatureException",
        "Date must be in ISO-8601 'basic format'. Got 'Mon, 09 Sep 2011 23:36:00 GMT'. "
        "See http://en.wikipedia.org/wiki/ISO_8601");
}

static void a_date_header_is_accepted(void **state)
{
    static const struct http_header signs[] = {
        {"host", "localhost:4580"},
        {NULL,   NULL            }
    };
    const struct http_header headers[] = {
        {"Host",                   "localhost:4580"                 },
        {"Date",                   DATE                             },
        {"Authorization",
         arena_printf(*state,
         SCHEME "Credential=" CREDENTIAL ",SignedHeaders=host,Signature=%s",
         attempt_signature(*state, &(struct attempt){.target = NULL},
         "/ListChannels", signs))},
        {NULL, NULL},
    };
    struct signature_refusal refusal;

    assert_int_equal(attempt_verify(*state, &(struct attempt){.target = NULL},
                                    "/ListChannels", headers, &refusal),
                     0);
}

static void clocks_may_differ_by_five_minutes(void **state)
{
    assert_taken(*state, &(struct attempt){.now_ms = NOW_MS + 300000});
    assert_taken(*state, &(struct attempt){.now_ms = NOW_MS + 300999});
    assert_taken(*state, &(struct attempt){.now_ms = NOW_MS - 300000});
    assert_refused(*state, &(struct attempt){.now_ms = NOW_MS + 301000},
                   "InvalidSignatureException",
                   "Signature expired: 20150830T123600Z is now earlier than "
                   "20150830T123601Z (20150830T124101Z - 5 min.)");
    assert_refused(*state, &(struct attempt){.now_ms = NOW_MS - 301000},
                   "InvalidSignatureException",
                   "Signature not yet current: 20150830T123600Z is still later than "
                   "20150830T123559Z (20150830T123059Z + 5 min.)");
}

static void the_host_must_be_signed(void **state)
{
    assert_refused(
        *state, &(struct attempt){.names = "x-amz-date"}, "InvalidSignatureException",
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
}

static void all_x_amz_headers_must_be_signed(void **state)
{
    assert_refused(*state, &(struct attempt){.names = "host"},
                   "InvalidSignatureException",
                   "'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization.");
    assert_refused(
        *state, &(struct attempt){.more = {{"x-amz-security-token", "token"}}},
        "InvalidSignatureException",
        "'x-amz-security-token' must be a 'SignedHeader' in the AWS Authorization.");
    assert_refused(*state, &(struct attempt){.more = {{"x-amz-\xFF", "unquotable"}}},
                   "InvalidSignatureException",
                   "'' must be a 'SignedHeader' in the AWS Authorization.");
    assert_taken(*state,
                 &(struct attempt){
                     .more = {{"X-Amzn-Trace-Id", "Root=1"}, {"User-Agent", "me"}}
    });
}

static void signed_header_names_are_present_sorted_and_lower_case(void **state)
{
    static const char *const names[] = {"x-amz-date;host",          "Host;x-amz-date",
                                        "host;host;x-amz-date",     "host;x-amz-date;",
                                        "host;x-absent;x-amz-date", ";host;x-amz-date"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_refused(*state, &(struct attempt){.names = names[i]},
                       "InvalidSignatureException", WRONG_SIGNATURE);
}

static void the_number_of_signed_headers_is_limited(void **state)
{
    const char *names = "host;x-amz-date";

    for (int i = 0; i < SIGNATURE_MAX_HEADERS - 2; i++)
        names = arena_printf(*state, "%s;y%03d", names, i);
    assert_refused(*state, &(struct attempt){.names = names}, "InvalidSignatureException",
                   WRONG_SIGNATURE);
    names = arena_printf(*state, "%s;z", names);
    assert_refused(*state, &(struct attempt){.names = names}, "InvalidSignatureException",
                   "More than 100 headers are signed");
}

static void another_algorithm_is_named(void **state)
{
    assert_headers_refused(*state,
                           "AWS4-HMAC-SHA512 Credential=" CREDENTIAL
                           ",SignedHeaders=host;x-amz-date,Signature=s",
                           DATE, "IncompleteSignatureException",
                           "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'.");
}

static void a_credential_has_five_parts(void **state)
{
    static const char *const credentials[] = {"a/b/c/d", "a", CREDENTIAL "/",
                                              CREDENTIAL "/a"};

    for (size_t i = 0; i < COUNT_OF(credentials); i++)
        assert_refused(*state, &(struct attempt){.credential = credentials[i]},
                       "IncompleteSignatureException",
                       arena_printf(*state,
                                    "Credential must have exactly 5 slash-delimited "
                                    "elements, e.g. keyid/date/region/service/term, got "
                                    "'%s'",
                                    credentials[i]));
}

static void every_error_in_a_credential_scope_is_named_at_once(void **state)
{
    assert_refused(
        *state, &(struct attempt){.credential = KEY_ID "/b/C/d/e"},
        "InvalidSignatureException",
        "Credential should be scoped to a valid region, not 'C'. "
        "Credential should be scoped to correct service: 'ivs'. "
        "Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. "
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date "
        "from HTTP: 'b' != '20150830', from '20150830T123600Z'. ");
}

static void the_service_must_be_the_one_that_is_called(void **state)
{
    const struct attempt other = {
        .credential = KEY_ID "/20150830/us-east-1/s3/aws4_request", .service = "s3"};
    struct attempt any = other;

    any.any_service = true;
    assert_refused(*state, &other, "InvalidSignatureException",
                   "Credential should be scoped to correct service: 'ivs'. ");
    assert_taken(*state, &any);
}

static void any_region_is_accepted_if_it_is_the_signed_one(void **state)
{
    static const char credential[] = KEY_ID "/20150830/eu-west-1/ivs/aws4_request";

    assert_taken(*state,
                 &(struct attempt){.credential = credential, .region = "eu-west-1"});
    assert_refused(*state,
                   &(struct attempt){.credential = credential, .region = "us-east-1"},
                   "InvalidSignatureException", WRONG_SIGNATURE);
}

static void an_unknown_access_key_is_refused(void **state)
{
    static const char *const ids[] = {"AKIDEXAMPL", "akidexample", "AKIDEXAMPLE2", ""};

    for (size_t i = 0; i < COUNT_OF(ids); i++)
        assert_refused(*state,
                       &(struct attempt){
                           .credential = arena_printf(
                               *state, "%s/20150830/us-east-1/ivs/aws4_request", ids[i])},
                       "UnrecognizedClientException",
                       "The security token included in the request is invalid.");
}

static void a_signature_that_does_not_match_is_refused(void **state)
{
    static const struct attempt attempts[] = {
        {.secret = "another"},
        {.body = "{}",        .sent_body = "{} "},
        {.more = {{"X-Amz-Date", DATE}}                  },
        {.credential = "other/20150830/us-east-1/ivs/aws4_request"},
    };

    for (size_t i = 0; i < COUNT_OF(attempts); i++)
        assert_refused(*state, &attempts[i], "InvalidSignatureException",
                       WRONG_SIGNATURE);
}

static void a_signature_has_64_lower_case_digits(void **state)
{
    static const char *const signatures[] = {"x", ZEROES, ZEROES "0"};

    for (size_t i = 0; i < COUNT_OF(signatures); i++)
        assert_headers_refused(*state,
                               arena_printf(*state,
                                            SCHEME "Credential=" CREDENTIAL
                                                   ",SignedHeaders=host;x-amz-date,"
                                                   "Signature=%s",
                                            signatures[i]),
                               DATE, "InvalidSignatureException", WRONG_SIGNATURE);
}

/* A request whose hash of the body is sent and signed. */
static struct attempt with_hash(const char *hash)
{
    return (struct attempt){
        .names = "host;x-amz-content-sha256;x-amz-date",
        .more = {{"X-Amz-Content-Sha256", hash}},
        .signs = { {"host", "localhost:4580"},
                 {"x-amz-content-sha256", hash},
                 {"x-amz-date", DATE}},
    };
}

static void a_hash_in_a_header_must_be_the_hash_of_the_body(void **state)
{
    static const char *const wrong[] = {"UNSIGNED-PAYLOAD",
                                        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", ZEROES};
    struct attempt right = with_hash(sigv4_payload_hash(*state, "{}", 2));

    assert_taken(*state, &right);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct attempt attempt = with_hash(wrong[i]);
        assert_refused(*state, &attempt, "InvalidSignatureException", WRONG_SIGNATURE);
    }
}

static void an_empty_hash_in_a_header_counts_as_absent(void **state)
{
    struct attempt attempt = with_hash("");

    assert_taken(*state, &attempt);
}

static struct attempt with_token(const char *token)
{
    return (struct attempt){
        .names = "host;x-amz-date;x-amz-security-token",
        .more = {{"X-Amz-Security-Token", token}},
        .signs = { {"host", "localhost:4580"},
                 {"x-amz-date", DATE},
                 {"x-amz-security-token", token}},
    };
}

static void any_session_token_is_accepted(void **state)
{
    struct attempt attempt = with_token("AQoEXAMPLE/token+==");

    assert_taken(*state, &attempt);
    attempt.more[0].value = "AQoEXAMPLE/token+=";
    assert_refused(*state, &attempt, "InvalidSignatureException", WRONG_SIGNATURE);
}

static void a_token_with_the_suffix_for_expiry_has_expired(void **state)
{
    struct attempt attempt = with_token("my-token-expired");

    assert_refused(*state, &attempt, "ExpiredTokenException",
                   "The security token included in the request is expired");
    attempt.secret = "another";
    assert_refused(*state, &attempt, "InvalidSignatureException", WRONG_SIGNATURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SIGNATURE_TEST(a_valid_signature_is_accepted),
        SIGNATURE_TEST(an_unsigned_request_is_missing_a_token),
        SIGNATURE_TEST(a_parameter_without_an_equal_sign_is_named),
        SIGNATURE_TEST(every_missing_part_of_a_header_is_named_at_once),
        SIGNATURE_TEST(a_header_that_cannot_be_quoted_is_not_quoted),
        SIGNATURE_TEST(a_date_has_the_basic_form),
        SIGNATURE_TEST(a_date_header_is_accepted),
        SIGNATURE_TEST(clocks_may_differ_by_five_minutes),
        SIGNATURE_TEST(the_host_must_be_signed),
        SIGNATURE_TEST(all_x_amz_headers_must_be_signed),
        SIGNATURE_TEST(signed_header_names_are_present_sorted_and_lower_case),
        SIGNATURE_TEST(the_number_of_signed_headers_is_limited),
        SIGNATURE_TEST(another_algorithm_is_named),
        SIGNATURE_TEST(a_credential_has_five_parts),
        SIGNATURE_TEST(every_error_in_a_credential_scope_is_named_at_once),
        SIGNATURE_TEST(the_service_must_be_the_one_that_is_called),
        SIGNATURE_TEST(any_region_is_accepted_if_it_is_the_signed_one),
        SIGNATURE_TEST(an_unknown_access_key_is_refused),
        SIGNATURE_TEST(a_signature_that_does_not_match_is_refused),
        SIGNATURE_TEST(a_signature_has_64_lower_case_digits),
        SIGNATURE_TEST(a_hash_in_a_header_must_be_the_hash_of_the_body),
        SIGNATURE_TEST(an_empty_hash_in_a_header_counts_as_absent),
        SIGNATURE_TEST(any_session_token_is_accepted),
        SIGNATURE_TEST(a_token_with_the_suffix_for_expiry_has_expired),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
